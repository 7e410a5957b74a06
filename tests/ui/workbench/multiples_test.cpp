// Several producers side by side: by key, palette and click, each with its own batches, threads and requests.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

// Two producers with small pools before a broker that takes its time.
const char* const kTwo = R"json({
  "sendscope": 1, "title": "Two",
  "cluster": { "nodes": 2, "topics": { "orders": { "partitions": 2 } }, "service": { "Produce": "40ms" } },
  "producers": {
    "one": { "config": { "buffer.memory": 65536, "linger.ms": 0, "max.in.flight.requests.per.connection": 1 },
             "threads": { "app-1": [ { "send": { "topic": "orders", "value": "12KiB", "count": 20 } },
                                        { "flush": {} } ] } },
    "two": { "config": { "buffer.memory": 32768, "linger.ms": 0, "max.in.flight.requests.per.connection": 1 },
             "threads": { "app-2": [ { "send": { "topic": "orders", "value": "12KiB", "count": 20 } },
                                        { "flush": {} } ] } } },
  "until": "5s" })json";

// At a moment at which both have batches that wait in a deque.
std::unique_ptr<Workbench> busy_bench() {
  auto bench = test::bench_of_text(kTwo);
  for (std::size_t n = 1; n <= bench->log().size(); ++n) {
    const PipelineModel model = model_after(bench->log(), n);
    const auto waits = [](const auto& partition) { return !partition.second.deque.empty(); };
    const auto busy = [&](const ProducerModel& producer) {
      return std::any_of(producer.partitions.begin(), producer.partitions.end(), waits);
    };
    if (std::count_if(model.producers.begin(), model.producers.end(), busy) < 2) continue;
    do_verb(*bench, Verb::kSeekEvent, static_cast<std::int64_t>(n));
    return bench;
  }
  FAIL("the two are never busy at once");
  return bench;
}

std::set<std::uint64_t> producers_of(const std::vector<Hit>& hits) {
  std::set<std::uint64_t> found;
  for (const Hit& hit : hits) found.insert(producer_of_id(hit.subject.id));
  return found;
}

TEST_CASE("a click on the switch beside the tabs shows the producers side by side, and another one again") {
  const auto bench = busy_bench();
  Person person(*bench);
  const auto is_switch = [](const Hit& hit) { return hit.click.verb == Verb::kSideBySide; };
  const auto toggle = [&] {
    const Scene& scene = person.look();
    const auto found = std::find_if(scene.hits.begin(), scene.hits.end(), is_switch);
    REQUIRE(found != scene.hits.end());
    return found->box;
  };
  CHECK(person.all("multiple").empty());
  person.click(toggle());
  REQUIRE(person.all("multiple").size() == 2);
  CHECK(person.all("multiple.block").size() > 1);
  CHECK(producers_of(person.all("multiple.block")) == std::set<std::uint64_t>{0, 1});
  CHECK_FALSE(person.all("broker").empty());
  CHECK(person.all("pool.block").empty());
  person.click(toggle());
  CHECK(person.all("multiple").empty());
  CHECK_FALSE(person.all("pool.heading").empty());
}

TEST_CASE("side by side a name shows its producer alone; anything else is selected, one after the other") {
  const auto bench = busy_bench();
  Person person(*bench);
  for (const std::size_t index : {std::size_t{1}, std::size_t{0}}) {
    person.press(key_of('V'));
    REQUIRE(person.all("multiple.name").size() == 2);
    for (const char* part : {"multiple.block", "multiple.thread", "multiple.partition", "link"}) {
      INFO(part);
      const Hit thing = person.all(part).back();
      person.click(thing.box);
      CHECK(bench->view().selected == thing.subject);
      CHECK(bench->view().side_by_side);
    }
    person.press(Key::kEscape);
    person.click(person.all("multiple.name")[index].box);
    CHECK_FALSE(bench->view().side_by_side);
    CHECK(bench->view().producer == index);
    CHECK(person.all("multiple").empty());
  }
}

TEST_CASE("side by side every producer has the same rows, and pools have one scale") {
  const auto bench = busy_bench();
  Person person(*bench);
  person.press(key_of('V'));
  std::map<std::uint64_t, std::vector<float>> rows;
  for (const Hit& hit : person.all("multiple.partition")) rows[hit.subject.id].push_back(hit.box.y);
  REQUIRE(rows.size() > 1);
  for (const auto& [partition, ys] : rows) {
    REQUIRE(ys.size() == 2);
    CHECK(ys[0] == ys[1]);
  }
  const PipelineModel model = model_after(bench->log(), bench->cursor().events);
  std::set<float> lengths;  // of blocks of one size
  for (const Hit& hit : person.all("multiple.block")) {
    const BatchModel* batch = model.batch(hit.subject.id);
    REQUIRE(batch != nullptr);
    CHECK(person.all("multiple")[producer_of_id(hit.subject.id)].box.holds(hit.box));
    if (batch->capacity == 16384) lengths.insert(std::round(hit.box.w));
  }
  CHECK(lengths.size() == 1);
}

TEST_CASE("with one producer there is nothing to put side by side, and the window says so") {
  const auto bench = bench_of("first-send.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  person.press(key_of('V'));
  CHECK_FALSE(bench->view().side_by_side);
  CHECK(person.reads("There is only one producer."));
}

TEST_CASE("of more producers than there is room for, the page with the one that is shown is there") {
  std::string producers;
  for (int i = 0; i < 6; ++i) {
    producers += (i > 0 ? "," : "") + std::string("\"p") + std::to_string(i) + "\": { \"threads\": { \"app-" +
                 std::to_string(i) +
                 "\": [ { \"send\": { \"topic\": \"orders\", \"value\": \"100B\", \"count\": 3 } }, "
                 "{ \"flush\": {} } ] } }";
  }
  const auto bench = test::bench_of_text(
      R"({"sendscope": 1, "title": "Six", "cluster": {"nodes": 1, "topics": {"orders": {"partitions": 2}}},
      "producers": {)" +
      producers + R"(}, "until": "1s"})");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  person.press(key_of('V'));
  for (int i = 0; i < 6; ++i) {
    const auto cells = person.all("multiple");
    CHECK(cells.size() == 4);
    CHECK(std::any_of(cells.begin(), cells.end(),
                      [&](const Hit& cell) { return cell.subject.id == bench->view().producer; }));
    person.press(key_of('Q'));
  }
}

}  // namespace
}  // namespace sendscope::ui
