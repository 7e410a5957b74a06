// Every shipped scenario: its expectations hold, its lesson is told from the first step to the last, in
// order.
#include "tests/support/shipped_scenarios.h"

#include <algorithm>

#include "core/event/event_log.h"
#include "core/model/pipeline_model.h"
#include "core/model/queries.h"
#include "sim/run/invariants.h"
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::run;

TEST_CASE("every shipped scenario keeps its expectations over twenty seeds") {
  for (const std::string& path : test::shipped_scenarios()) {
    const ScenarioFileLoad load = open_scenario(path);
    INFO(path << "\n" << sim::to_string(load.problems));
    REQUIRE(load.file.has_value());
    CHECK(load.file->warnings.empty());
    CHECK(load.file->scenario.expect.size() >= 5);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      auto run = SimulatedRun::create(recipe_of(load.file->scenario, seed));
      REQUIRE(run.ok());
      (*run)->finish();
      for (const ExpectationResult& result : (*run)->results()) {
        INFO("seed " << seed << ": " << result.text << ": " << result.values);
        CHECK(result.outcome == CheckOutcome::kHeld);
      }
    }
  }
}

TEST_CASE("a shipped scenario that ends with nothing left to do leaves nothing") {
  int at_rest = 0;
  for (const std::string& path : test::shipped_scenarios()) {
    const ScenarioFileLoad load = open_scenario(path);
    REQUIRE(load.file.has_value());
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      auto run = SimulatedRun::create(recipe_of(load.file->scenario, seed));
      REQUIRE(run.ok());
      (*run)->finish();
      const PipelineModel& model = (*run)->model();
      if ((*run)->log().strings().view(model.run.end_reason) != "nothing is left to do") continue;
      ++at_rest;
      InvariantChecker checker;
      const EventLog& log = (*run)->log();
      for (std::size_t i = 0; i < log.size(); ++i) checker.observe(log[i], log.strings());
      checker.finish(true);
      INFO(path << ", seed " << seed);
      CHECK(checker.violation().empty());
    }
  }
  CHECK(at_rest > 100);
}

TEST_CASE("a sender that goes round without a rest says so once") {
  for (const std::string& path : test::shipped_scenarios()) {
    const ScenarioFileLoad load = open_scenario(path);
    REQUIRE(load.file.has_value());
    auto run = SimulatedRun::create(recipe_of(load.file->scenario));
    REQUIRE(run.ok());
    (*run)->finish();
    const EventLog& log = (*run)->log();
    INFO(path);
    for (std::size_t i = 1; i < log.size(); ++i) {
      const auto restless = [&](const Event& event) {
        return event.kind == EventKind::sender_waits && event.a == 0;
      };
      const bool twice = restless(log[i]) && restless(log[i - 1]) && log[i].actor == log[i - 1].actor &&
                         log[i].b == log[i - 1].b;
      if (twice) CHECK(i == 0);
    }
  }
}

TEST_CASE("every lesson's steps are reached, each with something happening since the one before") {
  for (const std::string& path : test::shipped_scenarios()) {
    const ScenarioFileLoad load = open_scenario(path);
    REQUIRE(load.file.has_value());
    INFO(path);
    REQUIRE(load.file->lesson.size() >= 4);
    std::vector<LessonStep> steps = load.file->lesson;
    LessonWatch watch(steps);
    SimulatedRunOptions options;
    options.watches = {&watch};
    auto run = SimulatedRun::create(recipe_of(load.file->scenario), options);
    REQUIRE(run.ok());
    (*run)->finish();
    const std::string next = watch.reached() < steps.size() ? steps[watch.reached()].heading : "";
    INFO("the first step not reached: " << next);
    REQUIRE(watch.reached() == steps.size());
    CHECK(question_fault(steps) == "");
    // The introduction comes with the first event; other steps one at a time.
    for (std::size_t i = 2; i < steps.size(); ++i) {
      INFO("step: " << steps[i].heading);
      CHECK(steps[i].due_events > steps[i - 1].due_events);
    }
  }
}
