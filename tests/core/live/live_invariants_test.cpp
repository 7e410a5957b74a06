// What must be true of every run is true of one over real sockets, checked against nothing but its events.
#include <thread>

#include "core/event/event_log.h"
#include "core/live/blocking_producer.h"
#include "sim/run/invariants.h"
#include "tests/core/live/fake_broker.h"
#include "tests/support/catch.h"

namespace sendscope::live {
namespace {

constexpr std::uint16_t kThreads = 3;

void begin(EventSink& sink) {
  sink.emit({.kind = EventKind::run_started, .place = 1});
  for (std::uint16_t t = 0; t < kThreads; ++t)
    sink.emit({.kind = EventKind::thread_named, .actor = t, .place = 0, .a = sink.intern(std::to_string(t))});
}

// Each thread sends as many records, which do not all have room at once.
void send_all(BlockingProducer& producer, int each) {
  std::vector<std::thread> threads;
  for (std::uint16_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&producer, t, each] {
      const std::string value(300, 'v');
      for (int i = 0; i < each; ++i) {
        Record record;
        record.topic = "t";
        record.value = as_bytes(value);
        producer.send(record, {}, t);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("a live run keeps the invariants, within the limits that its events tell") {
  for (const char* in_flight : {"1", "3"}) {
    FakeBroker broker;
    const Clock clock;
    EventSink sink;
    begin(sink);
    const auto config = ProducerConfig::parse({{"bootstrap.servers", broker.address()},
                                               {"linger.ms", "1"},
                                               {"batch.size", "1000"},
                                               {"buffer.memory", "4000"},
                                               {"max.in.flight.requests.per.connection", in_flight}},
                                              nullptr);
    REQUIRE(config.ok());
    auto producer = BlockingProducer::create(*config, {}, sink, clock, 1);
    REQUIRE(producer.ok());
    send_all(**producer, 300);
    (*producer)->close();
    REQUIRE(broker.stored_count() == kThreads * 300);
    EventLog log;
    log.drain(sink);
    run::InvariantChecker checker;
    std::size_t requests = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
      requests += log[i].kind == EventKind::request_sent ? 1 : 0;
      checker.observe(log[i], log.strings());
    }
    checker.finish(true);
    INFO(checker.violation());
    CHECK(checker.violation().empty());
    CHECK(requests > 50);
  }
}

}  // namespace sendscope::live
