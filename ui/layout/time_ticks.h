// The moments that the time axis names.
//
// Between two gaps the ticks have one step: the smallest of the series 1, 2, 5, 10 ... (60, 120, 300 ...
// beyond a minute) whose labels lie apart. A label says its moment exactly, so no two are equal. A gap that
// is wide on the screen has ticks as well.
#pragma once

#include <string>
#include <vector>

#include "ui/layout/text.h"
#include "ui/layout/time_axis.h"

namespace sendscope::ui {

struct Tick {
  Nanos t = 0;
  std::string label;
};

// Of the part of the axis between two places, `width` pixels wide, in order.
std::vector<Tick> axis_ticks(const TextMeasure& measure, const TimeAxis& axis, double from, double to,
                             float width);

}  // namespace sendscope::ui
