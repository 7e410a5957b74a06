#include "core/model/interval_set.h"

#include <algorithm>

namespace sendscope {
namespace {

// The first range that ends behind `number`.
template <typename Ranges>
auto first_behind(Ranges& ranges, std::uint64_t number) {
  return std::upper_bound(ranges.begin(), ranges.end(), number,
                          [](std::uint64_t n, const IntervalSet::Range& range) { return n < range.end; });
}

}  // namespace

void IntervalSet::add(std::uint64_t first, std::uint64_t end) {
  if (first >= end) return;
  // Mostly numbers come in order.
  if (ranges_.empty() || first > ranges_.back().end) {
    ranges_.push_back({first, end});
    size_ += end - first;
    return;
  }
  // Ranges that touch count as well: [1,3) and [3,5) become one.
  auto low = first == 0 ? ranges_.begin() : first_behind(ranges_, first - 1);
  auto high = low;
  while (high != ranges_.end() && high->first <= end) {
    first = std::min(first, high->first);
    end = std::max(end, high->end);
    size_ -= high->end - high->first;
    ++high;
  }
  size_ += end - first;
  if (low == high) {
    ranges_.insert(low, {first, end});
    return;
  }
  *low = {first, end};
  ranges_.erase(low + 1, high);
}

std::uint64_t IntervalSet::overlap(std::uint64_t first, std::uint64_t end) const {
  std::uint64_t out = 0;
  for (auto at = first_behind(ranges_, first); at != ranges_.end() && at->first < end; ++at) {
    out += std::min(end, at->end) - std::max(first, at->first);
  }
  return out;
}

std::vector<IntervalSet::Range> IntervalSet::common(std::uint64_t first, std::uint64_t end) const {
  std::vector<Range> out;
  for (auto at = first_behind(ranges_, first); at != ranges_.end() && at->first < end; ++at) {
    out.push_back({std::max(first, at->first), std::min(end, at->end)});
  }
  return out;
}

std::uint64_t IntervalSet::missing_from(const IntervalSet& other) const {
  std::uint64_t out = size_;
  auto at = other.ranges_.begin();
  for (const Range& range : ranges_) {
    while (at != other.ranges_.end() && at->end <= range.first) ++at;
    for (auto in = at; in != other.ranges_.end() && in->first < range.end; ++in) {
      out -= std::min(range.end, in->end) - std::max(range.first, in->first);
    }
  }
  return out;
}

void IntervalSet::clear() {
  ranges_.clear();
  size_ = 0;
}

}  // namespace sendscope
