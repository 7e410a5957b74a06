// What is shown of a thing depends on the thing, not on what was looked at before.
#include <map>
#include <sstream>

#include "tests/support/plain_measure.h"
#include "tests/support/repository.h"
#include "tests/ui/workbench/bench.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::kBenchH;
using test::kBenchW;

// Everything of a scene that a person can see or point at.
std::string words_of(const Scene& scene) {
  std::ostringstream out;
  for (const Shape& s : scene.shapes) {
    out << static_cast<int>(s.kind) << ' ' << s.box.x << ' ' << s.box.y << ' ' << s.box.w << ' ' << s.box.h
        << ' ' << static_cast<int>(s.paint.tone) << ' ' << s.paint.opacity << ' ' << s.value << ' ' << s.text
        << '\n';
  }
  for (const Hit& hit : scene.hits) {
    out << hit.part << ' ' << hit.box.x << ' ' << hit.box.y << ' ' << static_cast<int>(hit.subject.kind)
        << ' ' << hit.subject.id << ' ' << static_cast<int>(hit.click.verb) << ' ' << hit.click.value << ' '
        << hit.tip << '\n';
  }
  return out.str();
}

std::string shown(Workbench& bench, const Subject& subject) {
  const test::PlainMeasure measure;
  bench.act(select_action(subject), kBenchW, kBenchH);
  return words_of(bench.frame(measure, kBenchW, kBenchH));
}

// Up to three things of every kind that are there at the cursor, and nothing.
std::vector<Subject> things_at(const Workbench& bench) {
  History history(bench.log());
  const PipelineModel& model = history.model_at(bench.cursor().events);
  std::map<SubjectKind, std::size_t> had;
  std::vector<Subject> all{{}};
  const auto add = [&](const Subject& subject) {
    constexpr std::size_t kOfAKind = 3;
    if (++had[subject.kind] <= kOfAKind) all.push_back(subject);
  };
  for (const ProducerModel& producer : model.producers) {
    for (auto at = producer.callbacks.rbegin(); at != producer.callbacks.rend(); ++at)
      add(record_subject(at->record));
    for (const auto& [id, batch] : producer.batches) add(batch_subject(id));
    for (const auto& [id, request] : producer.requests) {
      if (request.in_flight) add(request_subject(id));
    }
  }
  for (std::size_t i = 0; i < model.partitions.size(); ++i)
    add(partition_subject(static_cast<PartitionIndex>(i)));
  for (const auto& [id, broker] : model.brokers) add(node_subject(id));
  for (std::size_t i = 0; i < model.threads.size(); ++i) {
    if (model.threads[i].named) add(thread_subject(static_cast<std::uint16_t>(i)));
  }
  for (std::size_t i = 0; i < model.producers.size(); ++i) add({SubjectKind::kProducer, i});
  // Every kind, and two of each but for what there is only one of.
  for (int kind = 1; kind <= static_cast<int>(SubjectKind::kProducer); ++kind) {
    INFO(kind);
    REQUIRE(had[static_cast<SubjectKind>(kind)] > 0);
  }
  for (const SubjectKind kind : {SubjectKind::kRecord, SubjectKind::kBatch, SubjectKind::kRequest})
    REQUIRE(had[kind] > 1);
  return all;
}

TEST_CASE("a thing is shown the same whatever was selected before it") {
  const auto [file, at] = GENERATE(std::pair("backpressure.json", Nanos{330'000'000}),
                                   std::pair("slow-broker.json", Nanos{200'000'000}));
  const auto bench = bench_of(file);
  do_verb(*bench, Verb::kSeek, at);
  const std::vector<Subject> things = things_at(*bench);
  std::vector<std::string> fresh;
  for (const Subject& thing : things) {
    const auto alone = bench_of(file);
    do_verb(*alone, Verb::kSeek, at);
    fresh.push_back(shown(*alone, thing));
  }
  for (const Subject& before : things) {
    for (std::size_t i = 0; i < things.size(); ++i) {
      INFO(file << ": first " << describe(before, bench->log()) << ", then "
                << describe(things[i], bench->log()));
      shown(*bench, before);
      REQUIRE(shown(*bench, things[i]) == fresh[i]);
    }
  }
}

TEST_CASE("why a callback took so long is told of that callback") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kEnd);
  const test::PlainMeasure measure;
  const auto headings = [&](RecordId record) {
    bench->act(select_action(record_subject(record)), kBenchW, kBenchH);
    std::vector<std::string> found;
    const Scene scene = bench->frame(measure, kBenchW, kBenchH);
    for (const Shape& shape : scene.shapes) {
      if (shape.text.starts_with("WHY ")) found.push_back(shape.text);
    }
    return found;
  };
  const auto seventh = headings(7), ninth = headings(9);
  REQUIRE(seventh.size() == 1);
  REQUIRE(ninth.size() == 1);
  CHECK(seventh[0] != ninth[0]);
}

// A run that is not at its end, as it is while it grows.
TEST_CASE("a growing run changes to true lengths of time when asked") {
  auto session = run::open_session(test::repository("scenarios/batching-and-linger.json"));
  REQUIRE(session);
  Workbench bench(std::move(*session));
  while (bench.wants_work() && bench.log().size() < 1000) bench.work([] { return false; });
  REQUIRE(bench.wants_work());
  const Nanos end = bench.log().end_time();
  const auto off_middle = [&] {
    const test::PlainMeasure measure;
    bench.frame(measure, kBenchW, kBenchH);
    const Rect plot = timeline_plot(make_regions(kBenchW, kBenchH, {}));
    bench.seek_x(plot, plot.middle_x());
    return std::abs(bench.cursor().t - end / 2);
  };
  REQUIRE(off_middle() > end / 10);  // silence takes less room than it lasts
  do_verb(bench, Verb::kTimelineMode);
  CHECK(off_middle() < end / 50);
}

}  // namespace
}  // namespace sendscope::ui
