#include "core/base/statistics.h"

#include <algorithm>
#include <limits>

namespace sendscope {

namespace {
constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kMillisPerSecond = 1000;
}  // namespace

void SampleWindows::record(double value, Millis now_ms) {
  if (samples_.empty()) samples_.push_back({now_ms, now_ms, {}});
  if (now_ms - samples_[current_].start_ms >= settings_.window_ms) {
    current_ = (current_ + 1) % (static_cast<std::size_t>(settings_.samples) + 1);
    if (current_ == samples_.size()) samples_.emplace_back();
    samples_[current_] = {now_ms, now_ms, {}};
  }
  Sample& sample = samples_[current_];
  sample.sum.largest = sample.sum.count == 0 ? value : std::max(sample.sum.largest, value);
  sample.sum.total += value;
  ++sample.sum.count;
  sample.last_ms = now_ms;
}

void SampleWindows::forget_old(Millis now_ms) {
  const Millis age_ms = settings_.samples * settings_.window_ms;
  for (Sample& sample : samples_)
    if (now_ms - sample.last_ms >= age_ms) sample = {now_ms, now_ms, {}};
}

SampleWindows::Sum SampleWindows::sum(Millis now_ms) {
  forget_old(now_ms);
  Sum all;
  for (const Sample& sample : samples_) {
    if (sample.sum.count == 0) continue;
    all.largest = all.count == 0 ? sample.sum.largest : std::max(all.largest, sample.sum.largest);
    all.total += sample.sum.total;
    all.count += sample.sum.count;
  }
  return all;
}

Millis SampleWindows::span_ms(Millis now_ms) {
  forget_old(now_ms);
  if (samples_.empty()) samples_.push_back({now_ms, now_ms, {}});
  Millis oldest_ms = samples_.front().start_ms;
  for (const Sample& sample : samples_) oldest_ms = std::min(oldest_ms, sample.start_ms);
  Millis elapsed_ms = now_ms - oldest_ms;
  // A window of no length is allowed (deviation metrics_window_of_zero).
  const Millis full_windows = settings_.window_ms == 0 ? 0 : elapsed_ms / settings_.window_ms;
  const Millis wanted = settings_.samples - 1;
  if (full_windows < wanted) elapsed_ms += (wanted - full_windows) * settings_.window_ms;
  return std::max<Millis>(elapsed_ms, 1);
}

double AverageAndMaximum::average(Millis now_ms) {
  const SampleWindows::Sum sum = windows_.sum(now_ms);
  return sum.count == 0 ? kNotANumber : sum.total / static_cast<double>(sum.count);
}

double AverageAndMaximum::maximum(Millis now_ms) {
  const SampleWindows::Sum sum = windows_.sum(now_ms);
  return sum.count == 0 ? kNotANumber : sum.largest;
}

double Meter::rate(Millis now_ms) {
  const double total = windows_.sum(now_ms).total;
  return total / (static_cast<double>(windows_.span_ms(now_ms)) / kMillisPerSecond);
}

double Meter::ratio(Millis now_ms) {
  const double total = windows_.sum(now_ms).total;
  return total / (static_cast<double>(windows_.span_ms(now_ms)) * static_cast<double>(kNanosPerMilli));
}

}  // namespace sendscope
