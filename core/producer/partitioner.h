// Which partition a record goes to when neither the record nor the built-in logic decides.
// Source: Kafka Partitioner, RoundRobinPartitioner, BuiltInPartitioner.partitionForKey, Utils.murmur2.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/mutex.h"
#include "core/base/types.h"

namespace sendscope {

class Cluster;

// Kafka's key hash: 32-bit MurmurHash2, seed 0x9747b28c, as a signed number.
std::int32_t murmur2(Bytes data);

// The partition of a key among *all* partitions of its topic. A zero-length key is a key.
// REQUIRES: partitions > 0
PartitionId partition_for_key(Bytes serialized_key, std::int32_t partitions);

// Thread-safety: partition() is called from any application thread, concurrently, once per record, with no
// lock held. A negative answer makes send() throw IllegalArgument; too large a one is not checked (the
// record then waits for a leader that never comes, until it expires).
class Partitioner {
 public:
  virtual ~Partitioner() = default;
  virtual PartitionId partition(std::string_view topic, std::optional<Bytes> serialized_key,
                                std::optional<Bytes> serialized_value, const Cluster& cluster) = 0;
};

// One after the other through the partitions that have a leader, or through all when none has; keys do not
// count. Kafka: RoundRobinPartitioner.
class RoundRobinPartitioner final : public Partitioner {
 public:
  PartitionId partition(std::string_view topic, std::optional<Bytes> serialized_key,
                        std::optional<Bytes> serialized_value, const Cluster& cluster) override;

 private:
  Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::map<std::string, std::uint32_t, std::less<>> counters_ GUARDED_BY(mutex_);
};

// By Kafka's class name, full or simple; null when the name is not known.
std::unique_ptr<Partitioner> make_partitioner(std::string_view class_name);
bool is_known_partitioner(std::string_view class_name);

}  // namespace sendscope
