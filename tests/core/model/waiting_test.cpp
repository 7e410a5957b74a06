// What a batch waits for, each cause once: by the rule itself, on the Why card and in the view of what holds
// the pool's memory.
#include <set>

#include "core/model/held_memory.h"
#include "core/model/subject.h"
#include "core/model/why.h"
#include "tests/core/model/support.h"

namespace sendscope {
namespace {

constexpr auto kNoNodeField = static_cast<std::uint32_t>(-1);

// Batch 1 of orders-0 with one record, drained and sent in request 1.
void send_first(Script& script) {
  script.at(1 * kMs).open(1, 0);
  script.send(0, 1, 0, 1);
  script.at(6 * kMs).drain(1, 0, 1);
  script.request(1, 0, 1);
}

// Batch `id` of orders-0 with one record, whose linger ends 5 ms later.
void open_next(Script& script, BatchId id) {
  script.open(id, 0);
  script.send(0, id, 0, id);
}

void lose(Script& script, RequestId request, MessageKind what) {
  script.tell(EventKind::message_lost, 1, request, static_cast<std::uint32_t>(what));
}

struct Case {
  WaitCause cause;
  BatchId batch;
  Nanos at;  // when it is asked
  void (*tell)(Script&);
};

const Case kCases[] = {
    {WaitCause::kLinger, 1, 2 * kMs, [](Script& s) { s.at(1 * kMs), open_next(s, 1); }},
    {WaitCause::kSender, 1, 7 * kMs, [](Script& s) { s.at(1 * kMs), open_next(s, 1); }},
    {WaitCause::kNoLeader, 1, 7 * kMs,
     [](Script& s) {
       s.at(1 * kMs), open_next(s, 1);
       s.tell(EventKind::leader_known, 0, 0, kNoNodeField, 2);
     }},
    {WaitCause::kConnection, 1, 7 * kMs,
     [](Script& s) {
       s.at(1 * kMs), open_next(s, 1);
       s.tell(EventKind::connection_state, 1, 0, static_cast<std::uint32_t>(ConnectionState::kDisconnected));
     }},
    {WaitCause::kEarlierBatches, 2, 8 * kMs,
     [](Script& s) {
       s.at(1 * kMs), open_next(s, 1);
       s.at(2 * kMs), open_next(s, 2);
     }},
    {WaitCause::kMuted, 2, 9 * kMs,
     [](Script& s) {
       send_first(s);
       s.tell(EventKind::partition_muted, 0, 0);
       open_next(s, 2);
       s.at(9 * kMs).tell(EventKind::batch_ready, 0, 2);
     }},
    {WaitCause::kInFlightLimit, 3, 20 * kMs,
     [](Script& s) {
       send_first(s);
       open_next(s, 2);
       s.at(12 * kMs).drain(2, 0, 1);
       s.request(2, 0, 2);
       open_next(s, 3);
     }},
    {WaitCause::kBackoff, 1, 10 * kMs,
     [](Script& s) {
       send_first(s);
       s.at(8 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
       s.tell(EventKind::batch_retried, 0, 1, 6, 1);
       s.tell(EventKind::batch_backoff, 0, 1, 100);
     }},
    {WaitCause::kToBroker, 1, 7 * kMs, [](Script& s) { send_first(s); }},
    {WaitCause::kQueuedAtBroker, 1, 9 * kMs,
     [](Script& s) {
       send_first(s);
       s.at(8 * kMs).tell(EventKind::request_arrived, 1, 1, 0, 300);
     }},
    {WaitCause::kAtBroker, 1, 9 * kMs,
     [](Script& s) {
       send_first(s);
       s.at(8 * kMs).tell(EventKind::request_arrived, 1, 1, 0, 300);
       s.tell(EventKind::request_started, 1, 1);
     }},
    {WaitCause::kToProducer, 1, 9 * kMs,
     [](Script& s) {
       send_first(s);
       s.at(8 * kMs).tell(EventKind::request_arrived, 1, 1, 0, 300);
       s.tell(EventKind::request_started, 1, 1);
       s.tell(EventKind::response_sent, 1, 1, 0, 60);
     }},
    {WaitCause::kLost, 1, 9 * kMs,
     [](Script& s) {
       send_first(s);
       lose(s, 1, MessageKind::kRequest);
     }},
    {WaitCause::kBehindLost, 2, 20 * kMs,
     [](Script& s) {
       send_first(s);
       lose(s, 1, MessageKind::kRequest);
       open_next(s, 2);
       s.at(12 * kMs).drain(2, 0, 1);
       s.request(2, 0, 2);
     }},
    {WaitCause::kAnswer, 1, 9 * kMs,
     [](Script& s) {
       s.emit({.kind = EventKind::run_started, .place = 1});
       send_first(s);
     }},
    {WaitCause::kCallbacks, 1, 11 * kMs,
     [](Script& s) {
       send_first(s);
       s.at(10 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
       s.tell(EventKind::batch_completed, 0, 1, 0, 1);
     }},
};

TEST_CASE("each cause for which a batch can wait is told by the rule, on the card and in the pool") {
  std::set<WaitCause> told;
  for (const Case& one : kCases) {
    Script script;
    one.tell(script);
    INFO(wait_cause_text(one.cause));
    const PipelineModel model = script.model();
    const BatchModel* batch = model.batch(one.batch);
    REQUIRE(batch != nullptr);
    const WaitLimits limits = wait_limits(model, script.log.strings(), 0);
    CHECK(wait_cause_text(waiting_of(model, limits, *batch, one.at).cause) == wait_cause_text(one.cause));
    told.insert(one.cause);

    std::int64_t bytes = 0;
    bool found = false;
    for (const HeldMemory& row : held_memory(model, limits, model.producers[0], one.at)) {
      bytes += row.bytes;
      if (row.cause != one.cause) continue;
      found = true;
      CHECK(row.oldest == one.batch);
      CHECK(row.bytes == static_cast<std::int64_t>(row.batches) * 16384);
    }
    CHECK(found);
    CHECK(bytes == model.producers[0].pool.in_batches);

    if (one.cause == WaitCause::kCallbacks) continue;  // the card of a batch ends with the batch
    History history(script.log);
    const SubjectEvents subject(script.log, {SubjectKind::kBatch, one.batch});
    CHECK(why(history, subject, script.log.size(), one.at).not_yet.cause == one.cause);
  }
  // The others are causes for which a record waits before it is in a batch.
  CHECK(told.size() + 3 == kWaitCauses);
}

TEST_CASE("what is memory held for: most bytes first, and nothing once it is returned") {
  Script script;
  send_first(script);
  open_next(script, 2);
  open_next(script, 3);
  script.at(7 * kMs);
  const auto rows = [&] {
    const PipelineModel model = script.model();
    return held_memory(model, wait_limits(model, script.log.strings(), 0), model.producers[0], script.now);
  };
  REQUIRE(rows().size() == 2);
  CHECK(rows()[0].cause == WaitCause::kLinger);
  CHECK(rows()[0].bytes == 2 * 16384);
  CHECK(rows()[0].oldest == 2);
  CHECK(rows()[1].cause == WaitCause::kToBroker);
  script.complete(1, 0, 1, 1);
  CHECK(rows().size() == 1);
}

}  // namespace
}  // namespace sendscope
