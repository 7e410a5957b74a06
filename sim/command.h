// What a person (or a program) does to a running simulation from outside: the fault verbs, and healing one.
#pragma once

#include <cstddef>
#include <variant>

#include "sim/scenario.h"

namespace sendscope::sim {

// `at` and `when` of the fault are ignored.
struct InjectFault {
  FaultSpec fault;
};
// Ends a fault that lasts. Its number is the `fault` field of its fault_began event.
struct HealFault {
  std::size_t fault = 0;
};

using Intervention = std::variant<InjectFault, HealFault>;

// Done at `at`, after everything else that is due then.
struct Command {
  Nanos at = 0;
  Intervention what;
};

}  // namespace sendscope::sim
