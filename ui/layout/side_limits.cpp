// What bounds the rate: a chart of the bytes acked with the lines that they cannot rise above, and one of the
// pool.
#include <algorithm>
#include <cmath>

#include "core/base/saturating.h"
#include "core/model/rate_limits.h"
#include "ui/layout/format.h"
#include "ui/layout/side.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kLimitLine = 17, kLimitRow = 32, kRateChart = 92, kPoolChart = 52;
constexpr int kMostRates = 40;

struct LimitWords {
  Text name, formula, key;
};
LimitWords limit_words(LimitKind kind) {
  switch (kind) {
    case LimitKind::kWindow: return {Text::limit_window, Text::limit_window_formula, Text::limit_window_key};
    case LimitKind::kPool: return {Text::limit_pool, Text::limit_pool_formula, Text::limit_pool_key};
    case LimitKind::kOutage: return {Text::limit_outage, Text::limit_outage_formula, Text::limit_outage_key};
    default: return {Text::limit_linger, Text::limit_linger_formula, Text::limit_linger_key};
  }
}

std::string rate_text(std::int64_t rate) { return say(Text::per_second, column_bytes(rate, rate)); }

std::string size_text(std::int64_t bytes) { return column_bytes(bytes, bytes); }

std::string formula_of(const RateLimit& limit) {
  const Text formula = limit_words(limit.kind).formula;
  if (limit.kind != LimitKind::kWindow)
    return say(formula, size_text(limit.bytes), short_duration(limit.time));
  return say(formula, std::to_string(limit.requests),
             size_text(limit.bytes / std::max<std::int64_t>(1, limit.requests)), short_duration(limit.time));
}

// The part of time that the charts show: what the timeline shows, without the time in which nothing was sent.
struct Period {
  Nanos from = 0, to = 1;
  float x(const Rect& box, Nanos t) const {
    const double part = static_cast<double>(t - from) / static_cast<double>(std::max<Nanos>(1, to - from));
    return box.x + static_cast<float>(std::clamp(part, 0.0, 1.0)) * box.w;
  }
};

const AckedLane* acked_lane(const Frame& frame) {
  const auto& lanes = frame.in.tracks.acked;
  if (frame.producer_index() >= lanes.size()) return nullptr;
  const AckedLane& lane = lanes[frame.producer_index()];
  return lane.steps.empty() ? nullptr : &lane;
}

Period period_of(const Frame& frame, const AckedLane& lane) {
  const View& view = frame.in.view;
  const Nanos from = std::max(lane.begin, frame.in.axis.time(view.axis_from));
  const Nanos to = std::min(lane.steps.back().t, frame.in.axis.time(view.axis_to));
  return {from, std::max(to, saturating_sum(from, 1))};
}

std::uint64_t acked_until(const AckedLane& lane, Nanos t) {
  const auto after = std::upper_bound(lane.steps.begin(), lane.steps.end(), t,
                                      [](Nanos at, const AckedStep& step) { return at < step.t; });
  return after == lane.steps.begin() ? 0 : (after - 1)->total;
}

// Bytes a second, in steps of one length that is no shorter than a round trip; only what has happened.
struct Rates {
  Nanos step = 1;
  std::vector<std::int64_t> values;
  std::int64_t peak = 0;
};

Rates rates_of(const Frame& frame, const AckedLane& lane, const Period& period, Nanos trip) {
  Rates rates;
  const Nanos length = period.to - period.from;
  const auto steps = std::clamp<Nanos>(length / std::max<Nanos>(1, trip), 1, kMostRates);
  rates.step = length / steps + 1;
  for (Nanos t = period.from; t < period.to && t < frame.now(); t = saturating_sum(t, rates.step)) {
    const Nanos end = std::min(saturating_sum(t, rates.step), frame.now());
    const auto bytes = static_cast<double>(acked_until(lane, end) - acked_until(lane, t));
    rates.values.push_back(bytes_a_second(bytes, rates.step));
    rates.peak = std::max(rates.peak, rates.values.back());
  }
  return rates;
}

Outage outage_of(const Frame& frame) {
  Outage outage;
  for (const NodeLane& node : frame.in.tracks.nodes) {
    for (const Span& down : node.down) {
      if (down.from > frame.now()) break;
      outage.longest = std::max(outage.longest, std::min(down.to, frame.now()) - down.from);
      outage.lasts = outage.lasts || down.to > frame.now();
    }
  }
  return outage;
}

// Whether the rate has come near the lowest line that bounds it.
bool comes_near(const RateLimits& limits, const Rates& rates) {
  constexpr std::int64_t kNear = 7;  // tenths of the line
  return rates.peak / kNear * 10 >= limits.limits[*limits.lowest].rate();
}

Paint lowest_ink(const RateLimits& limits, const Rates& rates) {
  return {comes_near(limits, rates) ? Tone::kTrouble : Tone::kWaiting};
}

// A line of a chart with its name, unless another name stands there.
void draw_limit_line(const Frame& frame, const Rect& box, float y, std::string_view name, const Paint& ink,
                     std::vector<float>& named) {
  if (ink != kSecondary) {
    frame.scene().line({box.x, y}, {box.right(), y}, ink, 2);
  } else {
    frame.scene().dash_line({box.x, y}, {box.right(), y}, ink, 1, 3);
  }
  const bool free = std::none_of(named.begin(), named.end(), [&](float at) { return std::abs(at - y) < 13; });
  if (!free || y + 14 > box.bottom()) return;
  const float width = std::min(box.w - 8, frame.canvas.width(Font::kTiny, name) + 1);
  frame.scene().fill({box.x + 2, y + 2, width + 4, 11}, {Tone::kBackground}, 1);
  frame.canvas.text({box.x + 4, y + 2, width, 11}, Font::kTiny, ink, name);
  named.push_back(y);
}

void draw_rate_chart(const Frame& frame, Rect box, const RateLimits& limits, const Rates& rates,
                     const Period& period) {
  const std::int64_t lowest = limits.lowest ? limits.limits[*limits.lowest].rate() : 0;
  const double top = 1.15 * static_cast<double>(std::max({rates.peak, lowest, std::int64_t{1}}));
  const auto y = [&](std::int64_t rate) {
    return box.bottom() - static_cast<float>(std::min(1.0, static_cast<double>(rate) / top)) * box.h;
  };
  frame.scene().fill(box, {Tone::kBackground}, 2);
  for (std::size_t i = 0; i < rates.values.size(); ++i) {
    const Nanos from = saturating_sum(period.from, static_cast<Nanos>(i) * rates.step);
    const float left = period.x(box, from),
                right = period.x(box, std::min(saturating_sum(from, rates.step), frame.now()));
    const float at = y(rates.values[i]);
    frame.scene().fill({left, at, std::max(1.0f, right - left - 1), box.bottom() - at},
                       {Tone::kAccent, 0.45f});
  }
  std::vector<float> named;
  for (const bool binding : {true, false}) {
    for (std::size_t i = 0; i < limits.limits.size(); ++i) {
      const bool lowest_of_all = limits.lowest == i;
      const RateLimit& limit = limits.limits[i];
      if (lowest_of_all == binding && static_cast<double>(limit.rate()) <= top)
        draw_limit_line(frame, box, y(limit.rate()), say(limit_words(limit.kind).name),
                        lowest_of_all ? lowest_ink(limits, rates) : kSecondary, named);
    }
  }
  frame.scene().stroke(box, {Tone::kLine}, 2);
}

void draw_pool_chart(const Frame& frame, Rect box, const RateLimits& limits, const Period& period) {
  const auto& pools = frame.in.tracks.pools;
  if (frame.producer_index() >= pools.size() || pools[frame.producer_index()].total == 0) return;
  const PoolLane& pool = pools[frame.producer_index()];
  const auto total = static_cast<double>(pool.total);
  const auto y = [&](double used) {
    return box.bottom() - static_cast<float>(std::clamp(used / total, 0.0, 1.0)) * (box.h - 2);
  };
  frame.scene().fill(box, {Tone::kBackground}, 2);
  std::vector<Point> line{{box.x, y(0)}};
  for (const PoolStep& step : pool.steps) {
    if (step.t > frame.now() || step.t > period.to) break;
    const float at = y(total - static_cast<double>(std::min(step.available, pool.total)));
    if (step.t < period.from) {
      line.back().y = at;
      continue;
    }
    const float x = std::floor(period.x(box, step.t));
    if (x <= line.back().x) {
      line.back().y = std::min(line.back().y, at);  // of all within a pixel the fullest
      continue;
    }
    line.push_back({x, line.back().y});
    line.push_back({x, at});
  }
  line.push_back({period.x(box, std::min(frame.now(), period.to)), line.back().y});
  frame.scene().area(line, box.bottom(), {Tone::kAccent, 0.28f});
  frame.scene().polyline(line, {Tone::kAccent}, 1.5f);
  std::vector<float> named;
  if (!limits.limits.empty() && limits.limits.front().kind == LimitKind::kWindow &&
      limits.limits.front().bytes < static_cast<std::int64_t>(pool.total)) {
    const std::int64_t window = limits.limits.front().bytes;
    draw_limit_line(frame, box, y(static_cast<double>(window)), say(Text::window_line, size_text(window)),
                    kSecondary, named);
  }
  frame.scene().stroke(box, {Tone::kLine}, 2);
}

void draw_limit_row(const Frame& frame, Rect row, const RateLimit& limit, const Paint& ink) {
  const LimitWords words = limit_words(limit.kind);
  const std::string rate = rate_text(limit.rate()), formula = formula_of(limit);
  Rect line{row.x, row.y, row.w, kLimitLine};
  frame.canvas.text(line.cut_right(frame.canvas.width(Font::kMonoSmall, rate)), Font::kMonoSmall,
                    ink != kSecondary ? ink : kText, rate);
  const Rect sign = line.cut_left(22);
  const Point from{sign.x, sign.middle_y()}, to{sign.x + 14, sign.middle_y()};
  if (ink != kSecondary) {
    frame.scene().line(from, to, ink, 2);
  } else {
    frame.scene().dash_line(from, to, {Tone::kSecondary}, 1, 3);
  }
  line.w -= 6;
  frame.canvas.text(line, ink != kSecondary ? Font::kBodyStrong : Font::kSmall, kText, say(words.name));
  frame.canvas.text({row.x + 22, row.y + kLimitLine - 2, row.w - 22, 13}, Font::kTiny, kSecondary, formula);
  frame.scene().hit(row, {}, "limit", said(words.name) + "\n" + formula + " = " + rate + tip_line(words.key));
}

std::string limit_verdict(const RateLimits& limits, const Rates& rates) {
  const RateLimit& lowest = limits.limits[*limits.lowest];
  const LimitWords words = limit_words(lowest.kind);
  if (!comes_near(limits, rates))
    return say(Text::limit_free, rate_text(rates.peak), rate_text(lowest.rate()));
  return say(Text::limit_binds, say(words.name), rate_text(lowest.rate()), say(words.key));
}

void draw_limit_rows(const Frame& frame, Rect area, const RateLimits& limits, const Rates& rates) {
  const RowPlan plan =
      plan_rows(area.h, limits.limits.size(), {{kLimitRow, 2}}, frame.in.view.scrolled(ListName::kFacts));
  for (std::size_t i = 0; i < plan.shown; ++i) {
    const std::size_t number = plan.first + i;
    draw_limit_row(frame, {area.x, plan.y(area, i), area.w, kLimitRow}, limits.limits[number],
                   limits.lowest == number ? lowest_ink(limits, rates) : kSecondary);
  }
  if (plan.folded()) more_row(frame, area, plan, ListName::kFacts);
}

}  // namespace

void draw_limits(const Frame& frame, Rect area) {
  heading(frame, area.cut_top(20), say(Text::heading_limits), {}, say(Text::limits_tip));
  const AckedLane* lane = acked_lane(frame);
  const RateLimits limits =
      rate_limits(frame.model(), frame.in.words(), frame.producer_index(), outage_of(frame));
  if (!limits.lowest || lane == nullptr || frame.producer() == nullptr) {
    draw_lines(frame, area, Font::kSmall, kSecondary, kLimitLine, say(Text::no_round_trip));
    return;
  }
  const Period period = period_of(frame, *lane);
  const Rates rates = rates_of(frame, *lane, period, limits.limits.front().time);
  const std::string verdict = limit_verdict(limits, rates);
  const float top = area.y;
  draw_lines(frame, area, Font::kBody, kText, kLimitLine, verdict);
  frame.scene().hit({area.x, top, area.w, area.y - top}, {}, "limit.verdict", verdict);
  area.cut_top(4);
  frame.canvas.text(area.cut_top(15), Font::kTiny, kSecondary, say(Text::chart_rate, rate_text(rates.peak)));
  draw_rate_chart(frame, area.cut_top(kRateChart), limits, rates, period);
  area.cut_top(6);
  if (area.h > 200) {
    frame.canvas.text(area.cut_top(15), Font::kTiny, kSecondary,
                      say(Text::chart_pool, size_text(frame.producer()->pool.total)));
    draw_pool_chart(frame, area.cut_top(kPoolChart), limits, period);
    area.cut_top(8);
  }
  draw_limit_rows(frame, area, limits, rates);
}

}  // namespace sendscope::ui
