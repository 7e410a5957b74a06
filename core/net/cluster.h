// What a producer knows of a cluster at one moment: an immutable snapshot. Kafka: MetadataSnapshot and
// Cluster.
//
// Everything is listed in one canonical order: nodes by number with the bootstrap addresses -1, -2, ...
// first, topics by name, partitions by number. A topic's partition numbers may have gaps.
//
// Thread-safety: immutable, so any thread may read it. Pointers and spans live as long as the Cluster.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/error.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/base/uuid.h"
#include "core/net/transport.h"

namespace sendscope {

// The canonical order of nodes.
struct NodeOrder {
  static constexpr std::int64_t rank(NodeId id) { return id < 0 ? kFirst - id : id; }
  bool operator()(NodeId a, NodeId b) const { return rank(a) < rank(b); }

 private:
  static constexpr std::int64_t kFirst = -(std::int64_t{1} << 40);
};

struct Node {
  NodeId id = kNoNode;
  std::string host;
  std::int32_t port = 0;  // as the broker gave it; may lie outside of what a port can be
  std::optional<std::string> rack;

  bool operator==(const Node&) const = default;
};

inline constexpr std::int32_t kNoLeaderEpoch = -1;

struct Partition {
  PartitionId id = 0;
  NodeId leader = kNoNode;     // kNoNode also when the cluster names a leader whose node is not known
  NodeId leader_id = kNoNode;  // as the cluster names it
  std::int32_t leader_epoch = kNoLeaderEpoch;
  std::vector<NodeId> replicas;
  std::vector<NodeId> in_sync;
  std::vector<NodeId> offline;
  ErrorCode error = ErrorCode::kNone;
};

struct Topic {
  std::string name;
  Uuid id;  // zero: not known
  bool internal = false;
  std::vector<Partition> partitions;
  std::vector<PartitionId> available;  // the partitions that have a leader

  // nullptr when the topic has no such partition.
  const Partition* find(PartitionId partition) const;
};

// Two pointers into one Cluster.
struct PartitionRef {
  const Topic* topic;
  const Partition* partition;
};

// What a Cluster is made of; lists in any order. Of two entries with one number the later holds.
struct ClusterData {
  std::optional<std::string> cluster_id;
  std::int32_t controller_id = -1;
  bool bootstrap = false;
  std::vector<Node> nodes;
  std::map<std::string, Topic, std::less<>> topics;  // `available` and `leader` are computed
  std::vector<std::string> invalid_topics;
  std::vector<std::string> unauthorized_topics;
};

// Made by std::make_shared.
class Cluster : public std::enable_shared_from_this<Cluster> {
 public:
  explicit Cluster(ClusterData data);
  // Nodes -1, -2, ... and no topics.
  static std::shared_ptr<const Cluster> bootstrap(std::span<const Endpoint> addresses);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // In canonical order.
  std::span<const Node> nodes() const { return data_.nodes; }
  // nullptr when no node has this number.
  const Node* find_node(NodeId id) const;

  // nullptr for a topic this snapshot says nothing about. No allocation, one hash look-up.
  const Topic* find_topic(std::string_view name) const;
  // Number of partitions; 0: the topic is not known.
  std::int32_t partition_count(std::string_view topic) const;
  // nullptr when the partition is not known.
  const Partition* find_partition(std::string_view topic, PartitionId partition) const;
  // The leader's number; kNoNode when the partition or its leader is not known.
  NodeId leader_of(std::string_view topic, PartitionId partition) const;
  // kNoLeaderEpoch when the partition or its epoch is not known.
  std::int32_t leader_epoch_of(std::string_view topic, PartitionId partition) const;
  // The partitions a node leads, by topic and number.
  std::span<const PartitionRef> partitions_led_by(NodeId node) const;

  // Every topic known by name; one the cluster gave no partitions for has none here.
  const std::map<std::string, Topic, std::less<>>& topics() const { return data_.topics; }
  // Sorted.
  const std::vector<std::string>& invalid_topics() const { return data_.invalid_topics; }
  const std::vector<std::string>& unauthorized_topics() const { return data_.unauthorized_topics; }
  bool is_invalid_topic(std::string_view topic) const;

  // Nothing is known yet but the bootstrap addresses.
  bool is_bootstrap() const { return data_.bootstrap; }
  const ClusterData& data() const { return data_; }

 private:
  void set_in_order();
  void resolve_leaders();

  ClusterData data_;
  std::unordered_map<std::string_view, const Topic*> topics_by_name_;  // looked up, never iterated
  std::map<NodeId, std::vector<PartitionRef>, NodeOrder> led_by_;
};

}  // namespace sendscope
