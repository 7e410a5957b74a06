// Brokers that are wrong on purpose make expectations of shipped scenarios fail. (tests/mutants does the same
// to the core, at compile time.)
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/shipped_scenarios.h"

using namespace sendscope;
using namespace sendscope::run;

namespace {

// The scenario and the expectation that notice; empty when none does.
std::string noticed_by(const sim::Sabotage& sabotage) {
  for (const std::string& path : test::shipped_scenarios()) {
    const ScenarioFileLoad load = open_scenario(path);
    REQUIRE(load.file.has_value());
    SimulatedRunOptions options;
    options.simulation.sabotage = sabotage;
    auto run = SimulatedRun::create(recipe_of(load.file->scenario), options);
    REQUIRE(run.ok());
    (*run)->finish();
    for (const ExpectationResult& result : (*run)->results()) {
      if (result.outcome == CheckOutcome::kBroken)
        return path.substr(path.find_last_of('/') + 1) + ": " + result.text;
    }
  }
  return {};
}

}  // namespace

TEST_CASE("a healthy broker breaks no expectation") { CHECK(noticed_by({}).empty()); }

TEST_CASE("a broker that does not check sequence numbers is noticed") {
  CHECK_FALSE(noticed_by({.skip_sequence_check = true}).empty());
}

TEST_CASE("a broker that works on the newest request first is noticed") {
  CHECK_FALSE(noticed_by({.answer_newest_first = true}).empty());
}

TEST_CASE("a broker that answers success and appends nothing is noticed") {
  CHECK_FALSE(noticed_by({.forget_append = true}).empty());
}

TEST_CASE("a broker that does not look at checksums is noticed") {
  CHECK_FALSE(noticed_by({.skip_crc_check = true}).empty());
}

TEST_CASE("a broker that answers before its replicas have the batch is noticed") {
  CHECK_FALSE(noticed_by({.ignore_min_isr = true}).empty());
}

TEST_CASE("brokers that do not look at a producer's epoch are noticed: a zombie goes on writing") {
  CHECK_FALSE(noticed_by({.skip_fencing = true}).empty());
}

TEST_CASE("a coordinator that marks aborted transactions as committed is noticed") {
  CHECK_FALSE(noticed_by({.commit_aborted = true}).empty());
}
