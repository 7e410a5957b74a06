// Figures as Kafka's metrics take them: averages, maxima and rates over the newest windows of time, and
// totals since the beginning. Producer and pictures use the same ones.
//
// A window takes what comes in the `window_ms` after its start; then the next begins, with the first value
// that comes. Only what is younger than `samples` windows counts. To look is to tidy up: what is too old is
// emptied and starts anew at the time of the look, as with Kafka, so a look can move where later windows
// begin.
//
// Not thread-safe; whoever shares one locks it. Times in ms, never going back. Source: Kafka SampledStat,
// Avg, Max, Rate, Meter.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/types.h"

namespace sendscope {

struct StatisticsSettings {
  std::int32_t samples = 1;  // metrics.num.samples, at least 1
  Millis window_ms = 0;      // metrics.sample.window.ms, at least 0
  bool operator==(const StatisticsSettings&) const = default;
};

// The samples that the figures are made of.
class SampleWindows {
 public:
  struct Sum {
    double total = 0;
    double largest = 0;  // meaningless without values
    std::uint64_t count = 0;
    bool operator==(const Sum&) const = default;
  };

  explicit SampleWindows(const StatisticsSettings& settings) : settings_(settings) {}

  void record(double value, Millis now_ms);
  Sum sum(Millis now_ms);
  // For how long the values that count have been gathered, in ms, at least 1. Windows that are missing to all
  // but one are taken as full, so that a rate does not begin wildly.
  Millis span_ms(Millis now_ms);
  bool operator==(const SampleWindows&) const = default;

 private:
  struct Sample {
    Millis start_ms = 0;
    Millis last_ms = 0;
    Sum sum;
    bool operator==(const Sample&) const = default;
  };
  void forget_old(Millis now_ms);

  StatisticsSettings settings_;
  std::vector<Sample> samples_;  // at most settings_.samples + 1
  std::size_t current_ = 0;
};

// Of the windows that count; NaN without a value in them.
class AverageAndMaximum {
 public:
  explicit AverageAndMaximum(const StatisticsSettings& settings) : windows_(settings) {}
  void record(double value, Millis now_ms) { windows_.record(value, now_ms); }
  double average(Millis now_ms);
  double maximum(Millis now_ms);
  bool operator==(const AverageAndMaximum&) const = default;

 private:
  SampleWindows windows_;
};

// Values per second in the windows that count, and their total since the beginning.
class Meter {
 public:
  explicit Meter(const StatisticsSettings& settings) : windows_(settings) {}
  void record(double value, Millis now_ms) {
    windows_.record(value, now_ms);
    total_ += value;
  }
  double rate(Millis now_ms);
  // Of a meter of nanoseconds: the share of the time that they are.
  double ratio(Millis now_ms);
  double total() const { return total_; }
  bool operator==(const Meter&) const = default;

 private:
  SampleWindows windows_;
  double total_ = 0;
};

}  // namespace sendscope
