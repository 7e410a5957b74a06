// An accumulator with a cluster around it, for tests: topics "orders" (partitions led by nodes 1, 2, 1, 2...)
// and records of chosen sizes.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/base/hex.h"
#include "core/producer/config.h"
#include "core/producer/record_accumulator.h"
#include "tests/support/catch.h"

namespace sendscope::testing {

constexpr Nanos ms(Millis value) { return value * kNanosPerMilli; }

// Draws that a test chooses; 0 when it has chosen none. No jitter.
class ScriptedRandom final : public RandomSource {
 public:
  std::deque<std::int32_t> draws;
  std::int32_t jitter = 0;
  int jitter_draws = 0;

  std::int32_t next_partition_draw() override {
    if (draws.empty()) return 0;
    const std::int32_t draw = draws.front();
    draws.pop_front();
    return draw;
  }
  std::int32_t next_jitter_draw() override {
    ++jitter_draws;
    return jitter;
  }
  std::uint32_t next_node_offset(std::uint32_t) override { return 0; }
};

struct CountingWaiter final : Waiter {
  int wakes = 0;
  void wake() noexcept override { ++wakes; }
};

// leaders[p]: the node that leads partition p of "orders", kNoNode for none; every epoch is `epoch`.
inline ClusterPtr cluster_of(const std::vector<NodeId>& leaders, std::int32_t epoch = 0,
                             const std::string& topic_name = "orders") {
  ClusterData data;
  for (NodeId node = 1; node <= 3; ++node) data.nodes.push_back(Node{node, "host", 9092, {}});
  Topic& topic = data.topics[topic_name];
  topic.name = topic_name;
  for (std::size_t p = 0; p < leaders.size(); ++p) {
    Partition partition;
    partition.id = static_cast<PartitionId>(p);
    partition.leader_id = leaders[p];
    partition.leader_epoch = epoch;
    topic.partitions.push_back(partition);
  }
  return std::make_shared<const Cluster>(std::move(data));
}

struct Outcome {
  std::string name;  // of the record
  std::optional<ErrorCode> error;
  std::int64_t offset = -1;
  std::string message{};  // of the error
};

// Those of a producer that configures nothing.
inline AccumulatorSettings default_accumulator_settings() {
  const auto config = ProducerConfig::parse({}, nullptr, 1, false);
  REQUIRE(config.ok());
  return accumulator_settings(*config);
}

class AccumulatorFixture {
 public:
  explicit AccumulatorFixture(AccumulatorSettings settings = default_accumulator_settings(),
                              std::int64_t memory = 1 << 20)
      : sink_(1u << 9),
        pool_(memory, settings.batch_size_bytes, sink_, 0),
        accumulator_(settings, pool_, nullptr, random_, BatchEnvironment{sink_, 0, nullptr}) {}

  // A record whose callback notes its outcome under `name`.
  AppendRequest request(const std::string& name, std::size_t value_size, PartitionId partition) {
    contexts_.push_back({this, name});
    values_.push_back(std::string(value_size, 'v'));
    AppendRequest request;
    request.topic = "orders";
    request.partition = partition;
    request.timestamp_ms = 1'000;
    request.value = as_bytes(values_.back());
    request.delivery = {&AccumulatorFixture::note, &contexts_.back()};
    request.record = ++last_record_;
    return request;
  }

  RecordAppendResult append(const std::string& name, std::size_t value_size, PartitionId partition,
                            Nanos now = 0) {
    RecordAppendResult result = accumulator_.try_append(request(name, value_size, partition), *cluster_, now);
    INFO(name << ": " << (result.error ? result.error->message : ""));
    return result;
  }

  // The nodes that are ready.
  std::vector<NodeId> ready(Nanos now) {
    accumulator_.ready(cluster_, now, check_);
    return check_.ready_nodes;
  }

  // Drains the nodes; names of partitions with record counts: "0:3 2:1".
  std::string drain(const std::vector<NodeId>& nodes, Nanos now, std::int64_t max_size = 1 << 20) {
    std::string text;
    for (NodeBatches& node : accumulator_.drain(cluster_, nodes, max_size, now)) {
      for (BatchPtr& batch : node.batches) {
        if (!text.empty()) text += ' ';
        text +=
            std::to_string(batch->topic_partition().partition) + ":" + std::to_string(batch->record_count());
        drained_.push_back(batch);
      }
    }
    return text;
  }

  // The batch is stored and its memory given back.
  void succeed(const BatchPtr& batch, std::int64_t offset = 100, Nanos now = 0) {
    REQUIRE(batch->complete(offset, kNoTimestamp, now));
    accumulator_.complete(batch, now);
    REQUIRE(accumulator_.deallocate(batch, now).ok());
  }

  // Where records without key and partition go now.
  PartitionId find_sticky() { return accumulator_.find_topic("orders")->partitioner.current().partition; }

  std::vector<Event> events() {
    std::vector<Event> all(1u << 9);
    all.resize(sink_.drain(all));
    return all;
  }
  std::size_t count(const std::vector<Event>& events, EventKind kind) {
    std::size_t n = 0;
    for (const Event& event : events) n += event.kind == kind ? 1 : 0;
    return n;
  }

  EventSink sink_;
  ScriptedRandom random_;
  BufferPool pool_;
  RecordAccumulator accumulator_;
  ClusterPtr cluster_ = cluster_of({1, 2, 1, 2});
  ReadyCheckResult check_;
  std::vector<BatchPtr> drained_;
  std::vector<Outcome> outcomes_;

 private:
  struct Context {
    AccumulatorFixture* fixture;
    std::string name;
  };
  static void note(void* context, const Acknowledgement& acknowledgement) {
    const Context& self = *static_cast<Context*>(context);
    Outcome outcome{self.name, std::nullopt, acknowledgement.metadata.offset};
    if (acknowledgement.error != nullptr) outcome.error = acknowledgement.error->code;
    self.fixture->outcomes_.push_back(outcome);
  }

  std::deque<Context> contexts_;
  std::deque<std::string> values_;
  RecordId last_record_ = 0;
};

}  // namespace sendscope::testing
