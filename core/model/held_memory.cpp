#include "core/model/held_memory.h"

#include <algorithm>

namespace sendscope {

std::vector<const BatchModel*> memory_holders(const ProducerModel& producer) {
  std::vector<const BatchModel*> held;
  for (const auto& [id, batch] : producer.batches) {
    if (!batch.memory_returned) held.push_back(&batch);
  }
  return held;
}

std::vector<HeldMemory> held_memory(const PipelineModel& model, const WaitLimits& limits,
                                    const ProducerModel& producer, Nanos now) {
  std::vector<HeldMemory> rows;
  for (const BatchModel* batch : memory_holders(producer)) {
    const WaitCause cause = waiting_of(model, limits, *batch, now).cause;
    auto row = std::find_if(rows.begin(), rows.end(), [&](const HeldMemory& r) { return r.cause == cause; });
    if (row == rows.end()) row = rows.insert(rows.end(), {cause, 0, 0, batch->id});
    row->bytes += batch->capacity;
    ++row->batches;
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const HeldMemory& a, const HeldMemory& b) { return a.bytes > b.bytes; });
  return rows;
}

}  // namespace sendscope
