// Ways out of a transaction that went wrong: what is still sent, what is dropped, what the abort asks for.
#include "tests/core/producer/scripted_answers.h"
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

using enum ApiKey;

}  // namespace

TEST_CASE("a transaction to which nothing was added ends without a request") {
  TransactionFixture f;
  f.begin();
  f.heard();
  f.coordinator().partition_errors[{"orders", 0}] = {ErrorCode::kTopicAuthorizationFailed};
  f.send("a", 0);
  f.advance(20);
  CHECK(f.txn().has_abortable_error());
  CHECK(f.outcomes() == "a:TOPIC_AUTHORIZATION_FAILED");
  CHECK_FALSE(f.txn().is_send_to_partition_allowed({"orders", 0}));
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard() == "add:orders-0");
  CHECK(f.txn().state() == TxnState::kReady);
  CHECK(f.memory_out() == 0);

  f.begin();
  f.coordinator().errors[kAddOffsetsToTxn] = {ErrorCode::kGroupAuthorizationFailed};
  CHECK(f.finish(f.offsets()) == "GROUP_AUTHORIZATION_FAILED");
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard() == "offsets:g");
  f.begin();
  f.send("b", 0);
  f.advance(20);
  CHECK(f.finish(f.commit()) == "ok");
}

TEST_CASE("a commit asked for while a partition is being refused fails, and so do its records") {
  TransactionFixture f;
  f.begin();
  f.broker_.holds = {kAddPartitionsToTxn};
  f.coordinator().partition_errors[{"orders", 0}] = {ErrorCode::kTopicAuthorizationFailed};
  f.coordinator().partition_errors[{"orders", 1}] = {ErrorCode::kOperationNotAttempted};
  f.send("a", 0);
  f.send("b", 1);
  f.advance(10);
  const TxnResultPtr commit = f.commit();
  f.advance(10);
  f.broker_.holds.clear();
  f.broker_.release();
  CHECK(f.finish(commit) == "TOPIC_AUTHORIZATION_FAILED");
  f.advance(5);
  CHECK(f.outcomes() == "a:TOPIC_AUTHORIZATION_FAILED b:TOPIC_AUTHORIZATION_FAILED");
  CHECK(f.finish(f.abort()) == "ok");
}

TEST_CASE(
    "after a partition was refused, what was already in the transaction is finished, the rest dropped") {
  TransactionFixture f(1, {{"retry.backoff.ms", "50"}, {"retry.backoff.max.ms", "50"}});
  ScriptedAnswers answers(f);
  f.begin();
  f.heard();
  answers.then(ErrorCode::kNotEnoughReplicas);
  f.send("a", 0);
  f.advance(10);  // "a" is to be retried
  f.coordinator().partition_errors[{"orders", 1}] = {ErrorCode::kTopicAuthorizationFailed};
  f.send("b", 1);
  f.advance(10);
  CHECK(f.txn().has_abortable_error());
  CHECK(f.outcomes() == "b:TOPIC_AUTHORIZATION_FAILED");
  CHECK(f.txn().is_send_to_partition_allowed({"orders", 0}));
  f.advance(100);
  CHECK(f.outcomes() == "b:TOPIC_AUTHORIZATION_FAILED a:ok");
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard() == "add:orders-0 produce:orders-0 add:orders-1 produce:orders-0 abort");
  f.begin();
  f.send("c", 0);
  f.advance(20);
  CHECK(f.finish(f.commit()) == "ok");
}

TEST_CASE("an abort drops what was not sent, and says so to the records") {
  TransactionFixture f(1, {{"linger.ms", "1000"}});
  f.begin();
  f.heard();
  f.send("a", 0);
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.outcomes() == "a:TRANSACTION_ABORTED");
  CHECK(f.heard().empty());
  CHECK(f.memory_out() == 0);
}

TEST_CASE("an abort first finishes what is being retried: a partition, then a record") {
  TransactionFixture f(1, {{"retry.backoff.ms", "50"}, {"retry.backoff.max.ms", "50"}});
  ScriptedAnswers answers(f);
  f.begin();
  f.heard();
  f.coordinator().partition_errors[{"orders", 0}] = {ErrorCode::kCoordinatorLoadInProgress};
  f.send("a", 0);
  f.advance(10);
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard() == "add:orders-0 add:orders-0 abort");
  CHECK(f.outcomes() == "a:TRANSACTION_ABORTED");

  f.begin();
  answers.then(ErrorCode::kNotEnoughReplicas);
  f.send("b", 0);
  f.advance(10);
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard() == "add:orders-0 produce:orders-0 produce:orders-0 abort");
  CHECK(f.outcomes() == "a:TRANSACTION_ABORTED b:ok");
}

TEST_CASE("an error during an abort that could be aborted is none; a fatal one is") {
  TransactionFixture f;
  ScriptedAnswers answers(f);
  f.begin();
  f.broker_.holds_answers = true;
  answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.send("a", 0);
  f.advance(10);
  const TxnResultPtr abort = f.abort();
  f.advance(10);
  CHECK(f.txn().is_aborting());
  f.broker_.holds_answers = false;
  f.broker_.release();
  CHECK(f.finish(abort) == "ok");
  CHECK(f.outcomes() == "a:OUT_OF_ORDER_SEQUENCE_NUMBER");
  CHECK(f.txn().state() == TxnState::kReady);

  f.begin();
  f.broker_.holds = {kAddOffsetsToTxn};
  f.coordinator().errors[kAddOffsetsToTxn] = {ErrorCode::kInvalidTxnState};
  const TxnResultPtr offsets = f.offsets();
  f.advance(10);
  const TxnResultPtr doomed = f.abort();
  f.broker_.holds.clear();
  f.broker_.release();
  CHECK(f.finish(offsets) == "INVALID_TXN_STATE");
  CHECK(f.finish(doomed) == "INVALID_TXN_STATE");
  CHECK(f.txn().has_fatal_error());
}

TEST_CASE("after an error that can be aborted the coordinator may still be looked for") {
  TransactionFixture f;
  f.begin();
  f.coordinator().partition_errors[{"orders", 0}] = {ErrorCode::kTopicAuthorizationFailed};
  f.send("a", 0);
  f.advance(20);
  REQUIRE(f.txn().has_abortable_error());
  f.heard();
  TxnRequest request;
  request.coordinator = wire::CoordinatorType::kTransaction;
  request.coordinator_key = "id";
  f.txn().lookup_coordinator(request);
  CHECK_FALSE(f.txn().coordinator(wire::CoordinatorType::kTransaction).has_value());
  f.producer_->sender().wakeup();
  f.advance(20);
  CHECK(f.heard() == "find:id");
  CHECK(f.txn().coordinator(wire::CoordinatorType::kTransaction).has_value());
}

TEST_CASE("abortable errors of requests raise the epoch with the abort, sequences start over") {
  for (const ApiKey api : {kAddPartitionsToTxn, kAddOffsetsToTxn}) {
    TransactionFixture f;
    ScriptedAnswers answers(f);
    f.begin();
    f.send("a", 0);
    f.advance(10);
    f.coordinator().errors[api] = {ErrorCode::kUnknownProducerId};
    if (api == kAddPartitionsToTxn) {
      f.send("b", 1);
      f.advance(10);
    } else {
      CHECK(f.finish(f.offsets()) == "UNKNOWN_PRODUCER_ID");
    }
    REQUIRE(f.txn().has_abortable_error());
    f.heard();
    CHECK(f.finish(f.abort()) == "ok");
    CHECK(f.heard() == "abort init:1000/0");
    f.begin();
    answers.seen();
    f.send("c", 0);
    f.advance(10);
    CHECK(answers.seen() == "0@1000/1+0");
  }
}

// ---- closing

namespace {

// A commit was asked for while the answer to the transaction's only record is held back.
struct CommitUnderWay : TransactionFixture {
  CommitUnderWay() {
    begin();
    broker_.holds_answers = true;
    send("a", 0);
    advance(10);
    asked_for = commit();
  }
  TxnResultPtr asked_for;
};

}  // namespace

TEST_CASE("a graceful close finishes a commit that was asked for") {
  CommitUnderWay f;
  f.producer_->sender().initiate_close(f.now_);
  f.advance(20);
  CHECK_FALSE(f.producer_->sender().exited());
  f.broker_.holds_answers = false;
  f.broker_.release();
  CHECK(f.finish(f.asked_for) == "ok");
  f.advance(200);
  CHECK(f.producer_->sender().exited());
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.heard().find("commit") != std::string::npos);
}

TEST_CASE("a graceful close aborts a transaction that nobody ended") {
  TransactionFixture f;
  f.begin();
  f.send("a", 0);
  f.advance(10);
  f.heard();
  f.producer_->sender().initiate_close(f.now_);
  f.advance(200);
  CHECK(f.producer_->sender().exited());
  CHECK(f.heard() == "abort");
}

TEST_CASE("a forced close fails the commit under way") {
  CommitUnderWay f;
  f.advance(10);
  f.producer_->sender().force_close(f.now_);
  f.advance(10);
  CHECK(f.producer_->sender().exited());
  CHECK(f.outcome(f.asked_for) == "KAFKA_EXCEPTION");
  CHECK(f.outcomes() == "a:KAFKA_EXCEPTION");
}

TEST_CASE("a close whose own abort is not possible is a forced one") {
  TransactionFixture f;
  f.begin();
  f.send("a", 0);
  f.advance(10);
  f.coordinator().errors[kEndTxn] = {ErrorCode::kTransactionAbortable};
  REQUIRE(f.finish(f.commit()) == "TRANSACTION_ABORTABLE");
  f.coordinator().errors[kEndTxn] = {ErrorCode::kInvalidRequest};
  f.producer_->sender().initiate_close(f.now_);
  f.advance(500);
  CHECK(f.producer_->sender().exited());
  CHECK(f.memory_out() == 0);
}
