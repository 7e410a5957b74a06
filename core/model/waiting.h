// What a batch waits for at a moment: the one rule behind the Why card, the view of what holds memory and the
// split of latencies.
#pragma once

#include <optional>

#include "core/event/string_table.h"
#include "core/model/pipeline_model.h"
#include "core/model/wait_cause.h"

namespace sendscope {

// What it waits for, and until when that can be said without looking again, if nothing happens until then.
struct Waiting {
  WaitCause cause{};
  std::uint32_t attempt = 0;  // from 1; 0 before the first
  Nanos until = kForever;
};

// What a producer's configuration says of waiting.
struct WaitLimits {
  Nanos linger = -1;  // -1: not known
  std::optional<std::int64_t> in_flight;
};
WaitLimits wait_limits(const PipelineModel& model, const StringTable& strings, std::size_t producer);

Waiting waiting_of(const PipelineModel& model, const WaitLimits& limits, const BatchModel& batch, Nanos now);

}  // namespace sendscope
