// What a replica remembers of idempotent producers: per producer id the epoch and the last five batches.
// Kafka: ProducerStateManager, ProducerAppendInfo, ProducerStateEntry.
#pragma once

#include <array>
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
  // Judges a client's batch before it is appended. REQUIRES: batch.producer_id >= 0
  SequenceVerdict judge(const LogBatch& batch) const;
  // After the append. Batches without producer id are ignored.
  void on_append(const LogBatch& batch);
  // After a truncation or a restart: forgets all and learns from the batches the log still holds.
  void rebuild(const PartitionLog& log);

 private:
  static constexpr std::size_t kRemembered = 5;
  struct Entry {
    std::int16_t epoch = -1;
    std::size_t count = 0;
    std::array<LogBatch, kRemembered> batches{};  // oldest first
  };
  std::map<std::int64_t, Entry> entries_;
};

}  // namespace sendscope::sim
