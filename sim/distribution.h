// A non-negative integer that is drawn anew each time it is asked for: nanoseconds, or bytes.
//
// Drawn with integers only, so that every platform and compiler draws the same.
#pragma once

#include <cstdint>

#include "core/base/prng.h"

namespace sendscope::sim {

struct Distribution {
  enum class Kind : std::uint8_t { kConstant, kUniform, kExponential, kLognormal };

  Kind kind = Kind::kConstant;
  std::int64_t low = 0;   // the constant; uniform: the least; exponential: the mean; lognormal: the median
  std::int64_t high = 0;  // uniform: the greatest; lognormal: the 99th percentile

  static constexpr Distribution constant(std::int64_t value) { return {Kind::kConstant, value, value}; }
  static constexpr Distribution uniform(std::int64_t least, std::int64_t greatest) {
    return {Kind::kUniform, least, greatest};
  }
  static constexpr Distribution exponential(std::int64_t mean) { return {Kind::kExponential, mean, 0}; }
  static constexpr Distribution lognormal(std::int64_t median, std::int64_t p99) {
    return {Kind::kLognormal, median, p99};
  }

  // A constant draws nothing from the generator.
  std::int64_t draw(Prng& prng) const;

  bool operator==(const Distribution&) const = default;
};

}  // namespace sendscope::sim
