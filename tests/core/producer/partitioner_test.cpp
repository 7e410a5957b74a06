#include "core/producer/partitioner.h"

#include "core/producer/builtin_partitioner.h"
#include "core/producer/config.h"
#include "tests/core/producer/accumulator_fixture.h"
#include "tests/support/dies.h"

using namespace sendscope;
using namespace sendscope::testing;

TEST_CASE("murmur2 gives Kafka's values") {
  struct Case {
    const char* key;
    std::int32_t hash;
  };
  const auto [key, hash] = GENERATE(values<Case>({
      {"21", -973932308},
      {"foobar", -790332482},
      {"a-little-bit-long-string", -985981536},
      {"a-little-bit-longer-string", -1486304829},
      {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
      {"abc", 479470107},
      {"", 275646681},
      {"key", -1079937367},
      {"1", -1993445489},
  }));
  CHECK(murmur2(as_bytes(key)) == hash);
}

TEST_CASE("a key's sign bit is masked, not turned") {
  CHECK(partition_for_key(as_bytes("key"), 3) == 1);
  CHECK(partition_for_key(as_bytes("key"), 6) == 1);
  CHECK(partition_for_key(as_bytes("1"), 3) == 0);
  CHECK(partition_for_key(as_bytes("1"), 6) == 3);
}

TEST_CASE("round robin goes through the partitions that have a leader, or through all") {
  RoundRobinPartitioner partitioner;
  const auto take = [&](const ClusterPtr& cluster, int n) {
    std::vector<PartitionId> taken;
    for (int i = 0; i < n; ++i)
      taken.push_back(partitioner.partition("orders", std::nullopt, std::nullopt, *cluster));
    return taken;
  };
  CHECK(take(cluster_of({1, kNoNode, 2}), 4) == std::vector<PartitionId>{0, 2, 0, 2});
  CHECK(take(cluster_of({kNoNode, kNoNode, kNoNode}), 3) == std::vector<PartitionId>{1, 2, 0});
}

TEST_CASE("the sticky choice changes at the batch size only when the batches are full, at twice it always") {
  ScriptedRandom random;
  const ClusterPtr cluster = cluster_of({1, 1, 1});
  BuiltInPartitioner partitioner("orders", 100, random);
  random.draws = {1, 2, 0};
  const auto first = partitioner.peek(*cluster);
  CHECK(first.partition == 1);
  CHECK(partitioner.peek(*cluster).generation == first.generation);
  CHECK(partitioner.update(first, 120, *cluster, false) == BuiltInPartitioner::kStayed);
  CHECK_FALSE(partitioner.is_changed(first));
  CHECK(partitioner.update(first, 0, *cluster, true) == 120);  // the put-off switch
  CHECK(partitioner.is_changed(first));
  const auto second = partitioner.peek(*cluster);
  CHECK(second.partition == 2);
  CHECK(partitioner.produced_bytes() == 0);
  CHECK(partitioner.update(second, 199, *cluster, false) == BuiltInPartitioner::kStayed);
  CHECK(partitioner.update(second, 1, *cluster, false) == 200);
  CHECK(partitioner.current().partition == 0);
}

TEST_CASE("the same partition drawn again is a new choice") {
  ScriptedRandom random;
  const ClusterPtr cluster = cluster_of({1});
  BuiltInPartitioner partitioner("orders", 10, random);
  const auto first = partitioner.peek(*cluster);
  CHECK(partitioner.update(first, 10, *cluster, true) == 10);
  CHECK(partitioner.current().partition == first.partition);
  CHECK(partitioner.is_changed(first));
}

TEST_CASE("a sticky batch size of nothing is refused; batch.size 0 means 1") {
  ScriptedRandom random;
  CHECK(dies([&] { BuiltInPartitioner("orders", 0, random); }));
  const Result<ProducerConfig> config =
      ProducerConfig::parse({{"batch.size", "0"}, {"bootstrap.servers", "memory:9092"}}, nullptr);
  REQUIRE(config.ok());
  CHECK(config->effective_batch_size_bytes() == 1);
}

TEST_CASE("partitions without leader are avoided unless there are no others") {
  ScriptedRandom random;
  random.draws = {1, 2};
  BuiltInPartitioner some("orders", 10, random), none("orders", 10, random);
  CHECK(some.peek(*cluster_of({kNoNode, 1, kNoNode, 1})).partition == 3);
  CHECK(none.peek(*cluster_of({kNoNode, kNoNode, kNoNode})).partition == 2);
}

TEST_CASE("a draw falls on a partition by its share: longest queue + 1 - its own length") {
  struct Case {
    std::vector<std::int32_t> lengths;
    std::vector<std::int32_t> shares;
  };
  const auto [lengths, shares] = GENERATE(values<Case>({
      {{0, 3, 1}, {4, 1, 3}},
      {{1, 7, 2}, {7, 1, 6}},
      {{5, 0, 3, 0, 1}, {1, 6, 3, 6, 5}},
      {{0, 0, 0, 9}, {10, 10, 10, 1}},
  }));
  std::vector<PartitionId> slots;
  std::vector<PartitionLoad::Loaded> loaded;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    slots.push_back(static_cast<PartitionId>(10 + i));
    if (lengths[i] > 0) loaded.push_back({static_cast<std::int32_t>(i), lengths[i]});
  }
  PartitionLoad load;
  load.assign(slots, loaded);
  std::int32_t draw = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    for (std::int32_t n = 0; n < shares[i]; ++n, ++draw) CHECK(load.pick(draw) == slots[i]);
    CHECK(load.cumulative()[i] == draw);
  }
  CHECK(load.pick(draw) == slots[0]);  // the draw is taken modulo the sum
}

TEST_CASE("a load that does not tell partitions apart is not used") {
  ScriptedRandom random;
  BuiltInPartitioner partitioner("orders", 10, random);
  const std::vector<PartitionId> slots = {0, 1, 2};
  const auto in_use = [&] { return partitioner.load() != nullptr; };
  partitioner.update_load(slots, std::vector<PartitionLoad::Loaded>{{1, 4}}, 3);
  CHECK(in_use());
  partitioner.update_load(slots, {}, 3);
  CHECK_FALSE(in_use());
  partitioner.update_load(slots, {}, 4);  // equal, but one queue has no slot
  CHECK(in_use());
  partitioner.update_load({}, {}, 4);
  CHECK_FALSE(in_use());
  partitioner.update_load(slots, std::vector<PartitionLoad::Loaded>{{0, 2}, {1, 2}, {2, 2}}, 3);
  CHECK_FALSE(in_use());
}

TEST_CASE("draws follow the load while there is one") {
  ScriptedRandom random;
  const ClusterPtr cluster = cluster_of({1, 1, 1});
  BuiltInPartitioner partitioner("orders", 1, random);
  partitioner.update_load(std::vector<PartitionId>{0, 1, 2},
                          std::vector<PartitionLoad::Loaded>{{1, 3}, {2, 1}}, 3);
  random.draws = {4, 5, 4};
  CHECK(partitioner.peek(*cluster).partition == 1);
  CHECK(partitioner.update(partitioner.current(), 2, *cluster, true) == 2);
  CHECK(partitioner.current().partition == 2);
  partitioner.clear_load();
  CHECK(partitioner.update(partitioner.current(), 2, *cluster, true) == 2);
  CHECK(partitioner.current().partition == 1);  // 4 modulo 3
}
