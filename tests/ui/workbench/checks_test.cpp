// The list of checks: all of it is within reach, what is broken stands first and says why.
#include <algorithm>

#include "core/model/queries.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_expecting;
using test::do_verb;
using test::Person;

std::vector<std::string> many_expectations() {
  std::vector<std::string> all;
  for (int i = 0; i < 14; ++i) all.push_back("never acked > " + std::to_string(100'000 + i));
  all.push_back("never pool.waiting > 0");
  all.push_back("finally acked == 1");
  return all;
}

std::string text_of(const Hit& hit) { return hit.tip.substr(0, hit.tip.find('\n')); }

void show_checks(Workbench& bench, Person& person) {
  do_verb(bench, Verb::kEnd);
  person.press(Key::kTab);
  person.press(Key::kTab);
  REQUIRE(bench.view().bottom == BottomTab::kChecks);
}

TEST_CASE("the wheel reaches every check") {
  const auto bench = bench_expecting("backpressure.json", many_expectations());
  Person person(*bench);
  show_checks(*bench, person);
  std::vector<std::string> seen;
  for (int turn = 0; turn < 20; ++turn) {
    for (const Hit& hit : person.all("check")) seen.push_back(text_of(hit));
    person.wheel(person.all("check").front().box, -1);
  }
  for (const std::string& expectation : many_expectations()) {
    INFO(expectation);
    CHECK(std::find(seen.begin(), seen.end(), expectation) != seen.end());
  }
}

TEST_CASE("broken checks stand first, each with the values that broke it; a click goes to the event") {
  const auto bench = bench_expecting("backpressure.json", many_expectations());
  Person person(*bench);
  show_checks(*bench, person);
  const auto checks = person.all("check");
  REQUIRE(checks.size() > 2);
  CHECK(text_of(checks[0]) == "never pool.waiting > 0");
  CHECK(text_of(checks[1]) == "finally acked == 1");
  CHECK(person.reads("because pool.waiting = 1"));
  CHECK(person.reads("because acked = "));

  person.click(person.all("check.reason").front().box);
  const std::size_t at = bench->cursor().events;
  REQUIRE(at > 1);
  CHECK(bench->log()[at - 1].kind == EventKind::memory_wait_began);
  CHECK(model_after(bench->log(), at).producers[0].pool.waiters.size() == 1);
  CHECK(model_after(bench->log(), at - 1).producers[0].pool.waiters.empty());
}

TEST_CASE("the reason is that of this run, also after a fault changed it") {
  const auto bench = bench_expecting("backpressure.json", {"finally acked == 3"});
  Person person(*bench);
  show_checks(*bench, person);
  person.click(person.all("check.reason").front().box);
  const std::size_t before = bench->cursor().events;
  do_verb(*bench, Verb::kSeek, 20 * kNanosPerMilli);
  Action fault = act(Verb::kFault);
  fault.fault = std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = sim::Kill{}});
  bench->act(fault, test::kBenchW, test::kBenchH);
  person.settle();
  do_verb(*bench, Verb::kEnd);
  REQUIRE(person.all("check.reason").size() == 1);
  person.click(person.all("check.reason").front().box);
  CHECK(bench->cursor().events != before);
  CHECK(bench->log()[bench->cursor().events - 1].kind == EventKind::check_decided);
}

}  // namespace
}  // namespace sendscope::ui
