// A producer whose broker talks nonsense: whatever bytes come back, it goes on, gives up or tries again, and
// in the end every record it took has had its callback once. Virtual time, no sockets.
#include <algorithm>
#include <deque>

#include "core/base/hex.h"
#include "core/base/prng.h"
#include "core/producer/producer.h"
#include "core/producer/sender.h"
#include "tests/core/live/broker_answers.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;

namespace {

constexpr std::uint16_t kPort = 9092;

class DamagingTransport final : public Transport {
 public:
  explicit DamagingTransport(std::uint64_t seed) : answers_(3, kPort), prng_(seed) {}

  ConnId connect(NodeId, const Endpoint&) override {
    const ConnId conn = ++last_;
    requests_.try_emplace(conn);
    queue_.push_back({TransportEventKind::kConnected, conn, {}});
    return conn;
  }
  void close(ConnId conn) override {
    requests_.erase(conn);
    std::erase_if(queue_, [conn](const Item& item) { return item.conn == conn; });
  }
  std::size_t write(ConnId conn, std::span<const Bytes> slices) override {
    std::size_t size = 0;
    wire::FrameAssembler& requests = requests_.at(conn);
    for (const Bytes slice : slices) {
      requests.append(slice);
      size += slice.size();
    }
    for (;;) {
      const Result<std::optional<Bytes>> frame = requests.next();
      if (!frame || !*frame) break;
      std::optional<std::vector<std::byte>> reply = answers_.answer(**frame);
      if (!reply) continue;
      if (damaging && prng_.below(3) == 0) damage(*reply);
      queue_.push_back({TransportEventKind::kReceived, conn, std::move(*reply)});
    }
    return size;
  }
  bool next(TransportEvent& event) override {
    if (queue_.empty()) return false;
    current_ = std::move(queue_.front());
    queue_.pop_front();
    event = {current_.kind, current_.conn, current_.bytes};
    return true;
  }

  bool damaging = true;
  int damaged = 0;

 private:
  struct Item {
    TransportEventKind kind{};
    ConnId conn = kNoConn;
    std::vector<std::byte> bytes;
  };

  void damage(std::vector<std::byte>& frame) {
    ++damaged;
    // Mostly behind the length and the correlation id, where there is something to misunderstand.
    const std::size_t from = prng_.below(20) == 0 ? 0 : std::min<std::size_t>(8, frame.size() - 1);
    for (std::uint64_t hits = 1 + prng_.below(3); hits > 0; --hits) {
      const std::size_t at = from + prng_.below(frame.size() - from);
      switch (prng_.below(4)) {
        case 0: frame[at] = static_cast<std::byte>(prng_.next_u32()); break;
        case 1: frame[at] ^= static_cast<std::byte>(1u << prng_.below(8)); break;
        case 2: frame[at] = std::byte{0xff}; break;
        default: frame[at] = std::byte{0x7f};
      }
    }
  }

  BrokerAnswers answers_;
  Prng prng_;
  ConnId last_ = kNoConn;
  std::map<ConnId, wire::FrameAssembler> requests_;
  std::deque<Item> queue_;
  Item current_;
};

struct Nobody final : Waiter {
  void wake() noexcept override { woken = true; }
  bool woken = false;
};

struct Run {
  explicit Run(std::uint64_t seed) : transport(seed), random(seed) {
    const ProducerConfig::Texts texts = {{"bootstrap.servers", "127.0.0.1:9092"},
                                         {"enable.idempotence", seed % 2 == 0 ? "true" : "false"},
                                         {"linger.ms", "0"},
                                         {"request.timeout.ms", "100"},
                                         {"delivery.timeout.ms", "1000"},
                                         {"batch.size", "200"},
                                         {"reconnect.backoff.ms", "1"},
                                         {"reconnect.backoff.max.ms", "5"},
                                         {"retry.backoff.ms", "1"},
                                         {"retry.backoff.max.ms", "5"},
                                         {"metadata.max.age.ms", "50"}};
    Result<ProducerConfig> config = ProducerConfig::parse(texts, nullptr);
    REQUIRE(config);
    auto created = Producer::create(*config, {transport, sink, random, &waiter, 0}, {}, now);
    REQUIRE(created);
    producer = std::move(*created);
    sink.set_all_wanted(false);
  }

  struct Sent {
    SendStatus status{};
    int callbacks = 0;
  };
  static void on_done(void* context, const Acknowledgement&) { ++static_cast<Sent*>(context)->callbacks; }

  // One that was thrown may have been queued before, and is then completed like any other. Kafka is the same.
  static bool in_order(const Sent& sent) {
    const bool taken = sent.status == SendStatus::kAccepted || sent.status == SendStatus::kFailed;
    return taken ? sent.callbacks == 1 : sent.callbacks <= (sent.status == SendStatus::kThrown ? 1 : 0);
  }

  void step() {
    Record record;
    record.topic = "t";
    record.value = as_bytes("some value of a record");
    Sent& sent = records.emplace_back();
    sent.status = producer->try_send(record, {on_done, &sent}, now, 0);
    const SendStatus status = sent.status;
    // Somebody always wants to know the topic, or no record would ever be taken.
    if (status == SendStatus::kWouldBlock && !learning) learning.emplace(*producer, "t", 0, waiter);
    if (learning && learning->advance(now) != Step::kBlocked) learning.reset();
    turn();
  }

  void turn() {
    waiter.woken = false;
    const Nanos next = producer->sender().run_once(now);
    if (!waiter.woken) now = std::min(std::max(next, now), now + 50 * kNanosPerMilli);
    now += 2 * kNanosPerMilli;
  }

  void end() {
    learning.reset();
    transport.damaging = false;
    // An answer that leaves a partition out completes nothing; its batch goes when delivery.timeout.ms has
    // passed, and a graceful close would not wait for that. Kafka is the same.
    for (const Nanos end = now + 2 * kNanosPerSecond; now < end;) turn();
    CloseOp close(*producer, 0, waiter, 3 * kNanosPerSecond);
    for (int i = 0; close.advance(now) != Step::kDone; ++i) {
      REQUIRE(i < 100'000);
      turn();
    }
  }

  DamagingTransport transport;
  EventSink sink{2};
  PrngRandomSource random;
  Nobody waiter;
  Nanos now = 0;
  std::unique_ptr<Producer> producer;
  std::optional<PartitionsForOp> learning;
  std::deque<Sent> records;
};

}  // namespace

TEST_CASE("twenty thousand damaged answers: the producer lives, and every record gets its callback once") {
  constexpr int kDamaged = 20'000;
  constexpr int kEach = 500;
  int damaged = 0;
  std::size_t acknowledged = 0;
  for (std::uint64_t seed = 1; damaged < kDamaged; ++seed) {
    Run run(seed);
    for (int i = 0; run.transport.damaged < kEach && i < 20 * kEach; ++i) run.step();
    run.end();
    INFO("seed " << seed);
    REQUIRE(std::all_of(run.records.begin(), run.records.end(), Run::in_order));
    damaged += run.transport.damaged;
    for (const Run::Sent& sent : run.records) acknowledged += static_cast<std::size_t>(sent.callbacks);
    REQUIRE(seed < 5000);
  }
  CHECK(acknowledged > 10'000);
}
