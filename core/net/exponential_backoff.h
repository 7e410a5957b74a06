// The backoff that retries, reconnects and metadata refreshes share. Kafka: ExponentialBackoff (KIP-580).
//
// Doubles from `base` with every attempt up to `cap`, then scatters by +-20 % and cuts at `cap` again. When
// `cap` is not above `base` the result is constant, without scatter. Every call draws anew.
#pragma once

#include "core/base/random_source.h"
#include "core/base/types.h"

namespace sendscope {

class ExponentialBackoff {
 public:
  // REQUIRES: base_ms, cap_ms >= 0
  ExponentialBackoff(Millis base_ms, Millis cap_ms);

  // `attempts` counts from 0. Draws once from `random`, or not at all when the backoff is constant.
  Millis after(std::int64_t attempts, RandomSource& random) const;

 private:
  Millis base_ms_;
  Millis cap_ms_;
  double largest_exponent_;  // 0: constant
};

}  // namespace sendscope
