#include "core/model/pipeline_model.h"

#include "core/base/prng.h"
#include "core/event/narration.h"
#include "core/model/state_json.h"
#include "core/model/subject.h"
#include "core/model/why.h"
#include "tests/core/model/support.h"

namespace sendscope {
namespace {

TEST_CASE("a record travels from send() to its callback, and every place it passes shows it") {
  Script script;
  script.at(1 * kMs).open(1, 0);
  script.send(0, 1, 0, 1);
  script.send(1, 2, 0, 1);
  PipelineModel model = script.model();
  const BatchModel* batch = model.batch(1);
  REQUIRE(batch != nullptr);
  CHECK(batch->state == BatchState::kOpen);
  CHECK(batch->record_count == 2);
  CHECK(batch->first_record == 1);
  CHECK(batch->last_record == 2);
  CHECK(batch->records[1].thread == 1);
  CHECK(model.producers[0].partitions.at(0).deque == std::deque<BatchId>{1});
  CHECK(model.producers[0].incomplete_batches == std::vector<BatchId>{1});
  CHECK(model.producers[0].pool.used() == 16384);
  CHECK(model.producers[0].pool.in_batches == 16384);
  CHECK(model.producers[0].pool.in_transit() == 0);
  CHECK(linger_deadline(model, script.log.strings(), *batch) == 6 * kMs);
  CHECK(delivery_deadline(model, script.log.strings(), *batch) == 120'001 * kMs);
  CHECK(model.threads[0].accepted == 1);
  CHECK_FALSE(model.threads[0].in_send);

  script.at(6 * kMs).tell(EventKind::batch_ready, 0, 1,
                          static_cast<std::uint32_t>(ReadyReason::kLingerExpired));
  CHECK(script.model().batch(1)->state == BatchState::kReady);
  script.drain(1, 0, 2);
  script.request(1, 0, 1);
  model = script.model();
  batch = model.batch(1);
  CHECK(batch->state == BatchState::kInFlight);
  CHECK(batch->in_flight);
  CHECK(batch->request == 1);
  CHECK(model.producers[0].partitions.at(0).deque.empty());
  CHECK(model.producers[0].partitions.at(0).in_flight_batches == std::deque<BatchId>{1});
  CHECK(model.link(0, 1)->in_flight_requests == std::deque<RequestId>{1});
  CHECK(model.request(1)->phase == RequestPhase::kTravelling);
  CHECK(request_deadline(model, script.log.strings(), *model.request(1)) == 30'006 * kMs);
  REQUIRE(model.request(1)->batches.size() == 1);
  CHECK(model.request(1)->batches[0].record_count == 2);

  script.at(7 * kMs).tell(EventKind::request_arrived, 1, 1, 0, 300);
  CHECK(script.model().request(1)->phase == RequestPhase::kQueued);
  script.tell(EventKind::request_started, 1, 1);
  CHECK(script.model().request(1)->phase == RequestPhase::kInService);
  script.append_log(1, 0, 1, 0, 2);
  script.at(8 * kMs).tell(EventKind::response_sent, 1, 1, 0, 60);
  CHECK(script.model().request(1)->phase == RequestPhase::kResponseTravelling);
  script.at(10 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
  script.complete(1, 0, 1, 2);
  model = script.model();
  CHECK(model.request(1)->phase == RequestPhase::kAnswered);
  CHECK(model.link(0, 1)->in_flight_requests.empty());
  CHECK(model.producers[0].batches.empty());
  CHECK(model.producers[0].incomplete_batches.empty());
  CHECK(model.producers[0].partitions.at(0).in_flight_batches.empty());
  CHECK(model.producers[0].pool.used() == 0);
  CHECK(model.producers[0].pool.in_batches == 0);
  REQUIRE(model.producers[0].finished_batches.size() == 1);
  CHECK(model.batch(1)->state == BatchState::kDone);
  CHECK(model.batch(1)->error == 0);
  CHECK(model.batch(1)->record_count == 2);
  CHECK(model.batch(1)->records.empty());
  REQUIRE(model.producers[0].callbacks.size() == 2);
  CHECK(model.producers[0].callbacks[1].record == 2);
  CHECK(model.producers[0].callbacks[1].thread == 1);
  CHECK(model.producers[0].callbacks[1].latency == 9 * kMs);
}

TEST_CASE("equal event prefixes give equal models, and copies are independent") {
  Script script;
  tell_one_record(script);
  PipelineModel one;
  PipelineModel two;
  for (std::size_t i = 0; i < script.log.size(); ++i) {
    one.apply(script.log[i]);
    const PipelineModel copy = two;
    two.apply(script.log[i]);
    REQUIRE(one == two);
    REQUIRE_FALSE(copy == two);
  }
}

TEST_CASE("a retried batch goes to the front, with sequences behind those that are lower") {
  Script script;
  for (BatchId batch = 1; batch <= 3; ++batch) {
    script.at(batch * kMs).open(batch, 0);
    script.send(0, batch, 0, batch);
    script.drain(batch, 0, 1);
  }
  script.at(9 * kMs).open(4, 0);
  script.send(0, 4, 0, 4);
  const auto retry = [](Script& of, BatchId batch) {
    of.tell(EventKind::batch_retried, 0, batch, static_cast<std::uint32_t>(ErrorCode::kNotLeaderOrFollower),
            1);
    of.tell(EventKind::inflight_removed, 0, batch);
  };
  const auto deque = [](const Script& of) { return of.model().producers[0].partitions.at(0).deque; };

  Script with_sequences;
  for (BatchId batch = 1; batch <= 3; ++batch) {
    with_sequences.at(batch * kMs).open(batch, 0);
    with_sequences.send(0, batch, 0, batch);
    with_sequences.drain(batch, 0, 1);
    with_sequences.tell(EventKind::sequence_assigned, 0, batch, batch - 1, 0);
  }
  with_sequences.at(9 * kMs).open(4, 0);
  with_sequences.send(0, 4, 0, 4);
  for (Script* each : {&script, &with_sequences}) {
    for (const BatchId batch : {1, 2, 3}) retry(*each, batch);
  }
  CHECK(deque(script) == std::deque<BatchId>{3, 2, 1, 4});
  CHECK(deque(with_sequences) == std::deque<BatchId>{1, 2, 3, 4});
  const PipelineModel model = with_sequences.model();
  CHECK(model.batch(2)->state == BatchState::kRetrying);
  CHECK(model.batch(2)->attempts == 1);
  CHECK(model.batch(2)->last_error == static_cast<int>(ErrorCode::kNotLeaderOrFollower));
  CHECK(model.producers[0].partitions.at(0).next_sequence == 3);
}

TEST_CASE("an expired batch on the wire leaves every list but keeps its memory until its request ends") {
  Script script;
  script.at(1 * kMs).open(1, 0);
  script.send(0, 1, 0, 1);
  script.drain(1, 0, 1);
  script.request(1, 0, 1);
  script.at(200 * kMs).tell(EventKind::inflight_removed, 0, 1);
  script.tell(EventKind::batch_expired, 0, 1, 199, 0);
  script.tell(EventKind::batch_completed, 0, 1, static_cast<std::uint32_t>(ErrorCode::kTimeout), 1);
  script.tell(EventKind::record_completed, 0, 1, static_cast<std::uint32_t>(ErrorCode::kTimeout), 0xffffffff);
  script.tell(EventKind::latch_released, 0, 1);
  script.tell(EventKind::incomplete_removed, 0, 1);
  PipelineModel model = script.model();
  CHECK(model.producers[0].incomplete_batches.empty());
  REQUIRE(model.producers[0].batches.contains(1));
  CHECK(model.batch(1)->state == BatchState::kExpired);
  CHECK(model.producers[0].pool.in_batches == 16384);
  CHECK(
      script.holds("failed('TimeoutException') == 1 and failed == 1 and acked == 0 and pool.used == 16KiB"));
  script.at(300 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
  script.tell(EventKind::batch_freed, 0, 1, 16384);
  model = script.model();
  CHECK(model.producers[0].batches.empty());
  CHECK(model.producers[0].pool.in_batches == 0);
  CHECK(model.batch(1)->state == BatchState::kExpired);
}

TEST_CASE("children of a split take the parent's records, numbers and sequences") {
  Script script;
  script.at(1 * kMs).open(1, 0);
  for (RecordId record = 1; record <= 5; ++record) script.send(record % 2, record, 0, 1);
  script.drain(1, 0, 5);
  script.tell(EventKind::sequence_assigned, 0, 1, 10, 0);
  script.open(2, 0);
  script.send(0, 6, 0, 2);
  script.at(5 * kMs).tell(EventKind::batch_child, 0, 3, 1, 3);
  script.tell(EventKind::batch_child, 0, 4, 1, 2);
  script.tell(EventKind::batch_split, 0, 1, 2);
  script.tell(EventKind::inflight_removed, 0, 1);
  script.tell(EventKind::incomplete_removed, 0, 1);
  script.tell(EventKind::batch_freed, 0, 1, 16384);
  const PipelineModel model = script.model();
  const ProducerModel& producer = model.producers[0];
  CHECK(producer.partitions.at(0).deque == std::deque<BatchId>{3, 4, 2});
  CHECK(producer.incomplete_batches == std::vector<BatchId>{2, 3, 4});
  CHECK(producer.batches.size() == 3);
  CHECK(model.batch(3)->first_number == 0);
  CHECK(model.batch(3)->last_record == 3);
  CHECK(model.batch(4)->first_number == 3);
  CHECK(model.batch(4)->sequence == 13);
  CHECK(model.batch(4)->records.size() == 2);
  CHECK(model.batch(1)->state == BatchState::kSplit);
  CHECK(script.holds("acked == 0 and failed == 0 and sent == 6"));
}

TEST_CASE("threads in line for memory, what they hold, and who was woken") {
  Script script;
  script.at(2 * kMs);
  for (const std::uint16_t thread : {0, 1}) {
    script.emit({.kind = EventKind::send_called,
                 .actor = thread,
                 .subject = 7u + thread,
                 .a = script.word("orders"),
                 .b = 9});
    script.emit({.kind = EventKind::memory_wait_began, .actor = thread, .subject = 7u + thread, .a = 16384});
  }
  script.tell(EventKind::memory_freed, kNoPlace, 16384, 16384, 1);
  script.emit({.kind = EventKind::waiter_woken, .actor = 0});
  script.emit({.kind = EventKind::memory_reserved, .actor = 0, .subject = 0, .a = 10000, .b = 16384});
  PipelineModel model = script.model();
  const PoolModel& pool = model.producers[0].pool;
  REQUIRE(pool.waiters.size() == 2);
  CHECK(pool.waiters[0].thread == 0);
  CHECK(pool.waiters[0].reserved == 10000);
  CHECK(pool.waiters[0].woken);
  CHECK(pool.reserved() == 10000);
  CHECK(pool.free_blocks == 0);
  CHECK(pool.unpooled() == 0);
  CHECK(model.threads[1].state == ThreadState::kWaitingMemory);
  CHECK(script.holds("pool.waiting == 2 and thread('app-2').state == 'waiting_memory' and pool.free == 0"));
  script.at(9 * kMs).emit({.kind = EventKind::memory_wait_ended,
                           .actor = 0,
                           .subject = 7,
                           .a = 16384,
                           .b = static_cast<std::uint32_t>(ErrorCode::kBufferExhausted)});
  script.emit({.kind = EventKind::send_failed,
               .actor = 0,
               .subject = 7,
               .a = static_cast<std::uint32_t>(ErrorCode::kBufferExhausted),
               .b = 0});
  CHECK(
      script.holds("pool.waiting == 1 and failed('BufferExhaustedException') == 1 and thread('app-1').state "
                   "== 'running'"));
  model = script.model();
  CHECK(model.producers[0].callbacks.back().latency == 7 * kMs);
}

TEST_CASE("a thread in a transactional call waits from its beginning to its end, and the call is known") {
  Script script;
  const auto tell = [&](EventKind kind, TransactionCall call) {
    script.emit({.kind = kind, .actor = 0, .a = static_cast<std::uint32_t>(call)});
  };
  script.at(2 * kMs);
  tell(EventKind::txn_call_began, TransactionCall::kBegin);
  CHECK(script.model().threads[0].state == ThreadState::kRunning);  // it never waits
  tell(EventKind::txn_call_ended, TransactionCall::kBegin);
  script.at(5 * kMs);
  tell(EventKind::txn_call_began, TransactionCall::kCommit);
  const ThreadModel waiting = script.model().threads[0];
  CHECK(waiting.state == ThreadState::kWaitingTransaction);
  CHECK(waiting.in_txn_call);
  CHECK(waiting.txn_call == TransactionCall::kCommit);
  CHECK(waiting.txn_call_began == 5 * kMs);
  CHECK(
      script.holds("thread('app-1').state == 'waiting_transaction' and thread('app-2').state == 'running'"));
  script.at(9 * kMs);
  tell(EventKind::txn_call_ended, TransactionCall::kCommit);
  CHECK_FALSE(script.model().threads[0].in_txn_call);
  CHECK(
      script.holds("thread('app-1').state == 'running' and count('txn_call_ended', "
                   "call='commitTransaction') == 1 and count('txn_call_began') == 2"));
}

TEST_CASE("with record events masked the batch tells how many there were") {
  Script script;
  script.at(1 * kMs).open(1, 0);
  script.drain(1, 0, 12);
  script.request(1, 0, 1);
  script.append_log(1, 0, 1, 0, 12);
  script.tell(EventKind::batch_completed, 0, 1, 0, 12);
  script.tell(EventKind::latch_released, 0, 1);
  CHECK(script.holds("sent == 12 and acked == 12 and partition('orders-0').log.missing == 0"));
}

TEST_CASE("what is finished is remembered, but not for ever") {
  Script script;
  for (BatchId batch = 1; batch <= 1000; ++batch) {
    script.at(batch * kMs).open(batch, 0);
    script.send(0, batch, 0, batch);
    script.drain(batch, 0, 1);
    script.request(batch, 0, batch);
    script.append_log(1, 0, batch, batch - 1, 1);
    script.fetch(2, 0, batch);
    script.watermark(1, 0, batch);
    script.tell(EventKind::response_sent, 1, batch, 0, 60);
    script.tell(EventKind::response_received, 1, batch, 0, 60);
    script.complete(batch, 0, batch, batch);
  }
  const PipelineModel model = script.model();
  const ProducerModel& producer = model.producers[0];
  CHECK(producer.finished_batches.size() == kFinishedBatchesKept);
  CHECK(producer.requests.size() == kEndedRequestsKept);
  CHECK(producer.callbacks.size() == kCallbacksKept);
  CHECK(model.partitions[0].log.replicas[0].tail.empty());
  CHECK(producer.partitions.at(0).acked.ranges().size() == 1);
  CHECK(model.batch(1) == nullptr);
  CHECK(model.batch(1000) != nullptr);
  CHECK(script.holds(
      "acked == 1000 and partition('orders-0').log.size == 1000 and partition('orders-0').log.missing == 0"));
  CHECK(model.approximate_bytes() < 1'000'000);
}

// Mostly small numbers, so that events speak of the same things; sometimes anything at all.
Event senseless(Prng& random) {
  const auto draw = [&] { return random.below(8) == 0 ? random.next_u64() : random.below(6); };
  Event event;
  event.t = static_cast<Nanos>(random.next_u64() >> (1 + random.below(62)));
  event.kind = static_cast<EventKind>(random.below(kEventKindCount));
  event.actor = static_cast<std::uint16_t>(draw());
  event.place = static_cast<std::uint32_t>(draw());
  event.subject = draw();
  event.a = static_cast<std::uint32_t>(draw());
  event.b = static_cast<std::uint32_t>(draw());
  return event;
}

TEST_CASE("events that make no sense are survived: a trace is bytes from outside") {
  Prng random(99);
  for (int run = 0; run < 40; ++run) {
    EventLog log;
    log.append_strings({"orders", "p1", "app-1"});
    for (int i = 0; i < 3'000; ++i) log.append(senseless(random));
    HistoryLimits limits;
    limits.distance = 100;
    History history(log, limits);
    REQUIRE(history.latest().approximate_bytes() < (std::size_t{64} << 20));
    const PipelineModel half = history.model_at(1'500);
    REQUIRE(history.model_at(1'500) == half);
    std::size_t letters = 0;
    for (std::size_t i = 0; i < log.size(); ++i)
      letters += narrate(log[i], log.strings(), log.names()).size();
    REQUIRE(letters > log.size());
    REQUIRE(state_json(history.latest(), log.strings()).size() > 100);
    for (std::uint64_t id = 0; id < 6; ++id) {
      for (const SubjectKind kind : {SubjectKind::kRecord, SubjectKind::kBatch, SubjectKind::kRequest}) {
        const SubjectEvents subject(log, {kind, id});
        const WaitReport report = why(history, subject, log.size(), log.end_time());
        Nanos sum = 0;
        for (const WaitSlice& slice : report.slices) sum += slice.duration();
        REQUIRE(sum == report.total());
      }
      static_cast<void>(history.travel().position(static_cast<RequestId>(id), log.end_time()));
    }
  }
}

}  // namespace
}  // namespace sendscope
