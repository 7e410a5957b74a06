// The coordinator's answers, state by state; what they do to logs is told in transaction_log_test.cpp.
#include "tests/sim/transaction_fixture.h"

namespace sendscope::sim {
namespace {

constexpr std::int16_t kV1 = 4;  // EndTxn before KIP-890

ErrorCode error_of(const wire::EndTxnResponse& answer) { return static_cast<ErrorCode>(answer.error_code); }

}  // namespace

TEST_CASE("every node names the same coordinator; another node refuses to be it") {
  TransactionFixture f;
  wire::FindCoordinatorRequest request;
  request.key_type = static_cast<std::int8_t>(wire::CoordinatorType::kTransaction);
  request.coordinator_keys = {"tx"};
  for (const auto& [node, conn] : f.nodes) {
    const auto answer = f.ask<wire::FindCoordinatorResponse>(conn, request, 6);
    REQUIRE(answer.coordinators.size() == 1);
    CHECK(answer.coordinators[0].node_id == f.coordinator_node);
    CHECK(answer.coordinators[0].key == "tx");
    CHECK(answer.coordinators[0].host == "node-" + std::to_string(f.coordinator_node));
  }
  const NodeId other = f.coordinator_node % 3 + 1;
  f.coordinator = f.nodes[other];
  CHECK(f.init().error_code == code(ErrorCode::kNotCoordinator));
}

TEST_CASE("InitProducerId: the first epoch is 0, each new owner gets the next, bad requests are refused") {
  TransactionFixture f;
  const auto first = f.init();
  CHECK(first.producer_epoch == 0);
  const auto second = f.init();
  CHECK(second.producer_id == first.producer_id);
  CHECK(second.producer_epoch == 1);
  CHECK(f.init(first.producer_id, 0).error_code == code(ErrorCode::kProducerFenced));
  CHECK(f.init(first.producer_id, 0, 3).error_code == code(ErrorCode::kInvalidProducerEpoch));
  // With its own epoch an owner gets the next one, and the same one again when the answer was lost.
  CHECK(f.init(first.producer_id, 1).producer_epoch == 2);
  CHECK(f.init(first.producer_id, 1).producer_epoch == 2);
  CHECK(f.init(first.producer_id + 1, 1).error_code == code(ErrorCode::kProducerFenced));
  CHECK(f.init(first.producer_id, -1).error_code == code(ErrorCode::kInvalidRequest));
  f.timeout_ms = 901'000;
  CHECK(f.init().error_code == code(ErrorCode::kInvalidTransactionTimeout));
}

TEST_CASE("AddPartitionsToTxn: wrong ids are refused, an unknown partition fails all of them") {
  TransactionFixture f;
  f.begin();
  CHECK(f.add(0) == ErrorCode::kNone);
  CHECK(f.add(0) == ErrorCode::kNone);
  ++f.epoch;
  CHECK(f.add(1) == ErrorCode::kProducerFenced);
  CHECK(f.add(1, 1) == ErrorCode::kInvalidProducerEpoch);
  --f.epoch;
  ++f.pid;
  CHECK(f.add(1) == ErrorCode::kInvalidProducerIdMapping);
  --f.pid;
  const wire::AddPartitionsToTxnRequest request{"tx", f.pid, f.epoch, {{"orders", {1, 9}}}};
  const auto answer = f.ask<wire::AddPartitionsToTxnResponse>(f.coordinator, request, 3);
  CHECK(answer.topics[0].partitions[0].error_code == code(ErrorCode::kOperationNotAttempted));
  CHECK(answer.topics[0].partitions[1].error_code == code(ErrorCode::kUnknownTopicOrPartition));
}

TEST_CASE("EndTxn of transactions V1: answered before the markers, repeated with the same outcome only") {
  Scenario scenario = base_scenario();
  scenario.cluster.config.transaction_marker_delay = kNanosPerSecond;
  TransactionFixture f(std::move(scenario));
  f.begin();
  CHECK(error_of(f.end(true, kV1)) == ErrorCode::kInvalidTxnState);  // nothing has begun
  REQUIRE(f.add(0) == ErrorCode::kNone);
  ++f.epoch;
  CHECK(error_of(f.end(true, kV1)) == ErrorCode::kProducerFenced);
  CHECK(error_of(f.end(true, 1)) == ErrorCode::kInvalidProducerEpoch);
  --f.epoch;
  CHECK(error_of(f.end(true, kV1)) == ErrorCode::kNone);
  CHECK(f.leader(0).log.end_offset() == 0);
  CHECK(error_of(f.end(true, kV1)) == ErrorCode::kConcurrentTransactions);
  CHECK(error_of(f.end(false, kV1)) == ErrorCode::kInvalidTxnState);
  CHECK(f.add(1) == ErrorCode::kConcurrentTransactions);
  CHECK(f.init().error_code == code(ErrorCode::kConcurrentTransactions));
  f.run_for(2 * kNanosPerSecond);
  CHECK(f.leader(0).log.end_offset() == 1);
  CHECK(error_of(f.end(true, kV1)) == ErrorCode::kNone);
  CHECK(error_of(f.end(false, kV1)) == ErrorCode::kInvalidTxnState);
  CHECK(f.add(1) == ErrorCode::kNone);  // the next one begins with the same epoch
}

TEST_CASE(
    "EndTxn of transactions V2 raises the epoch, and knows an answer that was lost by the epoch before") {
  TransactionFixture f;
  f.begin();
  CHECK(error_of(f.end(true, kV2)) == ErrorCode::kInvalidTxnState);
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  const auto committed = f.end(true, kV2);
  CHECK(error_of(committed) == ErrorCode::kNone);
  CHECK(committed.producer_id == f.pid);
  CHECK(committed.producer_epoch == 1);
  f.run_for(kNanosPerSecond);
  CHECK(f.end(true, kV2).producer_epoch == 1);  // again, with epoch 0
  CHECK(error_of(f.end(false, kV2)) == ErrorCode::kInvalidTxnState);
  f.epoch = 1;
  CHECK(error_of(f.end(true, kV2)) == ErrorCode::kInvalidTxnState);
  const auto nothing = f.end(false, kV2);  // an abort of nothing takes an epoch, too
  CHECK(error_of(nothing) == ErrorCode::kNone);
  CHECK(nothing.producer_epoch == 2);
  f.run_for(kNanosPerSecond);
  CHECK(f.end(false, kV2).producer_epoch == 2);
  f.epoch = 0;
  CHECK(error_of(f.end(false, kV2)) == ErrorCode::kProducerFenced);
}

TEST_CASE("used up epochs bring a new producer id, at an end and at an InitProducerId") {
  TransactionFixture f;
  f.begin();
  wire::InitProducerIdRequest request;
  request.transactional_id = "tx";
  request.transaction_timeout_ms = f.timeout_ms;
  while (f.epoch < INT16_MAX - 1) {
    const auto answer = f.ask<wire::InitProducerIdResponse>(f.coordinator, request, 5, 5 * kNanosPerMilli);
    if (answer.error_code != 0) FAIL("refused in epoch " << f.epoch);
    f.epoch = answer.producer_epoch;
  }
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  const auto committed = f.end(true, kV2);
  REQUIRE(error_of(committed) == ErrorCode::kNone);
  CHECK(committed.producer_id != f.pid);
  CHECK(committed.producer_epoch == 0);
  f.run_for(kNanosPerSecond);
  CHECK(std::prev(f.leader(0).log.end())->producer_epoch == INT16_MAX);
  CHECK(f.end(true, kV2).producer_id == committed.producer_id);  // the answer was lost
  f.pid = committed.producer_id;
  f.epoch = 0;
  CHECK(f.produce(1) == ErrorCode::kNone);
}

TEST_CASE("a new owner fences the old one and has its transaction aborted first") {
  TransactionFixture f;
  f.begin();
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  CHECK(f.init().error_code == code(ErrorCode::kConcurrentTransactions));
  f.run_for(kNanosPerSecond);
  const auto owner = f.init();
  CHECK(owner.error_code == 0);
  CHECK(owner.producer_epoch == 2);  // 1 was for the abort
  CHECK(f.leader(0).log.end_offset() == 4);
  CHECK(f.leader(0).last_stable_offset() == 4);
  CHECK(f.produce(0, 3) == ErrorCode::kInvalidProducerEpoch);
  CHECK(error_of(f.end(true, kV1)) == ErrorCode::kProducerFenced);
}

TEST_CASE("a transaction that stays open is aborted when its time is up, at the next look") {
  TransactionFixture f;
  f.timeout_ms = 3'000;
  f.begin();
  REQUIRE(f.produce(0) == ErrorCode::kNone);
  CHECK(f.leader(0).last_stable_offset() == 0);
  f.run_for(11 * kNanosPerSecond - f.loop.now());
  CHECK(f.leader(0).log.end_offset() == 4);
  CHECK(f.leader(0).last_stable_offset() == 4);
  CHECK(error_of(f.end(true, kV2)) == ErrorCode::kInvalidTxnState);
  CHECK(f.end(false, kV2).producer_epoch == 1);  // it may abort, and go on with the epoch after
}

TEST_CASE("another node takes over, loads, and finishes what was decided") {
  Scenario scenario = base_scenario();
  scenario.cluster.config.session_timeout = 500 * kNanosPerMilli;
  scenario.cluster.config.transaction_marker_delay = 300 * kNanosPerMilli;
  TransactionFixture f(std::move(scenario));
  f.begin();
  const PartitionId partition = f.coordinator_node % 3;  // led by another node
  REQUIRE(f.produce(partition) == ErrorCode::kNone);
  REQUIRE(error_of(f.end(true, kV2)) == ErrorCode::kNone);
  f.broker(f.coordinator_node).kill();
  f.run_for(3 * kNanosPerSecond);
  const NodeId next = f.cluster.transactions().coordinator_of("tx");
  CHECK(next != f.coordinator_node);
  // The marker that was under way has arrived, and the new coordinator wrote it again: it does not know.
  CHECK(f.leader(partition).log.end_offset() == 5);
  CHECK(f.leader(partition).last_stable_offset() == 5);
  f.coordinator = f.connect(next);
  CHECK(f.end(true, kV2).producer_epoch == 1);
  CHECK(f.init().producer_epoch == 2);
}

TEST_CASE("offsets of a group are committed by the marker, or forgotten") {
  TransactionFixture f;
  const NodeId group_node = f.cluster.transactions().coordinator_of("readers");
  const auto commit_offset = [&](std::int64_t offset, std::int16_t version) {
    wire::TxnOffsetCommitRequest request;
    request.transactional_id = "tx";
    request.group_id = "readers";
    request.producer_id = f.pid;
    request.producer_epoch = f.epoch;
    request.topics.push_back({"orders", {{0, offset, -1, std::nullopt}}});
    const auto answer = f.ask<wire::TxnOffsetCommitResponse>(f.nodes[group_node], request, version);
    return static_cast<ErrorCode>(answer.topics.at(0).partitions.at(0).error_code);
  };
  f.begin();
  CHECK(commit_offset(5, 4) == ErrorCode::kTransactionAbortable);  // the group is not in the transaction
  const wire::AddOffsetsToTxnRequest join{"tx", f.pid, f.epoch, "readers"};
  CHECK(f.ask<wire::AddOffsetsToTxnResponse>(f.coordinator, join, 4).error_code == 0);
  CHECK(commit_offset(5, 4) == ErrorCode::kNone);
  CHECK(f.cluster.transactions().offsets().committed("readers", 0) == -1);
  REQUIRE(error_of(f.end(true, kV1)) == ErrorCode::kNone);
  f.run_for(kNanosPerSecond);
  CHECK(f.cluster.transactions().offsets().committed("readers", 0) == 5);
  CHECK(commit_offset(9, 5) == ErrorCode::kNone);  // adds itself
  REQUIRE(error_of(f.end(false, kV2)) == ErrorCode::kNone);
  f.run_for(kNanosPerSecond);
  CHECK(f.cluster.transactions().offsets().committed("readers", 0) == 5);
}

}  // namespace sendscope::sim
