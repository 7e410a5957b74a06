// An expectation with a deadline that time alone breaks is decided at that deadline, however long it takes
// until something happens again.
#include <algorithm>

#include "core/event/event_log.h"
#include "core/model/pipeline_model.h"
#include "sim/run/simulated_run.h"
#include "tests/sim/sim_run.h"

using namespace sendscope;
using namespace sendscope::run;

namespace {

constexpr Nanos kMs = kNanosPerMilli;

// One record, then 20 s of sleep, then another.
sim::Scenario scenario_with(const std::vector<std::string>& expect) {
  sim::Scenario scenario = sim::base_scenario(1, 1, 1);
  const sim::SendStep send = sim::send_step(1);
  sim::add_producer(scenario, {{send}, {sim::SleepStep{sim::Distribution::constant(20'000 * kMs)}}, {send}});
  for (const std::string& text : expect) scenario.expect.push_back(expectation(text));
  return scenario;
}

std::vector<Event> checks_of(const SimulatedRun& run) {
  std::vector<Event> found;
  for (std::size_t i = 0; i < run.log().size(); ++i) {
    if (run.log()[i].kind == EventKind::check_decided) found.push_back(run.log()[i]);
  }
  return found;
}

}  // namespace

TEST_CASE("a deadline that passes in a quiet time is decided at the deadline") {
  auto run = SimulatedRun::create(
      recipe_of(scenario_with({"eventually acked == 2 within 6s", "eventually acked == 3 within 9s",
                               "whenever acked == 1 then acked == 2 within 3s"})));
  REQUIRE(run.ok());
  (*run)->finish();
  const auto& results = (*run)->results();
  for (const ExpectationResult& result : results) CHECK(result.outcome == CheckOutcome::kBroken);
  CHECK(results[0].time == 6000 * kMs);
  CHECK(results[0].values == "acked = 1");
  CHECK(results[1].time == 9000 * kMs);
  CHECK(results[2].time > 3000 * kMs);
  CHECK(results[2].time < 3100 * kMs);
  const std::vector<Event> checks = checks_of(**run);
  REQUIRE(checks.size() == 3);
  CHECK(checks[0].subject == 2);
  CHECK(checks[0].t == results[2].time);
  CHECK(checks[1].t == results[0].time);
  CHECK(checks[2].t == results[1].time);
  // Nothing else has changed: the second record is sent, and the log is in the order of its times.
  CHECK((*run)->model().time >= 20'000 * kMs);
  for (std::size_t i = 1; i < (*run)->log().size(); ++i) CHECK((*run)->log()[i - 1].t <= (*run)->log()[i].t);
}

TEST_CASE("what comes true at the very deadline has held; a run stopped before it is undecided") {
  sim::Scenario scenario = scenario_with({"eventually event('fault_began') within 5s"});
  scenario.faults.push_back({.at = 5000 * kMs, .action = sim::Resume{}});
  auto run = SimulatedRun::create(recipe_of(scenario));
  REQUIRE(run.ok());
  (*run)->finish();
  CHECK((*run)->results()[0].outcome == CheckOutcome::kHeld);

  SimulatedRunOptions options;
  options.until = 5000 * kMs;
  auto cut = SimulatedRun::create(recipe_of(scenario_with({"eventually acked == 2 within 6s"})), options);
  REQUIRE(cut.ok());
  (*cut)->finish();
  CHECK((*cut)->results()[0].outcome == CheckOutcome::kUndecided);
}

TEST_CASE("going on in small steps decides at the same times") {
  const sim::Scenario scenario = scenario_with({"eventually acked == 2 within 6s"});
  auto run = SimulatedRun::create(recipe_of(scenario));
  REQUIRE(run.ok());
  (*run)->run_until(5999 * kMs);
  CHECK(checks_of(**run).empty());
  (*run)->run_until(6001 * kMs);
  REQUIRE(checks_of(**run).size() == 1);
  CHECK(checks_of(**run)[0].t == 6000 * kMs);
  (*run)->finish();
  CHECK(checks_of(**run).size() == 1);
  CHECK((*run)->results()[0].time == 6000 * kMs);
}
