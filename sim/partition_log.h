// The log of one replica, batch by batch. The batches' bytes are kept only where keep_bytes() has been said;
// else what a batch held is told by the request that brought it.
//
// Invariant: offsets are dense and only grow, but for truncate(). Batches far below what anybody may still
// ask for are forgotten (forget_below), so that memory stays bounded.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/types.h"

namespace sendscope::sim {

// Records, or the marker that decides a transaction (a control batch of one).
enum class BatchKind : std::uint8_t { kRecords, kTransactional, kCommit, kAbort };

struct LogBatch {
  std::int64_t base_offset = 0;
  std::int64_t producer_id = -1;
  std::int64_t timestamp_ms = -1;  // the greatest of its records, or the broker's clock with LogAppendTime
  std::int32_t records = 0;
  std::int32_t bytes = 0;
  std::int32_t leader_epoch = 0;
  std::int32_t base_sequence = -1;
  std::int16_t producer_epoch = -1;
  BatchKind kind = BatchKind::kRecords;
  RequestId request = 0;  // 0: no client brought it

  std::int64_t end_offset() const { return base_offset + records; }
  bool is_marker() const { return kind == BatchKind::kCommit || kind == BatchKind::kAbort; }
};

struct EpochStart {
  std::int32_t epoch = 0;
  std::int64_t start_offset = 0;
};

class PartitionLog {
 public:
  // REQUIRES: an empty log
  void keep_bytes();
  bool keeps_bytes() const { return keeps_bytes_; }

  std::int64_t end_offset() const { return end_offset_; }
  std::int64_t start_offset() const { return 0; }  // nothing is ever deleted by retention

  // Sets the batch's base offset and appends it; its leader epoch may begin here. `bytes` are the batch as
  // the producer sent it; a marker has none. REQUIRES: batch.records > 0
  void append(LogBatch batch, Bytes bytes = {});
  // Cuts everything at and behind `offset`, at the batch that holds it.
  void truncate(std::int64_t offset);
  // A new leader's epoch begins at the end of its log.
  void begin_epoch(std::int32_t epoch);

  // The epoch of the last batch or of an epoch begun later; -1 for an empty log of no epoch.
  std::int32_t last_epoch() const { return epochs_.empty() ? -1 : epochs_.back().epoch; }
  // The greatest epoch known here that is not above `epoch`, with the offset where it ends: how a follower
  // finds where its log went another way (Kafka: OffsetsForLeaderEpoch). {-1, 0} when there is none.
  EpochStart end_of_epoch(std::int32_t epoch) const;
  const std::vector<EpochStart>& epochs() const { return epochs_; }

  // The batch that begins at or holds `offset`; end() when it is beyond, or was forgotten.
  using Iterator = std::deque<LogBatch>::const_iterator;
  Iterator find(std::int64_t offset) const;
  Iterator begin() const { return batches_.begin(); }
  Iterator end() const { return batches_.end(); }
  std::size_t kept() const { return batches_.size(); }
  // A batch as consumers would get it: the producer's bytes with the log's base offset and leader epoch in
  // them, which the CRC does not cover. Empty for a marker, and where bytes are not kept. REQUIRES: batch is
  // in this log
  Bytes bytes_of(Iterator batch) const;
  // Batches that end at or below `offset` may be forgotten, but for the newest `keep`.
  void forget_below(std::int64_t offset, std::size_t keep = 4096);

 private:
  std::int64_t end_offset_ = 0;
  std::deque<LogBatch> batches_;
  bool keeps_bytes_ = false;
  std::deque<std::vector<std::byte>> bytes_;  // of each batch, while they are kept
  std::vector<EpochStart> epochs_;
};

}  // namespace sendscope::sim
