// The split of latencies of a run told by hand: what is known, and what of real brokers is not.
#include "core/model/latency_split.h"
#include "tests/core/model/support.h"

namespace sendscope {
namespace {

LatencySplit split_of(const Script& script) {
  LatencyLedger ledger(script.log);
  CHECK(ledger.go_to(script.log.size(), script.log.size()));
  return ledger.of(0);
}

Nanos time_of(const LatencySplit& split, WaitCause cause) {
  return split.by_cause[static_cast<std::size_t>(cause)];
}

TEST_CASE("one record: 5 ms of linger, 1 ms there, 1 ms at the broker, 2 ms back") {
  Script script;
  tell_one_record(script);
  const LatencySplit split = split_of(script);
  CHECK(split.records == 1);
  CHECK(split.total() == 9 * kMs);
  CHECK(time_of(split, WaitCause::kLinger) == 5 * kMs);
  CHECK(split.of(LatencySide::kBefore) == 5 * kMs);
  CHECK(split.of(LatencySide::kWire) == 3 * kMs);
  CHECK(split.of(LatencySide::kBroker) == 1 * kMs);
  CHECK(split.of(LatencySide::kBeyond) == 0);
  CHECK(split.whole.max() == 9 * kMs);
  CHECK(split.request.max() == 4 * kMs);
  CHECK(split.service.max() == 1 * kMs);
  CHECK(verdict_of(split).side == LatencySide::kBefore);
  LatencyLedger ledger(script.log);
  ledger.go_to(script.log.size(), script.log.size());
  CHECK(ledger.of(0, 1).records == 1);
  CHECK(ledger.of(0, 2).records == 0);
}

TEST_CASE("of real brokers the time between sending and answer is one part") {
  Script script;
  script.emit({.kind = EventKind::run_started, .place = 1});
  tell_one_record(script);
  const LatencySplit split = split_of(script);
  CHECK(split.total() == 9 * kMs);
  CHECK(split.of(LatencySide::kBeyond) == 4 * kMs);
  CHECK(split.of(LatencySide::kWire) == 0);
  CHECK(split.of(LatencySide::kBroker) == 0);
}

TEST_CASE("a record that failed, and one without a callback, are not counted") {
  Script script;
  script.at(1 * kMs).open(1, 0);
  script.send(0, 1, 0, 1);
  script.send(1, 2, 0, 1);
  script.at(6 * kMs).drain(1, 0, 2);
  script.request(1, 0, 1);
  script.at(9 * kMs).complete(1, 0, 1, 1, ErrorCode::kRequestTimedOut);
  CHECK(split_of(script).records == 0);
  CHECK(split_of(script).total() == 0);
}

}  // namespace
}  // namespace sendscope
