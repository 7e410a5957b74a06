// What became of expectations, in words and as JUnit XML.
#pragma once

#include <string>
#include <vector>

#include "sim/run/simulated_run.h"

namespace sendscope::run {

// "broken     always pool.free > 0B: it does not hold here, at event 812, 41.300 ms (pool.free = 0 B)"
std::string result_line(const ExpectationResult& result);

// One scenario run with one seed.
struct CheckedRun {
  std::string file;
  std::uint64_t seed = 0;
  std::vector<ExpectationResult> results;
};

// A test suite a scenario, a test case an expectation; with several seeds an expectation that does not hold
// is told with each seed it failed for.
std::string junit_xml(const std::vector<CheckedRun>& runs);

}  // namespace sendscope::run
