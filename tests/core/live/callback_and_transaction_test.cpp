// The blocking producer's transactional calls, and what its calls do in a callback, where nobody may wait for
// the thread that one runs on.
#include <functional>
#include <thread>

#include "core/base/hex.h"
#include "core/live/blocking_producer.h"
#include "core/producer/future_record_metadata.h"
#include "tests/core/live/fake_broker.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;
using Texts = ProducerConfig::Texts;

namespace {

struct TransactionalFixture {
  explicit TransactionalFixture(Texts texts = {}, const FakeBrokerOptions& options = {}) : broker(options) {
    texts["bootstrap.servers"] = broker.address();
    texts.emplace("linger.ms", "0");
    Result<ProducerConfig> config = ProducerConfig::parse(texts, nullptr);
    if (!config) FAIL(config.error().message);
    auto created = BlockingProducer::create(*config, {}, sink, clock, 1);
    if (!created) FAIL(created.error().message);
    producer = std::move(*created);
  }
  SendResult send(const std::string& value, Delivery delivery = {}, FutureRecordMetadata* future = nullptr) {
    Record record;
    record.topic = "t";
    record.partition = 0;
    record.value = as_bytes(value);
    return producer->send(record, delivery, 0, future);
  }
  void wait_for(EventKind kind, TransactionCall call) {
    std::vector<Event> events(1000);
    for (;;) {
      const std::size_t count = sink.drain(events);
      for (std::size_t i = 0; i < count; ++i)
        if (events[i].kind == kind && events[i].a == static_cast<std::uint32_t>(call)) return;
      std::this_thread::yield();
    }
  }

  FakeBroker broker;
  Clock clock;
  EventSink sink;
  std::unique_ptr<BlockingProducer> producer;
};

// Runs something in the callback of a record, and is waited for outside.
struct InCallback {
  Delivery delivery() {
    return {[](void* context, const Acknowledgement&) {
              auto& self = *static_cast<InCallback*>(context);
              if (self.body) self.body();
              self.done = true;
            },
            this};
  }
  void wait() const {
    while (!done) std::this_thread::yield();
  }

  std::function<void()> body;
  std::atomic<bool> done{false};
};

ErrorCode code_of(const Result<void>& result) { return result ? ErrorCode::kNone : result.error().code; }

}  // namespace

TEST_CASE("live: transactions begin and end, and offsets go along") {
  TransactionalFixture f(Texts{{"transactional.id", "t1"}});
  BlockingProducer& producer = *f.producer;
  CHECK(code_of(producer.begin_transaction()) == ErrorCode::kIllegalState);
  REQUIRE(producer.init_transactions());
  REQUIRE(producer.begin_transaction());
  CHECK(f.send("a").status == SendStatus::kAccepted);
  CHECK(producer.send_offsets_to_transaction({{{"in", 0}, {7}}}, {"g"}));
  CHECK(producer.commit_transaction());
  CHECK(f.broker.stored_count() == 1);
  REQUIRE(producer.begin_transaction());
  CHECK(f.send("b").status == SendStatus::kAccepted);
  CHECK(producer.abort_transaction());
  producer.close();
  CHECK(code_of(producer.commit_transaction()) == ErrorCode::kIllegalState);
}

TEST_CASE("live: a record outside of a transaction is refused with the reason") {
  TransactionalFixture f(Texts{{"transactional.id", "t1"}});
  REQUIRE(f.producer->init_transactions());
  REQUIRE(f.producer->begin_transaction());
  CHECK(f.send("a").status == SendStatus::kAccepted);
  REQUIRE(f.producer->commit_transaction());
  const SendResult refused = f.send("b");
  CHECK(refused.status == SendStatus::kThrown);
  REQUIRE(refused.error);
  CHECK(refused.error->message.find("outside of a transaction") != std::string::npos);
}

TEST_CASE("live: closing wakes a thread that waits in a transactional call") {
  // The answer to the record is held back, so that the commit has to wait.
  TransactionalFixture f(Texts{{"transactional.id", "t1"}}, {.answers_per_write = 1000});
  REQUIRE(f.producer->init_transactions());
  REQUIRE(f.producer->begin_transaction());
  std::optional<Result<void>> outcome;
  std::thread thread([&] {
    static_cast<void>(f.send("a"));
    outcome = f.producer->commit_transaction(1);
  });
  f.wait_for(EventKind::txn_call_began, TransactionCall::kCommit);
  f.producer->close(0, 2);
  thread.join();
  REQUIRE(outcome);
  CHECK(code_of(*outcome) == ErrorCode::kKafkaException);
}

TEST_CASE("in a callback flush is refused, and a future that is not done is not waited for") {
  TransactionalFixture f;
  FutureRecordMetadata first;
  InCallback callback;
  Result<void> flushed;
  std::optional<Result<RecordMetadata>> own, later;
  callback.body = [&] {
    flushed = f.producer->flush();
    FutureRecordMetadata second;
    static_cast<void>(f.send("b", {}, &second));
    later = f.producer->wait(second);
  };
  CHECK(f.send("a", callback.delivery(), &first).status == SendStatus::kAccepted);
  callback.wait();
  CHECK(code_of(flushed) == ErrorCode::kKafkaException);
  REQUIRE(later);
  CHECK(later->error().code == ErrorCode::kIllegalState);
  CHECK(f.producer->wait(first));
  CHECK(f.producer->flush());
  CHECK(f.broker.stored_count() == 2);
}

TEST_CASE("in a callback close has no time: what is left fails, and nobody waits for himself") {
  TransactionalFixture f(Texts{{"max.in.flight.requests.per.connection", "1"}});
  InCallback first, second;
  first.body = [&] {
    static_cast<void>(f.send("b", second.delivery()));
    f.producer->close(kForever);
  };
  CHECK(f.send("a", first.delivery()).status == SendStatus::kAccepted);
  first.wait();
  second.wait();
  f.producer->close();
  CHECK(f.broker.stored_count() == 1);
  CHECK(f.send("c").status == SendStatus::kThrown);
}

TEST_CASE("in a callback a transactional call waits for max.block.ms, in vain, and can be repeated outside") {
  TransactionalFixture f(Texts{{"transactional.id", "t1"}, {"max.block.ms", "1500"}});
  Result<void> committed;
  InCallback callback;
  callback.body = [&] { committed = f.producer->commit_transaction(); };
  Result<void> ready = f.producer->init_transactions();
  while (code_of(ready) == ErrorCode::kTimeout) ready = f.producer->init_transactions();
  REQUIRE(ready);
  REQUIRE(f.producer->begin_transaction());
  CHECK(f.send("a", callback.delivery()).status == SendStatus::kAccepted);
  callback.wait();
  CHECK(code_of(committed) == ErrorCode::kTimeout);
  Result<void> again = f.producer->commit_transaction();
  while (code_of(again) == ErrorCode::kTimeout) again = f.producer->commit_transaction();
  CHECK(again);
}
