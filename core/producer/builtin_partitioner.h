// The partitioner for records without key, one a topic: it sticks to a partition for about a batch's worth of
// bytes, then draws another, seldom one whose queue is long. Source: Kafka BuiltInPartitioner; KIP-480,
// KIP-794.
//
// Thread-safety: see the methods. The sticky choice is one atomic word (a generation and a partition); what
// was produced to it is guarded by the queue lock of the partition it names, since only who holds that lock
// and still finds the choice current may add to it or replace it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/random_source.h"
#include "core/base/types.h"

namespace sendscope {

class Cluster;

// How full the queues of a topic's partitions are, in the form in which it is cheap to collect: a list of
// candidates and the lengths of those queues that are not empty.
class PartitionLoad {
 public:
  struct Loaded {
    std::int32_t slot;
    std::int32_t length;
  };

  // Slots in ascending order, lengths above 0.
  void assign(std::span<const PartitionId> partitions, std::span<const Loaded> loaded);
  // The partition that a draw falls on: a slot's share is (longest queue + 1 - its length).
  PartitionId pick(std::int32_t draw) const;
  // Running sums of the shares by slot, as Kafka keeps them. For observers.
  std::vector<std::int32_t> cumulative() const;
  const std::vector<PartitionId>& partitions() const { return partitions_; }
  // No length differs from another.
  bool all_equal() const;

 private:
  std::vector<PartitionId> partitions_;
  std::vector<Loaded> loaded_;
  std::int32_t longest_plus_one_ = 1;
  std::int64_t total_ = 0;
};

class BuiltInPartitioner {
 public:
  // One sticky choice. Two of the same generation are the same choice (Kafka: object identity).
  struct Sticky {
    std::uint32_t generation = 0;  // 0: none
    PartitionId partition = kUnknownPartition;
    explicit operator bool() const { return generation != 0; }
  };

  // `sticky_batch_size` is batch.size, at least 1. `topic` outlives the partitioner.
  BuiltInPartitioner(std::string_view topic, std::int32_t sticky_batch_size, RandomSource& random);
  ~BuiltInPartitioner();
  BuiltInPartitioner(const BuiltInPartitioner&) = delete;
  BuiltInPartitioner& operator=(const BuiltInPartitioner&) = delete;

  // The current choice; the first call makes one. Any thread, no lock needed.
  Sticky peek(const Cluster& cluster);
  bool is_changed(Sticky sticky) const {
    return sticky && sticky_.load(std::memory_order_acquire) != pack(sticky);
  }
  // Counts bytes appended to the choice and moves on when there are enough: at the sticky batch size if
  // `enable_switch` (all batches of the partition are full), at twice that size in any case. Returns what the
  // choice had got when it moved on, or kStayed. REQUIRES: the queue lock of sticky.partition is held; not
  // is_changed(sticky)
  static constexpr std::int64_t kStayed = -1;
  std::int64_t update(Sticky sticky, std::int64_t appended_bytes, const Cluster& cluster, bool enable_switch);

  // From now on draws go by this load, if it tells partitions apart: at least one slot, at least two queues,
  // and not the same length everywhere. `queues` counts the queues of the topic, those without a slot too.
  // One thread (the sender's). Kafka: updatePartitionLoadStats.
  void update_load(std::span<const PartitionId> slots, std::span<const PartitionLoad::Loaded> loaded,
                   std::size_t queues);
  // Every partition that has a leader is as good as another. One thread (the sender's).
  void clear_load() { publish(nullptr); }

  // For observers, while nobody else is at work.
  Sticky current() const { return unpack(sticky_.load(std::memory_order_acquire)); }
  std::int64_t produced_bytes() const { return produced_bytes_.load(std::memory_order_relaxed); }
  const PartitionLoad* load() const { return load_.load(std::memory_order_acquire); }

 private:
  static std::uint64_t pack(Sticky sticky) {
    return std::uint64_t{sticky.generation} << 32 | static_cast<std::uint32_t>(sticky.partition);
  }
  static Sticky unpack(std::uint64_t word) {
    if (word == 0) return {};
    return {static_cast<std::uint32_t>(word >> 32),
            static_cast<PartitionId>(static_cast<std::uint32_t>(word))};
  }
  PartitionId next_partition(const Cluster& cluster);
  void publish(std::unique_ptr<PartitionLoad> load);

  const std::string_view topic_;
  const std::int32_t sticky_batch_size_;
  RandomSource& random_;
  std::atomic<std::uint64_t> sticky_{0};
  std::atomic<std::int64_t> produced_bytes_{0};  // to the current choice
  // Whoever draws takes it out, uses it and puts it back unless the sender has published another meanwhile.
  std::atomic<PartitionLoad*> load_{nullptr};
  // The sender's thread only.
  bool has_load_ = false;                      // one is published, though somebody may have it in hand
  std::unique_ptr<PartitionLoad> spare_load_;  // its memory is used again
};

}  // namespace sendscope
