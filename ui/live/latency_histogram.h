// Counts durations in buckets whose width grows with the value: a quantile is at most 3 % too high.
//
// Thread-safety: add() from any thread; the rest at any time, then not quite up to date.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

#include "core/base/types.h"

namespace sendscope::ui {

class LatencyHistogram {
 public:
  void add(Nanos duration) {
    const auto value = static_cast<std::uint64_t>(duration < 0 ? 0 : duration);
    counts_[bucket(value)].fetch_add(1, std::memory_order_relaxed);
    Nanos largest = largest_.load(std::memory_order_relaxed);
    while (duration > largest &&
           !largest_.compare_exchange_weak(largest, duration, std::memory_order_relaxed)) {
    }
  }

  // The duration that the share of all (0.5: the median) does not pass; 0 when there are none.
  Nanos quantile(double share) const;
  Nanos largest() const { return largest_.load(std::memory_order_relaxed); }

 private:
  static constexpr unsigned kFineBits = 5;
  static constexpr std::uint64_t kFine = 1u << kFineBits;
  static constexpr std::size_t kBuckets = (64 - kFineBits + 1) * kFine;

  // Values below 2 * kFine have buckets of their own; above, each power of two is cut into kFine buckets.
  static std::size_t bucket(std::uint64_t value) {
    const auto bits = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = bits > kFineBits + 1 ? bits - kFineBits - 1 : 0;
    return shift * kFine + (value >> shift);
  }
  static std::uint64_t upper_end(std::size_t bucket);

  std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
  std::atomic<Nanos> largest_{0};
};

}  // namespace sendscope::ui
