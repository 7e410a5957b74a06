// All that it takes to bring a run back: the scenario, the seed, and what was done by hand. The same recipe
// gives the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/command.h"
#include "sim/scenario.h"

namespace sendscope::run {

struct Recipe {
  sim::Scenario scenario;
  std::uint64_t seed = 0;
  std::vector<sim::Command> commands;  // in order of time
};

// The scenario with nothing done by hand. seed: left out, its own.
inline Recipe recipe_of(sim::Scenario scenario, std::optional<std::uint64_t> seed = {}) {
  const std::uint64_t chosen = seed.value_or(scenario.seed);
  return {std::move(scenario), chosen, {}};
}

}  // namespace sendscope::run
