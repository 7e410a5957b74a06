#include "core/producer/builtin_partitioner.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/net/cluster.h"

namespace sendscope {

// ---- PartitionLoad

void PartitionLoad::assign(std::span<const PartitionId> partitions, std::span<const Loaded> loaded) {
  partitions_.assign(partitions.begin(), partitions.end());
  loaded_.assign(loaded.begin(), loaded.end());
  longest_plus_one_ = 1;
  std::int64_t queued = 0;
  for (const Loaded& entry : loaded_) {
    longest_plus_one_ = std::max(longest_plus_one_, entry.length + 1);
    queued += entry.length;
  }
  total_ = static_cast<std::int64_t>(partitions_.size()) * longest_plus_one_ - queued;
}

bool PartitionLoad::all_equal() const {
  if (loaded_.empty()) return true;
  if (loaded_.size() < partitions_.size()) return false;
  return std::all_of(loaded_.begin(), loaded_.end(),
                     [&](const Loaded& entry) { return entry.length == loaded_.front().length; });
}

// Goes over the runs of empty queues in one stride each: the first slot whose running sum exceeds the draw.
PartitionId PartitionLoad::pick(std::int32_t draw) const {
  SENDSCOPE_CHECK(!partitions_.empty() && total_ > 0);
  std::int64_t x = draw % total_;
  std::int64_t slot = 0;
  for (const Loaded& entry : loaded_) {
    const std::int64_t empty_run = (entry.slot - slot) * std::int64_t{longest_plus_one_};
    if (x < empty_run) break;
    x -= empty_run;
    slot = entry.slot;
    const std::int64_t share = longest_plus_one_ - entry.length;
    if (x < share) return partitions_[static_cast<std::size_t>(slot)];
    x -= share;
    ++slot;
  }
  return partitions_[static_cast<std::size_t>(slot + x / longest_plus_one_)];
}

std::vector<std::int32_t> PartitionLoad::cumulative() const {
  std::vector<std::int32_t> sums(partitions_.size(), longest_plus_one_);
  for (const Loaded& entry : loaded_) sums[static_cast<std::size_t>(entry.slot)] -= entry.length;
  for (std::size_t i = 1; i < sums.size(); ++i) sums[i] += sums[i - 1];
  return sums;
}

// ---- BuiltInPartitioner

BuiltInPartitioner::BuiltInPartitioner(std::string_view topic, std::int32_t sticky_batch_size,
                                       RandomSource& random)
    : topic_(topic), sticky_batch_size_(sticky_batch_size), random_(random) {
  SENDSCOPE_CHECK(sticky_batch_size >= 1);
}

BuiltInPartitioner::~BuiltInPartitioner() { delete load_.load(std::memory_order_acquire); }

// Kafka: nextPartition. With a load, by the shares; else any partition with a leader; else any at all.
PartitionId BuiltInPartitioner::next_partition(const Cluster& cluster) {
  const std::int32_t draw = random_.next_partition_draw();
  if (PartitionLoad* load = load_.exchange(nullptr, std::memory_order_acq_rel)) {
    const PartitionId picked = load->pick(draw);
    PartitionLoad* none = nullptr;
    if (!load_.compare_exchange_strong(none, load, std::memory_order_acq_rel)) delete load;
    return picked;
  }
  const Topic* topic = cluster.find_topic(topic_);
  if (topic == nullptr) return 0;
  if (!topic->available.empty())
    return topic->available[static_cast<std::size_t>(draw) % topic->available.size()];
  if (topic->partitions.empty()) return 0;
  return static_cast<PartitionId>(static_cast<std::size_t>(draw) % topic->partitions.size());
}

BuiltInPartitioner::Sticky BuiltInPartitioner::peek(const Cluster& cluster) {
  std::uint64_t word = sticky_.load(std::memory_order_acquire);
  if (word != 0) return unpack(word);
  const Sticky first{1, next_partition(cluster)};
  if (sticky_.compare_exchange_strong(word, pack(first), std::memory_order_acq_rel)) return first;
  return unpack(word);
}

// Kafka: updatePartitionInfo. The doubled size is computed in 32 bits there; here it cannot overflow.
std::int64_t BuiltInPartitioner::update(Sticky sticky, std::int64_t appended_bytes, const Cluster& cluster,
                                        bool enable_switch) {
  if (!sticky) return kStayed;
  const std::int64_t produced = produced_bytes_.load(std::memory_order_relaxed) + appended_bytes;
  produced_bytes_.store(produced, std::memory_order_relaxed);
  const bool enough = produced >= sticky_batch_size_ && enable_switch;
  if (!enough && produced < std::int64_t{sticky_batch_size_} * 2) return kStayed;
  Sticky next{sticky.generation + 1, next_partition(cluster)};
  if (next.generation == 0) next.generation = 1;
  produced_bytes_.store(0, std::memory_order_relaxed);
  sticky_.store(pack(next), std::memory_order_release);
  return produced;
}

void BuiltInPartitioner::update_load(std::span<const PartitionId> slots,
                                     std::span<const PartitionLoad::Loaded> loaded, std::size_t queues) {
  if (slots.empty() || queues < 2) return clear_load();
  auto load = spare_load_ ? std::move(spare_load_) : std::make_unique<PartitionLoad>();
  load->assign(slots, loaded);
  if (load->all_equal() && slots.size() == queues) {
    spare_load_ = std::move(load);
    return clear_load();
  }
  publish(std::move(load));
}

void BuiltInPartitioner::publish(std::unique_ptr<PartitionLoad> load) {
  if (!load && !has_load_) return;
  has_load_ = load != nullptr;
  std::unique_ptr<PartitionLoad> old(load_.exchange(load.release(), std::memory_order_acq_rel));
  if (old) spare_load_ = std::move(old);
}

}  // namespace sendscope
