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

SequenceVerdict ProducerStates::judge(const LogBatch& batch, bool first_begins_at_0) const {
  const bool transactional = batch.kind == BatchKind::kTransactional;
  const auto found = entries_.find(batch.producer_id);
  const auto verified = verifying_.find(batch.producer_id);
  const bool too_early = transactional && verified != verifying_.end() &&
                         verified->second.epoch == batch.producer_epoch &&
                         batch.base_sequence > verified->second.lowest_sequence;
  if (found == entries_.end()) {
    // No state: any sequence is taken, but for transactions that are verified.
    const bool gap = too_early || (first_begins_at_0 && batch.base_sequence != 0);
    return {gap ? ErrorCode::kOutOfOrderSequenceNumber : ErrorCode::kNone, {}};
  }
  const Entry& entry = found->second;
  if (entry.epoch == batch.producer_epoch) {
    for (std::size_t i = 0; i < entry.count; ++i) {
      const LogBatch& known = entry.batches[i];
      if (known.base_sequence == batch.base_sequence && known.records == batch.records) {
        return {ErrorCode::kNone, known};
      }
    }
  }
  const bool open = entry.transaction_begins.has_value();
  if (entry.epoch > batch.producer_epoch) return {ErrorCode::kInvalidProducerEpoch, {}};
  const std::int32_t expected = entry.epoch < batch.producer_epoch || entry.count == 0
                                    ? 0
                                    : add_sequence(last_sequence(entry.batches[entry.count - 1]), 1);
  if (batch.base_sequence != expected || (too_early && !open)) {
    return {ErrorCode::kOutOfOrderSequenceNumber, {}};
  }
  if (!transactional && open) return {ErrorCode::kInvalidTxnState, {}};
  return {};
}

void ProducerStates::on_append(const LogBatch& batch) {
  if (batch.producer_id < 0) return;
  Entry& entry = entries_[batch.producer_id];
  if (entry.epoch != batch.producer_epoch) {
    entry.epoch = batch.producer_epoch;
    entry.count = 0;
  }
  if (batch.is_marker()) return on_marker(batch, entry);
  if (batch.kind == BatchKind::kTransactional) {
    transactions_seen_ = true;
    verifying_.erase(batch.producer_id);
    if (!entry.transaction_begins) entry.transaction_begins = batch.base_offset;
  }
  if (entry.count == kRemembered) {
    std::move(entry.batches.begin() + 1, entry.batches.end(), entry.batches.begin());
    --entry.count;
  }
  entry.batches[entry.count++] = batch;
}

void ProducerStates::on_marker(const LogBatch& marker, Entry& entry) {
  verifying_.erase(marker.producer_id);
  if (!entry.transaction_begins) return;  // written again
  decided_.push_back({*entry.transaction_begins, marker.base_offset});
  entry.transaction_begins.reset();
}

bool ProducerStates::has_open_transaction(std::int64_t producer_id, std::int16_t epoch) const {
  const auto found = entries_.find(producer_id);
  return found != entries_.end() && found->second.epoch == epoch &&
         found->second.transaction_begins.has_value();
}

void ProducerStates::note_verification(const LogBatch& batch) {
  const auto [at, added] =
      verifying_.try_emplace(batch.producer_id, Verification{batch.producer_epoch, batch.base_sequence});
  if (added) return;
  if (at->second.epoch < batch.producer_epoch) at->second = {batch.producer_epoch, batch.base_sequence};
  if (at->second.epoch == batch.producer_epoch) {
    at->second.lowest_sequence = std::min(at->second.lowest_sequence, batch.base_sequence);
  }
}

std::int64_t ProducerStates::first_unstable(std::int64_t high_watermark) const {
  if (!transactions_seen_) return -1;
  std::int64_t first = -1;
  const auto take = [&first](std::int64_t offset) {
    if (first < 0 || offset < first) first = offset;
  };
  for (const auto& [id, entry] : entries_) {
    if (entry.transaction_begins) take(*entry.transaction_begins);
  }
  for (const Decided& decided : decided_) {
    if (decided.marker_offset >= high_watermark) take(decided.first_offset);
  }
  return first;
}

void ProducerStates::on_high_watermark(std::int64_t high_watermark) {
  while (!decided_.empty() && decided_.front().marker_offset < high_watermark) decided_.pop_front();
}

void ProducerStates::rebuild(const PartitionLog& log) {
  entries_.clear();
  verifying_.clear();
  decided_.clear();
  for (const LogBatch& batch : log) on_append(batch);
}

}  // namespace sendscope::sim
