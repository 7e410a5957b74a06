// What one append costs: records of 100 bytes into batches that are drained, completed and freed. No network,
// no metadata, no producer around it: the accumulator alone, its callbacks included.
#include <benchmark/benchmark.h>

#include "core/producer/config.h"
#include "core/producer/record_accumulator.h"

namespace {

using namespace sendscope;

constexpr std::int32_t kPartitions = 12;
constexpr std::size_t kRecord = 100;

std::uint64_t delivered = 0;
void count_delivery(void*, const Acknowledgement&) { ++delivered; }

ClusterPtr make_cluster(std::int32_t partitions) {
  ClusterData data;
  data.nodes.push_back(Node{1, "localhost", 9092, {}});
  Topic& topic = data.topics["orders"];
  topic.name = "orders";
  for (PartitionId p = 0; p < partitions; ++p) {
    Partition partition;
    partition.id = p;
    partition.leader_id = 1;
    topic.partitions.push_back(partition);
  }
  return std::make_shared<const Cluster>(std::move(data));
}

class Rig {
 public:
  explicit Rig(std::int32_t partitions)
      : cluster_(make_cluster(partitions)),
        pool_(32 << 20, 16'384, sink_, 0),
        accumulator_(settings(), pool_, nullptr, random_, BatchEnvironment{sink_, 0, nullptr}) {
    request_.topic = "orders";
    request_.value = std::as_bytes(std::span(value_));
    request_.delivery.fn = count_delivery;
  }

  // One record; when batches are full, the sender's part is done at once.
  void append(PartitionId partition) {
    request_.partition = partition;
    request_.timestamp_ms = now_ / kNanosPerMilli;
    ++request_.record;
    const RecordAppendResult result = accumulator_.try_append(request_, *cluster_, now_);
    if (result.status != AppendStatus::kAppended) std::abort();
    if (result.batch_is_full) send();
  }

  void send() {
    now_ += 100'000;
    accumulator_.ready(cluster_, now_, check_);
    for (NodeBatches& node : accumulator_.drain(cluster_, check_.ready_nodes, 1 << 20, now_)) {
      for (const BatchPtr& batch : node.batches) {
        batch->complete(offset_, kNoTimestamp, now_);
        offset_ += batch->record_count();
        accumulator_.complete(batch, now_);
        if (!accumulator_.deallocate(batch, now_)) std::abort();
      }
    }
    drain_events();
  }

  EventSink& sink() { return sink_; }

 private:
  static AccumulatorSettings settings() {
    AccumulatorSettings settings = accumulator_settings(*ProducerConfig::parse({}, nullptr, 1, false));
    settings.linger_ms = 1'000'000;
    return settings;
  }

  void drain_events() {
    while (sink_.drain(events_) == events_.size()) {
    }
  }

  EventSink sink_{1u << 16};
  std::vector<Event> events_ = std::vector<Event>(1024);
  PrngRandomSource random_{1};
  ClusterPtr cluster_;
  BufferPool pool_;
  RecordAccumulator accumulator_;
  ReadyCheckResult check_;
  std::array<char, kRecord> value_{};
  AppendRequest request_;
  Nanos now_ = 0;
  std::int64_t offset_ = 0;
};

void run(benchmark::State& state, std::int32_t partitions, bool sticky, bool events) {
  Rig rig(partitions);
  rig.sink().set_all_wanted(events);
  PartitionId next = 0;
  for (auto _ : state) {
    rig.append(sticky ? kUnknownPartition : next);
    if (++next == partitions) next = 0;
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_append_one_partition(benchmark::State& state) { run(state, 1, false, false); }
void BM_append_12_partitions_in_turn(benchmark::State& state) { run(state, kPartitions, false, false); }
void BM_append_sticky_12_partitions(benchmark::State& state) { run(state, kPartitions, true, false); }
void BM_append_one_partition_all_events(benchmark::State& state) { run(state, 1, false, true); }

// One busy partition among many that were used once and are idle since.
void BM_append_one_busy_of_10000(benchmark::State& state) {
  Rig rig(10'000);
  rig.sink().set_all_wanted(false);
  for (PartitionId p = 0; p < 10'000; ++p) {
    rig.append(p);
    if (p % 1'000 == 999) {
      for (int i = 0; i < 400; ++i) rig.append(p);
    }
  }
  for (auto _ : state) rig.append(0);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(BM_append_one_partition);
BENCHMARK(BM_append_12_partitions_in_turn);
BENCHMARK(BM_append_sticky_12_partitions);
BENCHMARK(BM_append_one_partition_all_events);
BENCHMARK(BM_append_one_busy_of_10000);

}  // namespace

BENCHMARK_MAIN();
