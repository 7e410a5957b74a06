#include <algorithm>
#include <charconv>

#include "sim/scenario_parts.h"
#include "sim/topic_name.h"

namespace sendscope::sim {
namespace {

constexpr std::int64_t kMostNodes = 100;
constexpr std::int64_t kMostPartitions = 10'000;
constexpr std::int64_t kMostBytes = 1 << 30;
constexpr std::size_t kMostTopics = 1000;

template <typename T>
void set(T& target, const JsonValue* value, Problems& problems, std::int64_t low, std::int64_t high) {
  if (value == nullptr) return;
  if (auto read = read_integer(*value, problems, low, high)) target = static_cast<T>(*read);
}

void set(bool& target, const JsonValue* value, Problems& problems) {
  if (value == nullptr) return;
  if (auto read = read_boolean(*value, problems)) target = *read;
}

// A broker key in milliseconds, as Kafka writes them, or a duration with its unit.
void set_millis(Nanos& target, const JsonValue* value, Problems& problems) {
  if (value == nullptr) return;
  if (value->kind == JsonValue::Kind::kString) {
    if (auto read = read_duration(*value, problems)) target = *read;
  } else if (auto read = read_integer(*value, problems, 0, 1'000'000'000, "milliseconds")) {
    target = to_nanos(*read);
  }
}

bool is_word(const JsonValue* value, Problems& problems, std::string_view yes, std::string_view no) {
  if (value == nullptr) return false;
  if (value->kind == JsonValue::Kind::kString && (value->text == yes || value->text == no)) {
    return value->text == yes;
  }
  problems.expected(*value, "\"" + std::string(yes) + "\" or \"" + std::string(no) + "\"");
  return false;
}

// None for "producer": what comes is stored as it is. Kafka: BrokerCompressionType.
std::optional<wire::CompressionType> read_topic_compression(const JsonValue* value, Problems& problems) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == JsonValue::Kind::kString) {
    if (value->text == "producer") return std::nullopt;
    if (value->text == "uncompressed") return wire::CompressionType::kNone;
    const auto codec = wire::find_compression(value->text);
    if (codec && *codec != wire::CompressionType::kNone) return codec;
  }
  problems.expected(*value, "\"producer\", \"uncompressed\", \"gzip\", \"snappy\", \"lz4\" or \"zstd\"");
  return std::nullopt;
}

void read_broker_config(const JsonValue& value, LoadContext& context) {
  Problems& problems = context.problems;
  BrokerConfig& config = context.scenario().cluster.config;
  ObjectReader reader(value, problems, "an object of broker keys");
  set(config.message_max_bytes, reader.find("message.max.bytes"), problems, 0, kMostBytes);
  set(config.socket_request_max_bytes, reader.find("socket.request.max.bytes"), problems, 1, kMostBytes);
  if (const JsonValue* enabled = reader.find("auto.create.topics.enable")) {
    context.missing_topics_meant = true;
    set(config.auto_create_topics, enabled, problems);
  }
  set(config.num_partitions, reader.find("num.partitions"), problems, 1, kMostPartitions);
  set(config.default_replication_factor, reader.find("default.replication.factor"), problems, 1, kMostNodes);
  set(config.min_insync_replicas, reader.find("min.insync.replicas"), problems, 1, kMostNodes);
  set(config.num_io_threads, reader.find("num.io.threads"), problems, 1, 1000);
  set_millis(config.session_timeout, reader.find("broker.session.timeout.ms"), problems);
  set_millis(config.replica_lag_time_max, reader.find("replica.lag.time.max.ms"), problems);
  set_millis(config.timestamp_after_max, reader.find("log.message.timestamp.after.max.ms"), problems);
  set_millis(config.auto_create_delay, reader.find("auto.create.delay.ms"), problems);
  set_millis(config.transaction_max_timeout, reader.find("transaction.max.timeout.ms"), problems);
  set_millis(config.transaction_cleanup_interval,
             reader.find("transaction.abort.timed.out.transaction.cleanup.interval.ms"), problems);
  set(config.transaction_version, reader.find("transaction.version"), problems, 0, 2);
  set_millis(config.transaction_marker_delay, reader.find("transaction.marker.delay.ms"), problems);
  set(config.produce_max_version, reader.find("produce.max.version"), problems, 3, 13);
  set(config.socket_buffer, reader.find("socket.buffer.bytes"), problems, 1024, kMostBytes);
}

struct ClusterDefaults {
  LinkSpec link;
  ServiceSpec service;
};

void read_service_spec(const JsonValue& value, Problems& problems, ServiceSpec& service) {
  std::optional<Distribution> all, other;
  std::map<std::int16_t, Distribution> by_api;
  read_service(value, problems, by_api, all, other);
  if (all) service = {{}, *all};
  if (other) service.other = *other;
  for (const auto& [api, distribution] : by_api) service.by_api[api] = distribution;
}

void read_node_object(const JsonMember& member, const ClusterDefaults& defaults, LoadContext& context) {
  NodeSpec node{0, {}, defaults.link, defaults.service};
  const char* const end = member.key.data() + member.key.size();
  const auto read = std::from_chars(member.key.data(), end, node.id);
  if (read.ec != std::errc{} || read.ptr != end || node.id < 0) {
    context.problems.expected(member.value, "the key \"" + member.key + "\"",
                              "a node id: a whole number from 0");
    return;
  }
  ObjectReader reader(member.value, context.problems, "an object that describes the node");
  if (const JsonValue* rack = reader.find("rack")) {
    node.rack = read_string(*rack, context.problems).value_or("");
  }
  if (const JsonValue* link = reader.find("link")) read_link(*link, context.problems, node.link);
  if (const JsonValue* service = reader.find("service")) {
    read_service_spec(*service, context.problems, node.service);
  }
  auto& nodes = context.scenario().cluster.nodes;
  for (const NodeSpec& other : nodes) {
    if (other.id == node.id) {
      context.problems.expected(member.value, "node " + std::to_string(node.id) + " a second time",
                                "it once");
      return;
    }
  }
  nodes.push_back(std::move(node));
}

void read_nodes(const JsonValue& value, const ClusterDefaults& defaults, LoadContext& context) {
  auto& nodes = context.scenario().cluster.nodes;
  if (value.kind == JsonValue::Kind::kObject && !value.members.empty() &&
      value.members.size() <= static_cast<std::size_t>(kMostNodes)) {
    for (const JsonMember& member : value.members) read_node_object(member, defaults, context);
    std::sort(nodes.begin(), nodes.end(), [](const NodeSpec& a, const NodeSpec& b) { return a.id < b.id; });
  } else if (value.kind == JsonValue::Kind::kInteger && value.integer >= 1 && value.integer <= kMostNodes) {
    for (NodeId id = 1; id <= value.integer; ++id) nodes.push_back({id, {}, defaults.link, defaults.service});
  } else {
    context.problems.expected(value,
                              "a number of nodes from 1 to 100, or an object with one entry a node id");
  }
}

void read_leaders(const JsonValue& value, TopicSpec& topic, LoadContext& context) {
  if (value.kind != JsonValue::Kind::kObject) {
    context.problems.expected(value, "an object from partition to node id, such as {\"0\": 2}");
    return;
  }
  for (const JsonMember& member : value.members) {
    PartitionId partition = -1;
    const char* const end = member.key.data() + member.key.size();
    const auto read = std::from_chars(member.key.data(), end, partition);
    if (read.ec != std::errc{} || read.ptr != end || partition < 0 || partition >= topic.partitions) {
      context.problems.expected(member.value, "the partition \"" + member.key + "\"",
                                "a partition from 0 to " + std::to_string(topic.partitions - 1));
      continue;
    }
    if (auto node = read_node(member.value, context)) topic.leaders[partition] = *node;
  }
}

void read_topic(const JsonMember& member, LoadContext& context) {
  Problems& problems = context.problems;
  const auto node_count = static_cast<std::int64_t>(context.scenario().cluster.nodes.size());
  TopicSpec topic;
  topic.name = member.key;
  topic.min_insync_replicas = context.scenario().cluster.config.min_insync_replicas;
  if (!is_topic_name(topic.name)) {
    problems.expected(member.value, "the topic name \"" + topic.name + "\"",
                      "1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'");
  }
  ObjectReader reader(member.value, problems, "an object that describes the topic");
  const std::size_t before = problems.size();
  set(topic.partitions, reader.find("partitions"), problems, 1, kMostPartitions);
  // A count that is wrong has been told; whoever refers to a partition is not to blame for it.
  if (problems.size() != before) topic.partitions = kMostPartitions;
  if (const JsonValue* replicas = reader.find("replicas")) {
    if (auto read = read_integer(*replicas, problems, 1, std::max<std::int64_t>(node_count, 1),
                                 "as many replicas as there are nodes: a whole number")) {
      topic.replicas = static_cast<std::int32_t>(*read);
    }
  }
  set(topic.min_insync_replicas, reader.find("min.insync.replicas"), problems, 1, kMostNodes);
  set(topic.max_message_bytes, reader.find("max.message.bytes"), problems, 0, kMostBytes);
  set(topic.unclean_leader_election, reader.find("unclean.leader.election.enable"), problems);
  topic.log_append_time =
      is_word(reader.find("message.timestamp.type"), problems, "LogAppendTime", "CreateTime");
  topic.compacted = is_word(reader.find("cleanup.policy"), problems, "compact", "delete");
  topic.compression = read_topic_compression(reader.find("compression.type"), problems);
  if (const JsonValue* leaders = reader.find("leaders")) read_leaders(*leaders, topic, context);
  context.scenario().cluster.topics.push_back(std::move(topic));
}

}  // namespace

void read_link(const JsonValue& value, Problems& problems, LinkSpec& link) {
  ObjectReader reader(value, problems, "an object with latency, jitter and bandwidth");
  if (const JsonValue* latency = reader.find("latency")) {
    link.latency = read_durations(*latency, problems).value_or(link.latency);
  }
  if (const JsonValue* jitter = reader.find("jitter")) {
    link.jitter = read_jitter(*jitter, problems).value_or(link.jitter);
  }
  if (const JsonValue* bandwidth = reader.find("bandwidth")) {
    link.bandwidth = read_bandwidth(*bandwidth, problems).value_or(link.bandwidth);
  }
}

void read_service(const JsonValue& value, Problems& problems, std::map<std::int16_t, Distribution>& by_api,
                  std::optional<Distribution>& all, std::optional<Distribution>& other) {
  if (value.kind != JsonValue::Kind::kObject || is_distribution(value)) {
    all = read_durations(value, problems);
    return;
  }
  ObjectReader reader(value, problems);
  for (const auto& [name, api] : kSimulatedApis) {
    if (const JsonValue* time = reader.find(name)) {
      if (auto read = read_durations(*time, problems)) by_api[api] = *read;
    }
  }
  if (const JsonValue* rest = reader.find("other")) other = read_durations(*rest, problems);
}

void read_cluster(const JsonValue& value, LoadContext& context) {
  ObjectReader reader(value, context.problems, "an object that describes the cluster");
  ClusterSpec& cluster = context.scenario().cluster;
  ClusterDefaults defaults;
  if (const JsonValue* config = reader.find("config")) read_broker_config(*config, context);
  if (const JsonValue* link = reader.find("link")) read_link(*link, context.problems, defaults.link);
  if (const JsonValue* service = reader.find("service")) {
    read_service_spec(*service, context.problems, defaults.service);
  }
  cluster.inter_broker = defaults.link;
  if (const JsonValue* link = reader.find("replication")) {
    read_link(*link, context.problems, cluster.inter_broker);
  }
  if (const JsonValue* propagation = reader.find("propagation")) {
    cluster.propagation = read_durations(*propagation, context.problems).value_or(cluster.propagation);
  }
  if (const JsonValue* nodes = reader.require("nodes", "\"nodes\": a number of nodes, or an object per id")) {
    read_nodes(*nodes, defaults, context);
  }
  const JsonValue* topics = reader.find("topics");
  if (topics == nullptr) return;
  if (topics->kind != JsonValue::Kind::kObject || topics->members.size() > kMostTopics) {
    context.problems.expected(*topics, "an object from topic name to description, with at most 1000 topics");
    return;
  }
  for (const JsonMember& topic : topics->members) read_topic(topic, context);
}

}  // namespace sendscope::sim
