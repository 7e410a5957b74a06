// The split of latencies agrees with the Why card: for every record, cause for cause, to the nanosecond.
#include "core/model/latency_split.h"

#include <map>
#include <set>

#include "core/model/why.h"
#include "sim/run/session.h"
#include "tests/support/catch.h"
#include "tests/support/shipped_scenarios.h"

namespace sendscope {
namespace {

constexpr std::size_t kAll = ~std::size_t{0};

std::unique_ptr<run::Session> run_to_end(const std::string& path) {
  auto session = run::open_session(path);
  if (!session) FAIL(session.error().message);
  while (!(*session)->finished()) (*session)->advance(run::as_long_as_it_takes);
  return std::move(*session);
}

// How many events it takes until so many records are acked, or all.
std::size_t events_until(const EventLog& log, std::size_t records) {
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == EventKind::record_completed && log[i].a == 0 && --records == 0) return i + 1;
  }
  return log.size();
}

// By producer, as the Why cards of its acked records say.
std::map<std::uint16_t, LatencySplit> told_by_cards(History& history, std::size_t events) {
  const EventLog& log = history.log();
  std::map<std::uint16_t, LatencySplit> out;
  for (std::size_t i = 0; i < events; ++i) {
    if (log[i].kind != EventKind::record_completed || log[i].a != 0) continue;
    const SubjectEvents record(log, {SubjectKind::kRecord, log[i].subject});
    LatencySplit& split = out[log[i].actor];
    ++split.records;
    for (const WaitSlice& slice : why(history, record, events, log[events - 1].t).slices)
      split.by_cause[static_cast<std::size_t>(slice.cause)] += slice.duration();
  }
  return out;
}

TEST_CASE("in every scenario the parts of all records sum to what their Why cards say") {
  constexpr std::size_t kRecords = 150;
  std::set<std::size_t> causes;
  for (const std::string& path : test::shipped_scenarios()) {
    INFO(path);
    const auto session = run_to_end(path);
    const std::size_t events = events_until(session->log(), kRecords);
    LatencyLedger ledger(session->log());
    CHECK(ledger.go_to(events, kAll));
    std::uint64_t acked = 0;
    for (const auto& [producer, told] : told_by_cards(session->history(), events)) {
      const LatencySplit split = ledger.of(producer);
      CHECK(split.records == told.records);
      CHECK(split.whole.count() == told.records);
      acked += split.records;
      for (std::size_t i = 0; i < kWaitCauses; ++i) {
        INFO(wait_cause_text(static_cast<WaitCause>(i)));
        CHECK(split.by_cause[i] == told.by_cause[i]);
        if (split.by_cause[i] > 0) causes.insert(i);
      }
    }
    CHECK(acked > 0);
  }
  CHECK(causes.size() > 12);
}

TEST_CASE("looking back and forth gives what going straight there gives") {
  const auto session = run_to_end(test::repository("scenarios/leader-dies.json"));
  const EventLog& log = session->log();
  LatencyLedger ledger(log);
  for (const std::size_t eighth : {8, 3, 7, 1, 8, 2, 0, 5}) {
    const std::size_t events = log.size() * eighth / 8;
    while (!ledger.go_to(events, 500)) continue;
    LatencyLedger straight(log);
    straight.go_to(events, kAll);
    CHECK(ledger.events() == events);
    const LatencySplit one = ledger.of(0), other = straight.of(0);
    CHECK(one.by_cause == other.by_cause);
    CHECK(one.records == other.records);
    CHECK(one.whole == other.whole);
    CHECK(one.request == other.request);
    std::uint64_t by_node = 0;
    for (const auto& [node, broker] : session->history().model_at(events).brokers)
      by_node += ledger.of(0, node).records;
    CHECK(by_node == one.records);
  }
}

TEST_CASE("the verdict names the side that has half of the time, and its longest wait; else none") {
  const auto of = [](WaitCause cause) { return static_cast<std::size_t>(cause); };
  LatencySplit split;
  split.by_cause[of(WaitCause::kLinger)] = 20;
  split.by_cause[of(WaitCause::kMemory)] = 10;
  split.by_cause[of(WaitCause::kAtBroker)] = 50;
  split.by_cause[of(WaitCause::kQueuedAtBroker)] = 21;
  CHECK(split.total() == 101);
  CHECK(split.of(LatencySide::kBroker) == 71);
  CHECK(verdict_of(split).side == LatencySide::kBroker);
  CHECK(verdict_of(split).cause == WaitCause::kAtBroker);
  split.by_cause[of(WaitCause::kLinger)] = 200;
  CHECK(verdict_of(split).side == LatencySide::kBefore);
  CHECK(verdict_of(split).cause == WaitCause::kLinger);
  split.by_cause[of(WaitCause::kToBroker)] = 150;
  CHECK_FALSE(verdict_of(split).side.has_value());
  CHECK(verdict_of(split).cause == WaitCause::kLinger);
}

TEST_CASE("what waits behind earlier requests counts as the time of their answers does") {
  const auto of = [](WaitCause cause) { return static_cast<std::size_t>(cause); };
  LatencySplit split;
  split.by_cause[of(WaitCause::kMuted)] = 700;
  split.by_cause[of(WaitCause::kLinger)] = 100;
  split.by_cause[of(WaitCause::kAtBroker)] = 160;
  split.by_cause[of(WaitCause::kToProducer)] = 40;
  CHECK(verdict_of(split).side == LatencySide::kBroker);
  CHECK(verdict_of(split).held == 160 + 560);
  CHECK(verdict_of(split).cause == WaitCause::kAtBroker);
  std::swap(split.by_cause[of(WaitCause::kAtBroker)], split.by_cause[of(WaitCause::kToProducer)]);
  CHECK(verdict_of(split).side == LatencySide::kWire);
  split.by_cause[of(WaitCause::kAtBroker)] = split.by_cause[of(WaitCause::kToProducer)];
  CHECK(verdict_of(split).side == LatencySide::kBehind);
  CHECK(verdict_of(split).cause == WaitCause::kMuted);
}

}  // namespace
}  // namespace sendscope
