#include "core/model/latency_split.h"

#include <algorithm>

#include "core/base/saturating.h"

namespace sendscope {

Nanos LatencySplit::total() const {
  Nanos sum = 0;
  for (const Nanos part : by_cause) sum = saturating_sum(sum, part);
  return sum;
}

Nanos LatencySplit::of(LatencySide side) const {
  Nanos sum = 0;
  for (std::size_t i = 0; i < kWaitCauses; ++i) {
    if (side_of(static_cast<WaitCause>(i)) == side) sum = saturating_sum(sum, by_cause[i]);
  }
  return sum;
}

void LatencySplit::merge(const LatencySplit& other) {
  records += other.records;
  for (std::size_t i = 0; i < kWaitCauses; ++i) by_cause[i] = saturating_sum(by_cause[i], other.by_cause[i]);
  for (std::size_t i = 0; i < kLatencySides; ++i) by_side[i].merge(other.by_side[i]);
  whole.merge(other.whole);
  request.merge(other.request);
  service.merge(other.service);
}

LatencyVerdict verdict_of(const LatencySplit& split) {
  LatencyVerdict verdict;
  const Nanos total = split.total();
  for (std::size_t i = 0; i < kLatencySides; ++i) {
    const auto side = static_cast<LatencySide>(i);
    if (split.of(side) >= total - split.of(side)) verdict.side = side;
  }
  Nanos longest = -1;
  for (std::size_t i = 0; i < kWaitCauses; ++i) {
    const auto cause = static_cast<WaitCause>(i);
    if (verdict.side && side_of(cause) != *verdict.side) continue;
    if (split.by_cause[i] <= longest) continue;
    longest = split.by_cause[i];
    verdict.cause = cause;
  }
  return verdict;
}

}  // namespace sendscope
