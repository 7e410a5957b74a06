// Faults as a scenario writes them: what the loader reads back as the same fault.
#pragma once

#include <string>

#include "sim/scenario.h"

namespace sendscope::sim {

// { "at": "12.5ms", "kill": { "node": 2 } }. REQUIRES: it has `at`
std::string fault_text(const FaultSpec& fault);

}  // namespace sendscope::sim
