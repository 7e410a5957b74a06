// What a batch or a thread waits behind: the one thing that has to move first.
#pragma once

#include "core/model/pipeline_model.h"
#include "core/model/subject.h"
#include "core/model/why.h"

namespace sendscope {

// Nothing where only time, or no single thing, holds it up.
Subject what_holds(const PipelineModel& model, const BatchModel& batch, WaitCause cause);
// The thread in line before it; for the first in line the oldest batch, which has memory.
Subject who_has_memory(const PipelineModel& model, std::uint16_t thread);

}  // namespace sendscope
