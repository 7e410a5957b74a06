// A producer's own chance in a simulation: seeded, and open to the fingerprint.
#pragma once

#include "core/base/random_source.h"

namespace sendscope::sim {

class SimRandomSource final : public RandomSource {
 public:
  SimRandomSource(std::uint64_t seed, std::uint64_t stream) : prng_(seed, stream) {}
  std::int32_t next_partition_draw() override { return prng_.next_non_negative(); }
  std::int32_t next_jitter_draw() override { return static_cast<std::int32_t>(prng_.next_u32()); }
  std::uint32_t next_node_offset(std::uint32_t bound) override {
    return static_cast<std::uint32_t>(prng_.below(bound));
  }
  std::uint64_t state() const { return prng_.state(); }

 private:
  Prng prng_;
};

}  // namespace sendscope::sim
