#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

AccumulatorSettings lingering(std::int64_t linger_ms = 10) {
  AccumulatorSettings settings = default_accumulator_settings();
  settings.batch_size_bytes = 300;
  settings.linger_ms = linger_ms;
  settings.retry_backoff_ms = 100;
  settings.retry_backoff_max_ms = 1000;
  return settings;
}

using Nodes = std::vector<NodeId>;

std::vector<ReadyReason> reasons(const std::vector<Event>& events) {
  std::vector<ReadyReason> found;
  for (const Event& event : events) {
    if (event.kind == EventKind::batch_ready) found.push_back(static_cast<ReadyReason>(event.a));
  }
  return found;
}

}  // namespace

TEST_CASE("a batch is ready when it is full, or when it has lingered") {
  AccumulatorFixture f(lingering());
  CHECK(f.ready(0).empty());
  CHECK(f.check_.next_ready_check_delay_ms == kForeverMillis);
  f.append("a", 10, 0);
  CHECK(f.ready(ms(4)).empty());
  CHECK(f.check_.next_ready_check_delay_ms == 6);
  CHECK(f.ready(ms(10)) == Nodes{1});
  f.append("b", 250, 1, ms(10));
  f.append("c", 250, 1, ms(10));
  CHECK(f.ready(ms(10)) == Nodes{1, 2});
  CHECK(reasons(f.events()) == std::vector<ReadyReason>{ReadyReason::kLingerExpired, ReadyReason::kFull});
}

TEST_CASE("the delay is the smallest remaining linger; what a ready node has besides does not count") {
  AccumulatorFixture f(lingering());
  f.append("a", 10, 0, 0);
  f.append("b", 10, 1, ms(3));
  f.append("c", 10, 2, ms(4));
  f.ready(ms(5));
  CHECK(f.check_.next_ready_check_delay_ms == 5);
  CHECK(f.ready(ms(10)) == Nodes{1});
  CHECK(f.check_.next_ready_check_delay_ms == 3);  // partition 1; 2 belongs to the ready node
}

TEST_CASE("a flush, a close and an exhausted pool make everything ready") {
  AccumulatorFixture f(lingering(), 300);
  f.append("a", 10, 0);
  SECTION("flush") {
    f.accumulator_.begin_flush();
    CHECK(f.ready(0) == Nodes{1});
    CHECK(reasons(f.events()) == std::vector<ReadyReason>{ReadyReason::kFlush});
    f.accumulator_.end_flush();
    CHECK(f.ready(0).empty());
  }
  SECTION("close") {
    f.accumulator_.close(0);
    CHECK(f.ready(0) == Nodes{1});
  }
  SECTION("exhausted") {
    CountingWaiter waiter;
    const AppendRequest request = f.request("b", 10, 1);
    AppendOp op(f.accumulator_, request, 100, waiter);
    CHECK(op.advance(*f.cluster_, 0) == Step::kBlocked);
    CHECK(f.ready(0) == Nodes{1});
    CHECK(reasons(f.events()) == std::vector<ReadyReason>{ReadyReason::kExhausted});
  }
}

TEST_CASE("a muted partition neither is ready nor delays, and is not drained") {
  AccumulatorFixture f(lingering(0));
  f.append("a", 10, 0);
  f.accumulator_.mute_partition({"orders", 0}, 0);
  CHECK(f.ready(0).empty());
  CHECK(f.check_.next_ready_check_delay_ms == kForeverMillis);
  CHECK(f.drain({1}, 0).empty());
  f.accumulator_.unmute_partition({"orders", 0}, 0);
  CHECK(f.ready(0) == Nodes{1});
  CHECK(f.drain({1}, 0) == "0:1");
}

TEST_CASE("topics without leader are named, once each") {
  AccumulatorFixture f(lingering());
  f.cluster_ = cluster_of({kNoNode, kNoNode, 1});
  f.append("a", 10, 0);
  f.append("b", 10, 1);
  f.append("c", 10, 7);  // a custom partitioner's answer beyond the partitions there are
  CHECK(f.ready(ms(20)).empty());
  CHECK(f.check_.unknown_leader_topics == std::vector<std::string>{"orders"});
  CHECK(f.check_.next_ready_check_delay_ms == kForeverMillis);
  f.cluster_ = cluster_of({kNoNode, 2, 1});
  CHECK(f.ready(ms(20)) == Nodes{2});
}

TEST_CASE("a retried batch backs off, doubling, while other partitions of the node go on") {
  AccumulatorFixture f(lingering(0));
  f.append("a", 10, 0);
  CHECK(f.drain({1}, 0) == "0:1");
  f.accumulator_.reenqueue(f.drained_[0], ms(5));
  CHECK(f.ready(ms(6)).empty());
  CHECK(f.check_.next_ready_check_delay_ms == 99);
  f.append("b", 10, 2, ms(6));
  CHECK(f.ready(ms(6)) == Nodes{1});
  CHECK(f.drain({1}, ms(6)) == "2:1");
  CHECK(f.ready(ms(105)) == Nodes{1});
  CHECK(f.drain({1}, ms(105)) == "0:1");
  f.accumulator_.reenqueue(f.drained_[0], ms(110));
  CHECK(f.ready(ms(309)).empty());
  CHECK(f.ready(ms(310)) == Nodes{1});
}

TEST_CASE("nothing overrides a backoff, but it is drawn anew at every look") {
  AccumulatorFixture f(lingering(0));
  f.append("a", 10, 0);
  f.drain({1}, 0);
  f.accumulator_.reenqueue(f.drained_[0], 0);
  f.accumulator_.begin_flush();
  CHECK(f.ready(ms(90)).empty());
  const int before = f.random_.jitter_draws;
  f.random_.jitter = std::numeric_limits<std::int32_t>::min();  // 20 % less
  CHECK(f.ready(ms(90)) == Nodes{1});
  CHECK(f.random_.jitter_draws > before);
  f.random_.jitter = 0;
  CHECK(f.drain({1}, ms(90)).empty());  // the same pass may judge otherwise
}

TEST_CASE("a newer leader epoch ends the backoff once; a new leader without one does not") {
  AccumulatorFixture f(lingering(0));
  f.append("a", 10, 0);
  CHECK(f.ready(0) == Nodes{1});
  f.drain({1}, 0);
  f.accumulator_.reenqueue(f.drained_[0], 0);
  f.cluster_ = cluster_of({2, 2, 1, 2}, 0);
  CHECK(f.ready(ms(1)).empty());
  f.cluster_ = cluster_of({2, 2, 1, 2}, 1);
  CHECK(f.ready(ms(1)) == Nodes{2});
  CHECK(f.drain({2}, ms(1)) == "0:1");
  f.accumulator_.reenqueue(f.drained_[1], ms(1));
  CHECK(f.ready(ms(2)).empty());  // same epoch: backs off again
}

TEST_CASE("the load counts every queue with a leader, and is only used when it tells them apart") {
  AccumulatorFixture f(lingering());
  const auto table = [&]() -> std::vector<std::int32_t> {
    const PartitionLoad* load = f.accumulator_.find_topic("orders")->partitioner.load();
    return load == nullptr ? std::vector<std::int32_t>{} : load->cumulative();
  };
  f.append("a", 250, 1);
  f.append("b", 250, 1);
  f.append("c", 250, 0);
  f.append("d", 250, 2);
  f.ready(0);
  CHECK(table().empty());  // partition 3 has never been used
  f.append("e", 10, 3);
  f.ready(0);
  CHECK(table() == std::vector<std::int32_t>{2, 3, 5, 7});  // lengths 1, 2, 1, 1
  f.drain({1, 2}, 0);
  f.ready(0);
  CHECK(table() == std::vector<std::int32_t>{2, 3, 5, 7});  // lengths 0, 1, 0, 0
  f.drain({1, 2}, 0);
  f.ready(0);
  CHECK(table().empty());  // all are empty
  f.cluster_ = cluster_of({1, 2, kNoNode, 2});
  f.ready(0);
  CHECK(table() == std::vector<std::int32_t>{1, 2, 3});  // one has no leader
}

TEST_CASE("a node that cannot be sent to loses the slots of its waiting partitions") {
  AccumulatorSettings settings = lingering(0);
  settings.availability_timeout_ms = 50;
  AccumulatorFixture f(settings);
  for (PartitionId p = 0; p < 4; ++p) f.append("r", 10, p);
  f.drain({2}, 0);  // 1 and 3 are empty, 0 and 2 wait for node 1
  f.accumulator_.update_node_latency_stats(1, 0, true);
  f.accumulator_.update_node_latency_stats(1, 50, false);
  f.ready(ms(50));
  const BuiltInPartitioner& partitioner = f.accumulator_.find_topic("orders")->partitioner;
  REQUIRE(partitioner.load() != nullptr);
  CHECK(partitioner.load()->partitions() == std::vector<PartitionId>{0, 1, 2, 3});
  f.accumulator_.update_node_latency_stats(1, 51, false);
  f.ready(ms(51));
  REQUIRE(partitioner.load() != nullptr);
  CHECK(partitioner.load()->partitions() == std::vector<PartitionId>{1, 3});
  // The slots were taken over together with the lengths that stood in them.
  CHECK(partitioner.load()->cumulative() == std::vector<std::int32_t>{1, 2});
  f.accumulator_.update_node_latency_stats(1, 52, true);
  f.ready(ms(52));
  CHECK(partitioner.load()->partitions() == std::vector<PartitionId>{0, 1, 2, 3});
}

TEST_CASE("the load leaves out queues the snapshot has no partition for, and partitions without a queue") {
  AccumulatorFixture f;
  ClusterData data;
  data.nodes.push_back(Node{1, "host", 9092, {}});
  Topic& topic = data.topics["orders"];
  topic.name = "orders";
  for (PartitionId id = 1; id <= 3; ++id) {  // a gap where partition 0 should be
    Partition partition;
    partition.id = id;
    partition.leader_id = 1;
    topic.partitions.push_back(partition);
  }
  f.cluster_ = std::make_shared<const Cluster>(std::move(data));
  for (PartitionId id = 0; id <= 2; ++id) f.append("r", 10, id);
  f.ready(0);
  const PartitionLoad* load = f.accumulator_.find_topic("orders")->partitioner.load();
  REQUIRE(load != nullptr);
  CHECK(load->partitions() == std::vector<PartitionId>{1, 2});
}
