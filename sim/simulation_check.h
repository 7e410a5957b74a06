// Whether a scenario can be at all, before anything is built from it.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "sim/scenario.h"

namespace sendscope::sim {

// Something that contradicts something else. `path` is that of a scenario file
// ("producers.p1.threads.app-1[0].send.rate"); a callback's steps stand under "on_callback.steps".
struct Contradiction {
  std::string path;
  std::string found;
  std::string expected;
};

// In the order of the scenario: more replicas than nodes, a leader that is no node, a fault on what never
// exists, more than scenario_limits.h allows, steps this producer cannot do.
std::vector<Contradiction> find_contradictions(const Scenario& scenario);
// kInvalidInput naming the first of them.
Result<void> check_scenario(const Scenario& scenario);

inline constexpr const char* kTransactionVersionKey = "transaction.version";
// What a `set` step does to the brokers' configuration; false, and nothing is done, when it cannot be set so.
bool apply_setting(const SetStep& step, BrokerConfig& config);

}  // namespace sendscope::sim
