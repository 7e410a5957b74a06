// Transactions in the logs of partitions: who may append, what consumers may read, what markers do.
#include "tests/sim/transaction_fixture.h"

namespace sendscope::sim {
namespace {
constexpr std::int16_t kProduceV1 = 11;
}  // namespace

TEST_CASE("transactions V1: a partition that was not added is refused by its leader") {
  TransactionFixture f;
  f.begin();
  CHECK(f.produce(0, 0, kProduceV1) == ErrorCode::kTransactionAbortable);
  CHECK(f.produce(0, 0, 10) == ErrorCode::kInvalidTxnState);
  REQUIRE(f.add(0) == ErrorCode::kNone);
  CHECK(f.produce(0, 0, kProduceV1) == ErrorCode::kNone);
  CHECK(f.produce(1, 0, kProduceV1) == ErrorCode::kTransactionAbortable);
  CHECK(f.leader(0).log.end_offset() == 3);
  CHECK(f.leader(1).log.end_offset() == 0);
}

TEST_CASE("transactions V2: the batch itself adds its partition") {
  TransactionFixture f;
  f.begin();
  CHECK(f.produce(0, 3) == ErrorCode::kOutOfOrderSequenceNumber);  // a transaction begins at sequence 0
  CHECK(f.produce(0) == ErrorCode::kNone);
  CHECK(f.produce(0, 3) == ErrorCode::kNone);
  CHECK(f.produce(0, 3) == ErrorCode::kNone);  // a duplicate
  CHECK(f.leader(0).log.end_offset() == 6);
}

TEST_CASE("a batch without transactional id, or of two producers at once, fails the whole request") {
  TransactionFixture f;
  f.begin();
  const auto batch = make_batch(1, {f.pid, f.epoch, 0, true});
  const auto other = make_batch(1, {f.pid + 1, f.epoch, 0, true});
  wire::ProduceRequest request = produce_request(batch);
  auto answer = f.ask<wire::ProduceResponse>(f.nodes[1], request, 12);
  CHECK(answer.topics[0].partitions[0].error_code == code(ErrorCode::kTransactionalIdAuthorizationFailed));
  request.transactional_id = "tx";
  request.topics[0].partitions.push_back({1, Bytes(other)});
  answer = f.ask<wire::ProduceResponse>(f.nodes[1], request, 12);
  for (const auto& part : answer.topics[0].partitions)
    CHECK(part.error_code == code(ErrorCode::kInvalidProducerIdMapping));
}

TEST_CASE("while the transaction before is completed, the broker waits a little, then the client has to") {
  Scenario scenario = base_scenario();
  scenario.cluster.config.transaction_marker_delay = 70 * kNanosPerMilli;
  SECTION("short: nobody sees it") {
    TransactionFixture f(std::move(scenario));
    f.begin();
    REQUIRE(f.produce(0) == ErrorCode::kNone);
    f.epoch = f.end(true, kV2, 5 * kNanosPerMilli).producer_epoch;
    CHECK(f.produce(0) == ErrorCode::kNone);
    CHECK(f.leader(0).log.end_offset() == 7);
  }
  SECTION("long") {
    scenario.cluster.config.transaction_marker_delay = kNanosPerSecond;
    TransactionFixture f(std::move(scenario));
    f.begin();
    REQUIRE(f.produce(0) == ErrorCode::kNone);
    f.epoch = f.end(true, kV2).producer_epoch;
    CHECK(f.produce(0) == ErrorCode::kConcurrentTransactions);
    f.run_for(2 * kNanosPerSecond);
    CHECK(f.produce(0) == ErrorCode::kNone);
  }
}

TEST_CASE("the last stable offset waits for the oldest undecided transaction and for its marker's replicas") {
  TransactionFixture f;
  f.begin();
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  const auto plain = make_batch(2);
  f.ask<wire::ProduceResponse>(f.nodes[1], produce_request(plain), 12);
  CHECK(f.leader(0).high_watermark == 5);
  CHECK(f.leader(0).last_stable_offset() == 0);
  f.epoch = f.end(false, kV2).producer_epoch;
  f.run_for(kNanosPerSecond);
  CHECK(f.leader(0).high_watermark == 6);
  CHECK(f.leader(0).last_stable_offset() == 6);
  const auto last = std::prev(f.leader(0).log.end());
  CHECK(last->kind == BatchKind::kAbort);
  CHECK(last->producer_epoch == 1);  // the epoch that fences whatever comes late
  CHECK(f.broker(2).replica(0).producers.first_unstable(6) == -1);
}

TEST_CASE("a late batch of a transaction that is over is fenced by the epoch of its marker") {
  TransactionFixture f;
  f.begin();
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  REQUIRE(f.end(true, kV2).error_code == 0);
  f.run_for(kNanosPerSecond);
  CHECK(f.produce(0, 3) == ErrorCode::kInvalidProducerEpoch);
  CHECK(f.leader(0).last_stable_offset() == 4);
}

TEST_CASE("a batch outside the transaction is refused while it is open") {
  TransactionFixture f;
  f.begin();
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  const auto batch = make_batch(1, {f.pid, f.epoch, 3, false});
  const auto answer = f.ask<wire::ProduceResponse>(f.nodes[1], produce_request(batch), 12);
  CHECK(answer.topics[0].partitions[0].error_code == code(ErrorCode::kInvalidTxnState));
}

TEST_CASE("a later batch is not taken for the first while the first is being verified again") {
  ProducerStates states;
  LogBatch first;
  first.producer_id = 1;
  first.producer_epoch = 0;
  first.base_sequence = 0;
  first.records = 3;
  first.kind = BatchKind::kTransactional;
  LogBatch second = first;
  second.base_sequence = 3;
  CHECK(states.judge(second).error == ErrorCode::kNone);  // nobody knows of the first
  states.note_verification(first);
  CHECK(states.judge(second).error == ErrorCode::kOutOfOrderSequenceNumber);
  CHECK(states.judge(first).error == ErrorCode::kNone);
  states.on_append(first);
  CHECK(states.judge(second).error == ErrorCode::kNone);
}

TEST_CASE("producer states that are built anew from the log know the open transaction") {
  PartitionLog log;
  ProducerStates states;
  const auto append = [&](BatchKind kind, std::int64_t pid) {
    LogBatch batch;
    batch.producer_id = pid;
    batch.producer_epoch = 0;
    batch.base_sequence = kind == BatchKind::kTransactional ? 0 : -1;
    batch.records = 1;
    batch.kind = kind;
    batch.base_offset = log.end_offset();
    log.append(batch);
    states.on_append(batch);
  };
  append(BatchKind::kTransactional, 1);
  append(BatchKind::kTransactional, 2);
  append(BatchKind::kCommit, 1);
  CHECK(states.first_unstable(2) == 0);  // the marker is not safe yet
  CHECK(states.first_unstable(3) == 1);
  ProducerStates again;
  again.rebuild(log);
  CHECK(again.first_unstable(3) == 1);
  CHECK(again.has_open_transaction(2, 0));
  CHECK_FALSE(again.has_open_transaction(1, 0));
  append(BatchKind::kAbort, 2);
  CHECK(states.first_unstable(4) == -1);
}

}  // namespace sendscope::sim
