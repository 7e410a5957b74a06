// What was done by hand to a run: the faults that were ordered, each at its time.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario.h"

namespace sendscope::run {

struct Order {
  sim::FaultSpec fault;  // with `at`
  std::string dropped;   // why it is not carried out in this run, in words; empty: it is
};

struct HandWork {
  std::vector<Order> orders;  // in order of time
};

}  // namespace sendscope::run
