#include "ui/live/latency_histogram.h"

#include <algorithm>

namespace sendscope::ui {

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) {
  if (bucket < 2 * kFine) return bucket;
  const std::size_t shift = bucket / kFine - 1;
  const std::uint64_t lead = bucket - shift * kFine;
  return ((lead + 1) << shift) - 1;
}

Nanos LatencyHistogram::quantile(double share) const {
  std::uint64_t total = 0;
  for (const auto& count : counts_) total += count.load(std::memory_order_relaxed);
  if (total == 0) return 0;
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i].load(std::memory_order_relaxed);
    if (seen >= wanted) return std::min(static_cast<Nanos>(upper_end(i)), largest());
  }
  return largest();
}

}  // namespace sendscope::ui
