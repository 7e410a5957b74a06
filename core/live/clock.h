// The time of a live run, and the only clock that the core reads. (The window has one of its own, for
// playback.)
//
// Thread-safety: any thread.
#pragma once

#include <chrono>

#include "core/base/types.h"

namespace sendscope::live {

// Runs from 0 at its construction and never goes back, whatever happens to the wall clock.
class Clock {
 public:
  Clock();
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  Nanos now() const;
  // Milliseconds since 1970 at time t, for the timestamps of records.
  Millis wall_millis(Nanos t) const { return wall_start_ms_ + to_millis(t); }
  std::chrono::steady_clock::time_point time_point(Nanos t) const;

 private:
  std::chrono::steady_clock::time_point start_;
  Millis wall_start_ms_;
};

}  // namespace sendscope::live
