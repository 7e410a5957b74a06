// Which nodes have something to send. Kafka: RecordAccumulator.ready, partitionReady, batchReady,
// updateNodeLatencyStats; BuiltInPartitioner.updatePartitionLoadStats.
#include <algorithm>

#include "core/producer/record_accumulator.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

// What one look at the head of a queue shows.
struct RecordAccumulator::HeadOfQueue {
  ProducerBatch* head = nullptr;
  std::int32_t length = 0;
  Millis waited_ms = 0;
  bool full = false;
  bool backing_off = false;
};

// ---- ready

// Attempts - 1 is the exponent, and every look draws its jitter anew. A leader with a newer epoch ends the
// wait; a new leader without one does not (KIP-951).
bool RecordAccumulator::is_backing_off(const ProducerBatch& batch, Millis now_ms) {
  if (batch.attempts() == 0) return false;
  const bool should_wait = batch.waited_ms(now_ms) < retry_backoff_.after(batch.attempts() - 1, random_);
  return should_wait && !batch.has_leader_changed_for_the_ongoing_retry();
}

bool RecordAccumulator::is_late(NodeId node) const {
  if (settings_.availability_timeout_ms <= 0) return false;
  const auto latency = node_latencies_.find(node);
  return latency != node_latencies_.end() &&
         latency->second.ready_ms - latency->second.drain_ms > settings_.availability_timeout_ms;
}

void RecordAccumulator::update_node_latency_stats(NodeId node, Millis now_ms, bool can_drain) {
  if (settings_.availability_timeout_ms <= 0) return;
  NodeLatency& latency = node_latencies_.try_emplace(node, NodeLatency{now_ms, now_ms}).first->second;
  if (can_drain) latency.drain_ms = now_ms;
  latency.ready_ms = now_ms;
}

void RecordAccumulator::update_leader_epoch(const PartitionQueue& queue, ProducerBatch& head) {
  const Partition* partition = queue.in_snapshot;
  if (partition == nullptr || partition->leader_epoch == kNoLeaderEpoch) return;
  head.maybe_update_leader_epoch(partition->leader_epoch);
}

// False when the queue is empty; it then is no longer active.
bool RecordAccumulator::look_at_head(PartitionQueue& queue, Millis now_ms, HeadOfQueue& seen) {
  MutexLock lock(queue.mutex);
  if (queue.batches.empty()) {
    queue.active = false;
    return false;
  }
  seen.head = queue.batches.front().get();
  update_leader_epoch(queue, *seen.head);
  seen.length = static_cast<std::int32_t>(queue.batches.size());
  seen.waited_ms = seen.head->waited_ms(now_ms);
  seen.full = seen.length > 1 || seen.head->is_full();
  seen.backing_off = is_backing_off(*seen.head, now_ms);
  return true;
}

// Kafka: batchReady. Backing off is overridden by nothing.
void RecordAccumulator::decide(const PartitionQueue& queue, const HeadOfQueue& seen, bool exhausted,
                               Nanos now, ReadyCheckResult& out) {
  const NodeId leader = queue.in_snapshot->leader;
  std::vector<NodeId>& nodes = out.ready_nodes;
  if (queue.muted || std::find(nodes.begin(), nodes.end(), leader) != nodes.end()) return;
  ProducerBatch& head = *seen.head;
  const Millis time_to_wait = seen.backing_off
                                  ? retry_backoff_.after(std::max(head.attempts() - 1, 0), random_)
                                  : settings_.linger_ms;
  const bool completing = transactions_ != nullptr && transactions_->is_completing();
  const bool expired = seen.waited_ms >= time_to_wait;
  const bool sendable = seen.full || expired || exhausted || is_closed() || flush_in_progress() || completing;
  if (!sendable || seen.backing_off) {
    const Millis left = std::max<Millis>(time_to_wait - seen.waited_ms, 0);
    out.next_ready_check_delay_ms = std::min(out.next_ready_check_delay_ms, left);
    if (seen.backing_off && !head.told_backoff_) {
      head.told_backoff_ = true;
      emit(EventKind::batch_backoff, head, static_cast<std::uint32_t>(time_to_wait), 0, now);
    }
    return;
  }
  nodes.push_back(leader);
  if (head.told_ready_) return;
  head.told_ready_ = true;
  ReadyReason reason = ReadyReason::kTransaction;
  if (head.attempts() > 0) {
    reason = ReadyReason::kRetry;
  } else if (seen.full) {
    reason = ReadyReason::kFull;
  } else if (expired) {
    reason = ReadyReason::kLingerExpired;
  } else if (exhausted) {
    reason = ReadyReason::kExhausted;
  } else if (is_closed()) {
    reason = ReadyReason::kClosed;
  } else if (flush_in_progress()) {
    reason = ReadyReason::kFlush;
  }
  emit(EventKind::batch_ready, head, static_cast<std::uint32_t>(reason), 0, now);
}

void RecordAccumulator::ready_topic(TopicInfo& topic, Nanos now, ReadyCheckResult& out) {
  const bool exhausted = pool_.queued() > 0;
  bool unknown_leader = false;
  std::size_t kept = 0;
  topic.noted.clear();
  for (PartitionQueue* queue : topic.active) {
    index_.locate(*queue);
    HeadOfQueue seen;
    if (!look_at_head(*queue, to_millis(now), seen)) continue;
    topic.active[kept++] = queue;
    if (queue->in_snapshot == nullptr || queue->in_snapshot->leader == kNoNode) {
      unknown_leader = true;
      continue;
    }
    topic.noted.push_back({queue->tp.partition, seen.length, is_late(queue->in_snapshot->leader)});
    decide(*queue, seen, exhausted, now, out);
  }
  topic.active.resize(kept);
  if (unknown_leader) out.unknown_leader_topics.push_back(topic.name);
  publish_load(topic);
}

void RecordAccumulator::ready(const ClusterPtr& cluster, Nanos now, ReadyCheckResult& out) {
  out.ready_nodes.clear();
  out.unknown_leader_topics.clear();
  out.next_ready_check_delay_ms = kForeverMillis;
  index_.see(cluster);
  index_.visit_listed([&](TopicInfo& topic) { ready_topic(topic, now, out); });
  std::sort(out.ready_nodes.begin(), out.ready_nodes.end(), NodeOrder{});
  if (out.ready_nodes.size() > 1) random_.order_nodes(out.ready_nodes);
}

// ---- the load of a topic's partitions (KIP-794)

// Collected only once every partition has been used: each that has a leader gets a slot.
void RecordAccumulator::publish_load(TopicInfo& topic) {
  const Topic* known = settings_.adaptive_partitioning ? index_.snapshot().find_topic(topic.name) : nullptr;
  if (known == nullptr || topic.queues.size() < std::max<std::size_t>(known->partitions.size(), 2)) {
    return topic.partitioner.clear_load();
  }
  list_candidates(topic, *known);
  topic.partitioner.update_load(topic.candidates, topic.loaded, topic.queues.size());
}

// The slots: queues with a known leader by partition number, and the lengths of those that hold batches.
void RecordAccumulator::list_candidates(TopicInfo& topic, const Topic& known) {
  std::vector<PartitionId>& slots = topic.candidates;
  // Both are 0, 1, ... n - 1? A snapshot may leave partitions out.
  const PartitionId last = static_cast<PartitionId>(topic.queues.size()) - 1;
  if (topic.queues.back()->tp.partition == last && known.partitions.size() == topic.queues.size() &&
      known.partitions.back().id == last) {
    slots.assign(known.available.begin(), known.available.end());
  } else {
    slots.clear();
    for (const PartitionQueue* queue : topic.queues) {
      if (std::binary_search(known.available.begin(), known.available.end(), queue->tp.partition)) {
        slots.push_back(queue->tp.partition);
      }
    }
  }
  topic.loaded.clear();
  bool any_late = false;
  for (const TopicInfo::Noted& noted : topic.noted) {
    const auto slot = std::lower_bound(slots.begin(), slots.end(), noted.partition) - slots.begin();
    topic.loaded.push_back({static_cast<std::int32_t>(slot), noted.length});
    any_late = any_late || noted.late;
  }
  if (any_late) drop_slots_of_late_nodes(topic);
}

// A partition with batches whose node is late loses its slot: the next partition takes it over, and if that
// one is empty, the length that still stands there with it (so does Kafka).
void RecordAccumulator::drop_slots_of_late_nodes(TopicInfo& topic) {
  std::vector<std::int32_t> lengths(topic.candidates.size(), 0);
  std::size_t next_noted = 0;
  std::size_t slot = 0;
  for (std::size_t i = 0; i < topic.candidates.size(); ++i) {
    const PartitionId partition = topic.candidates[i];
    topic.candidates[slot] = partition;
    if (next_noted < topic.noted.size() && topic.noted[next_noted].partition == partition) {
      const TopicInfo::Noted& noted = topic.noted[next_noted++];
      lengths[slot] = noted.length;
      if (noted.late) continue;
    }
    ++slot;
  }
  topic.candidates.resize(slot);
  topic.loaded.clear();
  for (std::size_t i = 0; i < slot; ++i) {
    if (lengths[i] > 0) topic.loaded.push_back({static_cast<std::int32_t>(i), lengths[i]});
  }
}

}  // namespace sendscope
