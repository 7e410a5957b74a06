// A partition: what all share (name, logs), and what one producer knows and holds of it.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/types.h"
#include "core/event/event.h"
#include "core/model/interval_set.h"
#include "core/model/log_model.h"

namespace sendscope {

struct PartitionModel {
  StringId topic = 0;
  std::uint32_t number = 0;
  LogModel log;
  bool operator==(const PartitionModel&) const = default;
};

// A partition as one producer sees it.
struct ProducerPartition {
  std::int32_t leader = -1;  // as the producer believes; -1: none known
  std::int64_t leader_epoch = -1;
  std::deque<BatchId> deque;  // RecordAccumulator's queue: front to back
  // Sender.inFlightBatches of this partition, in the order drained.
  std::deque<BatchId> in_flight_batches;
  bool muted = false;
  Nanos muted_since = 0;
  bool sticky = false;  // the sticky partitioner's choice for its topic
  std::int64_t next_sequence = 0;
  std::int64_t sequence_epoch = -1;
  bool unresolved = false;     // an expired batch may or may not be stored
  std::uint64_t appended = 0;  // records, over all time: the number of the next
  IntervalSet acked;           // numbers of the records whose callback came without error
  std::uint64_t acked_count = 0;
  std::uint64_t failed_count = 0;
  bool operator==(const ProducerPartition&) const = default;
};

}  // namespace sendscope
