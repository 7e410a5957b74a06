#include "core/live/clock.h"

namespace sendscope::live {

using std::chrono::duration_cast;
using std::chrono::steady_clock;
using std::chrono::system_clock;

Clock::Clock()
    : start_(steady_clock::now()),
      wall_start_ms_(
          duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count()) {}

Nanos Clock::now() const {
  return duration_cast<std::chrono::nanoseconds>(steady_clock::now() - start_).count();
}

steady_clock::time_point Clock::time_point(Nanos t) const {
  if (t == kForever) return steady_clock::time_point::max();
  return start_ + std::chrono::nanoseconds(t);
}

}  // namespace sendscope::live
