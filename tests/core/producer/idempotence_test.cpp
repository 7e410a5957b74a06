// Sequences, epochs and the producer id, through a whole producer and on their own.
#include <limits>

#include "tests/core/producer/producer_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

using Answer = wire::ProducePartitionResponse;

std::int32_t base_sequence(const wire::ProducePartitionData& sent) {
  const Bytes batch = *sent.records;
  std::int32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << 8 |
                                      static_cast<std::uint32_t>(batch[53 + i]));
  return value;
}

std::int16_t epoch(const wire::ProducePartitionData& sent) {
  const Bytes batch = *sent.records;
  return static_cast<std::int16_t>(static_cast<unsigned>(batch[51]) << 8 | static_cast<unsigned>(batch[52]));
}

}  // namespace

TEST_CASE("sequences wrap to 0 after the largest") {
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  CHECK(advance_sequence(5, 5) == 10);
  CHECK(advance_sequence(kMax, 1) == 0);
  CHECK(advance_sequence(kMax - 5, 10) == 4);
  CHECK(advance_sequence(0, kMax) == kMax);
  CHECK(advance_sequence(kMax, 100) == 99);
  CHECK(advance_sequence(99, kMax) == 98);
}

TEST_CASE("nothing is drained before there is a producer id; then sequences follow each other") {
  ProducerFixture f;
  std::vector<std::int32_t> sequences;
  f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData& sent, Answer&) {
    sequences.push_back(base_sequence(sent));
  };
  CHECK(f.producer_->transactions()->state() == TxnState::kUninitialized);
  f.warm_up();
  CHECK(f.producer_->transactions()->state() == TxnState::kReady);
  CHECK(f.producer_->transactions()->producer_id_and_epoch() == ProducerIdAndEpoch{1000, 0});
  for (const char* name : {"a", "b", "c"}) {
    f.send(name, 0);
    f.advance(2);
  }
  CHECK(sequences == std::vector<std::int32_t>{0, 1, 2});
}

TEST_CASE("with several requests in flight a retry keeps the order") {
  ProducerFixture f(Texts{{"retry.backoff.ms", "10"}});
  f.warm_up();
  std::int32_t expected = 0;
  int sent_first = 0;
  f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData& sent, Answer& answer) {
    if (sent_first++ == 0) {
      answer.error_code = static_cast<std::int16_t>(ErrorCode::kNotEnoughReplicas);
    } else if (base_sequence(sent) != expected) {
      answer.error_code = static_cast<std::int16_t>(ErrorCode::kOutOfOrderSequenceNumber);
    } else {
      ++expected;
    }
  };
  f.broker_.holds_answers = true;
  for (const char* name : {"a", "b", "c"}) {
    f.send(name, 0);
    f.advance(1);
  }
  CHECK(f.broker_.held() == 3);
  f.broker_.holds_answers = false;
  f.broker_.release();
  f.advance(500);
  CHECK(f.outcomes() == "a:ok b:ok c:ok");
  CHECK(f.producer_->transactions()->producer_id_and_epoch().epoch == 0);
}

TEST_CASE("a batch that fails for good leaves a gap: the epoch rises without a request, sequences restart") {
  ProducerFixture f;
  f.warm_up();
  int batches = 0;
  std::vector<std::pair<std::int16_t, std::int32_t>> seen;
  f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData& sent, Answer& answer) {
    seen.emplace_back(epoch(sent), base_sequence(sent));
    if (++batches == 2) answer.error_code = static_cast<std::int16_t>(ErrorCode::kInvalidTimestamp);
  };
  for (const char* name : {"a", "b", "c"}) {
    f.send(name, 0);
    f.advance(2);
  }
  f.send("d", 1);
  f.advance(2);
  CHECK(f.outcomes() == "a:ok b:INVALID_TIMESTAMP c:ok d:ok");
  CHECK(seen == std::vector<std::pair<std::int16_t, std::int32_t>>{{0, 0}, {0, 1}, {1, 0}, {1, 0}});
  const auto events = f.events();
  CHECK(f.count(events, EventKind::epoch_bumped) == 1);
  CHECK(f.count(events, EventKind::producer_id) == 1);
}

TEST_CASE("a fatal error fails everything, and later sends are refused") {
  ProducerFixture f(Texts{{"linger.ms", "2"}});
  f.warm_up();
  f.broker_.verdict = [](const std::string&, const wire::ProducePartitionData&, Answer& answer) {
    answer.error_code = static_cast<std::int16_t>(ErrorCode::kClusterAuthorizationFailed);
  };
  f.send("a", 0);
  f.advance(5);
  CHECK(f.outcomes() == "a:CLUSTER_AUTHORIZATION_FAILED");
  CHECK(f.producer_->transactions()->has_fatal_error());
  auto& refused = f.send("b", 0);
  CHECK(refused.op->result().status == SendStatus::kThrown);
  f.advance(200);
  CHECK(f.outcomes() == "a:CLUSTER_AUTHORIZATION_FAILED b:CLUSTER_AUTHORIZATION_FAILED");
  CHECK(f.memory_out() == 0);
}

TEST_CASE(
    "a retried batch that expires leaves its sequences unresolved; the epoch rises when nothing is in "
    "flight") {
  ProducerFixture f(Texts{{"delivery.timeout.ms", "300"},
                          {"request.timeout.ms", "100"},
                          {"retry.backoff.ms", "400"},
                          {"retry.backoff.max.ms", "400"}});
  f.warm_up();
  bool fail = true;
  f.broker_.verdict = [&](const std::string&, const wire::ProducePartitionData&, Answer& answer) {
    if (fail) answer.error_code = static_cast<std::int16_t>(ErrorCode::kNotEnoughReplicas);
  };
  f.events();
  f.send("a", 0);
  f.advance(310);
  CHECK(f.outcomes() == "a:TIMEOUT");
  CHECK(f.producer_->transactions()->has_unresolved_sequence({"orders", 0}));
  fail = false;
  f.send("b", 0);
  f.advance(5);
  CHECK(f.outcomes() == "a:TIMEOUT b:ok");
  const auto events = f.events();
  CHECK(f.count(events, EventKind::sequence_unresolved) == 1);
  CHECK(f.count(events, EventKind::sequence_resolved) == 1);
  CHECK(f.count(events, EventKind::epoch_bumped) == 1);
}

TEST_CASE("requests leave by priority, two of the same in the order they came") {
  TxnRequestQueue queue;
  const auto push = [&queue](TxnPriority priority, Millis mark) {
    auto request = std::make_shared<TxnRequest>();
    request->priority = priority;
    request->retry_backoff_ms = mark;
    queue.push(request);
  };
  push(TxnPriority::kEndTxn, 1);
  push(TxnPriority::kEpochBump, 2);
  push(TxnPriority::kAddPartitionsOrOffsets, 3);
  push(TxnPriority::kFindCoordinator, 4);
  std::vector<Millis> order;
  while (!queue.empty()) order.push_back(queue.pop()->retry_backoff_ms);
  CHECK(order == std::vector<Millis>{4, 3, 1, 2});
  push(TxnPriority::kEndTxn, 6);
  push(TxnPriority::kEndTxn, 7);
  CHECK(queue.pop()->retry_backoff_ms == 6);
  CHECK(queue.pop()->retry_backoff_ms == 7);
}

TEST_CASE("transitions Kafka forbids are refused on an application's thread and change nothing") {
  EventSink sink(64);
  TransactionManager manager({"id", 60'000, 100}, nullptr, sink, 0, 0);
  CHECK(manager.begin_transaction().error().code == ErrorCode::kIllegalState);
  CHECK(manager.begin_commit().error().code == ErrorCode::kIllegalState);
  CHECK(manager.state() == TxnState::kUninitialized);
  REQUIRE(manager.initialize_transactions().ok());
  CHECK(manager.state() == TxnState::kInitializing);
  // The call is pending until its outcome was seen; the same call gives the same result.
  CHECK(manager.begin_transaction().error().code == ErrorCode::kIllegalState);
  CHECK(manager.initialize_transactions().ok());
  TransactionManager idempotent({std::nullopt, 60'000, 100}, nullptr, sink, 0, 0);
  CHECK(idempotent.begin_transaction().error().code == ErrorCode::kIllegalState);
}
