// Us or the broker: the latencies of the records that were acked, from send() to callback, split by what they
// waited for. A record's parts are the slices of its Why card, so they sum to its latency exactly.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "core/event/event_log.h"
#include "core/model/latency_distribution.h"
#include "core/model/waiting.h"

namespace sendscope {

using CauseTimes = std::array<Nanos, kWaitCauses>;

// Of some acked records.
struct LatencySplit {
  std::uint64_t records = 0;
  CauseTimes by_cause{};  // sums
  std::array<LatencyDistribution, kLatencySides> by_side;
  LatencyDistribution whole;
  // Of answered produce requests: from sending to the answer, and from arrival at the broker to its answer
  // (empty where that is not known: live).
  LatencyDistribution request, service;

  Nanos total() const;
  Nanos of(LatencySide side) const;
  void merge(const LatencySplit& other);
};

// What decides where the time goes: the side that has at least half of it, else none; and the longest wait of
// that side, or of all. Whoever waits behind earlier requests waits for their answers: that time counts as
// the time of answers does, on the wire and at the broker.
struct LatencyVerdict {
  std::optional<LatencySide> side;
  Nanos held = 0;  // by that side, with what waits behind it
  WaitCause cause{};
};
// REQUIRES: split.total() > 0.
LatencyVerdict verdict_of(const LatencySplit& split);

// The splits after a number of events, by going through them. Looking further back than the last look begins
// at one of a few kept stages.
//
// Thread-safety: none. Errors: what a broken trace tells of unknown things is ignored.
class LatencyLedger {
 public:
  // The log must outlive it.
  explicit LatencyLedger(const EventLog& log);
  ~LatencyLedger();

  // Goes towards `events`, through at most `at_most` events. Returns whether it is there.
  bool go_to(std::size_t events, std::size_t at_most);
  // How many events it has gone through.
  std::size_t events() const;
  // Of all nodes, or of the node that acked them.
  LatencySplit of(std::uint16_t producer) const;
  LatencySplit of(std::uint16_t producer, NodeId node) const;

 private:
  struct Stage;

  void keep_stage();

  const EventLog* log_;
  std::unique_ptr<Stage> now_;
  std::vector<std::unique_ptr<Stage>> kept_;  // ascending; the first has no events
  std::size_t distance_;
};

}  // namespace sendscope
