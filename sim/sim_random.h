// A producer's own chance in a simulation: a stream for each purpose, keyed by the producer's name.
#pragma once

#include "core/base/random_source.h"
#include "sim/random_stream.h"

namespace sendscope::sim {

class SimRandomSource final : public RandomSource {
 public:
  SimRandomSource(std::uint64_t seed, std::string_view producer)
      : partitioner_(RandomStream(seed, {"partitioner", producer}).sequence()),
        jitter_(RandomStream(seed, {"jitter", producer}).sequence()),
        nodes_(RandomStream(seed, {"least loaded node", producer}).sequence()) {}
  std::int32_t next_partition_draw() override { return partitioner_.next_non_negative(); }
  std::int32_t next_jitter_draw() override { return static_cast<std::int32_t>(jitter_.next_u32()); }
  std::uint32_t next_node_offset(std::uint32_t bound) override {
    return static_cast<std::uint32_t>(nodes_.below(bound));
  }

 private:
  Prng partitioner_, jitter_, nodes_;
};

}  // namespace sendscope::sim
