// The accumulator's record of a topic and of each of its partitions: batches waiting to be sent, oldest
// first. Only the last one may take records; those that wait for a retry are closed and stand in front.
// Source: Kafka RecordAccumulator.TopicInfo and its deques.
//
// Thread-safety: stands with each field. A queue's lock guards its batches; while it is held no lock is taken
// but that of IncompleteBatches.
#pragma once

#include <atomic>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/topic_partition.h"
#include "core/event/event.h"
#include "core/producer/builtin_partitioner.h"
#include "core/producer/grow_only_map.h"
#include "core/producer/producer_batch_fwd.h"

namespace sendscope {

struct TopicInfo;
struct Partition;

struct PartitionQueue {
  PartitionQueue(TopicInfo& topic_, PartitionId partition, PartitionIndex place_);

  // Constant.
  const std::uint64_t hash;
  const TopicPartition tp;
  const PartitionIndex place;  // in events
  TopicInfo& topic;
  bool is(PartitionId partition) const { return tp.partition == partition; }

  Mutex mutex ACQUIRED_BEFORE(lock_order::leaves);
  std::deque<BatchPtr> batches GUARDED_BY(mutex);
  bool active GUARDED_BY(mutex) = false;  // the sender knows that it is not empty, or is about to be told

  // Links of the lists in which application threads hand queues to the sender.
  PartitionQueue* next_created = nullptr;
  PartitionQueue* next_activated = nullptr;

  // The sender's thread only.
  bool muted = false;
  std::uint64_t seen_snapshot = 0;         // number of the snapshot that the next two are from
  const Partition* in_snapshot = nullptr;  // null: the snapshot does not know the partition
  std::size_t position_at_leader = 0;      // in Cluster::partitions_led_by(leader)
};

struct TopicInfo {
  TopicInfo(std::string_view name_, std::uint64_t hash_, std::int32_t sticky_batch_size, RandomSource& random)
      : hash(hash_), name(name_), partitioner(name, sticky_batch_size, random) {}

  const std::uint64_t hash;
  const std::string name;
  bool is(std::string_view other) const { return name == other; }

  BuiltInPartitioner partitioner;
  GrowOnlyMap<PartitionQueue> partitions;  // insertions: the accumulator's creation lock

  // The sender's thread only, both by partition number.
  std::vector<PartitionQueue*> queues;  // all of them
  std::vector<PartitionQueue*> active;  // those that may hold batches
  bool listed = false;                  // stands in the accumulator's list of topics to look at
  // Scratch of one ready(): the queues that hold batches and have a leader, and the slots of the load.
  struct Noted {
    PartitionId partition;
    std::int32_t length;
    bool late;
  };
  std::vector<Noted> noted;
  std::vector<PartitionId> candidates;
  std::vector<PartitionLoad::Loaded> loaded;
};

// Queues handed from any thread to one that takes them all at once.
template <PartitionQueue* PartitionQueue::*Next>
class HandOver {
 public:
  void push(PartitionQueue& queue) {
    PartitionQueue* head = head_.load(std::memory_order_relaxed);
    do {
      queue.*Next = head;
    } while (
        !head_.compare_exchange_weak(head, &queue, std::memory_order_release, std::memory_order_relaxed));
  }
  PartitionQueue* take_all() {
    if (head_.load(std::memory_order_relaxed) == nullptr) return nullptr;
    return head_.exchange(nullptr, std::memory_order_acquire);
  }

 private:
  std::atomic<PartitionQueue*> head_{nullptr};
};

}  // namespace sendscope
