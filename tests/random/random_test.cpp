// Random clusters, loads and faults: whatever comes, the invariants hold at every event and everything comes
// to rest.
//
// SENDSCOPE_RANDOM_SEEDS=20000 runs that many seeds instead of 2000; SENDSCOPE_RANDOM_FIRST=17 begins with
// that one.
#include <cstdlib>
#include <string>

#include "core/event/event_log.h"
#include "sim/random_scenario.h"
#include "sim/run/invariants.h"
#include "sim/run/results_text.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::sim;
using namespace sendscope::run;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// What is wrong with the run of this seed; empty when nothing is.
std::string wrong_with(const Scenario& scenario) {
  InvariantChecker checker;
  SimulatedRunOptions options;
  options.watches = {&checker};
  if (const char* trace = std::getenv("SENDSCOPE_RANDOM_TRACE")) options.trace_file = trace;
  auto created = SimulatedRun::create(recipe_of(scenario), options);
  if (!created) return created.error().message;
  SimulatedRun& run = **created;
  run.finish();
  checker.finish(true);
  if (!checker.violation().empty()) return checker.violation();
  for (const ExpectationResult& result : run.results()) {
    if (result.outcome != CheckOutcome::kHeld) return result_line(result);
  }
  return {};
}

}  // namespace

TEST_CASE("random scenarios keep every invariant") {
  const std::uint64_t first = from_environment("SENDSCOPE_RANDOM_FIRST", 1);
  const std::uint64_t count = from_environment("SENDSCOPE_RANDOM_SEEDS", 2000);
  std::string failures;
  int failed = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string wrong = wrong_with(random_scenario(seed));
    if (wrong.empty()) continue;
    if (++failed <= 20) failures += "seed " + std::to_string(seed) + ": " + wrong + "\n";
  }
  INFO(failures);
  CHECK(failed == 0);
}
