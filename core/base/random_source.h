// Where a producer's chance comes from: a seeded generator in simulations and live, the recorded draws in a
// replay.
//
// Thread-safety: next_partition_draw() from any thread, several at once where application threads append at
// the same time; the rest from the sender's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "core/base/prng.h"
#include "core/base/types.h"

namespace sendscope {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Uniform in [0, 2^31), for the sticky partitioner.
  virtual std::int32_t next_partition_draw() = 0;
  // Uniform in [-1, 1), scaled by 1/2^31: the jitter of an exponential backoff. A replay gives 0.
  virtual std::int32_t next_jitter_draw() = 0;
  // Uniform in [0, bound): where the scan for the least loaded node begins. A replay gives 0.
  virtual std::uint32_t next_node_offset(std::uint32_t bound) = 0;
  // Puts the nodes of one drain into the order in which they are drained. Kafka's is that of a hash table; it
  // shows in nothing but the compression ratio estimates, which every drained batch moves. Here they stay as
  // they are, sorted; a replay gives Kafka's order.
  virtual void order_nodes(std::vector<NodeId>&) {}
};

class PrngRandomSource final : public RandomSource {
 public:
  explicit PrngRandomSource(std::uint64_t seed, std::uint64_t stream = 0)
      : prng_(seed, stream), partition_key_(Prng(seed, ~stream).next_u64()) {}

  // The n-th draw is a mix of n (SplitMix64), so that threads need no lock to share the sequence.
  std::int32_t next_partition_draw() override {
    const std::uint64_t n = partition_draws_.fetch_add(1, std::memory_order_relaxed) + 1;
    std::uint64_t x = partition_key_ + n * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<std::int32_t>((x ^ (x >> 31)) >> 33);
  }
  std::int32_t next_jitter_draw() override { return static_cast<std::int32_t>(prng_.next_u32()); }
  std::uint32_t next_node_offset(std::uint32_t bound) override {
    return static_cast<std::uint32_t>(prng_.below(bound));
  }

 private:
  Prng prng_;
  const std::uint64_t partition_key_;
  std::atomic<std::uint64_t> partition_draws_{0};
};

}  // namespace sendscope
