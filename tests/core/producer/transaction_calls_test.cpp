// What the transactional calls meet on their way: failed sends, closing, authorization, throttling.
#include "tests/core/producer/transaction_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

struct CallFixture : TransactionFixture {
  using TransactionFixture::TransactionFixture;

  std::string call(TransactionCall which, Millis at_most = 100'000) {
    CountingWaiter waiter;
    TransactionOp op(*producer_, which, 0, waiter);
    for (; at_most > 0 && op.advance(now_) != Step::kDone; --at_most) advance(1);
    if (op.advance(now_) != Step::kDone) return "pending";
    return refusal(op.result());
  }
  std::string begin_only() { return refusal(producer_->begin_transaction(now_, 0)); }
  // The call as it begins; it goes on as the test likes.
  std::unique_ptr<TransactionOp> start(TransactionCall which, CountingWaiter& waiter) {
    auto op = which == TransactionCall::kSendOffsets
                  ? std::make_unique<TransactionOp>(*producer_, TxnOffsets{{{"orders", 1}, {42, {}, -1}}},
                                                    ConsumerGroupMetadata{"g", -1, {}, {}}, 0, waiter)
                  : std::make_unique<TransactionOp>(*producer_, which, 0, waiter);
    REQUIRE(op->advance(now_) == Step::kBlocked);
    return op;
  }
};

}  // namespace

TEST_CASE("a send that fails forbids the commit, whatever it failed of; an abort clears that") {
  struct Case {
    const char* topic;
    PartitionId partition;
    std::size_t size;
    const char* outcome;
  };
  const auto [topic, partition, size, outcome] = GENERATE(values<Case>({
      {"orders", 0, 2'000, "x:RECORD_TOO_LARGE"},
      {"nowhere", 0, 10, "x:TIMEOUT"},
      {"orders", 7, 10, "x:TIMEOUT"},
      {"topic abc", 0, 10, "x:INVALID_TOPIC_EXCEPTION"},
  }));
  CallFixture f(1, Texts{{"max.request.size", "1000"}, {"max.block.ms", "1000"}});
  f.broker_.topic_errors["topic abc"] = ErrorCode::kInvalidTopic;
  REQUIRE(f.call(TransactionCall::kInit) == "ok");
  REQUIRE(f.begin_only() == "ok");
  auto& sent = f.send("x", partition, size, topic);
  for (int i = 0; i < 1'100 && f.go_on(sent) != Step::kDone; ++i) f.advance(1);
  CHECK(f.outcomes() == outcome);
  CHECK(f.txn().state() == TxnState::kAbortable);
  CHECK(f.call(TransactionCall::kCommit) == "KAFKA_EXCEPTION");
  CHECK(f.call(TransactionCall::kAbort) == "ok");
  CHECK(f.begin_only() == "ok");
  CHECK(f.call(TransactionCall::kCommit) == "ok");
}

TEST_CASE("a close with little time does not wait for a transactional call; initTransactions ends with it") {
  struct Case {
    TransactionCall call;
    ApiKey unanswered;
  };
  const auto [call, unanswered] = GENERATE(values<Case>({
      {TransactionCall::kInit, ApiKey::kFindCoordinator},
      {TransactionCall::kInit, ApiKey::kInitProducerId},
      {TransactionCall::kSendOffsets, ApiKey::kAddOffsetsToTxn},
      {TransactionCall::kSendOffsets, ApiKey::kTxnOffsetCommit},
  }));
  CallFixture f;
  if (call != TransactionCall::kInit) f.begin();
  f.broker_.holds = {unanswered};
  CountingWaiter waiter, closer;
  const std::unique_ptr<TransactionOp> op = f.start(call, waiter);
  f.advance(150);  // whoever had to look for a coordinator first backs off once
  CHECK(op->advance(f.now_) == Step::kBlocked);
  CHECK(f.broker_.held() == 1);
  CloseOp close(*f.producer_, 1, closer, ms(20));
  CHECK(close.advance(f.now_) == Step::kBlocked);
  f.advance(19);
  CHECK(close.advance(f.now_) == Step::kBlocked);
  f.advance(1);
  close.advance(f.now_);
  f.run();
  CHECK(close.advance(f.now_) == Step::kDone);
  if (call == TransactionCall::kInit) {
    REQUIRE(op->advance(f.now_) == Step::kDone);
    CHECK(f.refusal(op->result()) == "KAFKA_EXCEPTION");
  } else {  // nobody answers what was under way: it waits for as long as it may
    CHECK(op->advance(op->deadline() - 1) == Step::kBlocked);
    REQUIRE(op->advance(op->deadline()) == Step::kDone);
    CHECK(f.refusal(op->result()) == "TIMEOUT");
  }
}

TEST_CASE("after initTransactions has timed out nothing else is possible but the same again, or close") {
  CallFixture f(1, Texts{{"max.block.ms", "300"}});
  f.broker_.holds = {ApiKey::kInitProducerId};
  CHECK(f.call(TransactionCall::kInit) == "TIMEOUT");
  CHECK(f.begin_only() == "ILLEGAL_STATE");
  CHECK(f.call(TransactionCall::kCommit) == "ILLEGAL_STATE");
  CHECK(f.call(TransactionCall::kAbort) == "ILLEGAL_STATE");
  f.broker_.release();
  f.advance(10);
  CHECK(f.txn().state() == TxnState::kReady);
  CHECK(f.begin_only() == "ILLEGAL_STATE");  // nobody has seen the outcome yet
  CHECK(f.call(TransactionCall::kInit) == "ok");
  CHECK(f.begin_only() == "ok");
}

TEST_CASE("initTransactions works again once the cluster allows it") {
  CallFixture f;
  f.coordinator().errors[ApiKey::kInitProducerId] = {ErrorCode::kClusterAuthorizationFailed};
  CHECK(f.call(TransactionCall::kInit) == "CLUSTER_AUTHORIZATION_FAILED");
  f.advance(10);
  CHECK(f.txn().state() == TxnState::kUninitialized);
  CHECK(f.call(TransactionCall::kInit) == "ok");
  CHECK(f.begin_only() == "ok");
}

TEST_CASE("initTransactions waits out a throttle and then goes on") {
  CallFixture f;
  f.broker_.metadata_throttle_ms = 3'000;
  f.producer_->metadata().request_update(true);
  f.producer_->sender().wakeup();
  f.advance(200);
  f.broker_.metadata_throttle_ms = 0;
  const Nanos began = f.now_;
  CHECK(f.call(TransactionCall::kInit) == "ok");
  CHECK(f.now_ - began >= ms(2'500));
  CHECK(f.now_ - began <= ms(3'300));
}

TEST_CASE("the partition registered with the transaction is the one the record went to at last") {
  CallFixture f;
  f.begin();
  f.random_.draws = {1};
  f.send("sticky", kUnknownPartition);
  f.advance(20);
  CHECK(f.heard().find("add:orders-1 produce:orders-1") != std::string::npos);
  f.send("named", 0);
  f.advance(20);
  CHECK(f.heard() == "add:orders-0 produce:orders-0");
  CHECK(f.call(TransactionCall::kCommit) == "ok");
}

TEST_CASE("in version 2 a transaction still ending on the brokers is waited for by sending again") {
  CallFixture f(2);
  f.begin();
  int refusals = 2;
  f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData&,
                          wire::ProducePartitionResponse& answer) {
    if (refusals-- > 0) answer.error_code = static_cast<std::int16_t>(ErrorCode::kConcurrentTransactions);
  };
  static_cast<void>(f.heard());
  f.send("a", 0);
  CHECK(f.call(TransactionCall::kCommit) == "ok");
  CHECK(f.outcomes() == "a:ok");
  CHECK(f.heard() == "produce:orders-0 produce:orders-0 produce:orders-0 commit");
}

TEST_CASE("a transaction that ends does not linger; the next one does again") {
  CallFixture f(1, Texts{{"linger.ms", "5000"}});
  f.begin();
  f.send("a", 0);
  f.advance(100);
  CHECK(f.outcomes().empty());
  const Nanos began = f.now_;
  CHECK(f.call(TransactionCall::kCommit) == "ok");
  CHECK(f.now_ - began < ms(100));
  CHECK(f.outcomes() == "a:ok");
  REQUIRE(f.begin_only() == "ok");
  f.send("b", 0);
  f.advance(4'999);
  CHECK(f.outcomes() == "a:ok");
  f.advance(20);
  CHECK(f.outcomes() == "a:ok b:ok");
}

TEST_CASE("each transactional call adds the time it took to a metric of its own") {
  CallFixture f;
  const auto total = [&f](const std::string& call) {
    for (const MetricValue& metric : f.producer_->metrics(f.now_))
      if (metric.name == "txn-" + call + "-time-ns-total") return std::get<double>(metric.value);
    return -1.0;
  };
  struct Case {
    const char* name;
    TransactionCall call;
  };
  for (const Case& next : {Case{"init", TransactionCall::kInit},
                           {"send-offsets", TransactionCall::kSendOffsets},
                           {"commit", TransactionCall::kCommit},
                           {"abort", TransactionCall::kAbort}}) {
    if (next.call != TransactionCall::kInit && f.txn().state() == TxnState::kReady)
      REQUIRE(f.begin_only() == "ok");
    INFO(next.name);
    CHECK(total(next.name) == 0);
    CountingWaiter waiter;
    const Nanos began = f.now_;
    const std::unique_ptr<TransactionOp> op = f.start(next.call, waiter);
    f.complete(*op);
    REQUIRE(op->result().ok());
    CHECK(f.now_ > began);
    CHECK(total(next.name) == static_cast<double>(f.now_ - began));
  }
  CHECK(total("begin") == 0);  // it waits for nobody
}
