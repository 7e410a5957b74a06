// What was done by hand to a run: the faults that were ordered, each at its time, and the settings that were
// changed, from its start on.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario.h"
#include "sim/scenario_text.h"

namespace sendscope::run {

struct Order {
  sim::FaultSpec fault;  // with `at`
  std::string dropped;   // why it is not carried out in this run, in words; empty: it is
};

struct Edit {
  sim::JsonPath path;  // in the scenario
  std::string value;   // as it was typed
};

struct HandWork {
  std::vector<Edit> edits;    // one of a setting
  std::vector<Order> orders;  // in order of time
};

}  // namespace sendscope::run
