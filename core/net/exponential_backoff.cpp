#include "core/net/exponential_backoff.h"

#include <algorithm>
#include <cmath>

namespace sendscope {

namespace {
constexpr double kJitter = 0.2;
constexpr double kDrawScale = 1.0 / 2147483648.0;
}  // namespace

// In floating point, as Kafka does it: at the largest exponent the result may come out one below the cap.
ExponentialBackoff::ExponentialBackoff(Millis base_ms, Millis cap_ms)
    : base_ms_(std::min(base_ms, cap_ms)),
      cap_ms_(cap_ms),
      largest_exponent_(cap_ms > base_ms ? std::log(static_cast<double>(cap_ms) /
                                                    static_cast<double>(std::max<Millis>(base_ms, 1))) /
                                               std::log(2.0)
                                         : 0) {}

Millis ExponentialBackoff::after(std::int64_t attempts, RandomSource& random) const {
  if (largest_exponent_ == 0) return base_ms_;
  const double exponent = std::min(static_cast<double>(attempts), largest_exponent_);
  const double term = static_cast<double>(base_ms_) * std::pow(2.0, exponent);
  const double factor = 1.0 + kJitter * (static_cast<double>(random.next_jitter_draw()) * kDrawScale);
  const double result = factor * term;
  return result >= static_cast<double>(cap_ms_) ? cap_ms_ : static_cast<Millis>(result);
}

}  // namespace sendscope
