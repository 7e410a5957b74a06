// Where a producer's chance comes from. A seeded Prng in simulations and live; the recorded draws in a
// replay.
#pragma once

#include <cstdint>

#include "core/base/prng.h"

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
};

class PrngRandomSource final : public RandomSource {
 public:
  explicit PrngRandomSource(std::uint64_t seed, std::uint64_t stream = 0) : prng_(seed, stream) {}
  std::int32_t next_partition_draw() override { return prng_.next_non_negative(); }
  std::int32_t next_jitter_draw() override { return static_cast<std::int32_t>(prng_.next_u32()); }
  std::uint32_t next_node_offset(std::uint32_t bound) override {
    return static_cast<std::uint32_t>(prng_.below(bound));
  }

 private:
  Prng prng_;
};

}  // namespace sendscope
