// What the errors of each request do to a transaction, and the ways back.
#include "tests/core/producer/scripted_answers.h"
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

using enum ApiKey;

struct Case {
  ApiKey api;
  ErrorCode error;
  TxnState state;       // afterwards
  const char* outcome;  // of the call that the error hit
};

// Init, one record, offsets, commit, as far as they succeed: the outcome of the first that does not.
std::string first_failure(TransactionFixture& f) {
  const std::string init = f.finish(f.init());
  if (init != "ok") return init;
  f.begin();
  f.send("a", 0);
  f.advance(5);
  if (f.txn().has_error()) return f.last_error();
  const std::string offsets = f.finish(f.offsets());
  if (offsets != "ok") return offsets;
  return f.finish(f.commit());
}

}  // namespace

TEST_CASE("errors of each transactional request: which are fatal, which can be aborted, what callers hear") {
  using enum TxnState;
  const Case cases[] = {
      {kFindCoordinator, ErrorCode::kTransactionalIdAuthorizationFailed, kFatal,
       "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
      {kFindCoordinator, ErrorCode::kTransactionAbortable, kAbortable, "pending"},
      {kFindCoordinator, ErrorCode::kInvalidRequest, kFatal, "KAFKA_EXCEPTION"},
      {kInitProducerId, ErrorCode::kProducerFenced, kFatal, "PRODUCER_FENCED"},
      {kInitProducerId, ErrorCode::kInvalidProducerEpoch, kFatal, "PRODUCER_FENCED"},
      {kInitProducerId, ErrorCode::kTransactionAbortable, kAbortable, "TRANSACTION_ABORTABLE"},
      {kInitProducerId, ErrorCode::kTransactionalIdAuthorizationFailed, kUninitialized,
       "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
      {kInitProducerId, ErrorCode::kInvalidRequest, kFatal, "KAFKA_EXCEPTION"},
      {kAddPartitionsToTxn, ErrorCode::kTransactionalIdAuthorizationFailed, kFatal,
       "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
      {kAddPartitionsToTxn, ErrorCode::kTopicAuthorizationFailed, kAbortable, "TOPIC_AUTHORIZATION_FAILED"},
      {kAddPartitionsToTxn, ErrorCode::kInvalidTxnState, kFatal, "INVALID_TXN_STATE"},
      {kAddPartitionsToTxn, ErrorCode::kInvalidProducerIdMapping, kFatal, "INVALID_PRODUCER_ID_MAPPING"},
      {kAddPartitionsToTxn, ErrorCode::kProducerFenced, kFatal, "PRODUCER_FENCED"},
      {kAddPartitionsToTxn, ErrorCode::kInvalidProducerEpoch, kFatal, "PRODUCER_FENCED"},
      {kAddPartitionsToTxn, ErrorCode::kUnknownProducerId, kAbortable, "UNKNOWN_PRODUCER_ID"},
      {kAddPartitionsToTxn, ErrorCode::kTransactionAbortable, kAbortable, "TRANSACTION_ABORTABLE"},
      {kAddPartitionsToTxn, ErrorCode::kOperationNotAttempted, kAbortable, "KAFKA_EXCEPTION"},
      {kAddOffsetsToTxn, ErrorCode::kTransactionalIdAuthorizationFailed, kFatal,
       "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
      {kAddOffsetsToTxn, ErrorCode::kInvalidTxnState, kFatal, "INVALID_TXN_STATE"},
      {kAddOffsetsToTxn, ErrorCode::kProducerFenced, kFatal, "PRODUCER_FENCED"},
      {kAddOffsetsToTxn, ErrorCode::kInvalidProducerEpoch, kFatal, "PRODUCER_FENCED"},
      {kAddOffsetsToTxn, ErrorCode::kUnknownProducerId, kAbortable, "UNKNOWN_PRODUCER_ID"},
      {kAddOffsetsToTxn, ErrorCode::kGroupAuthorizationFailed, kAbortable, "GROUP_AUTHORIZATION_FAILED"},
      {kAddOffsetsToTxn, ErrorCode::kTransactionAbortable, kAbortable, "TRANSACTION_ABORTABLE"},
      {kTxnOffsetCommit, ErrorCode::kTransactionalIdAuthorizationFailed, kFatal,
       "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
      {kTxnOffsetCommit, ErrorCode::kGroupAuthorizationFailed, kAbortable, "GROUP_AUTHORIZATION_FAILED"},
      {kTxnOffsetCommit, ErrorCode::kFencedInstanceId, kAbortable, "FENCED_INSTANCE_ID"},
      {kTxnOffsetCommit, ErrorCode::kUnknownMemberId, kAbortable, "COMMIT_FAILED"},
      {kTxnOffsetCommit, ErrorCode::kIllegalGeneration, kAbortable, "COMMIT_FAILED"},
      {kTxnOffsetCommit, ErrorCode::kProducerFenced, kFatal, "PRODUCER_FENCED"},
      {kTxnOffsetCommit, ErrorCode::kInvalidProducerEpoch, kFatal, "PRODUCER_FENCED"},
      {kTxnOffsetCommit, ErrorCode::kUnsupportedForMessageFormat, kFatal, "UNSUPPORTED_FOR_MESSAGE_FORMAT"},
      {kTxnOffsetCommit, ErrorCode::kTransactionAbortable, kAbortable, "TRANSACTION_ABORTABLE"},
      {kTxnOffsetCommit, ErrorCode::kUnknownTopicOrPartition, kReady, "ok"},
      {kTxnOffsetCommit, ErrorCode::kCoordinatorLoadInProgress, kReady, "ok"},
      {kTxnOffsetCommit, ErrorCode::kRequestTimedOut, kReady, "ok"},
      {kTxnOffsetCommit, ErrorCode::kNetworkException, kReady, "ok"},
      {kEndTxn, ErrorCode::kTransactionalIdAuthorizationFailed, kFatal,
       "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
      {kEndTxn, ErrorCode::kInvalidTxnState, kFatal, "INVALID_TXN_STATE"},
      {kEndTxn, ErrorCode::kProducerFenced, kFatal, "PRODUCER_FENCED"},
      {kEndTxn, ErrorCode::kInvalidProducerEpoch, kFatal, "PRODUCER_FENCED"},
      {kEndTxn, ErrorCode::kUnknownProducerId, kAbortable, "UNKNOWN_PRODUCER_ID"},
      {kEndTxn, ErrorCode::kTransactionAbortable, kAbortable, "TRANSACTION_ABORTABLE"},
  };
  for (const Case& c : cases) {
    TransactionFixture f;
    f.coordinator().errors[c.api] = {c.error};
    INFO(api_row(c.api).name << " " << error_row(c.error).name);
    const std::string outcome = first_failure(f);
    f.advance(5);
    if (std::string(c.outcome) != "pending") CHECK(outcome == c.outcome);
    CHECK(f.txn().state() == c.state);
  }
}

TEST_CASE("a group nobody may look up costs the transaction, not the producer") {
  TransactionFixture f;
  f.begin();
  f.coordinator().errors[kFindCoordinator] = {ErrorCode::kGroupAuthorizationFailed};
  CHECK(f.finish(f.offsets()) == "GROUP_AUTHORIZATION_FAILED");
  CHECK(f.txn().has_abortable_error());
  CHECK(f.finish(f.abort()) == "ok");
  f.begin();
  CHECK(f.finish(f.offsets()) == "ok");
  CHECK(f.finish(f.commit()) == "ok");
}

TEST_CASE("errors of produce requests in a transaction: which are fatal, which can be aborted") {
  using enum TxnState;
  struct ProduceCase {
    ErrorCode error;
    TxnState state;
    const char* last_error;
  };
  const ProduceCase cases[] = {
      {ErrorCode::kInvalidProducerEpoch, kAbortable, "INVALID_PRODUCER_EPOCH"},
      {ErrorCode::kInvalidTxnState, kAbortable, "TRANSACTION_ABORTABLE"},
      {ErrorCode::kTransactionAbortable, kAbortable, "TRANSACTION_ABORTABLE"},
      {ErrorCode::kOutOfOrderSequenceNumber, kAbortable, "OUT_OF_ORDER_SEQUENCE_NUMBER"},
      {ErrorCode::kInvalidTimestamp, kAbortable, "INVALID_TIMESTAMP"},
      {ErrorCode::kProducerFenced, kFatal, "PRODUCER_FENCED"},
      {ErrorCode::kInvalidProducerIdMapping, kFatal, "INVALID_PRODUCER_ID_MAPPING"},
      {ErrorCode::kClusterAuthorizationFailed, kFatal, "CLUSTER_AUTHORIZATION_FAILED"},
      {ErrorCode::kTransactionalIdAuthorizationFailed, kFatal, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
  };
  for (const ProduceCase& c : cases) {
    TransactionFixture f;
    ScriptedAnswers answers(f);
    f.begin();
    answers.then(c.error);
    f.send("a", 0);
    f.advance(10);
    INFO(error_row(c.error).name);
    CHECK(f.outcomes() == "a:" + std::string(error_row(c.error).name));
    CHECK(f.txn().state() == c.state);
    CHECK(f.last_error() == c.last_error);
    CHECK(f.refusal(f.txn().begin_commit()) != "ok");
    CHECK((f.refusal(f.txn().maybe_add_partition({"orders", 1})) == "ok") == false);
    if (c.state != kAbortable) continue;
    f.heard();
    CHECK(f.finish(f.abort()) == "ok");
    CHECK(f.heard() == "abort init:1000/0");
    CHECK(f.txn().producer_id_and_epoch() == ProducerIdAndEpoch{1000, 1});
    f.begin();
    answers.seen();
    f.send("b", 0);
    f.advance(10);
    CHECK(answers.seen() == "0@1000/1+0");
    CHECK(f.finish(f.commit()) == "ok");
  }
}

TEST_CASE("a retriable error out of retries ends the transaction; what comes after hears of that") {
  for (const std::int16_t version : {std::int16_t{1}, std::int16_t{2}}) {
    TransactionFixture f(version, {{"retries", "1"}, {"retry.backoff.ms", "5"}});
    ScriptedAnswers answers(f);
    f.begin();
    answers.then(ErrorCode::kNotEnoughReplicas);
    answers.then(ErrorCode::kNotEnoughReplicas);
    f.send("a", 0);
    f.advance(100);
    CHECK(f.outcomes() == "a:NOT_ENOUGH_REPLICAS");
    CHECK(f.last_error() == "TRANSACTION_ABORTABLE");
    const Result<TxnResultPtr> commit = f.txn().begin_commit();
    REQUIRE_FALSE(commit.ok());
    CHECK(commit.error().cause == ErrorCode::kTransactionAbortable);
    CHECK(f.finish(f.abort()) == "ok");
    f.begin();
    f.send("b", 0);
    f.advance(20);
    CHECK(f.finish(f.commit()) == "ok");
  }
}

TEST_CASE("what a commit could not do can be aborted; an abort that must be aborted is fatal") {
  TransactionFixture f;
  f.begin();
  f.send("a", 0);
  f.advance(5);
  f.coordinator().errors[kEndTxn] = {ErrorCode::kTransactionAbortable, ErrorCode::kTransactionAbortable};
  CHECK(f.finish(f.commit()) == "TRANSACTION_ABORTABLE");
  CHECK(f.txn().has_abortable_error());
  CHECK(f.finish(f.abort()) == "KAFKA_EXCEPTION");
  CHECK(f.txn().has_fatal_error());
}

// ---- expiry

namespace {

void refuse_everything(ScriptedAnswers& answers) {
  for (int i = 0; i < 300; ++i) answers.then(ErrorCode::kNotEnoughReplicas);
}

}  // namespace

TEST_CASE("records that expire end the transaction; with two partitions, too; the commit hears of it") {
  for (const bool commits : {true, false}) {
    TransactionFixture f(1, {{"delivery.timeout.ms", "500"}, {"request.timeout.ms", "500"}});
    f.begin();
    f.broker_.holds_answers = true;
    f.send("a", 0);
    f.send("b", 1);
    f.advance(20);
    const TxnResultPtr commit = commits ? f.commit() : nullptr;
    f.advance(485);
    CHECK(f.outcomes() == "a:TIMEOUT b:TIMEOUT");
    CHECK(f.txn().has_abortable_error());
    CHECK(f.last_error() == "TRANSACTION_ABORTABLE");
    if (commits) CHECK(f.finish(commit) == "TRANSACTION_ABORTABLE");
    if (commits) CHECK(commit->error()->cause == ErrorCode::kTimeout);
    if (!commits) CHECK(f.refusal(f.txn().begin_commit()) == "KAFKA_EXCEPTION");
    f.broker_.holds_answers = false;
    f.broker_.release();
    CHECK(f.finish(f.abort()) == "ok");
    CHECK(f.txn().producer_id_and_epoch().epoch == 1);
  }
}

TEST_CASE("a late answer to a batch that expired long ago does not poison the next transaction") {
  TransactionFixture f(1, {{"delivery.timeout.ms", "500"}, {"request.timeout.ms", "500"}});
  f.begin();
  f.send("warm", 0);
  f.advance(10);
  ScriptedAnswers answers(f);
  answers.then(ErrorCode::kOutOfOrderSequenceNumber);
  f.broker_.holds_answers = true;
  f.send("a", 0);
  f.advance(501);
  CHECK(f.outcomes() == "warm:ok a:TIMEOUT");
  f.broker_.holds_answers = false;
  const TxnResultPtr abort = f.abort();
  f.broker_.release();
  CHECK(f.finish(abort) == "ok");
  CHECK(f.txn().state() == TxnState::kReady);
  CHECK(f.last_error() == "none");
}

TEST_CASE("a retried batch that expires: abortable where epochs can be raised, else fatal") {
  for (const bool can_bump : {true, false}) {
    TransactionFixture f(1, short_lives());
    if (!can_bump) f.cannot_raise_epochs();
    f.begin();
    ScriptedAnswers answers(f);
    refuse_everything(answers);
    f.send("a", 0);
    f.advance(510);
    CHECK(f.outcomes() == "a:TIMEOUT");
    f.advance(20);
    CHECK(f.txn().state() == (can_bump ? TxnState::kAbortable : TxnState::kFatal));
  }
}

// ---- sequences in a transaction

TEST_CASE("a producer the log no longer knows starts its partition over, in the same epoch") {
  TransactionFixture f;
  f.begin();
  ScriptedAnswers answers(f);
  f.send("a", 0);
  f.advance(10);
  answers.then(ErrorCode::kUnknownProducerId, 1'000'000);  // the log begins after all that was acknowledged
  f.send("b", 0);
  f.advance(300);
  CHECK(answers.seen() == "0@1000/0+0 0@1000/0+1 0@1000/0+0");
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK_FALSE(f.txn().has_error());
}

TEST_CASE("a producer that is unknown although its records are in the log has lost some, and is told") {
  TransactionFixture f;
  f.begin();
  ScriptedAnswers answers(f);
  f.send("a", 0);
  f.advance(10);
  answers.then(ErrorCode::kUnknownProducerId, 0);
  f.send("b", 0);
  f.advance(300);
  CHECK(f.outcomes() == "a:ok b:UNKNOWN_PRODUCER_ID");
  CHECK(f.txn().has_abortable_error());
  f.heard();
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard() == "abort init:1000/0");
}

TEST_CASE("where epochs cannot be raised, an aborted transaction gives its sequences to the next") {
  struct Row {
    ErrorCode error;
    std::int32_t next;
  };
  for (const Row& row :
       {Row{ErrorCode::kTopicAuthorizationFailed, 1}, Row{ErrorCode::kUnknownProducerId, 0}}) {
    TransactionFixture f;
    f.cannot_raise_epochs();
    f.begin();
    ScriptedAnswers answers(f);
    f.send("a", 0);
    f.advance(10);
    answers.then(row.error, 0);
    f.send("b", 0);
    f.advance(10);
    INFO(error_row(row.error).name);
    REQUIRE(f.txn().has_abortable_error());
    f.heard();
    CHECK(f.finish(f.abort()) == "ok");
    CHECK(f.heard() == "abort");
    CHECK(f.txn().sequence_number({"orders", 0}) == row.next);
    CHECK(f.txn().producer_id_and_epoch().epoch == 0);
  }
}

TEST_CASE("the gap of a failed batch is closed behind it, not before it") {
  TransactionFixture f;
  f.cannot_raise_epochs();
  f.begin();
  f.send("a", 0);
  f.advance(10);
  f.broker_.holds_answers = true;
  for (const char* name : {"b", "c", "d"}) {
    f.send(name, 0);
    f.advance(2);
  }
  const auto in_flight = [&f] { return f.txn().partitions().at({"orders", 0}).in_flight(); };
  REQUIRE(in_flight().size() == 3);
  const BatchPtr failed = in_flight()[1];
  REQUIRE(failed->base_sequence() == 2);
  REQUIRE(f.txn().handle_failed_batch(failed, Error(ErrorCode::kTopicAuthorizationFailed), true).ok());
  REQUIRE(in_flight().size() == 2);
  CHECK(in_flight()[0]->base_sequence() == 1);
  CHECK(in_flight()[1]->base_sequence() == 2);
  CHECK(f.txn().sequence_number({"orders", 0}) == 3);
}

TEST_CASE("the parts of a batch split inside a transaction keep their sequences") {
  TransactionFixture f;
  f.begin();
  ScriptedAnswers answers(f);
  answers.then(ErrorCode::kMessageTooLarge);
  for (const char* name : {"a", "b"}) f.send(name, 0, 6'000);
  f.advance(20);
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.txn().sequence_number({"orders", 0}) == 2);
  CHECK(f.memory_out() == 0);
}
