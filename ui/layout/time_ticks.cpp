#include "ui/layout/time_ticks.h"

#include <algorithm>
#include <cmath>

namespace sendscope::ui {
namespace {

constexpr float kLeastDistance = 64, kBetweenLabels = 18, kWideGap = 240;
constexpr Nanos kMinute = 60 * kNanosPerSecond;

// The first of the series that is not below t; kForever beyond its end.
Nanos nice_step(Nanos t) {
  const Nanos unit = t > 50 * kNanosPerSecond ? kMinute : 1;
  for (Nanos step = unit; step < kForever / 10; step *= 10) {
    for (const Nanos factor : {1, 2, 5}) {
      if (step * factor >= t) return step * factor;
    }
  }
  return kForever;
}

// t in units of `unit`, every digit of it.
std::string exactly(Nanos t, Nanos unit, const char* name) {
  std::string text = std::to_string(t / unit);
  std::string rest = std::to_string(unit + t % unit).substr(1);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  if (!rest.empty()) text += "." + rest;
  return text + " " + name;
}

std::string tick_label(Nanos t, Nanos step) {
  if (t == 0) return "0";
  if (step % kMinute == 0) return exactly(t, kMinute, "min");
  if (t >= kNanosPerSecond) return exactly(t, kNanosPerSecond, "s");
  if (t >= kNanosPerMilli) return exactly(t, kNanosPerMilli, "ms");
  if (t >= kNanosPerMicro) return exactly(t, kNanosPerMicro, "\xc2\xb5s");
  return exactly(t, 1, "ns");
}

// Of a stretch of one scale, with one step. Its ends may be as late as a time can be.
std::vector<Tick> ticks_of_step(Nanos from, Nanos to, Nanos step) {
  std::vector<Tick> ticks;
  const Nanos before = from % step == 0 ? 0 : step - from % step;
  for (Nanos left = to - from - before, t = left < 0 ? 0 : from + before; left >= 0;
       left -= step, t += step) {
    ticks.push_back({t, tick_label(t, step)});
    if (left < step) break;
  }
  return ticks;
}

std::vector<Tick> stretch_ticks(const TextMeasure& measure, Nanos from, Nanos to, double pixels) {
  const double nanos_per_pixel = static_cast<double>(to - from) / pixels;
  const double least =
      std::min(std::ceil(nanos_per_pixel * kLeastDistance), static_cast<double>(kForever / 2));
  for (Nanos step = nice_step(static_cast<Nanos>(least));; step = nice_step(step + 1)) {
    std::vector<Tick> ticks = ticks_of_step(from, to, step);
    float widest = 0;
    for (const Tick& tick : ticks) widest = std::max(widest, measure.width(Font::kMonoTiny, tick.label));
    const bool apart = widest + kBetweenLabels <= static_cast<double>(step) / nanos_per_pixel;
    if (apart || ticks.size() < 2) return ticks;
  }
}

}  // namespace

std::vector<Tick> axis_ticks(const TextMeasure& measure, const TimeAxis& axis, double from, double to,
                             float width) {
  const Nanos first = axis.time(from), last = axis.time(to);
  const double pixels_per_place = static_cast<double>(width) / std::max(1e-12, to - from);
  std::vector<Tick> ticks;
  const auto add = [&](Nanos begin, Nanos end, double least) {
    begin = std::max(begin, first);
    end = std::min(end, last);
    const double pixels = end > begin ? (axis.place(end) - axis.place(begin)) * pixels_per_place : 0;
    if (pixels < std::max(1.0, least)) return;
    for (Tick& tick : stretch_ticks(measure, begin, end, pixels)) {
      if (ticks.empty() || ticks.back().t < tick.t) ticks.push_back(std::move(tick));
    }
  };
  Nanos done = 0;
  for (const TimeAxis::Gap& gap : axis.gaps()) {
    add(done, gap.from, 1);
    add(gap.from, gap.to, kWideGap);
    done = gap.to;
  }
  add(done, axis.end(), 1);
  return ticks;
}

}  // namespace sendscope::ui
