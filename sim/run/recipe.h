// All that it takes to bring a run back: the scenario, the seed, and the faults ordered by hand. The same
// recipe gives the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/scenario.h"

namespace sendscope::run {

struct Recipe {
  sim::Scenario scenario;
  std::uint64_t seed = 0;
  // In order of time; each has `at`. One that has nothing to act on then does not begin.
  std::vector<sim::FaultSpec> orders;
};

// The scenario with nothing done by hand. seed: left out, its own.
inline Recipe recipe_of(sim::Scenario scenario, std::optional<std::uint64_t> seed = {}) {
  const std::uint64_t chosen = seed.value_or(scenario.seed);
  return {std::move(scenario), chosen, {}};
}

// The scenario that is run: what was ordered stands behind its own faults.
inline sim::Scenario played(const Recipe& recipe) {
  sim::Scenario scenario = recipe.scenario;
  scenario.faults.insert(scenario.faults.end(), recipe.orders.begin(), recipe.orders.end());
  return scenario;
}

}  // namespace sendscope::run
