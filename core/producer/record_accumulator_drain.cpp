// Taking batches out of their queues to send them. Kafka: RecordAccumulator.drain, drainBatchesForOneNode,
// shouldStopDrainBatchesForPartition.
#include <algorithm>

#include "core/producer/record_accumulator.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

std::vector<NodeBatches> RecordAccumulator::drain(const ClusterPtr& cluster, std::span<const NodeId> nodes,
                                                  std::int64_t max_size, Nanos now) {
  index_.see(cluster);
  std::vector<NodeBatches> drained(nodes.size());
  by_node_.resize(std::max(by_node_.size(), nodes.size()));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    drained[i].node = nodes[i];
    by_node_[i].clear();
  }
  for (const TopicInfo* topic : index_.listed()) {
    for (PartitionQueue* queue : topic->active) {
      index_.locate(*queue);
      if (queue->in_snapshot == nullptr || queue->in_snapshot->leader == kNoNode) continue;
      const auto node = std::find(nodes.begin(), nodes.end(), queue->in_snapshot->leader);
      if (node != nodes.end()) by_node_[static_cast<std::size_t>(node - nodes.begin())].push_back(queue);
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) drain_node(drained[i], by_node_[i], max_size, now);
  return drained;
}

// Goes once round the node's partitions, from where the last drain ended. Only those that may hold batches
// are looked at; the cursor moves as if all were: it stands at the partition looked at last, so the next
// drain begins there. `queues` are in the order of the node's partitions.
void RecordAccumulator::drain_node(NodeBatches& out, const std::vector<PartitionQueue*>& queues,
                                   std::int64_t max_size, Nanos now) {
  const std::size_t count = index_.snapshot().partitions_led_by(out.node).size();
  if (count == 0) return;
  std::size_t& cursor = drain_cursors_[out.node];
  const std::size_t start = cursor % count;
  const auto from = std::lower_bound(
      queues.begin(), queues.end(), start,
      [](const PartitionQueue* queue, std::size_t at) { return queue->position_at_leader < at; });
  std::int64_t size = 0;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const std::size_t at = (static_cast<std::size_t>(from - queues.begin()) + i) % queues.size();
    PartitionQueue& queue = *queues[at];
    if (queue.muted) continue;
    if (drain_queue(queue, out, size, max_size, now) == Drained::kStop) {
      cursor = queue.position_at_leader;
      return;
    }
  }
  cursor = (start + count - 1) % count;
}

// Only the sender takes batches out or puts them in front, so the head stays the head while the transaction
// manager is asked with the queue unlocked; it may only have grown.
RecordAccumulator::Drained RecordAccumulator::drain_queue(PartitionQueue& queue, NodeBatches& out,
                                                          std::int64_t& size, std::int64_t max_size,
                                                          Nanos now) {
  const auto too_much = [&](const ProducerBatch& head) {
    return !out.batches.empty() &&
           size + static_cast<std::int64_t>(head.estimated_size_in_bytes()) > max_size;
  };
  BatchPtr batch;
  {
    MutexLock lock(queue.mutex);
    if (queue.batches.empty()) return Drained::kSkipped;
    ProducerBatch& head = *queue.batches.front();
    update_leader_epoch(queue, head);
    if (is_backing_off(head, to_millis(now))) return Drained::kSkipped;
    if (too_much(head)) return Drained::kStop;
    batch = queue.batches.front();
  }
  if (transactions_ != nullptr && must_stop(*batch)) return Drained::kStop;
  {
    MutexLock lock(queue.mutex);
    SENDSCOPE_CHECK(!queue.batches.empty() && queue.batches.front() == batch);
    if (too_much(*batch)) return Drained::kStop;
    queue.batches.pop_front();
  }
  if (transactions_ != nullptr && !batch->has_sequence()) assign_sequence(batch);
  const Result<void> closed = batch->close(estimator_, now);
  SENDSCOPE_CHECK(closed.ok());
  const std::size_t bytes = batch->records().size();
  size += static_cast<std::int64_t>(bytes);
  batch->drained(to_millis(now));
  emit(EventKind::batch_drained, *batch, static_cast<std::uint32_t>(out.node),
       static_cast<std::uint32_t>(bytes), now);
  out.batches.push_back(std::move(batch));
  return Drained::kTaken;
}

// A stop ends the whole node's turn, not just this partition's.
bool RecordAccumulator::must_stop(const ProducerBatch& first) const {
  const TopicPartition& tp = first.topic_partition();
  if (!transactions_->is_send_to_partition_allowed(tp)) return true;
  if (!transactions_->producer_id_and_epoch().valid()) return true;
  if (!first.has_sequence()) {
    // New batches wait until those of an older epoch are answered, and while it is not known what became of
    // an expired one.
    return (transactions_->has_inflight_batches(tp) && transactions_->has_stale_producer_id_and_epoch(tp)) ||
           transactions_->has_unresolved_sequence(tp);
  }
  // A retry goes alone: the lowest sequence must be answered before the next is sent.
  const std::int32_t lowest = transactions_->first_in_flight_sequence(tp);
  return lowest != kNoSequence && first.base_sequence() != lowest;
}

void RecordAccumulator::assign_sequence(const BatchPtr& batch) {
  const TopicPartition& tp = batch->topic_partition();
  const ProducerIdAndEpoch id = transactions_->producer_id_and_epoch();
  transactions_->maybe_update_producer_id_and_epoch(tp);
  const Result<void> set =
      batch->set_producer_state(id, transactions_->sequence_number(tp), transactions_->is_transactional());
  SENDSCOPE_CHECK(set.ok());
  transactions_->add_in_flight_batch(batch);
  transactions_->increment_sequence_number(tp, batch->record_count());
}

}  // namespace sendscope
