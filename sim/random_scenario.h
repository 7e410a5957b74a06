// A random scenario: cluster, load and faults drawn from a seed, with the expectations that must hold of it.
//
// Swarm testing: each seed draws which kinds of faults it knows at all and how often they strike, so that
// rare combinations come up. All faults are healed at kRandomScenarioHealed; after that everything must come
// to rest before `until`.
#pragma once

#include <cstdint>

#include "sim/scenario.h"

namespace sendscope::sim {

inline constexpr Nanos kRandomScenarioHealed = 6 * kNanosPerSecond;

Scenario random_scenario(std::uint64_t seed);

}  // namespace sendscope::sim
