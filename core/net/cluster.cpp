#include "core/net/cluster.h"

#include <algorithm>

namespace sendscope {

namespace {

// Sorts; of equal items only the one that stood last stays.
template <typename Item, typename Less>
void keep_last_of_each(std::vector<Item>& items, Less less) {
  std::stable_sort(items.begin(), items.end(), less);
  const auto first = std::unique(items.rbegin(), items.rend(),
                                 [less](const Item& a, const Item& b) { return !less(a, b) && !less(b, a); });
  items.erase(items.begin(), first.base());
}

}  // namespace

const Partition* Topic::find(PartitionId partition) const {
  // Numbers without gaps, as nearly always, make the number the place.
  const auto guess = static_cast<std::size_t>(partition);
  if (partition >= 0 && guess < partitions.size() && partitions[guess].id == partition) {
    return &partitions[guess];
  }
  const auto found = std::lower_bound(partitions.begin(), partitions.end(), partition,
                                      [](const Partition& p, PartitionId wanted) { return p.id < wanted; });
  return found != partitions.end() && found->id == partition ? &*found : nullptr;
}

Cluster::Cluster(ClusterData data) : data_(std::move(data)) {
  set_in_order();
  resolve_leaders();
}

void Cluster::set_in_order() {
  keep_last_of_each(data_.nodes, [](const Node& a, const Node& b) { return NodeOrder{}(a.id, b.id); });
  for (auto& [name, topic] : data_.topics) {
    keep_last_of_each(topic.partitions, [](const Partition& a, const Partition& b) { return a.id < b.id; });
  }
  std::sort(data_.invalid_topics.begin(), data_.invalid_topics.end());
  std::sort(data_.unauthorized_topics.begin(), data_.unauthorized_topics.end());
}

void Cluster::resolve_leaders() {
  topics_by_name_.reserve(data_.topics.size());
  for (auto& [name, topic] : data_.topics) {
    topic.name = name;
    topics_by_name_.emplace(name, &topic);
    topic.available.clear();
    for (Partition& partition : topic.partitions) {
      partition.leader = find_node(partition.leader_id) != nullptr ? partition.leader_id : kNoNode;
      if (partition.leader == kNoNode) continue;
      topic.available.push_back(partition.id);
      led_by_[partition.leader].push_back({&topic, &partition});
    }
  }
}

std::shared_ptr<const Cluster> Cluster::bootstrap(std::span<const Endpoint> addresses) {
  ClusterData data;
  data.bootstrap = true;
  NodeId id = -1;
  for (const Endpoint& address : addresses) data.nodes.push_back({id--, address.host, address.port, {}});
  return std::make_shared<const Cluster>(std::move(data));
}

const Node* Cluster::find_node(NodeId id) const {
  const auto found =
      std::lower_bound(data_.nodes.begin(), data_.nodes.end(), id,
                       [](const Node& node, NodeId wanted) { return NodeOrder{}(node.id, wanted); });
  return found != data_.nodes.end() && found->id == id ? &*found : nullptr;
}

const Topic* Cluster::find_topic(std::string_view name) const {
  const auto found = topics_by_name_.find(name);
  return found == topics_by_name_.end() ? nullptr : found->second;
}

std::int32_t Cluster::partition_count(std::string_view topic) const {
  const Topic* found = find_topic(topic);
  return found == nullptr ? 0 : static_cast<std::int32_t>(found->partitions.size());
}

const Partition* Cluster::find_partition(std::string_view topic, PartitionId partition) const {
  const Topic* found = find_topic(topic);
  return found == nullptr ? nullptr : found->find(partition);
}

NodeId Cluster::leader_of(std::string_view topic, PartitionId partition) const {
  const Partition* found = find_partition(topic, partition);
  return found == nullptr ? kNoNode : found->leader;
}

std::int32_t Cluster::leader_epoch_of(std::string_view topic, PartitionId partition) const {
  const Partition* found = find_partition(topic, partition);
  return found == nullptr ? kNoLeaderEpoch : found->leader_epoch;
}

std::span<const PartitionRef> Cluster::partitions_led_by(NodeId node) const {
  const auto found = led_by_.find(node);
  if (found == led_by_.end()) return {};
  return found->second;
}

bool Cluster::is_invalid_topic(std::string_view topic) const {
  return std::binary_search(data_.invalid_topics.begin(), data_.invalid_topics.end(), topic);
}

}  // namespace sendscope
