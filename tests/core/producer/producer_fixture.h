// A whole producer over brokers in memory, with a clock that the test moves.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/hex.h"
#include "core/net/network_client.h"
#include "core/producer/producer.h"
#include "core/producer/producer_metadata.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"
#include "tests/core/producer/accumulator_fixture.h"
#include "tests/support/memory_broker.h"

namespace sendscope::testing {

using Texts = ProducerConfig::Texts;

// A batch lives 500 ms, a request 200, a retry comes after 10.
inline Texts short_lives(Texts more = {}) {
  more.emplace("delivery.timeout.ms", "500");
  more.emplace("request.timeout.ms", "200");
  more.emplace("retry.backoff.ms", "10");
  more.emplace("retry.backoff.max.ms", "10");
  return more;
}

class ProducerFixture {
 public:
  // Kafka's keys over: linger.ms 0, one node, topic "orders" of two partitions.
  explicit ProducerFixture(ProducerConfig::Texts texts = {}, ProducerPlugins plugins = {},
                           std::int32_t nodes = 1, const Profile& profile = newest_profile())
      : broker_({{"orders", 2}}, nodes) {
    texts.emplace("bootstrap.servers", "memory:9092");
    texts.emplace("linger.ms", "0");
    const Result<ProducerConfig> config = ProducerConfig::parse(texts, nullptr, 1, true, profile);
    INFO((config.ok() ? "" : config.error().message));
    REQUIRE(config.ok());
    producer_ =
        Producer::create(*config, {broker_, sink_, random_, &sender_waiter_, 0}, std::move(plugins), now_)
            .value();
  }

  // The sender runs until nothing is left that the brokers have said.
  void run() {
    int turns = 0;
    do {
      REQUIRE(++turns < 10'000);
      until_ = producer_->sender().run_once(now_);
    } while (!broker_.idle());
  }
  // Time passes in steps of a millisecond, the sender running when it wants to.
  void advance(Millis duration_ms) {
    for (; duration_ms > 0; --duration_ms) {
      now_ += kNanosPerMilli;
      // A wake-up during the run counts for the next millisecond.
      const bool woken = std::exchange(sender_waiter_.wakes, 0) != 0;
      if (now_ >= until_ || woken || !broker_.idle()) run();
    }
  }
  // Time passes until it is so. What never comes fails the test, and does not keep it forever.
  template <typename Condition>
  void advance_until(Condition condition, Millis at_most = 10'000) {
    for (Millis waited = 0; !condition(); ++waited) {
      if (waited == at_most) FAIL("what was waited for has not come within " << at_most << " ms");
      advance(1);
    }
  }
  // An operation to its end, its caller looking again every millisecond.
  template <typename Op>
  void complete(Op& op) {
    advance_until([&] { return op.advance(now_) == Step::kDone; });
  }
  // Until the topic is known and the connections stand.
  void warm_up() {
    CountingWaiter waiter;
    PartitionsForOp op(*producer_, "orders", 0, waiter);
    complete(op);
    REQUIRE(op.result().ok());
    advance(20);
    outcomes_.clear();
  }

  struct Sent {
    ProducerFixture* fixture;
    std::string name;
    std::string value;
    CountingWaiter waiter;
    std::unique_ptr<SendOp> op;
  };
  // A send() that goes as far as it can; its outcome is noted under `name`.
  Sent& send(const std::string& name, PartitionId partition = 0, std::size_t size = 10,
             const std::string& topic = "orders") {
    Sent& sent = sent_.emplace_back();
    sent.fixture = this;
    sent.name = name;
    sent.value = std::string(size, 'v');
    topics_.push_back(topic);
    Record record;
    record.topic = topics_.back();
    record.partition = partition;
    record.value = as_bytes(sent.value);
    sent.op =
        std::make_unique<SendOp>(*producer_, record, Delivery{&ProducerFixture::note, &sent}, 0, sent.waiter);
    go_on(sent);
    return sent;
  }
  Step go_on(Sent& sent) {
    Step step = Step::kYield;
    while (step == Step::kYield) step = sent.op->advance(now_);
    return step;
  }

  // "a:ok b:TIMEOUT", in the order in which the callbacks ran.
  std::string outcomes() const {
    std::string text;
    for (const Outcome& outcome : outcomes_) {
      if (!text.empty()) text += ' ';
      text += outcome.name + ":" + (outcome.error ? std::string(error_row(*outcome.error).name) : "ok");
    }
    return text;
  }
  std::vector<Event> events() {
    std::vector<Event> all(1u << 16);
    all.resize(sink_.drain(all));
    return all;
  }
  static std::size_t count(const std::vector<Event>& events, EventKind kind) {
    std::size_t n = 0;
    for (const Event& event : events) n += event.kind == kind ? 1 : 0;
    return n;
  }
  std::int64_t memory_out() {
    BufferPool& pool = producer_->accumulator().pool();
    return pool.total_memory() - pool.available_memory();
  }

  MemoryBroker broker_;
  EventSink sink_{1u << 16};
  ScriptedRandom random_;
  CountingWaiter sender_waiter_;
  Nanos now_ = ms(1'000);
  Nanos until_ = 0;
  std::unique_ptr<Producer> producer_;
  std::vector<Outcome> outcomes_;
  std::deque<std::string> topics_;
  std::deque<Sent> sent_;

 private:
  static void note(void* context, const Acknowledgement& acknowledgement) {
    const Sent& self = *static_cast<Sent*>(context);
    Outcome outcome{self.name, std::nullopt, acknowledgement.metadata.offset};
    if (acknowledgement.error != nullptr) {
      outcome.error = acknowledgement.error->code;
      outcome.message = acknowledgement.error->message;
    }
    self.fixture->outcomes_.push_back(outcome);
  }
};

}  // namespace sendscope::testing
