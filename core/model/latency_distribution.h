// Latencies in buckets that are at most 1/64 of their value wide, so that a quantile is at most 1.6 % too
// high; below 64 ns, and the maximum, exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/types.h"

namespace sendscope {

class LatencyDistribution {
 public:
  void add(Nanos latency);
  // The smallest bucket bound that at least per_mille thousandths of the values do not exceed, never above
  // max(); 0 when there are none.
  Nanos quantile(int per_mille) const;
  Nanos max() const { return max_; }
  std::uint64_t count() const { return count_; }
  void merge(const LatencyDistribution& other);
  std::size_t bytes() const { return buckets_.size() * sizeof(std::uint64_t); }
  bool operator==(const LatencyDistribution&) const = default;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  Nanos max_ = 0;
};

}  // namespace sendscope
