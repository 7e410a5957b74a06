// A set of numbers as sorted, disjoint, non-touching ranges: what is mostly consecutive takes next to no
// room.
#pragma once

#include <cstdint>
#include <vector>

namespace sendscope {

class IntervalSet {
 public:
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t end = 0;  // exclusive
    bool operator==(const Range&) const = default;
  };

  void add(std::uint64_t first, std::uint64_t end);
  // How many of [first, end) are in the set.
  std::uint64_t overlap(std::uint64_t first, std::uint64_t end) const;
  bool contains(std::uint64_t number) const { return overlap(number, number + 1) == 1; }
  // The parts of [first, end) that are in the set, in order.
  std::vector<Range> common(std::uint64_t first, std::uint64_t end) const;
  std::uint64_t size() const { return size_; }
  // How many of this set are not in `other`.
  std::uint64_t missing_from(const IntervalSet& other) const;
  const std::vector<Range>& ranges() const { return ranges_; }
  void clear();

  bool operator==(const IntervalSet&) const = default;

 private:
  std::vector<Range> ranges_;
  std::uint64_t size_ = 0;
};

}  // namespace sendscope
