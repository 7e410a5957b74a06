#include "sim/partition_log.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/check.h"

namespace sendscope::sim {

namespace {
// In a record batch of magic 2.
constexpr std::size_t kLeaderEpochAt = 12;
constexpr std::size_t kLeaderEpochEnds = 16;
}  // namespace

void PartitionLog::keep_bytes() {
  SENDSCOPE_CHECK(batches_.empty() && end_offset_ == 0);
  keeps_bytes_ = true;
}

void PartitionLog::append(LogBatch batch, Bytes bytes) {
  SENDSCOPE_CHECK(batch.records > 0);
  if (epochs_.empty() || epochs_.back().epoch < batch.leader_epoch) {
    epochs_.push_back({batch.leader_epoch, end_offset_});
  }
  batch.base_offset = end_offset_;
  end_offset_ += batch.records;
  batches_.push_back(batch);
  if (!keeps_bytes_) return;
  std::vector<std::byte>& kept = bytes_.emplace_back(bytes.begin(), bytes.end());
  if (kept.empty()) return;
  SENDSCOPE_CHECK(kept.size() >= kLeaderEpochEnds);
  store_big_endian<std::int64_t>(kept.data(), batch.base_offset);
  store_big_endian<std::int32_t>(kept.data() + kLeaderEpochAt, batch.leader_epoch);
}

Bytes PartitionLog::bytes_of(Iterator batch) const {
  if (!keeps_bytes_) return {};
  SENDSCOPE_CHECK(batch != batches_.end() && batches_.size() == bytes_.size());
  return bytes_[static_cast<std::size_t>(batch - batches_.begin())];
}

void PartitionLog::truncate(std::int64_t offset) {
  while (!batches_.empty() && batches_.back().end_offset() > offset) {
    end_offset_ = batches_.back().base_offset;
    batches_.pop_back();
    if (keeps_bytes_) bytes_.pop_back();
  }
  SENDSCOPE_CHECK(end_offset_ <= offset || !batches_.empty() || offset == 0);
  while (!epochs_.empty() && epochs_.back().start_offset >= end_offset_) epochs_.pop_back();
}

void PartitionLog::begin_epoch(std::int32_t epoch) {
  if (last_epoch() < epoch) epochs_.push_back({epoch, end_offset_});
}

EpochStart PartitionLog::end_of_epoch(std::int32_t epoch) const {
  for (std::size_t i = epochs_.size(); i-- > 0;) {
    if (epochs_[i].epoch > epoch) continue;
    return {epochs_[i].epoch, i + 1 < epochs_.size() ? epochs_[i + 1].start_offset : end_offset_};
  }
  return {-1, 0};
}

PartitionLog::Iterator PartitionLog::find(std::int64_t offset) const {
  if (batches_.empty() || offset < batches_.front().base_offset) return batches_.end();
  return std::lower_bound(
      batches_.begin(), batches_.end(), offset,
      [](const LogBatch& batch, std::int64_t wanted) { return batch.end_offset() <= wanted; });
}

void PartitionLog::forget_below(std::int64_t offset, std::size_t keep) {
  while (batches_.size() > keep && batches_.front().end_offset() <= offset) {
    batches_.pop_front();
    if (keeps_bytes_) bytes_.pop_front();
  }
}

}  // namespace sendscope::sim
