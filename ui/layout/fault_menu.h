// What can go wrong with a thing, as a right click offers it.
#pragma once

#include <string>
#include <vector>

#include "core/event/string_table.h"
#include "ui/layout/action.h"
#include "ui/model/pipeline_model.h"

namespace sendscope::ui {

struct FaultChoice {
  std::string label;   // "Drop its response"
  std::string effect;  // one line about what that does
  FaultOrder order;
};

// Why an order that means one request cannot hit it any more, or not yet; empty while it can.
std::string missed(const PipelineModel& model, const FaultOrder& order);

// Empty for things nothing can be done to. Nothing selected: the nodes of the cluster.
std::vector<FaultChoice> fault_choices(const PipelineModel& model, const StringTable& words,
                                       const Subject& subject);

}  // namespace sendscope::ui
