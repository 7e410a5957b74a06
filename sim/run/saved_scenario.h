// A run with what was done by hand, saved as a scenario that gives the same run by itself.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "sim/run/hand_work.h"
#include "sim/run/scenario_file.h"

namespace sendscope::run {

// XDG_DATA_HOME/sendscope; empty: the environment names no such folder.
std::string user_scenarios();
// The scenarios in it, sorted by name.
std::vector<std::string> saved_scenarios();

// The scenario's own text, with the seed of the run and the orders that were carried out as faults; what was
// dropped is left out, and for secrets, which no run reads, a placeholder stands.
Result<std::string> text_with_hand_work(const ScenarioFile& file, std::uint64_t seed, const HandWork& work);

// Writes it beside the scenario under a new name, "NAME-2.json"; of a scenario that the program brings along,
// or where that cannot be written, into user_scenarios(), its lesson beside it. Nothing is overwritten.
// Returns the path.
Result<std::string> save_scenario(const ScenarioFile& file, std::uint64_t seed, const HandWork& work);

}  // namespace sendscope::run
