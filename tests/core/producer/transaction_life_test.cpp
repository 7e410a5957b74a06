// A transaction from its beginning to its end, in both protocols: what is asked, in which order.
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

TEST_CASE("a transaction of version 1: lookup, id, partitions, records, offsets, end, in this order") {
  TransactionFixture f;
  CHECK(f.finish(f.init()) == "ok");
  CHECK(f.heard() == "find:id init:-1/-1");
  CHECK(f.txn().state() == TxnState::kReady);
  CHECK_FALSE(f.txn().is_transaction_v2_enabled());
  f.begin();
  f.send("a", 0);
  f.advance(5);
  CHECK(f.finish(f.offsets()) == "ok");
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.heard() == "add:orders-0 produce:orders-0 offsets:g find-group:g commit-offsets:orders-1 commit");
  CHECK(f.outcomes() == "a:ok");
  CHECK_FALSE(f.txn().has_ongoing_transaction());
  CHECK(f.txn().producer_id_and_epoch() == ProducerIdAndEpoch{1000, 0});
}

TEST_CASE("a transaction of version 2 registers nothing: records and offsets speak for themselves") {
  TransactionFixture f(2);
  f.begin();
  CHECK(f.txn().is_transaction_v2_enabled());
  f.broker_.holds = {ApiKey::kTxnOffsetCommit};
  f.send("a", 0);
  f.advance(5);
  const TxnResultPtr offsets = f.offsets();
  f.advance(20);
  CHECK(f.outcome(offsets) == "pending");
  f.broker_.holds.clear();
  f.broker_.release();
  CHECK(f.finish(offsets) == "ok");
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.heard() == "find:id init:-1/-1 produce:orders-0 find-group:g commit-offsets:orders-1 commit");
}

TEST_CASE("in version 2 every end tells the id and epoch of the next transaction, sequences start over") {
  TransactionFixture f(2);
  for (const bool commit : {true, false}) {
    f.begin();
    f.send("a", 0);
    f.advance(5);
    CHECK(f.txn().sequence_number({"orders", 0}) == 1);
    CHECK(f.finish(commit ? f.commit() : f.abort()) == "ok");
    CHECK(f.txn().producer_id_and_epoch() ==
          ProducerIdAndEpoch{1000, commit ? std::int16_t{1} : std::int16_t{2}});
    CHECK(f.txn().sequence_number({"orders", 0}) == 0);
  }
  f.begin();
  f.send("b", 0);
  f.advance(5);
  f.coordinator().producer_id = 1001;  // the epochs of 1000 are used up
  f.coordinator().epoch = -1;
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.txn().producer_id_and_epoch() == ProducerIdAndEpoch{1001, 0});
}

TEST_CASE("version 2 found out about at a commit begins with the transaction after it") {
  TransactionFixture f(1);
  f.begin();
  f.broker_.transaction_version = 2;
  f.broker_.features_epoch = 2;
  f.broker_.disconnect_all();  // the new connection brings the news
  f.send("a", 0);
  f.advance(1'000);
  CHECK_FALSE(f.txn().is_transaction_v2_enabled());
  f.heard();
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.heard() == "commit init:1000/0");
  CHECK(f.txn().is_transaction_v2_enabled());
  f.begin();
  f.send("b", 0);
  f.advance(5);
  CHECK(f.finish(f.commit()) == "ok");
  CHECK(f.heard() == "produce:orders-0 commit");
}

TEST_CASE("a commit waits for every record, those in flight and those not yet sent") {
  TransactionFixture f(1, {{"linger.ms", "10000"}});
  f.begin();
  f.send("a", 0);
  f.broker_.holds_answers = true;
  const TxnResultPtr commit = f.commit();
  f.advance(50);
  CHECK(f.broker_.held() == 1);  // no linger at the end of a transaction
  CHECK(f.heard().find("commit") == std::string::npos);
  f.broker_.holds_answers = false;
  f.broker_.release();
  CHECK(f.finish(commit) == "ok");
  CHECK(f.heard() == "commit");
  CHECK(f.outcomes() == "a:ok");
  f.begin();
  f.send("b", 0);
  f.advance(1'000);
  CHECK(f.outcomes() == "a:ok");  // it lingers
}

TEST_CASE("a partition is added once, before its records go; one more joins before they go, too") {
  TransactionFixture f;
  f.begin();
  f.heard();
  f.broker_.holds = {ApiKey::kAddPartitionsToTxn};
  f.send("a", 0);
  f.send("b", 0);
  CHECK_FALSE(f.txn().is_send_to_partition_allowed({"orders", 0}));
  f.advance(20);
  f.send("c", 1);
  f.send("d", 0);
  f.advance(20);
  CHECK(f.heard() == "add:orders-0");
  CHECK_FALSE(f.txn().is_send_to_partition_allowed({"orders", 0}));
  f.broker_.release(1);
  f.advance(10);
  CHECK(f.heard() == "add:orders-1");  // nothing is drained while requests of the transaction are in flight
  CHECK(f.txn().is_send_to_partition_allowed({"orders", 0}));
  CHECK_FALSE(f.txn().is_send_to_partition_allowed({"orders", 1}));
  f.broker_.holds.clear();
  f.broker_.release();
  f.advance(10);
  CHECK(f.heard() == "produce:orders-0 produce:orders-1");
  CHECK(f.outcomes().size() == std::string("a:ok b:ok d:ok c:ok").size());
}

TEST_CASE(
    "an unfinished transaction before this one makes the first partition wait 20 ms, others the backoff") {
  struct Case {
    ErrorCode error;
    bool has_partition;
    Millis wait;
  };
  for (const Case& c : {Case{ErrorCode::kConcurrentTransactions, false, 20},
                        Case{ErrorCode::kConcurrentTransactions, true, 100},
                        Case{ErrorCode::kCoordinatorLoadInProgress, false, 100},
                        Case{ErrorCode::kUnknownTopicOrPartition, false, 100}}) {
    TransactionFixture f;
    f.begin();
    if (c.has_partition) {
      f.send("x", 1);
      f.advance(10);
    }
    f.heard();
    f.coordinator().partition_errors[{"orders", 0}] = {c.error};
    f.send("a", 0);
    f.advance_until([&f] { return !f.coordinator().heard.empty(); });
    const Nanos asked = f.now_;
    for (int i = 0; i < 500 && f.coordinator().heard.size() < 2; ++i) f.advance(1);
    INFO(error_row(c.error).name);
    CHECK(f.now_ - asked >= ms(c.wait));
    CHECK(f.now_ - asked <= ms(c.wait + 2));
    f.advance(10);
    CHECK(f.outcomes() == (c.has_partition ? "x:ok a:ok" : "a:ok"));
  }
}

// ---- finding the coordinator

TEST_CASE("what can be asked again is asked again, by every request of a transaction") {
  for (const ApiKey api : {ApiKey::kFindCoordinator, ApiKey::kInitProducerId, ApiKey::kAddPartitionsToTxn,
                           ApiKey::kAddOffsetsToTxn, ApiKey::kTxnOffsetCommit, ApiKey::kEndTxn}) {
    for (const ErrorCode error : {ErrorCode::kCoordinatorNotAvailable, ErrorCode::kCoordinatorLoadInProgress,
                                  ErrorCode::kConcurrentTransactions, ErrorCode::kNone}) {
      TransactionFixture f;
      if (error == ErrorCode::kNone) {
        f.broker_.cuts = {api};  // the connection is lost instead
      } else {
        f.coordinator().errors[api] = {error, error};
      }
      INFO(api_row(api).name << " " << error_row(error).name);
      f.begin();
      f.send("a", 0);
      f.advance(5);
      CHECK(f.finish(f.offsets()) == "ok");
      CHECK(f.finish(f.commit()) == "ok");
      CHECK(f.outcomes() == "a:ok");
    }
  }
}

TEST_CASE("a coordinator that is none, or is lost, is looked up anew before the request goes again") {
  TransactionFixture f;
  f.coordinator().errors[ApiKey::kInitProducerId] = {ErrorCode::kNotCoordinator};
  CHECK(f.finish(f.init()) == "ok");
  CHECK(f.heard() == "find:id init:-1/-1 find:id init:-1/-1");

  TransactionFixture lost_after;
  lost_after.broker_.cuts = {ApiKey::kInitProducerId};
  CHECK(lost_after.finish(lost_after.init()) == "ok");
  CHECK(lost_after.heard() == "find:id find:id init:-1/-1");

  TransactionFixture lost_before;
  lost_before.broker_.holds = {ApiKey::kFindCoordinator};
  const TxnResultPtr init = lost_before.init();
  lost_before.advance(20);
  lost_before.broker_.disconnect_all();
  lost_before.broker_.holds.clear();
  CHECK(lost_before.finish(init) == "ok");
  CHECK(lost_before.heard() == "find:id find:id init:-1/-1");
}

TEST_CASE("whether the coordinator can raise epochs is remembered when its connection is lost") {
  TransactionFixture f;
  f.begin();
  f.send("a", 0);
  f.advance(5);
  f.coordinator().errors[ApiKey::kAddOffsetsToTxn] = {ErrorCode::kUnknownProducerId};
  f.broker_.cuts = {ApiKey::kAddOffsetsToTxn};
  CHECK(f.finish(f.offsets()) == "UNKNOWN_PRODUCER_ID");
  CHECK(f.txn().has_abortable_error());
  f.broker_.disconnect_all();
  f.heard();
  CHECK(f.finish(f.abort()) == "ok");
  CHECK(f.heard().find("init:1000/0") != std::string::npos);
}

TEST_CASE("a throttled coordinator is waited for no longer than it asked") {
  TransactionFixture f;
  f.coordinator().throttle_ms = 400;
  f.begin();
  f.heard();
  const Nanos begun = f.now_;
  f.send("a", 0);
  for (int i = 0; i < 5'000 && f.coordinator().heard.empty(); ++i) f.advance(1);
  CHECK(f.now_ - begun <= ms(410));
  CHECK(f.now_ - begun >= ms(350));
  f.advance(20);
  CHECK(f.outcomes() == "a:ok");
}

// ---- offsets

TEST_CASE(
    "offsets that could not all be stored are sent again, all of them, with what the group says of itself") {
  TransactionFixture f;
  f.begin();
  f.coordinator().partition_errors[{"orders", 1}] = {ErrorCode::kUnknownTopicOrPartition};
  const Result<TxnResultPtr> asked = f.txn().send_offsets_to_transaction(
      {{{"orders", 0}, {7, "note", 3}}, {{"orders", 1}, {42, {}, -1}}}, {"g", 5, "member", "instance"});
  REQUIRE(asked.ok());
  f.producer_->sender().wakeup();
  CHECK(f.finish(asked.value()) == "ok");
  const std::string both = "commit-offsets:orders-0,orders-1";
  CHECK(f.heard().find(both + " " + both) != std::string::npos);
  const wire::TxnOffsetCommitRequest& last = *f.coordinator().last_offset_commit;
  CHECK(last.group_id == "g");
  CHECK(last.generation_id == 5);
  CHECK(last.member_id == "member");
  CHECK(last.group_instance_id == "instance");
}

TEST_CASE("what a group says about itself is not left out for a coordinator too old to hear it") {
  TransactionFixture f;
  f.broker_.latest[ApiKey::kTxnOffsetCommit] = 2;
  f.broker_.disconnect_all();
  f.begin();
  CHECK(f.finish(f.offsets({"g", 5, "member", {}})) == "UNSUPPORTED_VERSION");
  CHECK(f.txn().has_fatal_error());
}

TEST_CASE("a cluster that does not know transactions is a fatal error") {
  for (const ApiKey api : {ApiKey::kFindCoordinator, ApiKey::kInitProducerId}) {
    TransactionFixture f;
    f.broker_.latest[api] = -1;
    f.broker_.disconnect_all();
    f.advance(200);
    CHECK(f.finish(f.init()) == "UNSUPPORTED_VERSION");
    CHECK(f.txn().has_fatal_error());
  }
}
