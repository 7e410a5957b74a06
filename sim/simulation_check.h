// Whether a scenario can be at all, before anything is built from it.
#pragma once

#include "core/base/result.h"
#include "sim/scenario.h"

namespace sendscope::sim {

// kInvalidInput naming the first thing that contradicts another: no nodes, more replicas than nodes, a leader
// that is no node, a pace of nothing, steps this producer cannot do.
Result<void> check_scenario(const Scenario& scenario);

inline constexpr const char* kTransactionVersionKey = "transaction.version";
// What a `set` step does to the brokers' configuration; false, and nothing is done, when it cannot be set so.
bool apply_setting(const SetStep& step, BrokerConfig& config);

}  // namespace sendscope::sim
