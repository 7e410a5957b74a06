// With several producers the stage shows the one that is spoken of, and says whose everything else is.
#include "ui/layout/story.h"

#include <GLFW/glfw3.h>

#include <algorithm>

#include "core/model/queries.h"
#include "tests/support/plain_measure.h"
#include "tests/ui/layout/frame_checks.h"
#include "tests/ui/workbench/bench.h"
#include "ui/window/key_map.h"

namespace sendscope::ui {

using namespace run;

namespace {

using test::bench_of;
using test::do_verb;
using test::kBenchH;
using test::kBenchW;

const test::PlainMeasure kMeasure;

Scene frame_of(Workbench& bench) { return bench.frame(kMeasure, kBenchW, kBenchH); }

std::string shown(Workbench& bench) {
  const Scene scene = frame_of(bench);
  History history(bench.log());
  const PipelineModel& model = history.model_at(bench.cursor().events);
  return std::string(producer_name(model, bench.log().strings(), bench.view().producer));
}

// Producers whose own name, or that of one of their threads, stands in quotes in the step.
std::vector<std::string> named_in(const LessonStep& step, const PipelineModel& model,
                                  const StringTable& words) {
  std::vector<std::string> names;
  const auto quoted = [&](std::string_view name) {
    const std::string plain(name);
    return step.at.find("'" + plain + "'") != std::string::npos ||
           step.text.find("`" + plain + "`") != std::string::npos;
  };
  for (std::size_t i = 0; i < model.producers.size(); ++i) {
    bool named = quoted(producer_name(model, words, i));
    for (std::size_t t = 0; t < model.threads.size(); ++t) {
      const bool its = model.threads[t].named && model.threads[t].producer == i;
      named = named || (its && quoted(thread_name(model, words, static_cast<std::uint16_t>(t))));
    }
    if (named) names.emplace_back(producer_name(model, words, i));
  }
  return names;
}

// What the row of a partition says, by its name.
std::string state_of(const Scene& scene, const std::string& partition) {
  const std::string head = partition + "\nstate\t";
  for (const Hit& hit : scene.hits) {
    if (hit.part == "partition" && hit.tip.starts_with(head))
      return hit.tip.substr(head.size(), hit.tip.find('\n', head.size()) - head.size());
  }
  return "";
}

TEST_CASE("at every step that names producers the stage shows one of them") {
  // Lessons with several producers, and how many of their steps name one at least.
  const auto [file, least] =
      GENERATE(std::pair("batching-and-linger.json", 0u), std::pair("slow-broker.json", 5u),
               std::pair("version-profiles.json", 0u), std::pair("transaction-commit-abort.json", 1u),
               std::pair("zombie-fenced.json", 4u));
  const auto bench = bench_of(file);
  History history(bench->log());
  unsigned naming = 0;
  const auto& lesson = bench->session().lesson();
  for (std::size_t i = 0; i < lesson.size(); ++i) {
    if (lesson[i].due < 0) continue;
    do_verb(*bench, Verb::kLesson, static_cast<std::int64_t>(i));
    const auto named = named_in(lesson[i], history.model_at(lesson[i].due_events), bench->log().strings());
    INFO(lesson[i].heading << " shows " << shown(*bench));
    naming += named.empty() ? 0 : 1;
    CHECK((named.empty() || std::find(named.begin(), named.end(), shown(*bench)) != named.end()));
  }
  CHECK(naming >= least);
}

TEST_CASE("a step that speaks of a partition shows who sends to it") {
  const auto at_steps = [](const char* file) {
    const auto bench = bench_of(file);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < bench->session().lesson().size(); ++i) {
      do_verb(*bench, Verb::kLesson, static_cast<std::int64_t>(i));
      names.push_back(shown(*bench));
    }
    return names;
  };
  const auto linger = at_steps("batching-and-linger.json");
  REQUIRE(linger.size() == 7);
  CHECK(std::vector(linger.begin() + 2, linger.begin() + 6) ==
        std::vector<std::string>{"linger-0", "linger-5", "small-batches", "linger-50"});
  const auto profiles = at_steps("version-profiles.json");
  REQUIRE(profiles.size() == 5);
  CHECK(profiles[2] == "client-3.9");
  CHECK(profiles[3] == "client-4.3");
  const auto slow = at_steps("slow-broker.json");
  REQUIRE(slow.size() == 8);
  CHECK(slow[2] == "even");
  CHECK(slow[3] == "adaptive");
}

TEST_CASE("a queue of another producer is not called empty, at any moment") {
  const auto bench = bench_of("slow-broker.json");
  History history(bench->log());
  std::size_t others = 0;
  for (std::size_t n = 0; n <= bench->log().size(); n += bench->log().size() / 60) {
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(n));
    const PipelineModel& model = history.model_at(n);
    for (std::size_t shown = 0; shown < model.producers.size(); ++shown) {
      do_verb(*bench, Verb::kProducer, static_cast<std::int64_t>(shown) + 1);
      const Scene scene = frame_of(*bench);
      REQUIRE(bench->view().producer == shown);
      for (std::size_t p = 0; p < model.partitions.size(); ++p) {
        const auto index = static_cast<PartitionIndex>(p);
        const std::string name = partition_name(model, bench->log().strings(), index);
        const ProducerPartition* its = model.producer_partition(shown, index);
        const ProducerPartition* other = model.producer_partition(1 - shown, index);
        const bool own = its != nullptr && !its->deque.empty();
        const bool foreign = other != nullptr && !other->deque.empty();
        INFO(n << ": " << name << " is " << state_of(scene, name));
        CHECK((state_of(scene, name).starts_with("empty") && (own || foreign)) == false);
        if (!foreign) continue;
        ++others;
        const std::string queued = std::to_string(other->deque.size()) + " queued";
        CHECK(state_of(scene, name).find(queued) != std::string::npos);
      }
    }
  }
  CHECK(others > 20);
}

TEST_CASE("every producer has its tab, and every thread the name of its producer") {
  const auto bench = bench_of("batching-and-linger.json");
  do_verb(*bench, Verb::kSeek, 40 * kNanosPerMilli);
  const Scene scene = frame_of(*bench);
  REQUIRE(parts(scene, "producer.tab").size() == 4);
  const Regions regions = make_regions(kBenchW, kBenchH, {.tabs = true});
  const std::string_view ellipsis = "\xe2\x80\xa6";
  // The name, or as much of it as tells it from the others' where the place is narrow.
  const auto written = [&](const std::string& name, const Rect& where) {
    const auto all = texts(scene);
    return std::any_of(all.begin(), all.end(), [&](const Shape* shape) {
      std::string_view text = shape->text;
      const bool cut = text.ends_with(ellipsis);
      if (cut) text.remove_suffix(ellipsis.size());
      return where.holds(ink(*shape)) && (text == name || (cut && text.size() > 3 && name.starts_with(text)));
    });
  };
  for (const char* name : {"linger-0", "linger-5", "linger-50", "small-batches"}) {
    INFO(name);
    CHECK(written(name, regions.tabs));
    CHECK(written(name, regions.threads));
  }
  const auto single = bench_of("first-send.json");
  do_verb(*single, Verb::kEnd);
  const Scene alone = frame_of(*single);
  CHECK(parts(alone, "producer.tab").empty());
}

TEST_CASE("a tab holds until another thing is selected or another step is due") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kLesson, 2);
  REQUIRE(shown(*bench) == "even");
  do_verb(*bench, Verb::kProducer, 2);
  CHECK(shown(*bench) == "adaptive");
  for (int i = 0; i < 30; ++i) {  // whatever happens, as long as no other step is due
    do_verb(*bench, Verb::kStepBack);
    do_verb(*bench, Verb::kStep);
    CHECK(shown(*bench) == "adaptive");
  }
  do_verb(*bench, Verb::kLesson, 2);
  bench->act(select_action(node_subject(2)), kBenchW, kBenchH);  // a node is everybody's
  CHECK(shown(*bench) == "adaptive");
  bench->act(select_action(thread_subject(0)), kBenchW, kBenchH);
  CHECK(shown(*bench) == "even");
  do_verb(*bench, Verb::kProducer);
  CHECK(shown(*bench) == "adaptive");
  do_verb(*bench, Verb::kLesson, 5);
  CHECK(shown(*bench) == "adaptive");
  do_verb(*bench, Verb::kLesson, 2);
  CHECK(shown(*bench) == "even");
}

TEST_CASE("where nothing else speaks the event does, but not while it plays") {
  const auto bench = bench_of("transaction-commit-abort.json");
  const EventLog& log = bench->log();
  History history(log);
  std::size_t turned = 0;
  std::string before;
  for (std::size_t n = 1; n <= log.size(); ++n) {
    if (log[n - 1].kind != EventKind::record_appended) continue;
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(n));
    const auto told = producer_of(history.model_at(n), log[n - 1]);
    REQUIRE(told);
    const std::string now = shown(*bench);
    const auto step = static_cast<std::size_t>(bench->due_lesson_step());
    const bool step_tells =
        !named_in(bench->session().lesson()[step], history.model_at(n), log.strings()).empty();
    if (!step_tells && bench->session().lesson()[step].at.find("partition(") == std::string::npos)
      CHECK(bench->view().producer == *told);
    turned += !before.empty() && now != before ? 1 : 0;
    before = now;
  }
  CHECK(turned > 0);

  const auto playing = bench_of("version-profiles.json");
  do_verb(*playing, Verb::kLesson, 1);
  frame_of(*playing);
  const std::size_t step = static_cast<std::size_t>(playing->due_lesson_step());
  const std::size_t stays = playing->view().producer;
  do_verb(*playing, Verb::kPlay);
  while (playing->view().playing && static_cast<std::size_t>(playing->due_lesson_step()) == step) {
    frame_of(*playing);
    CHECK(playing->view().producer == stays);
    playing->play(0.01);
  }
}

TEST_CASE("producers are reached by keys and by name") {
  const auto bench = bench_of("batching-and-linger.json");
  do_verb(*bench, Verb::kSeek, 40 * kNanosPerMilli);
  const std::string first = shown(*bench);
  bench->act(action_of(*command_of(chord_of_code(GLFW_KEY_Q, nullptr, 0)), bench->view()), kBenchW, kBenchH);
  CHECK(shown(*bench) != first);
  bench->act(action_of(*command_of(chord_of_code(GLFW_KEY_Q, nullptr, GLFW_MOD_SHIFT)), bench->view()),
             kBenchW, kBenchH);
  CHECK(shown(*bench) == first);
  bench->view().palette_text = "small-b";
  const auto found = bench->palette();
  REQUIRE(found.size() == 1);
  bench->act(found[0].action, kBenchW, kBenchH);
  CHECK(shown(*bench) == "small-batches");
}

}  // namespace
}  // namespace sendscope::ui
