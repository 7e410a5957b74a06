// What one record costs, all told: try_send of 100 bytes into batches that are encoded, summed, drained, sent
// through an in-memory transport, answered and completed. One thread, no clock.
#include <benchmark/benchmark.h>

#include <array>
#include <memory>

#include "core/producer/producer.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "tests/support/memory_broker.h"

namespace sendscope {
namespace {

struct SenderFlag final : Waiter {
  void wake() noexcept override { woken = true; }
  bool woken = false;
};

class Pipeline {
 public:
  Pipeline(std::int32_t partitions, bool tell) : broker_({{"orders", partitions}}) {
    sink_.set_all_wanted(false);
    ProducerConfig config = ProducerConfig::parse({{"bootstrap.servers", "memory:9092"}}, nullptr).value();
    producer_ = Producer::create(config, {broker_, sink_, random_, &flag_, 0}, {}, now_).value();
    learn();
    sink_.set_all_wanted(tell);
    record_.topic = "orders";
    record_.value = Bytes(payload_);
  }

  void send(PartitionId partition) {
    record_.partition = partition;
    while (producer_->try_send(record_, {&count, &delivered}, now_, 0) == SendStatus::kWouldBlock) run();
    ++sent;
    if (flag_.woken) run();
  }

  // Sends what is left.
  void finish() {
    producer_->accumulator().begin_flush();
    while (delivered < sent) run();
    producer_->accumulator().end_flush();
  }

  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t events = 0;
  const testing::MemoryBroker& broker() const { return broker_; }

 private:
  static void count(void* context, const Acknowledgement& acknowledgement) {
    if (acknowledgement.error == nullptr) ++*static_cast<std::uint64_t*>(context);
  }

  void run() {
    flag_.woken = false;
    now_ += kNanosPerMicro;
    do {
      producer_->sender().run_once(now_);
    } while (!broker_.idle());
    events += sink_.drain(drained_);
  }

  // The first send asks for metadata.
  void learn() {
    SenderFlag waiter;
    PartitionsForOp op(*producer_, "orders", 0, waiter);
    while (op.advance(now_) != Step::kDone) run();
    for (int i = 0; i < 10; ++i) run();
  }

  testing::MemoryBroker broker_;
  EventSink sink_{1u << 16};
  PrngRandomSource random_{1};
  SenderFlag flag_;
  Nanos now_ = kNanosPerSecond;
  std::unique_ptr<Producer> producer_;
  std::array<std::byte, 100> payload_{};
  Record record_;
  std::vector<Event> drained_{1u << 16};
};

void try_send_100_bytes(benchmark::State& state, bool events) {
  const auto partitions = static_cast<std::int32_t>(state.range(0));
  Pipeline pipeline(partitions, events);
  for (auto _ : state) pipeline.send(kUnknownPartition);
  pipeline.finish();
  if (pipeline.delivered != pipeline.sent) state.SkipWithError("not every record was delivered");
  state.SetItemsProcessed(static_cast<std::int64_t>(pipeline.sent));
  state.counters["records_per_request"] =
      static_cast<double>(pipeline.sent) / std::max(1, pipeline.broker().produce_requests);
  state.counters["events_per_record"] =
      static_cast<double>(pipeline.events) / static_cast<double>(pipeline.sent);
}

void events_masked(benchmark::State& state) { try_send_100_bytes(state, false); }
void events_on(benchmark::State& state) { try_send_100_bytes(state, true); }

BENCHMARK(events_masked)->Name("try_send_100_bytes/events_masked/partitions")->Arg(1)->Arg(12);
BENCHMARK(events_on)->Name("try_send_100_bytes/events_on/partitions")->Arg(1)->Arg(12);

}  // namespace
}  // namespace sendscope

BENCHMARK_MAIN();
