#include "core/producer/transaction_manager_partitions.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "core/producer/producer_batch.h"

namespace sendscope {

namespace {

bool sequence_before(const BatchPtr& left, const BatchPtr& right) {
  return std::make_tuple(left->producer_id(), left->producer_epoch(), left->base_sequence()) <
         std::make_tuple(right->producer_id(), right->producer_epoch(), right->base_sequence());
}

}  // namespace

std::int32_t advance_sequence(std::int32_t sequence, std::int32_t increment) {
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  if (sequence > kMax - increment) return increment - (kMax - sequence) - 1;
  return sequence + increment;
}

void TxnPartition::add(const BatchPtr& batch) {
  const auto at = std::lower_bound(in_flight_.begin(), in_flight_.end(), batch, sequence_before);
  SENDSCOPE_CHECK(at == in_flight_.end() || sequence_before(batch, *at));
  in_flight_.insert(at, batch);
}

void TxnPartition::remove(const BatchPtr& batch) { std::erase(in_flight_, batch); }

void TxnPartition::start_at_beginning(ProducerIdAndEpoch new_id) {
  std::int32_t sequence = 0;
  for (const BatchPtr& batch : in_flight_) {
    batch->reset_producer_state(new_id, sequence);
    sequence += batch->record_count();
  }
  id = new_id;
  next_sequence = sequence;
  last_acked_sequence = kNoSequence;
}

Result<void> TxnPartition::close_gap(std::int32_t base_sequence, std::int32_t record_count) {
  if (next_sequence < record_count)
    return Error(ErrorCode::kIllegalState, "the next sequence of the partition would become negative");
  next_sequence -= record_count;
  for (const BatchPtr& batch : in_flight_) {
    if (batch->base_sequence() < base_sequence) continue;
    if (batch->base_sequence() < record_count)
      return Error(ErrorCode::kIllegalState, "the sequence of a batch in flight would become negative");
    batch->reset_producer_state({batch->producer_id(), batch->producer_epoch()},
                                batch->base_sequence() - record_count);
  }
  return {};
}

}  // namespace sendscope
