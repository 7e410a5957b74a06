// What an application may call when: readiness, calls that timed out, transitions that are forbidden.
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

using enum ApiKey;
const TopicPartition kOrders0{"orders", 0};

std::string refusal_of_send(TransactionFixture& f) {
  return f.refusal(f.txn().maybe_add_partition(kOrders0));
}

// In a transaction that holds partition 0; then an error, fatal or not.
void fail(TransactionFixture& f, bool fatal) {
  const ErrorCode error = fatal ? ErrorCode::kProducerFenced : ErrorCode::kInvalidTimestamp;
  REQUIRE(f.txn().maybe_transition_to_error_state(Error(error)).ok());
  REQUIRE(f.txn().has_fatal_error() == fatal);
  REQUIRE(f.txn().has_error());
}

}  // namespace

TEST_CASE("records may be sent between begin and end only, and not after an error") {
  TransactionFixture f;
  CHECK(refusal_of_send(f) == "ILLEGAL_STATE");  // no producer id
  REQUIRE(f.finish(f.init()) == "ok");
  CHECK(refusal_of_send(f) == "ILLEGAL_STATE");  // no transaction
  f.begin();
  CHECK(refusal_of_send(f) == "ok");
  fail(f, false);
  CHECK(refusal_of_send(f) == "KAFKA_EXCEPTION");
  fail(f, true);
  CHECK(refusal_of_send(f) == "PRODUCER_FENCED");

  ProducerFixture idempotent;
  CHECK(idempotent.producer_->transactions()->maybe_add_partition(kOrders0).ok());
  REQUIRE(idempotent.producer_->transactions()
              ->maybe_transition_to_error_state(Error(ErrorCode::kClusterAuthorizationFailed))
              .ok());
  const Result<void> refused = idempotent.producer_->transactions()->maybe_add_partition(kOrders0);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().cause == ErrorCode::kClusterAuthorizationFailed);
}

TEST_CASE("whether there is an ongoing transaction, through success, abort and errors") {
  for (const bool commit : {true, false}) {
    TransactionFixture f;
    CHECK_FALSE(f.txn().has_ongoing_transaction());
    REQUIRE(f.finish(f.init()) == "ok");
    CHECK_FALSE(f.txn().has_ongoing_transaction());
    f.begin();
    CHECK(f.txn().has_ongoing_transaction());
    f.send("a", 0);
    f.advance(10);
    const TxnResultPtr end = commit ? f.commit() : f.abort();
    CHECK(f.txn().is_completing());
    CHECK(f.txn().has_ongoing_transaction());
    CHECK(f.finish(end) == "ok");
    CHECK_FALSE(f.txn().has_ongoing_transaction());
  }
  for (const bool fatal : {true, false}) {
    TransactionFixture f;
    f.begin();
    fail(f, fatal);
    CHECK(f.txn().has_ongoing_transaction() != fatal);
    if (fatal) continue;
    CHECK(f.finish(f.abort()) == "ok");
    CHECK_FALSE(f.txn().has_ongoing_transaction());
  }
}

TEST_CASE("records go to partitions the coordinator has accepted, also after an error that is not fatal") {
  enum Stage { kNotAdded, kNew, kBeingAdded, kAdded };
  for (const Stage stage : {kNotAdded, kNew, kBeingAdded, kAdded}) {
    for (const bool fatal : {false, true}) {
      TransactionFixture f;
      f.begin();
      f.broker_.holds = {kAddPartitionsToTxn};
      if (stage != kNotAdded) REQUIRE(f.txn().maybe_add_partition(kOrders0).ok());
      if (stage >= kBeingAdded) {
        f.producer_->sender().wakeup();
        f.advance(20);
        REQUIRE(f.broker_.held() == 1);
      }
      if (stage == kAdded) {
        f.broker_.release();
        f.advance(5);
      }
      fail(f, fatal);
      INFO("stage " << stage << (fatal ? " fatal" : ""));
      CHECK(f.txn().is_send_to_partition_allowed(kOrders0) == (stage == kAdded && !fatal));
    }
  }
}

TEST_CASE("initTransactions is not for twice") {
  TransactionFixture f;
  REQUIRE(f.finish(f.init()) == "ok");
  CHECK(f.refusal(f.txn().initialize_transactions()) == "ILLEGAL_STATE");
  CHECK(f.txn().state() == TxnState::kReady);
}

TEST_CASE(
    "a call that timed out is called again and gives the same result; nothing else may be called before") {
  enum Call { kInit, kCommit, kAbort };
  for (const Call call : {kInit, kCommit, kAbort}) {
    TransactionFixture f;
    if (call != kInit) {
      f.begin();
      f.send("a", 0);
      f.advance(10);
    }
    f.broker_.holds = {kInitProducerId, kEndTxn};
    const auto again = [&] {
      return call == kInit     ? f.txn().initialize_transactions()
             : call == kCommit ? f.txn().begin_commit()
                               : f.txn().begin_abort();
    };
    const TxnResultPtr first = again().value();
    f.producer_->sender().wakeup();
    f.advance(100);  // the caller has given up
    f.heard();
    CHECK(again().value() == first);
    CHECK(f.refusal(f.txn().begin_transaction()) == "ILLEGAL_STATE");
    CHECK(f.refusal(f.txn().send_offsets_to_transaction({}, {"g", -1, {}, {}})) == "ILLEGAL_STATE");
    CHECK(refusal_of_send(f) == "ILLEGAL_STATE");
    if (call != kInit) CHECK(f.refusal(f.txn().initialize_transactions()) == "ILLEGAL_STATE");
    if (call != kCommit) CHECK(f.refusal(f.txn().begin_commit()) == "ILLEGAL_STATE");
    if (call != kAbort) CHECK(f.refusal(f.txn().begin_abort()) == "ILLEGAL_STATE");
    f.broker_.holds.clear();
    f.broker_.release();
    f.advance(100);
    CHECK(first->is_completed());
    CHECK(f.refusal(f.txn().begin_transaction()) == "ILLEGAL_STATE");  // done, but nobody has seen it
    CHECK(again().value() == first);
    CHECK(f.finish(first) == "ok");
    CHECK(f.heard().find("commit") == std::string::npos);  // nothing was sent a second time
    CHECK(f.txn().begin_transaction().ok());
  }
}

TEST_CASE("a forbidden transition on the sender's thread is fatal, and says what was tried") {
  TransactionFixture f;
  REQUIRE(f.finish(f.init()) == "ok");
  const Result<void> refused = f.txn().begin_abort_at_close();  // there is nothing to abort
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kIllegalState);
  CHECK(f.txn().has_fatal_error());
  CHECK(f.last_error() == "ILLEGAL_STATE");
  CHECK(f.refusal(f.txn().begin_transaction()) == "ILLEGAL_STATE");

  TransactionFixture application;
  REQUIRE(application.finish(application.init()) == "ok");
  CHECK(application.refusal(application.txn().begin_abort()) == "ILLEGAL_STATE");
  CHECK_FALSE(application.txn().has_error());
  application.begin();
}

TEST_CASE("sequences never acknowledged: abortable where the producer may go on in a new epoch, else fatal") {
  struct Case {
    std::int16_t version;
    bool can_bump;
    TxnState state;
  };
  for (const Case& c : {Case{1, true, TxnState::kAbortable}, Case{1, false, TxnState::kFatal},
                        Case{2, true, TxnState::kAbortable}, Case{2, false, TxnState::kAbortable}}) {
    TransactionFixture f(c.version);
    if (!c.can_bump) f.cannot_raise_epochs();
    f.begin();
    f.send("a", 0);
    f.advance(10);
    // As an expiry between two tries leaves it: the partition's next sequence is not the one after the last
    // ack.
    f.send("b", 0);
    f.broker_.holds_answers = true;
    f.advance(10);
    const TxnPartitionMap partitions = f.txn().partitions();
    REQUIRE(partitions.at(kOrders0).in_flight().size() == 1);
    const BatchPtr lost = partitions.at(kOrders0).in_flight().front();
    f.txn().mark_sequence_unresolved(*lost);
    REQUIRE(f.txn().has_unresolved_sequence(kOrders0));
    REQUIRE(f.txn().maybe_resolve_sequences().ok());
    CHECK(f.txn().has_unresolved_sequence(kOrders0));  // an answer may still come
    f.txn().remove_in_flight_batch(lost);
    CHECK(f.txn().maybe_resolve_sequences().ok());
    CHECK(f.txn().state() == c.state);
    CHECK_FALSE(f.txn().has_unresolved_sequence(kOrders0));
  }
}
