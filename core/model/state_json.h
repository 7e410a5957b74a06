// The model at one moment as JSON, keyed by the names of the expression language: what `sendscope state`
// prints.
#pragma once

#include <string>

#include "core/event/string_table.h"
#include "core/model/pipeline_model.h"

namespace sendscope {

// Durations in ns, sizes in bytes, keys in a fixed order, two-space indentation, a line feed at the end.
std::string state_json(const PipelineModel& model, const StringTable& strings);
// The same for people: one "path = value" a line.
std::string state_text(const PipelineModel& model, const StringTable& strings);

}  // namespace sendscope
