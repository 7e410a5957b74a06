#include "sim/producer_state.h"

#include <algorithm>

namespace sendscope::sim {

std::int32_t add_sequence(std::int32_t sequence, std::int32_t count) {
  constexpr std::int64_t kSequences = std::int64_t{1} << 31;
  return static_cast<std::int32_t>((static_cast<std::int64_t>(sequence) + count + kSequences) % kSequences);
}

namespace {
std::int32_t last_sequence(const LogBatch& batch) {
  return add_sequence(batch.base_sequence, batch.records - 1);
}
}  // namespace

SequenceVerdict ProducerStates::judge(const LogBatch& batch) const {
  const auto found = entries_.find(batch.producer_id);
  if (found == entries_.end()) return {};  // no state: any sequence is taken
  const Entry& entry = found->second;
  if (entry.epoch == batch.producer_epoch) {
    for (std::size_t i = 0; i < entry.count; ++i) {
      const LogBatch& known = entry.batches[i];
      if (known.base_sequence == batch.base_sequence && known.records == batch.records) {
        return {ErrorCode::kNone, known};
      }
    }
  }
  if (entry.epoch > batch.producer_epoch) return {ErrorCode::kInvalidProducerEpoch, {}};
  const std::int32_t expected = entry.epoch < batch.producer_epoch || entry.count == 0
                                    ? 0
                                    : add_sequence(last_sequence(entry.batches[entry.count - 1]), 1);
  if (batch.base_sequence != expected) return {ErrorCode::kOutOfOrderSequenceNumber, {}};
  return {};
}

void ProducerStates::on_append(const LogBatch& batch) {
  if (batch.producer_id < 0) return;
  Entry& entry = entries_[batch.producer_id];
  if (entry.epoch != batch.producer_epoch) {
    entry.epoch = batch.producer_epoch;
    entry.count = 0;
  }
  if (entry.count == kRemembered) {
    std::move(entry.batches.begin() + 1, entry.batches.end(), entry.batches.begin());
    --entry.count;
  }
  entry.batches[entry.count++] = batch;
}

void ProducerStates::rebuild(const PartitionLog& log) {
  entries_.clear();
  for (const LogBatch& batch : log) on_append(batch);
}

}  // namespace sendscope::sim
