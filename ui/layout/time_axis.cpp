#include "ui/layout/time_axis.h"

#include <algorithm>
#include <cmath>

namespace sendscope::ui {
namespace {

// The longest stretch that is drawn at full length: the largest g with g <= sum(min(gap, g)) / share.
double longest_full_gap(std::vector<Nanos> gaps, int share) {
  std::sort(gaps.begin(), gaps.end());
  double below = 0;  // sum of the gaps before i, all of them drawn in full
  const std::size_t n = gaps.size();
  for (std::size_t i = 0; i < n; ++i) {
    // Were gap i the longest drawn in full, the axis would be this long:
    const double g = static_cast<double>(gaps[i]);
    const double total = below + g * static_cast<double>(n - i);
    if (g * share > total) {
      // The longest lies between the previous gap and this one, where the sum is linear in g.
      const double rest = static_cast<double>(n - i);
      return rest < share ? below / (share - rest) : static_cast<double>(gaps[i]);
    }
    below += g;
  }
  return n == 0 ? 0 : static_cast<double>(gaps.back());
}

}  // namespace

TimeAxis TimeAxis::linear(Nanos end) {
  TimeAxis axis;
  const Nanos last = std::max<Nanos>(end, 1);
  axis.knots_ = {{0, 0}, {last, static_cast<double>(last)}};
  return axis;
}

TimeAxis TimeAxis::compressed(const std::vector<Nanos>& times, Nanos end) {
  // Of very many moments every so-manieth is enough to find the silences that matter.
  constexpr std::size_t kEnough = 200'000;
  const std::size_t stride = times.size() / kEnough + 1;
  std::vector<Nanos> stops{0};
  for (std::size_t i = 0; i < times.size(); i += stride) {
    if (times[i] > stops.back()) stops.push_back(times[i]);
  }
  if (end > stops.back()) stops.push_back(end);
  if (stops.size() < 4) return linear(std::max(end, stops.back()));
  std::vector<Nanos> lengths;
  lengths.reserve(stops.size());
  for (std::size_t i = 1; i < stops.size(); ++i) lengths.push_back(stops[i] - stops[i - 1]);
  const double full = std::max(1.0, longest_full_gap(lengths, kQuietShare));

  TimeAxis axis;
  axis.knots_ = {{0, 0}};
  const auto add = [&axis](Nanos t, double length) {
    axis.knots_.push_back({t, axis.knots_.back().at + length});
  };
  const auto stretch_to = [&](Nanos t) {
    const Nanos length = t - axis.knots_.back().t;
    if (length > 0) add(t, std::max(static_cast<double>(length), full));
  };
  for (std::size_t i = 1; i < stops.size(); ++i) {
    if (static_cast<double>(lengths[i - 1]) <= full * 1.5) continue;
    stretch_to(stops[i - 1]);
    add(stops[i], full);
    axis.gaps_.push_back({stops[i - 1], stops[i]});
  }
  stretch_to(stops.back());
  return axis;
}

double TimeAxis::place(Nanos t) const {
  if (t <= 0) return 0;
  if (t >= end()) return 1;
  const auto after = std::upper_bound(knots_.begin(), knots_.end(), t,
                                      [](Nanos value, const Knot& knot) { return value < knot.t; });
  const Knot &to = *after, &from = *(after - 1);
  const double part = static_cast<double>(t - from.t) / static_cast<double>(to.t - from.t);
  return (from.at + part * (to.at - from.at)) / knots_.back().at;
}

Nanos TimeAxis::time(double place) const {
  const double at = std::clamp(place, 0.0, 1.0) * knots_.back().at;
  const auto after = std::upper_bound(knots_.begin(), knots_.end(), at,
                                      [](double value, const Knot& knot) { return value < knot.at; });
  if (after == knots_.end()) return end();
  if (after == knots_.begin()) return 0;
  const Knot &to = *after, &from = *(after - 1);
  const double part = (at - from.at) / (to.at - from.at);
  return from.t + static_cast<Nanos>(std::llround(part * static_cast<double>(to.t - from.t)));
}

}  // namespace sendscope::ui
