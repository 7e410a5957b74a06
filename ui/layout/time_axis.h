// From simulated time to a position along the timeline and back.
//
// Linear: a length of time is a length on the axis. Compressed: a long stretch in which nothing happens takes
// at most 1/kQuietShare of the axis and is marked as a gap, and what lies between two gaps takes at least as
// much as a gap, so that microseconds of appends and seconds of time-outs fit one picture. Both are monotonic
// and continuous, so seeking by dragging works in both. Between two gaps the scale is one.
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/types.h"

namespace sendscope::ui {

enum class AxisMode : std::uint8_t { kCompressed, kLinear };

class TimeAxis {
 public:
  static constexpr int kQuietShare = 14;

  struct Gap {
    Nanos from = 0, to = 0;  // nothing happens between them
  };

  // `times`: when events happened, ascending; they are read, not kept. `end`: where the axis ends at least.
  static TimeAxis compressed(const std::vector<Nanos>& times, Nanos end);
  static TimeAxis linear(Nanos end);

  Nanos end() const { return knots_.back().t; }
  // 0 at time 0, 1 at the end; times outside are clamped.
  double place(Nanos t) const;
  Nanos time(double place) const;
  // Stretches that are drawn shorter than they are, in order.
  const std::vector<Gap>& gaps() const { return gaps_; }

 private:
  struct Knot {
    Nanos t = 0;
    double at = 0;  // in axis units: nanoseconds, those of gaps cut, those of short stretches drawn out
  };
  std::vector<Knot> knots_{{0, 0}, {1, 1}};
  std::vector<Gap> gaps_;
};

}  // namespace sendscope::ui
