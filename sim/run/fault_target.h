// Whether a fault that means one request can still hit it.
#pragma once

#include <string>
#include <vector>

#include "core/model/pipeline_model.h"
#include "sim/scenario.h"

namespace sendscope::run {

// Why the fault cannot hit the request that it means any more, or not yet, in words. Empty while it can, and
// for a fault that means no single request. producers: their names in the scenario, by their index.
std::string missed(const PipelineModel& model, const std::vector<std::string>& producers,
                   const sim::FaultSpec& fault);

}  // namespace sendscope::run
