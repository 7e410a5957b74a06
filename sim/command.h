// What a person (or a program) does to a running simulation from outside: the fault verbs, and healing one.
#pragma once

#include <cstddef>
#include <variant>

#include "sim/scenario.h"

namespace sendscope::sim {

// Begins now; `at` and `when` of the fault are ignored.
struct InjectFault {
  FaultSpec fault;
};
// Ends a fault that lasts. Its number is the `fault` field of its fault_began event.
struct HealFault {
  std::size_t fault = 0;
};

using Command = std::variant<InjectFault, HealFault>;

}  // namespace sendscope::sim
