// Whether a scenario can be at all, before anything is built from it.
#pragma once

#include "core/base/result.h"
#include "sim/scenario.h"

namespace sendscope::sim {

// kInvalidInput naming the first thing that contradicts another: no nodes, more replicas than nodes, a leader
// that is no node, a pace of nothing, steps this producer cannot do.
Result<void> check_scenario(const Scenario& scenario);

}  // namespace sendscope::sim
