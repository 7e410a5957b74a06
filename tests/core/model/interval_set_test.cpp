#include "core/model/interval_set.h"

#include <set>

#include "core/base/prng.h"
#include "core/model/latency_distribution.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

TEST_CASE("ranges that touch or overlap become one") {
  IntervalSet set;
  set.add(0, 3);
  set.add(5, 7);
  CHECK(set.ranges().size() == 2);
  set.add(3, 5);
  REQUIRE(set.ranges().size() == 1);
  CHECK(set.size() == 7);
  CHECK(set.contains(6));
  CHECK_FALSE(set.contains(7));
  set.add(20, 20);
  CHECK(set.size() == 7);
}

TEST_CASE("an interval set does what a set of numbers does") {
  Prng random(5);
  for (int round = 0; round < 200; ++round) {
    IntervalSet set;
    IntervalSet other;
    std::set<std::uint64_t> numbers;
    std::set<std::uint64_t> others;
    for (int i = 0; i < 30; ++i) {
      const std::uint64_t first = random.below(60);
      const std::uint64_t end = first + random.below(8);
      IntervalSet& to = i % 3 == 0 ? other : set;
      std::set<std::uint64_t>& in = i % 3 == 0 ? others : numbers;
      to.add(first, end);
      for (std::uint64_t n = first; n < end; ++n) in.insert(n);
    }
    REQUIRE(set.size() == numbers.size());
    for (std::size_t i = 1; i < set.ranges().size(); ++i) {
      REQUIRE(set.ranges()[i - 1].end < set.ranges()[i].first);
    }
    std::uint64_t missing = 0;
    for (std::uint64_t n = 0; n < 70; ++n) {
      REQUIRE(set.contains(n) == (numbers.count(n) == 1));
      if (numbers.count(n) == 1 && others.count(n) == 0) ++missing;
    }
    REQUIRE(set.missing_from(other) == missing);
    const std::uint64_t first = random.below(60);
    std::uint64_t common = 0;
    for (const IntervalSet::Range& range : set.common(first, first + 9)) common += range.end - range.first;
    REQUIRE(common == set.overlap(first, first + 9));
    REQUIRE(common == static_cast<std::uint64_t>(
                          std::distance(numbers.lower_bound(first), numbers.lower_bound(first + 9))));
  }
}

TEST_CASE("quantiles are at most one bucket too high, and the maximum is exact") {
  LatencyDistribution latency;
  CHECK(latency.quantile(500) == 0);
  for (Nanos i = 1; i <= 1000; ++i) latency.add(i * 1000);
  CHECK(latency.count() == 1000);
  CHECK(latency.max() == 1'000'000);
  for (const int per_mille : {1, 10, 500, 990, 999}) {
    const Nanos exact = per_mille * 1000;
    INFO(per_mille);
    CHECK(latency.quantile(per_mille) >= exact);
    CHECK(latency.quantile(per_mille) <= exact + exact / 60);
  }
  CHECK(latency.quantile(1000) == 1'000'000);
  LatencyDistribution small;
  for (const Nanos value : {3, 5, 7}) small.add(value);
  CHECK(small.quantile(500) == 5);
  small.merge(latency);
  CHECK(small.count() == 1003);
  CHECK(small.max() == 1'000'000);
  LatencyDistribution huge;
  huge.add(kForever);
  CHECK(huge.quantile(500) == kForever);
}

}  // namespace
}  // namespace sendscope
