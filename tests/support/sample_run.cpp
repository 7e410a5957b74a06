#include "tests/support/sample_run.h"

#include <string>

namespace sendscope::test {
namespace {

constexpr std::uint32_t kBlock = 16384;

class Teller {
 public:
  explicit Teller(EventLog& log) : log_(log) {}

  StringId word(std::string text) {
    log_.append_strings({std::move(text)});
    return log_.strings().size() - 1;
  }
  void at(double ms) { now_ = static_cast<Nanos>(ms * 1e6); }
  void tell(EventKind kind, std::uint32_t actor, std::uint32_t place, std::uint64_t subject,
            std::uint32_t a = 0, std::uint32_t b = 0) {
    log_.append(Event{now_, kind, static_cast<std::uint16_t>(actor), place, subject, a, b});
  }

  void config(const char* key, const char* value) {
    const StringId k = word(key);
    tell(EventKind::config_set, 0, static_cast<std::uint32_t>(ConfigSource::kGiven), 0, k, word(value));
  }
  void record(std::uint16_t thread, std::uint32_t partition, std::uint64_t record, BatchId batch,
              std::uint32_t bytes) {
    tell(EventKind::send_called, thread, partition, record, topic_, 1300);
    tell(EventKind::record_appended, thread, partition, record, batch, bytes);
  }
  void open(std::uint32_t partition, BatchId batch, int free_blocks_left) {
    tell(EventKind::memory_allocated, 0, kNoPlace, static_cast<std::uint64_t>(free_blocks_left) * kBlock,
         kBlock, 0);
    tell(EventKind::batch_opened, 0, partition, batch, kBlock, 1);
  }
  void send(std::uint32_t partition, BatchId batch, RequestId request, std::uint32_t node,
            std::uint32_t bytes) {
    tell(EventKind::batch_ready, 0, partition, batch,
         static_cast<std::uint32_t>(ReadyReason::kLingerExpired));
    tell(EventKind::batch_drained, 0, partition, batch, node, bytes);
    tell(EventKind::batch_closed, 0, partition, batch, 12, bytes);
    tell(EventKind::sequence_assigned, 0, partition, batch, batch * 12, 0);
    tell(EventKind::inflight_added, 0, partition, batch);
    tell(EventKind::partition_muted, 0, partition, 0);
    tell(EventKind::request_sent, 0, node, request, 0, bytes + 90);
    tell(EventKind::request_batch, 0, partition, request, batch, bytes);
  }
  StringId topic_ = 0;

 private:
  EventLog& log_;
  Nanos now_ = 0;
};

void name_everything(Teller& t, const SampleOptions& options) {
  const StringId title = t.word("Backpressure: who waits for memory?");
  t.tell(EventKind::run_started, kNoActor, 0, 43, title, t.word("kafka-4.3"));
  t.topic_ = t.word("orders");
  for (int n = 1; n <= options.nodes; ++n) {
    const auto node = static_cast<std::uint32_t>(n);
    t.tell(EventKind::node_named, kNoActor, node, 0, t.word("broker-" + std::to_string(n)), 9092);
    t.tell(EventKind::node_state, kNoActor, node, 0, 0);
  }
  for (int p = 0; p < options.partitions; ++p) {
    t.tell(EventKind::partition_named, kNoActor, static_cast<std::uint32_t>(p), 0, t.topic_,
           static_cast<std::uint32_t>(p));
  }
  const auto total = static_cast<std::uint64_t>(4 + options.extra_batches) * kBlock;
  t.tell(EventKind::producer_created, 0, kNoPlace, total, t.word("p1"), kBlock);
  t.config("linger.ms", "5");
  t.config("max.in.flight.requests.per.connection", "5");
  t.config("max.block.ms", "60000");
  t.config("request.timeout.ms", "30000");
  t.config("delivery.timeout.ms", "120000");
  t.config("retries", "2147483647");
  t.config("enable.idempotence", "true");
  for (int i = 0; i < options.threads; ++i) {
    const auto thread = static_cast<std::uint32_t>(i);
    t.tell(EventKind::thread_named, thread, 0, 0, t.word("app-" + std::to_string(i + 1)));
    t.tell(EventKind::thread_state, thread, kNoPlace, 0, static_cast<std::uint32_t>(ThreadState::kRunning));
  }
}

void elect_leaders(Teller& t, const SampleOptions& options) {
  t.at(0.4);
  for (int p = 0; p < options.partitions; ++p) {
    const auto partition = static_cast<std::uint32_t>(p);
    const auto node = static_cast<std::uint32_t>(p % options.nodes + 1);
    t.tell(EventKind::leader_elected, kNoActor, partition, 0, node, 1);
    t.tell(EventKind::leader_known, 0, partition, 0, node, 1);
    t.tell(EventKind::log_appended, node, partition, 0xfffff, 0, 40u + 9u * partition);
    t.tell(EventKind::high_watermark, node, partition, 0, 33u + 9u * partition);
  }
  for (int n = 1; n <= options.nodes; ++n) {
    t.tell(EventKind::connection_state, 0, static_cast<std::uint32_t>(n), 0,
           static_cast<std::uint32_t>(ConnectionState::kReady));
  }
  t.tell(EventKind::producer_id, 0, kNoPlace, 4071, 0);
}

// The first batch of three comes back with an error, another waits at a node that stands still.
void fill_batches(Teller& t, int free) {
  std::uint64_t record = 170;
  const struct {
    std::uint32_t partition;
    BatchId batch;
    double at;
  } batches[] = {{0, 16, 0.968}, {1, 17, 3.1}, {2, 18, 6.2}};
  for (const auto& b : batches) {
    t.at(b.at);
    t.open(b.partition, b.batch, --free);
    for (std::uint32_t i = 0; i < 12; ++i) {
      t.at(b.at + 0.2 * i);
      t.record(static_cast<std::uint16_t>(i % 3), b.partition, ++record, b.batch, 1320 * (i + 1));
    }
  }
  t.at(9);
  t.send(0, 16, 85, 1, 15980);
  t.at(10);
  t.send(1, 17, 86, 2, 15980);
  t.send(2, 18, 87, 3, 15980);
  t.at(10.6);
  t.tell(EventKind::request_arrived, 0, 1, 85, 0, 16070);
  t.tell(EventKind::log_refused, 1, 0, 85, 6);
  t.at(16);
  t.open(2, 21, --free);
  for (std::uint32_t i = 0; i < 5; ++i) {
    t.at(16 + 0.3 * i);
    t.record(0, 2, ++record, 21, 1320 * (i + 1));
  }
}

void fill_extra(Teller& t, const SampleOptions& options) {
  for (int i = 0; i < options.extra_batches; ++i) {
    t.at(18 + 0.01 * i);
    const auto partition = static_cast<std::uint32_t>((i + 3) % options.partitions);
    t.open(partition, static_cast<BatchId>(30 + i), options.extra_batches - 1 - i);
    t.record(0, partition, static_cast<std::uint64_t>(400 + i), static_cast<BatchId>(30 + i), 1320);
  }
}

void answer_and_wait(Teller& t) {
  t.at(24);
  for (std::uint32_t thread = 1; thread < 3; ++thread) {
    t.at(24.0 + thread);
    t.tell(EventKind::send_called, thread, thread, 206 + thread, t.topic_, 1300);
    t.tell(EventKind::thread_state, thread, kNoPlace, 0,
           static_cast<std::uint32_t>(ThreadState::kWaitingMemory));
    t.tell(EventKind::memory_wait_began, thread, kNoPlace, 206 + thread, kBlock);
  }
  t.at(30);
  t.tell(EventKind::fault_began, kNoActor, 3, 1, t.word("pause"), t.word("paused by you"));
  t.tell(EventKind::node_state, kNoActor, 3, 0, static_cast<std::uint32_t>(NodeState::kPaused));
  t.at(42.01);
  t.tell(EventKind::response_sent, 0, 1, 85, 0, 60);
  t.at(42.2);
  t.tell(EventKind::response_received, 0, 1, 85, 0, 60);
  t.tell(EventKind::inflight_removed, 0, 0, 16);
  t.tell(EventKind::partition_unmuted, 0, 0, 0);
  t.at(42.31);
  t.tell(EventKind::batch_retried, 0, 0, 16, 6, 1);
  t.tell(EventKind::batch_backoff, 0, 0, 16, 100);
}

}  // namespace

void fill_sample_run(EventLog& log, const SampleOptions& options) {
  Teller t(log);
  name_everything(t, options);
  elect_leaders(t, options);
  fill_batches(t, 4 + options.extra_batches);
  fill_extra(t, options);
  answer_and_wait(t);
}

}  // namespace sendscope::test
