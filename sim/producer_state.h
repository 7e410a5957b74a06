// What a replica remembers of idempotent producers: per producer id the epoch, the last five batches, and
// where its open transaction begins.
// Kafka: ProducerStateManager, ProducerAppendInfo, ProducerStateEntry, VerificationStateEntry.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>

#include "core/base/error.h"
#include "sim/partition_log.h"

namespace sendscope::sim {

// Sequences go round after 2^31 - 1.
std::int32_t add_sequence(std::int32_t sequence, std::int32_t count);

struct SequenceVerdict {
  ErrorCode error = ErrorCode::kNone;
  // One of the remembered batches, exactly: it is answered with what was answered then.
  std::optional<LogBatch> duplicate;
};

class ProducerStates {
 public:
  // Judges a client's batch before it is appended. `first_begins_at_0`: the batch joins its transaction only
  // now (KIP-890), so a producer nobody knows here must begin at sequence 0.
  // REQUIRES: batch.producer_id >= 0
  SequenceVerdict judge(const LogBatch& batch, bool first_begins_at_0 = false) const;
  // After the append. Batches without producer id are ignored.
  void on_append(const LogBatch& batch);
  // After a truncation or a restart: forgets all and learns from the batches the log still holds.
  void rebuild(const PartitionLog& log);

  // ---- transactions
  bool has_open_transaction(std::int64_t producer_id, std::int16_t epoch) const;
  // The coordinator is asked about this batch. A later one of the same producer must not be appended before
  // it: its sequence would be taken for the first.
  void note_verification(const LogBatch& batch);
  // The transaction of the first record nobody may read yet: open, or decided by a marker that is not below
  // the high watermark. -1: none. Kafka: firstUnstableOffset.
  std::int64_t first_unstable(std::int64_t high_watermark) const;
  // Decided transactions whose marker is below the high watermark can be forgotten.
  void on_high_watermark(std::int64_t high_watermark);

 private:
  static constexpr std::size_t kRemembered = 5;
  struct Entry {
    std::int16_t epoch = -1;
    std::size_t count = 0;
    std::array<LogBatch, kRemembered> batches{};  // oldest first
    std::optional<std::int64_t> transaction_begins;
  };
  struct Verification {
    std::int16_t epoch = -1;
    std::int32_t lowest_sequence = 0;
  };
  struct Decided {
    std::int64_t first_offset = 0;
    std::int64_t marker_offset = 0;
  };
  void on_marker(const LogBatch& marker, Entry& entry);

  std::map<std::int64_t, Entry> entries_;
  std::map<std::int64_t, Verification> verifying_;
  std::deque<Decided> decided_;  // by marker offset
  bool transactions_seen_ = false;
};

}  // namespace sendscope::sim
