// A time-out over real sockets strikes once its value has passed, not after waiting for it twice.
#include "core/live/blocking_producer.h"

#include "core/base/hex.h"
#include "core/producer/future_record_metadata.h"
#include "tests/core/live/fake_broker.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;

namespace {

constexpr Nanos kTimeout = kNanosPerSecond;

struct Client {
  explicit Client(const std::string& address) {
    const Result<ProducerConfig> config = ProducerConfig::parse({{"bootstrap.servers", address},
                                                                 {"enable.idempotence", "false"},
                                                                 {"retries", "0"},
                                                                 {"linger.ms", "0"},
                                                                 {"request.timeout.ms", "1000"}},
                                                                nullptr);
    if (!config) FAIL(config.error().message);
    auto created = BlockingProducer::create(*config, {}, sink, clock, 1);
    if (!created) FAIL(created.error().message);
    producer = std::move(*created);
  }

  void send() {
    static const std::string kValue = "x";
    Record record;
    record.topic = "t";
    record.value = as_bytes(kValue);
    producer->send(record, {}, 0, &future);
  }

  // From its sending until it was given up; -1: it was not.
  Nanos age_of_produce_request() {
    std::vector<Event> events(4096);
    events.resize(sink.drain(events));
    Nanos sent = -1;
    for (const Event& event : events) {
      if (event.a != 0) continue;  // the key of Produce
      if (event.kind == EventKind::request_sent) sent = event.t;
      if (event.kind == EventKind::request_failed) return event.t - sent;
    }
    return -1;
  }

  Clock clock;
  EventSink sink;
  FutureRecordMetadata future;
  std::unique_ptr<BlockingProducer> producer;
};

}  // namespace

// Several at once: on the dot, each would see the two equal only as often as its clock stands so.
TEST_CASE("a request that is not answered is given up after request.timeout.ms, once") {
  FakeBroker broker({.partitions = 1, .answers_per_write = 1000});
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<Client>(broker.address()));
  for (const auto& client : clients) client->send();
  for (const auto& client : clients) CHECK_FALSE(client->producer->wait(client->future).ok());
  for (const auto& client : clients) {
    const Nanos age = client->age_of_produce_request();
    CHECK(age > kTimeout - kNanosPerMilli);
    CHECK(age < 2 * kTimeout - kNanosPerMilli);
  }
}
