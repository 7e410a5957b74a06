#include "ui/layout/time_ticks.h"

#include "core/base/prng.h"
#include "tests/support/catch.h"
#include "tests/support/plain_measure.h"

namespace sendscope::ui {
namespace {

// A run of bursts and silences of every length.
std::vector<Nanos> random_times(Prng& prng) {
  std::vector<Nanos> times;
  Nanos t = 0;
  const std::uint64_t count = 2 + prng.below(400);
  for (std::uint64_t i = 0; i < count; ++i) {
    Nanos longest = 10;
    for (std::uint64_t tens = prng.below(10); tens > 0; --tens) longest *= 10;
    t += 1 + static_cast<Nanos>(prng.below(static_cast<std::uint64_t>(longest)));
    times.push_back(t);
  }
  return times;
}

bool in_one_stretch(const TimeAxis& axis, Nanos a, Nanos b) {
  for (const TimeAxis::Gap& gap : axis.gaps()) {
    if (gap.from < b && gap.to > a) return false;
  }
  return true;
}

TEST_CASE("ticks have one step between gaps, labels that differ, and room for them") {
  const test::PlainMeasure measure;
  Prng prng(7);
  for (int round = 0; round < 400; ++round) {
    const std::vector<Nanos> times = random_times(prng);
    const TimeAxis axis = round % 2 == 0 ? TimeAxis::compressed(times, 0) : TimeAxis::linear(times.back());
    double span = 1;
    for (std::uint64_t zoom = prng.below(6); zoom > 0; --zoom) span /= 7;
    const double from = (1 - span) * static_cast<double>(prng.below(1000)) / 1000;
    const float width = 300 + static_cast<float>(prng.below(2000));
    INFO("round " << round << ", from " << from << ", span " << span << ", width " << width);
    const std::vector<Tick> ticks = axis_ticks(measure, axis, from, from + span, width);
    CHECK(ticks.size() < width / 20);
    const auto x = [&](const Tick& tick) { return (axis.place(tick.t) - from) / span * width; };
    for (std::size_t i = 1; i < ticks.size(); ++i) {
      REQUIRE(ticks[i].label != ticks[i - 1].label);
      REQUIRE(ticks[i].t > ticks[i - 1].t);
      if (!in_one_stretch(axis, ticks[i - 1].t, ticks[i].t)) continue;
      REQUIRE(x(ticks[i]) - x(ticks[i - 1]) > measure.width(Font::kMonoTiny, ticks[i].label));
      if (i > 1 && in_one_stretch(axis, ticks[i - 2].t, ticks[i].t))
        REQUIRE(ticks[i].t - ticks[i - 1].t == ticks[i - 1].t - ticks[i - 2].t);
    }
  }
}

TEST_CASE("times as late as can be have ticks, too") {
  const test::PlainMeasure measure;
  for (const Nanos end : {kForever, kForever - 1, kForever / 3}) {
    const TimeAxis linear = TimeAxis::linear(end);
    const TimeAxis compressed = TimeAxis::compressed({1, 2, 3, 4, end - 3, end - 2, end}, end);
    for (const TimeAxis& axis : {linear, compressed}) {
      for (const double from : {0.0, 0.5, 0.99}) {
        const std::vector<Tick> ticks = axis_ticks(measure, axis, from, 1, 900);
        for (std::size_t i = 1; i < ticks.size(); ++i) CHECK(ticks[i].t > ticks[i - 1].t);
        CHECK(ticks.size() < 30);
      }
    }
  }
}

TEST_CASE("labels say their moments exactly") {
  const test::PlainMeasure measure;
  const auto labels = [&](Nanos end, double from, double to) {
    std::vector<std::string> words;
    for (const Tick& tick : axis_ticks(measure, TimeAxis::linear(end), from, to, 500))
      words.push_back(tick.label);
    return words;
  };
  using Words = std::vector<std::string>;
  CHECK(labels(100 * kNanosPerSecond, 0, 1) == Words{"0", "20 s", "40 s", "60 s", "80 s", "100 s"});
  CHECK(labels(600 * kNanosPerSecond, 0, 1) == Words{"0", "2 min", "4 min", "6 min", "8 min", "10 min"});
  CHECK(labels(4 * kNanosPerSecond, 0.33, 0.334) == Words{"1.32 s", "1.325 s", "1.33 s", "1.335 s"});
}

}  // namespace
}  // namespace sendscope::ui
