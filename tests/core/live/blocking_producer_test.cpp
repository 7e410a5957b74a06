#include "core/live/blocking_producer.h"

#include <set>
#include <thread>

#include "core/base/hex.h"
#include "core/producer/future_record_metadata.h"
#include "tests/core/live/fake_broker.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;

namespace {

struct Outcomes {
  std::atomic<int> stored{0};
  std::atomic<int> failed{0};
  Delivery delivery() {
    return {[](void* context, const Acknowledgement& acknowledgement) {
              auto& outcomes = *static_cast<Outcomes*>(context);
              ++(acknowledgement.error == nullptr ? outcomes.stored : outcomes.failed);
            },
            this};
  }
};

struct Fixture {
  explicit Fixture(const std::string& address, ProducerConfig::Texts texts = {}) {
    texts["bootstrap.servers"] = address;
    Result<ProducerConfig> config = ProducerConfig::parse(texts, nullptr);
    if (!config) FAIL(config.error().message);
    auto created = BlockingProducer::create(*config, {}, sink, clock, 1);
    if (!created) FAIL(created.error().message);
    producer = std::move(*created);
  }

  Clock clock;
  EventSink sink;
  std::unique_ptr<BlockingProducer> producer;
};

Record record_of(const std::string& value) {
  Record record;
  record.topic = "t";
  record.value = as_bytes(value);
  return record;
}

}  // namespace

TEST_CASE("threads send at the same time; everything is stored once and every callback runs") {
  FakeBroker broker;
  Fixture fixture(broker.address(), {{"linger.ms", "1"}, {"batch.size", "2000"}});
  Outcomes outcomes;
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  std::atomic<int> failed_flushes{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string value = std::to_string(t) + "/" + std::to_string(i);
        const std::string key = "key" + std::to_string(t);
        Record record = record_of(value);
        record.key = as_bytes(key);
        fixture.producer->send(record, outcomes.delivery(), static_cast<std::uint16_t>(t));
        if (i == kEach / 2 && !fixture.producer->flush(static_cast<std::uint16_t>(t))) ++failed_flushes;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  fixture.producer->close();
  CHECK(failed_flushes == 0);
  CHECK(outcomes.stored == kThreads * kEach);
  CHECK(outcomes.failed == 0);
  std::set<std::string> seen;
  std::map<std::string, int> last;
  for (const auto& [partition, values] : broker.stored()) {
    for (const std::string& value : values) {
      const std::size_t slash = value.find('/');
      const int number = std::stoi(value.substr(slash + 1));
      CHECK(seen.insert(value).second);
      int& before = last.try_emplace(value.substr(0, slash), -1).first->second;
      CHECK(number == before + 1);
      before = number;
    }
  }
  CHECK(seen.size() == kThreads * kEach);
}

TEST_CASE("a future waits for its record") {
  FakeBroker broker;
  Fixture fixture(broker.address());
  FutureRecordMetadata future;
  const SendResult sent = fixture.producer->send(record_of("x"), {}, 0, &future);
  CHECK(sent.status == SendStatus::kAccepted);
  const Result<RecordMetadata> metadata = fixture.producer->wait(future);
  REQUIRE(metadata);
  CHECK(metadata->topic == "t");
  CHECK(metadata->offset == 0);
  CHECK(metadata->timestamp_ms > 1'700'000'000'000);
  CHECK(*fixture.producer->partitions_for("t") == 3);
}

TEST_CASE("answers that arrive together are both looked at, without waiting for more") {
  FakeBroker broker({.partitions = 1, .answers_per_write = 2});
  Fixture fixture(broker.address(), {{"linger.ms", "0"}, {"enable.idempotence", "false"}});
  Outcomes outcomes;
  const Nanos start = fixture.clock.now();
  CHECK(fixture.producer->partitions_for("t"));
  const std::string value = "x";
  for (int i = 0; i < 2; ++i) {
    Record record = record_of(value);
    record.partition = 0;
    fixture.producer->send(record, outcomes.delivery());
    while (broker.stored_count() <= static_cast<std::size_t>(i)) std::this_thread::yield();
  }
  fixture.producer->close();
  CHECK(outcomes.stored == 2);
  CHECK(fixture.clock.now() - start < 20 * kNanosPerSecond);
}

TEST_CASE("without acknowledgements a record is done when it is written") {
  FakeBroker broker;
  Fixture fixture(broker.address(), {{"acks", "0"}, {"enable.idempotence", "false"}, {"linger.ms", "0"}});
  const Nanos start = fixture.clock.now();
  FutureRecordMetadata future;
  fixture.producer->send(record_of("x"), {}, 0, &future);
  const Result<RecordMetadata> metadata = fixture.producer->wait(future);
  REQUIRE(metadata);
  CHECK(metadata->offset == kNoOffset);
  CHECK(fixture.clock.now() - start < 20 * kNanosPerSecond);
  fixture.producer->close();
  while (broker.stored_count() == 0) std::this_thread::yield();
}

TEST_CASE("lost connections are made again and nothing is lost") {
  FakeBroker broker;
  Fixture fixture(broker.address(), {{"enable.idempotence", "false"}, {"retry.backoff.ms", "1"}});
  Outcomes outcomes;
  for (int i = 0; i < 300; ++i) {
    fixture.producer->send(record_of(std::to_string(i)), outcomes.delivery());
    if (i % 100 == 50) {
      CHECK(fixture.producer->flush());
      broker.cut();
    }
  }
  fixture.producer->close();
  CHECK(outcomes.stored == 300);
  CHECK(broker.stored_count() >= 300);
}

TEST_CASE("a send gives up after max.block.ms, with the callback and a reason") {
  std::string nobody;
  {
    FakeBroker broker;
    nobody = broker.address();
  }
  Fixture fixture(nobody, {{"max.block.ms", "100"}});
  Outcomes outcomes;
  const SendResult sent = fixture.producer->send(record_of("x"), outcomes.delivery());
  CHECK(sent.status == SendStatus::kFailed);
  CHECK(outcomes.failed == 1);
  REQUIRE(fixture.producer->troubles().size() == 1);
  CHECK(fixture.producer->troubles()[0].rfind(nobody + " refuses connections (Connection refused): ", 0) ==
        0);
}

TEST_CASE("what is left when a close has no time fails; later sends are refused") {
  FakeBroker broker({.partitions = 1, .answers_per_write = 1000});
  Fixture fixture(broker.address(), {{"linger.ms", "0"}});
  Outcomes outcomes;
  for (int i = 0; i < 10; ++i) fixture.producer->send(record_of("x"), outcomes.delivery());
  fixture.producer->close(5 * kNanosPerMilli);
  CHECK(outcomes.failed == 10);
  const SendResult late = fixture.producer->send(record_of("x"), outcomes.delivery());
  CHECK(late.status == SendStatus::kThrown);
  REQUIRE(late.error);
  CHECK(late.error->code == ErrorCode::kIllegalState);
  CHECK(outcomes.failed == 10);
  fixture.producer->close();
}

TEST_CASE("giving up brings back whoever is blocked, whatever for, and waits for nothing") {
  TcpPeer silent([](PeerSocket& socket) {
    while (!socket.read_some().empty()) {
    }
  });
  using Call = void (*)(BlockingProducer&);
  const Call kCalls[] = {
      [](BlockingProducer& producer) { producer.send(record_of("x"), {}); },
      [](BlockingProducer& producer) { static_cast<void>(producer.init_transactions()); },
      [](BlockingProducer& producer) { static_cast<void>(producer.partitions_for("t")); },
      [](BlockingProducer& producer) { producer.close(); },
  };
  for (const Call call : kCalls) {
    Fixture fixture("127.0.0.1:" + std::to_string(silent.port()),
                    {{"transactional.id", "t"}, {"max.block.ms", "3600000"}});
    std::thread application([&] { call(*fixture.producer); });
    // A close() is blocked only while something is in flight, which here is the request for metadata.
    while (!fixture.producer->is_blocked() && call != kCalls[3]) std::this_thread::yield();
    CHECK(fixture.producer->waits_for().find("metadata: no broker has answered yet") == 0);
    fixture.producer->give_up();
    application.join();
    CHECK_FALSE(fixture.producer->is_blocked());
  }
}

TEST_CASE("a second close with less time cuts the first one short, and wakes whoever waits in a send") {
  FakeBroker broker({.partitions = 1, .answers_per_write = 1000});
  Fixture fixture(broker.address(), {{"buffer.memory", "20000"}, {"batch.size", "10000"}});
  Outcomes outcomes;
  std::atomic<bool> sending{true};
  std::thread sender([&] {
    const std::string value(9000, 'x');
    // The third finds no memory and waits.
    for (int i = 0; i < 3; ++i) fixture.producer->send(record_of(value), outcomes.delivery());
    sending = false;
  });
  while (broker.stored_count() < 2) std::this_thread::yield();
  std::thread patient([&] { fixture.producer->close(kForever, 1); });
  fixture.producer->close(5 * kNanosPerMilli, 2);
  patient.join();
  sender.join();
  CHECK_FALSE(sending);
  CHECK(outcomes.stored == 0);
  CHECK(outcomes.failed >= 2);
}
