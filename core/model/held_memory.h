// Who holds the memory of a producer's pool, by the reason why it cannot be given back.
#pragma once

#include <vector>

#include "core/model/waiting.h"

namespace sendscope {

// The batches that hold memory of the pool, by age.
std::vector<const BatchModel*> memory_holders(const ProducerModel& producer);

struct HeldMemory {
  WaitCause cause{};
  std::int64_t bytes = 0;  // capacity of the batches
  std::size_t batches = 0;
  BatchId oldest = 0;
};

// Of all batches that hold memory, one row a reason, most bytes first. Their bytes are
// PoolModel::in_batches.
std::vector<HeldMemory> held_memory(const PipelineModel& model, const WaitLimits& limits,
                                    const ProducerModel& producer, Nanos now);

}  // namespace sendscope
