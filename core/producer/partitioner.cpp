#include "core/producer/partitioner.h"

#include "core/base/check.h"
#include "core/net/cluster.h"

namespace sendscope {

namespace {

constexpr std::uint32_t kMultiplier = 0x5bd1e995;

std::uint32_t byte_at(Bytes data, std::size_t i) { return static_cast<std::uint32_t>(data[i]); }

}  // namespace

std::int32_t murmur2(Bytes data) {
  std::uint32_t hash = 0x9747b28c ^ static_cast<std::uint32_t>(data.size());
  std::size_t i = 0;
  for (; i + 4 <= data.size(); i += 4) {
    std::uint32_t word = byte_at(data, i) | byte_at(data, i + 1) << 8 | byte_at(data, i + 2) << 16 |
                         byte_at(data, i + 3) << 24;
    word *= kMultiplier;
    word ^= word >> 24;
    word *= kMultiplier;
    hash = hash * kMultiplier ^ word;
  }
  if (i < data.size()) {
    for (std::size_t shift = 0; i + shift < data.size(); ++shift)
      hash ^= byte_at(data, i + shift) << (8 * shift);
    hash *= kMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return static_cast<std::int32_t>(hash);
}

// The sign bit is masked off; that is not the absolute value.
PartitionId partition_for_key(Bytes serialized_key, std::int32_t partitions) {
  SENDSCOPE_CHECK(partitions > 0);
  return (murmur2(serialized_key) & 0x7fffffff) % partitions;
}

PartitionId RoundRobinPartitioner::partition(std::string_view topic, std::optional<Bytes>,
                                             std::optional<Bytes>, const Cluster& cluster) {
  std::uint32_t turn = 0;
  {
    MutexLock lock(mutex_);
    auto counter = counters_.find(topic);
    if (counter == counters_.end()) counter = counters_.emplace(topic, 0).first;
    turn = counter->second++ & 0x7fffffff;
  }
  const Topic* known = cluster.find_topic(topic);
  if (known == nullptr || known->partitions.empty()) return 0;
  if (!known->available.empty()) return known->available[turn % known->available.size()];
  return static_cast<PartitionId>(turn % known->partitions.size());
}

bool is_known_partitioner(std::string_view class_name) {
  return class_name == "org.apache.kafka.clients.producer.RoundRobinPartitioner" ||
         class_name == "RoundRobinPartitioner";
}

std::unique_ptr<Partitioner> make_partitioner(std::string_view class_name) {
  if (!is_known_partitioner(class_name)) return nullptr;
  return std::make_unique<RoundRobinPartitioner>();
}

}  // namespace sendscope
