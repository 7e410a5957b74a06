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

namespace {

// Of the time behind earlier requests, the part that is this side's.
Nanos behind(const LatencySplit& split, LatencySide side) {
  if (side != LatencySide::kWire && side != LatencySide::kBroker && side != LatencySide::kBeyond) return 0;
  const auto part = static_cast<double>(split.of(side));
  double answers = 0;
  for (const LatencySide s : {LatencySide::kWire, LatencySide::kBroker, LatencySide::kBeyond})
    answers += static_cast<double>(split.of(s));
  if (answers <= 0) return 0;
  return static_cast<Nanos>(static_cast<double>(split.of(LatencySide::kBehind)) * (part / answers));
}

}  // namespace

LatencyVerdict verdict_of(const LatencySplit& split) {
  LatencyVerdict verdict;
  const Nanos total = split.total();
  for (std::size_t i = 0; i < kLatencySides; ++i) {
    const auto side = static_cast<LatencySide>(i);
    const Nanos held = saturating_sum(split.of(side), behind(split, side));
    if (held < total - held) continue;
    verdict.side = side;
    verdict.held = held;
    if (side != LatencySide::kBehind) break;
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
