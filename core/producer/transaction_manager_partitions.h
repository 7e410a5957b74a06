// The sequence numbers of the partitions of one producer. Kafka: TxnPartitionMap, TxnPartitionEntry.
//
// Thread-safety: guarded by the TransactionManager's lock.
#pragma once

#include <map>
#include <set>

#include "core/base/topic_partition.h"
#include "core/event/event.h"
#include "core/producer/producer_batch_fwd.h"
#include "core/producer/producer_id_and_epoch.h"

namespace sendscope {

// Batches in flight by (producer id, epoch, base sequence).
struct BySequence {
  bool operator()(const BatchPtr& left, const BatchPtr& right) const;
};

struct TxnPartitionEntry {
  ProducerIdAndEpoch id;  // of the sequences below; not valid at first
  std::int32_t next_sequence = 0;
  std::int32_t last_acked_sequence = kNoSequence;
  std::int64_t last_acked_offset = -1;
  std::set<BatchPtr, BySequence> in_flight;
  PartitionIndex index = 0;  // in events
};

// sequence + increment; past the 32-bit maximum it goes on from 0.
std::int32_t advance_sequence(std::int32_t sequence, std::int32_t increment);
std::int32_t rewind_sequence(std::int32_t sequence, std::int32_t decrement);

using TxnPartitionMap = std::map<TopicPartition, TxnPartitionEntry>;

}  // namespace sendscope
