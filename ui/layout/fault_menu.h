// What can go wrong with a thing, as a right click offers it.
#pragma once

#include <string>
#include <vector>

#include "core/event/string_table.h"
#include "core/model/pipeline_model.h"
#include "sim/scenario.h"
#include "ui/layout/action.h"

namespace sendscope::ui {

struct FaultChoice {
  std::string label;   // "Drop its response"
  std::string effect;  // one line about what that does
  sim::FaultSpec fault;
};

struct FaultMenuInput {
  const PipelineModel& model;
  const StringTable& words;
  const std::vector<std::string>& producers;  // their names in the scenario, by their index
};

// Empty for things nothing can be done to. Nothing selected: the nodes of the cluster.
std::vector<FaultChoice> fault_choices(const FaultMenuInput& in, const Subject& subject);

// The thing itself where something can be done to it now; else the nearest that it belongs to, of which that
// holds: of a record its batch, of a batch its partition, of a thread its producer, in the end the cluster.
Subject breakable(const FaultMenuInput& in, Subject subject);

}  // namespace sendscope::ui
