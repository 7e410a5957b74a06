// Seeded randomness with the same bits on every platform: PCG-XSH-RR with 64 bits of state (O'Neill, 2014).
// One generator per purpose, passed in; nothing in the house draws from a shared or system source.
#pragma once

#include <cstdint>

namespace sendscope {

class Prng {
 public:
  // Streams of one seed are independent of each other: the same seed with another stream is another sequence.
  explicit Prng(std::uint64_t seed, std::uint64_t stream = 0) : increment_((stream << 1) | 1) {
    next_u32();
    state_ += seed;
    next_u32();
  }

  std::uint32_t next_u32() {
    const std::uint64_t old = state_;
    state_ = old * 6364136223846793005ULL + increment_;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
    const auto rotation = static_cast<std::uint32_t>(old >> 59);
    return (shifted >> rotation) | (shifted << ((32 - rotation) & 31));
  }

  std::uint64_t next_u64() {
    const std::uint64_t high = next_u32();
    return (high << 32) | next_u32();
  }

  // A non-negative 31-bit integer, as Kafka's partitioners draw them.
  std::int32_t next_non_negative() { return static_cast<std::int32_t>(next_u32() & 0x7fffffff); }

  // Uniform in [0, bound). REQUIRES: bound > 0
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    for (;;) {
      const std::uint64_t draw = next_u64();
      if (draw >= threshold) return draw % bound;
    }
  }

  std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_ = 0;
  std::uint64_t increment_;
};

}  // namespace sendscope
