#include "core/net/cluster.h"

#include "core/net/published.h"
#include "tests/support/catch.h"

using namespace sendscope;

namespace {

Partition led(PartitionId id, NodeId leader, std::int32_t epoch = 0) {
  Partition partition;
  partition.id = id;
  partition.leader_id = leader;
  partition.leader_epoch = epoch;
  return partition;
}

ClusterData sample() {
  ClusterData data;
  data.nodes = {{2, "c", 1, {}}, {0, "a", 1, {}}, {-2, "y", 1, {}}, {-1, "x", 1, {}}};
  data.topics["b"].partitions = {led(3, 0), led(1, 2, 7), led(0, 2), led(4, 9)};
  data.topics["a"].partitions = {led(0, 2), led(1, kNoNode)};
  data.invalid_topics = {"z*", "!"};
  return data;
}

}  // namespace

TEST_CASE("a cluster lists nodes, topics and partitions in canonical order") {
  const Cluster cluster(sample());
  std::vector<NodeId> nodes;
  for (const Node& node : cluster.nodes()) nodes.push_back(node.id);
  CHECK(nodes == std::vector<NodeId>{-1, -2, 0, 2});

  std::vector<std::string> led_by_2;
  for (const PartitionRef& ref : cluster.partitions_led_by(2)) {
    led_by_2.push_back(to_string({ref.topic->name, ref.partition->id}));
  }
  CHECK(led_by_2 == std::vector<std::string>{"a-0", "b-0", "b-1"});
  CHECK(cluster.partitions_led_by(1).empty());
}

TEST_CASE("look-ups find what is there, across gaps in the numbers") {
  const Cluster cluster(sample());
  CHECK(cluster.partition_count("b") == 4);
  CHECK(cluster.partition_count("none") == 0);
  CHECK(cluster.find_partition("b", 2) == nullptr);
  CHECK(cluster.find_partition("b", -1) == nullptr);
  REQUIRE(cluster.find_partition("b", 3) != nullptr);
  CHECK(cluster.leader_of("b", 3) == 0);
  CHECK(cluster.leader_epoch_of("b", 1) == 7);
  CHECK(cluster.leader_epoch_of("b", 2) == kNoLeaderEpoch);
  CHECK(cluster.find_node(1) == nullptr);
  REQUIRE(cluster.find_node(-2) != nullptr);
  CHECK(cluster.find_node(-2)->host == "y");
  CHECK(cluster.is_invalid_topic("z*"));
  CHECK_FALSE(cluster.is_invalid_topic("b"));
}

TEST_CASE("a leader whose node is not known is no leader") {
  const Cluster cluster(sample());
  CHECK(cluster.leader_of("b", 4) == kNoNode);
  CHECK(cluster.find_partition("b", 4)->leader_id == 9);
  CHECK(cluster.find_topic("b")->available == std::vector<PartitionId>{0, 1, 3});
  CHECK(cluster.find_topic("a")->available == std::vector<PartitionId>{0});
}

TEST_CASE("of two entries with one number the later holds") {
  ClusterData data;
  data.nodes = {{1, "old", 1, {}}, {2, "b", 1, {}}, {1, "new", 1, {}}};
  data.topics["t"].partitions = {led(0, 1), led(1, 1), led(0, 2)};
  const Cluster cluster(data);
  CHECK(cluster.nodes().size() == 2);
  CHECK(cluster.find_node(1)->host == "new");
  CHECK(cluster.partition_count("t") == 2);
  CHECK(cluster.leader_of("t", 0) == 2);
}

TEST_CASE("a bootstrap cluster has numbered addresses and nothing else") {
  const std::vector<Endpoint> addresses = {{"a", 1}, {"b", 2}, {"c", 3}};
  const auto cluster = Cluster::bootstrap(addresses);
  REQUIRE(cluster->nodes().size() == 3);
  CHECK(cluster->nodes()[2] == Node{-3, "c", 3, {}});
  CHECK(cluster->is_bootstrap());
  CHECK(cluster->topics().empty());
}

namespace {

struct Counted : std::enable_shared_from_this<Counted> {
  Counted(int number_, int& alive_) : number(number_), alive(alive_) { ++alive; }
  ~Counted() { --alive; }
  int number;
  int& alive;
};

}  // namespace

TEST_CASE("a pinned object outlives its replacement, an unpinned one does not") {
  int alive = 0;
  Published<Counted> published(std::make_shared<const Counted>(1, alive));
  {
    const auto pin = published.pin();
    published.publish(std::make_shared<const Counted>(2, alive));
    CHECK(pin->number == 1);
    CHECK(published.pin()->number == 2);
    CHECK(alive == 2);
  }
  published.publish(std::make_shared<const Counted>(3, alive));
  CHECK(alive == 1);
  const std::shared_ptr<const Counted> kept = published.share();
  published.publish(std::make_shared<const Counted>(4, alive));
  CHECK(kept->number == 3);
  CHECK(alive == 2);
}
