// "Us or the broker?" and "What bounds the rate": pages of the inspector, by key, palette and click.
#include <algorithm>

#include "core/event/trace_file.h"
#include "sim/run/replay_session.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;
using test::Person;

std::string scenario(const std::string& service, int linger) {
  return R"({"sendscope": 1, "title": "Split",
    "cluster": {"nodes": 2, "topics": {"orders": {"partitions": 2}}, "link": {"latency": "1ms"},
                "service": {"Produce": ")" +
         service + R"("}},
    "producers": {"p1": {"config": {"linger.ms": )" +
         std::to_string(linger) + R"(}, "threads": {"app-1": [
      {"send": {"topic": "orders", "value": "1KiB", "count": 40, "every": "2ms"}}, {"flush": {}}]}}},
    "until": "5s"})";
}

std::string verdict_in(Person& person) {
  const auto found = person.all("split.verdict");
  return found.empty() ? "" : found.front().tip;
}

TEST_CASE("the verdict names the broker when it is slow, and us when batches linger") {
  const auto slow = test::bench_of_text(scenario("60ms", 0));
  do_verb(*slow, Verb::kEnd);
  Person at_slow(*slow);
  at_slow.press(key_of('U'));
  CHECK(slow->view().selected == producer_subject(0));
  CHECK(verdict_in(at_slow).starts_with("It is the broker: it holds "));
  CHECK(at_slow.reads("40 acked"));
  const auto lazy = test::bench_of_text(scenario("1ms", 100));
  do_verb(*lazy, Verb::kEnd);
  Person at_lazy(*lazy);
  at_lazy.press(key_of('U'));
  CHECK(verdict_in(at_lazy).starts_with("It is us: "));
  CHECK(verdict_in(at_lazy).find("linger.ms") != std::string::npos);
}

TEST_CASE("a broker that is slow is named also where the time passes in the queue for it") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kSeek, 900 * kNanosPerMilli);
  Person person(*bench);
  person.press(key_of('U'));
  CHECK(verdict_in(person).starts_with("It is the broker: "));
}

// A row of the table for each side that has some of the time, and one for all of it.
TEST_CASE("the parts of the card are the sides of the latencies up to the cursor, then and later") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  person.press(key_of('U'));
  for (const std::int64_t ms : {300, 900, 100}) {
    do_verb(*bench, Verb::kSeek, ms * kNanosPerMilli);
    LatencyLedger ledger(bench->log());
    ledger.go_to(bench->cursor().events, bench->log().size());
    const LatencySplit split = ledger.of(static_cast<std::uint16_t>(bench->view().producer));
    REQUIRE(split.records > 0);
    std::size_t sides = 0;
    for (std::size_t i = 0; i < kLatencySides; ++i) sides += split.of(static_cast<LatencySide>(i)) > 0;
    person.settle();
    CHECK(person.all("split.side").size() == sides + 1);
    CHECK_FALSE(person.all("split.cause").empty());
    CHECK(person.reads(std::to_string(split.records) + " acked"));
  }
}

TEST_CASE("the pages are tabs of a producer's inspector; of a node, all but its limits") {
  const auto bench = bench_of("slow-broker.json");
  do_verb(*bench, Verb::kEnd);
  Person person(*bench);
  for (const Subject& subject : {producer_subject(1), node_subject(2), producer_subject(0)}) {
    bench->act(select_action(subject), test::kBenchW, test::kBenchH);
    const bool node = subject.kind == SubjectKind::kNode;
    REQUIRE(person.all("side.page").size() == (node ? 2 : 3));
    person.click(person.all("side.page")[1].box);
    CHECK(bench->view().page == SidePage::kSplit);
    CHECK_FALSE(verdict_in(person).empty());
    CHECK(bench->view().selected == subject);
    if (!node) person.click(person.all("side.page")[2].box);
    if (!node) CHECK_FALSE(person.all("limit").empty());
    person.click(person.all("side.page")[0].box);
    CHECK_FALSE(person.all("fact").empty());
    CHECK(person.all("limit").empty());
  }
}

TEST_CASE(
    "a key asks for a page and asked again for the facts; with a batch selected it takes its producer") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 500 * kNanosPerMilli);
  Person person(*bench);
  bench->act(select_action(batch_subject(2)), test::kBenchW, test::kBenchH);
  person.press(key_of('U'), true);
  CHECK(bench->view().selected == producer_subject(0));
  CHECK_FALSE(person.all("limit").empty());
  person.press(key_of('U'));
  CHECK_FALSE(person.all("split.side").empty());
  person.press(key_of('U'));
  CHECK_FALSE(person.all("fact").empty());
  CHECK(person.all("split.side").empty());
}

TEST_CASE("a click on the sums of the callbacks shows the split, one on the pool's lane the limits") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 500 * kNanosPerMilli);
  Person person(*bench);
  person.click(person.all("callbacks.totals").at(0).box);
  CHECK(bench->view().page == SidePage::kSplit);
  person.click(person.all("lane.pool").at(0).box);
  CHECK(bench->view().page == SidePage::kLimits);
}

TEST_CASE("of a recording of real brokers the card says that wire and broker cannot be told apart") {
  const auto simulated = bench_of("first-send.json");
  const EventLog& log = simulated->log();
  EventLog live;
  std::vector<std::string> words;
  for (StringId id = 1; id < log.strings().size(); ++id) words.emplace_back(log.strings().view(id));
  live.append_strings(words);
  for (std::size_t i = 0; i < log.size(); ++i) {
    Event event = log[i];
    if (event.kind == EventKind::run_started) event.place = 1;
    live.append(event);
  }
  const test::TemporaryFolder folder("split");
  const std::string path = (folder.path() / "live.trace").string();
  auto writer = TraceWriter::create(path, "{}");
  REQUIRE(writer);
  REQUIRE((*writer)->append(live));
  REQUIRE((*writer)->close(live));
  auto session = run::ReplaySession::open(path);
  REQUIRE(session);
  Workbench bench(std::move(*session));
  bench.finish_work();
  do_verb(bench, Verb::kEnd);
  Person person(bench);
  person.press(key_of('U'));
  CHECK(person.reads("wire and broker"));
  CHECK(person.reads("What real brokers do inside"));
  const auto sides = person.all("split.side");
  CHECK(std::none_of(sides.begin(), sides.end(),
                     [](const Hit& hit) { return hit.tip.starts_with("at the broker"); }));
}

}  // namespace
}  // namespace sendscope::ui
