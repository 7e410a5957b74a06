// The transactional calls of an application: what they check, what they wait for, what they say when it takes
// too long.
#include "core/producer/future_record_metadata.h"
#include "tests/core/producer/producer_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

struct TransactionOpFixture : ProducerFixture {
  explicit TransactionOpFixture(Texts texts = {{"transactional.id", "t1"}})
      : ProducerFixture(std::move(texts)) {}

  // The call to its end, or for as long as it may take.
  Result<void> finish(TransactionOp& op) {
    for (int i = 0; i < 200'000 && op.advance(now_) != Step::kDone; ++i) advance(1);
    REQUIRE(op.advance(now_) == Step::kDone);
    return op.result();
  }
  Result<void> call(TransactionCall which) {
    CountingWaiter waiter;
    TransactionOp op(*producer_, which, 3, waiter);
    return finish(op);
  }
  Result<void> begin() { return producer_->begin_transaction(now_, 3); }
  Result<void> send_offsets(TxnOffsets offsets, ConsumerGroupMetadata group) {
    CountingWaiter waiter;
    TransactionOp op(*producer_, std::move(offsets), std::move(group), 3, waiter);
    return finish(op);
  }
  std::string seen() {
    std::string text;
    for (const std::string& request : std::exchange(broker_.coordinator.heard, {})) text += request + " ";
    return text;
  }
  TxnState state() { return producer_->transactions()->state(); }
};

ErrorCode code_of(const Result<void>& result) { return result ? ErrorCode::kNone : result.error().code; }

}  // namespace

TEST_CASE("a transaction of the first version: partitions are added, records sent, the end is told") {
  TransactionOpFixture f;
  REQUIRE(f.call(TransactionCall::kInit));
  CHECK(f.seen() == "find:t1 init:-1/-1 ");
  f.warm_up();
  REQUIRE(f.begin());
  f.send("a", 0);
  f.send("b", 1);
  REQUIRE(f.call(TransactionCall::kCommit));
  CHECK(f.outcomes() == "a:ok b:ok");
  CHECK(f.seen() == "add:orders-0,orders-1 commit ");
  REQUIRE(f.begin());
  f.send("c", 0);
  f.advance(5);
  REQUIRE(f.call(TransactionCall::kAbort));
  CHECK(f.seen() == "add:orders-0 abort ");
  CHECK(f.producer_->transactions()->producer_id_and_epoch() == ProducerIdAndEpoch{1000, 0});
}

TEST_CASE(
    "initTransactions looks whether the brokers know the second version; then epochs rise by themselves") {
  TransactionOpFixture f;
  f.broker_.transaction_version = 2;
  CHECK_FALSE(f.producer_->transactions()->is_transaction_v2_enabled());
  REQUIRE(f.call(TransactionCall::kInit));
  CHECK(f.producer_->transactions()->is_transaction_v2_enabled());
  f.warm_up();
  static_cast<void>(f.seen());
  REQUIRE(f.begin());
  f.send("a", 0);
  REQUIRE(f.call(TransactionCall::kCommit));
  CHECK(f.seen() == "commit ");
  CHECK(f.producer_->transactions()->producer_id_and_epoch().epoch == 1);
}

TEST_CASE("without a transactional id, and without idempotence, the calls are illegal") {
  for (const char* idempotence : {"true", "false"}) {
    TransactionOpFixture f(Texts{{"enable.idempotence", idempotence}});
    CHECK(code_of(f.begin()) == ErrorCode::kIllegalState);
    CHECK(code_of(f.call(TransactionCall::kInit)) == ErrorCode::kIllegalState);
    CHECK(code_of(f.call(TransactionCall::kCommit)) == ErrorCode::kIllegalState);
    CHECK(code_of(f.call(TransactionCall::kAbort)) == ErrorCode::kIllegalState);
    CHECK(code_of(f.send_offsets({{{"in", 0}, {7}}}, {"g"})) == ErrorCode::kIllegalState);
  }
}

TEST_CASE("a closed producer refuses them all") {
  TransactionOpFixture f;
  REQUIRE(f.call(TransactionCall::kInit));
  CountingWaiter waiter;
  CloseOp close(*f.producer_, 0, waiter, 0);
  f.complete(close);
  const std::string closed = "the producer has been closed";
  CHECK(f.begin().error().message == closed);
  CHECK(f.call(TransactionCall::kInit).error().message == closed);
  CHECK(f.call(TransactionCall::kCommit).error().message == closed);
  CHECK(f.call(TransactionCall::kAbort).error().message == closed);
  CHECK(f.send_offsets({}, {"g"}).error().message == closed);
}

TEST_CASE("the calls in an order that makes no sense are illegal and change nothing") {
  TransactionOpFixture f;
  CHECK(code_of(f.begin()) == ErrorCode::kIllegalState);
  CHECK(code_of(f.call(TransactionCall::kCommit)) == ErrorCode::kIllegalState);
  CHECK(code_of(f.call(TransactionCall::kAbort)) == ErrorCode::kIllegalState);
  CHECK(code_of(f.send_offsets({{{"in", 0}, {7}}}, {"g"})) == ErrorCode::kIllegalState);
  CHECK(f.state() == TxnState::kUninitialized);
  REQUIRE(f.call(TransactionCall::kInit));
  CHECK(code_of(f.call(TransactionCall::kInit)) == ErrorCode::kIllegalState);
  CHECK(code_of(f.call(TransactionCall::kCommit)) == ErrorCode::kIllegalState);
  REQUIRE(f.begin());
  CHECK(code_of(f.begin()) == ErrorCode::kIllegalState);
  CHECK(f.state() == TxnState::kInTransaction);
  REQUIRE(f.call(TransactionCall::kCommit));
}

TEST_CASE("a call that times out goes on; only the same call again sees its outcome, and asks nobody anew") {
  TransactionOpFixture f(Texts{{"transactional.id", "t1"},
                               {"max.block.ms", "2000"},
                               {"request.timeout.ms", "90000"},
                               {"delivery.timeout.ms", "120000"}});
  REQUIRE(f.call(TransactionCall::kInit));
  f.warm_up();
  REQUIRE(f.begin());
  f.send("a", 0);
  f.advance(20);
  f.broker_.holds_answers = false;
  f.send("b", 0);
  f.broker_.holds_answers = true;  // the commit waits for the record
  const Nanos began = f.now_;
  const Result<void> late = f.call(TransactionCall::kCommit);
  CHECK(code_of(late) == ErrorCode::kTimeout);
  CHECK(f.now_ - began == ms(2000));
  CHECK(late.error().message.find("commitTransaction() timed out") == 0);
  CHECK(late.error().message.find("max.block.ms (2000 ms)") != std::string::npos);
  // Everything else is refused, also once it has come to its end.
  CHECK(code_of(f.call(TransactionCall::kAbort)) == ErrorCode::kIllegalState);
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(50);
  CHECK(f.state() == TxnState::kReady);
  CHECK(code_of(f.begin()) == ErrorCode::kIllegalState);
  CHECK(code_of(f.send_offsets({{{"in", 0}, {7}}}, {"g"})) == ErrorCode::kIllegalState);
  static_cast<void>(f.seen());
  CHECK(f.call(TransactionCall::kCommit));
  CHECK(f.seen().empty());
  CHECK(f.begin());
}

TEST_CASE("initTransactions may be called again after it has timed out") {
  TransactionOpFixture f(Texts{{"transactional.id", "t1"}, {"max.block.ms", "500"}});
  f.broker_.holds = {ApiKey::kInitProducerId};
  f.broker_.transaction_version = 2;
  CHECK(code_of(f.call(TransactionCall::kInit)) == ErrorCode::kTimeout);
  CHECK_FALSE(f.producer_->transactions()->is_transaction_v2_enabled());
  f.broker_.holds.clear();
  f.broker_.disconnect_all();
  CHECK(f.call(TransactionCall::kInit));
  CHECK(f.producer_->transactions()->is_transaction_v2_enabled());
}

TEST_CASE("offsets go to the group's coordinator and become part of the transaction") {
  TransactionOpFixture f;
  REQUIRE(f.call(TransactionCall::kInit));
  REQUIRE(f.begin());
  static_cast<void>(f.seen());
  REQUIRE(f.send_offsets({{{"in", 0}, {7, "m", 2}}, {{"in", 1}, {9}}}, {"g", 4, "member", std::nullopt}));
  CHECK(f.seen() == "offsets:g find-group:g commit-offsets:in-0,in-1 ");
  REQUIRE(f.broker_.coordinator.last_offset_commit);
  const wire::TxnOffsetCommitRequest& sent = *f.broker_.coordinator.last_offset_commit;
  CHECK(sent.group_id == "g");
  CHECK(sent.generation_id == 4);
  CHECK(sent.member_id == "member");
  REQUIRE(sent.topics.size() == 1);
  REQUIRE(sent.topics[0].partitions.size() == 2);
  CHECK(sent.topics[0].partitions[0].committed_offset == 7);
  CHECK(sent.topics[0].partitions[0].committed_leader_epoch == 2);
  CHECK(sent.topics[0].partitions[1].committed_offset == 9);
  REQUIRE(f.call(TransactionCall::kCommit));
  CHECK(f.seen() == "commit ");
}

TEST_CASE("offsets: the group is looked at first, and without any nothing is done") {
  TransactionOpFixture f;
  const ConsumerGroupMetadata nameless{"g", 1, "", std::nullopt};
  CHECK(code_of(f.send_offsets({}, nameless)) == ErrorCode::kIllegalArgument);
  CHECK(f.send_offsets({}, {"g"}));  // not even whether there is a transaction
  CHECK(f.seen().empty());
  TransactionOpFixture without(Texts{{"enable.idempotence", "false"}});
  CHECK(code_of(without.send_offsets({}, nameless)) == ErrorCode::kIllegalArgument);
  CHECK(code_of(without.send_offsets({}, {"g"})) == ErrorCode::kIllegalState);
}

TEST_CASE("whoever is fenced is told so, by that call and by every later one") {
  TransactionOpFixture f;
  REQUIRE(f.call(TransactionCall::kInit));
  f.warm_up();
  REQUIRE(f.begin());
  f.send("a", 0);
  f.advance(20);
  f.broker_.coordinator.errors[ApiKey::kEndTxn] = {ErrorCode::kProducerFenced};
  CHECK(code_of(f.call(TransactionCall::kCommit)) == ErrorCode::kProducerFenced);
  CHECK(f.state() == TxnState::kFatal);
  CHECK(code_of(f.begin()) == ErrorCode::kProducerFenced);
  CHECK(code_of(f.call(TransactionCall::kAbort)) == ErrorCode::kProducerFenced);
}

TEST_CASE("a record that fails makes commit fail; abort makes good again") {
  TransactionOpFixture f;
  REQUIRE(f.call(TransactionCall::kInit));
  f.warm_up();
  REQUIRE(f.begin());
  f.broker_.verdict = [](const std::string&, const wire::ProducePartitionData&,
                         wire::ProducePartitionResponse& answer) {
    answer.error_code = static_cast<std::int16_t>(ErrorCode::kInvalidRecord);
  };
  f.send("a", 0);
  f.advance(20);
  CHECK(f.state() == TxnState::kAbortable);
  const Result<void> commit = f.call(TransactionCall::kCommit);
  CHECK(code_of(commit) == ErrorCode::kKafkaException);
  CHECK(commit.error().cause == ErrorCode::kInvalidRecord);
  CHECK(f.call(TransactionCall::kAbort));
  CHECK(f.state() == TxnState::kReady);
}

TEST_CASE("a forced close ends the wait of a transactional call") {
  TransactionOpFixture f;
  f.broker_.holds = {ApiKey::kInitProducerId};
  CountingWaiter waiter;
  TransactionOp init(*f.producer_, TransactionCall::kInit, 3, waiter);
  CHECK(init.advance(f.now_) == Step::kBlocked);
  CHECK(init.deadline() == f.now_ + ms(60'000));
  f.advance(300);  // it has slept before it asked the coordinator that it had found
  CHECK(init.advance(f.now_) == Step::kBlocked);
  CountingWaiter closer;
  CloseOp close(*f.producer_, 0, closer, 0);
  f.complete(close);
  CHECK(waiter.wakes > 0);
  REQUIRE(init.advance(f.now_) == Step::kDone);
  CHECK(code_of(init.result()) == ErrorCode::kKafkaException);
}

TEST_CASE("the calls are told, with the thread, the moment and the outcome") {
  TransactionOpFixture f;
  REQUIRE(f.call(TransactionCall::kInit));
  f.advance(10);
  static_cast<void>(f.events());
  REQUIRE(f.begin());
  CHECK(code_of(f.begin()) == ErrorCode::kIllegalState);
  std::string story;
  for (const Event& event : f.events()) {
    CHECK(event.t == f.now_);
    if (event.kind == EventKind::txn_state) story += "state ";
    if (event.kind != EventKind::txn_call_began && event.kind != EventKind::txn_call_ended) continue;
    CHECK(event.actor == 3);
    CHECK(event.a == static_cast<std::uint32_t>(TransactionCall::kBegin));
    const bool illegal = event.b == static_cast<std::uint32_t>(ErrorCode::kIllegalState);
    story += event.kind == EventKind::txn_call_began ? "began " : illegal ? "illegal " : "ended ";
  }
  CHECK(story == "began state ended began illegal ");
}
