#include "core/model/latency_distribution.h"

#include <algorithm>
#include <bit>

namespace sendscope {
namespace {

constexpr int kSubBits = 6;  // 64 buckets for each doubling
constexpr std::uint64_t kSub = 1u << kSubBits;

std::size_t bucket_of(std::uint64_t value) {
  if (value < kSub) return value;
  const int shift = std::bit_width(value) - 1 - kSubBits;
  return static_cast<std::size_t>(shift + 1) * kSub + ((value >> shift) - kSub);
}

// The largest value of the bucket.
std::uint64_t upper_bound_of(std::size_t bucket) {
  if (bucket < kSub) return bucket;
  const auto shift = static_cast<int>(bucket / kSub) - 1;
  const std::uint64_t first = (kSub + bucket % kSub) << shift;
  return first + ((std::uint64_t{1} << shift) - 1);
}

}  // namespace

void LatencyDistribution::add(Nanos latency) {
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(std::max<Nanos>(latency, 0)));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ = std::max(max_, latency);
}

Nanos LatencyDistribution::quantile(int per_mille) const {
  if (count_ == 0) return 0;
  const std::uint64_t rank = (count_ * static_cast<std::uint64_t>(per_mille) + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(static_cast<Nanos>(upper_bound_of(i)), max_);
  }
  return max_;
}

void LatencyDistribution::merge(const LatencyDistribution& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

}  // namespace sendscope
