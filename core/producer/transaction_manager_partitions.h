// The sequence numbers of the partitions of one producer. Kafka: TxnPartitionMap, TxnPartitionEntry.
//
// Thread-safety: guarded by the TransactionManager's lock.
#pragma once

#include <map>
#include <vector>

#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/event/event.h"
#include "core/producer/producer_batch_fwd.h"
#include "core/producer/producer_id_and_epoch.h"

namespace sendscope {

// sequence + increment; past the 32-bit maximum it goes on from 0.
std::int32_t advance_sequence(std::int32_t sequence, std::int32_t increment);

// One partition: the batches in flight by (producer id, epoch, base sequence), and the next sequence.
class TxnPartition {
 public:
  ProducerIdAndEpoch id;  // of the sequences below; not valid at first
  std::int32_t next_sequence = 0;
  std::int32_t last_acked_sequence = kNoSequence;
  std::int64_t last_acked_offset = -1;

  const std::vector<BatchPtr>& in_flight() const { return in_flight_; }
  void add(const BatchPtr& batch);
  void remove(const BatchPtr& batch);
  // Renumbers everything in flight from 0 under `new_id`; the next sequence follows them.
  void start_at_beginning(ProducerIdAndEpoch new_id);
  // A batch that will never be stored held `record_count` sequences: whatever comes behind it moves down by
  // as many. Fails with kIllegalState when a sequence would become negative.
  Result<void> close_gap(std::int32_t base_sequence, std::int32_t record_count);

 private:
  std::vector<BatchPtr> in_flight_;
};

using TxnPartitionMap = std::map<TopicPartition, TxnPartition>;

}  // namespace sendscope
