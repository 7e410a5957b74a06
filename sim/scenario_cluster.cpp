#include <algorithm>

#include "core/base/api.h"
#include "core/base/whole_number.h"
#include "sim/broker_keys.h"
#include "sim/scenario_parts.h"
#include "sim/topic_name.h"

namespace sendscope::sim {
namespace {

void set(bool& target, const JsonValue* value, Problems& problems) {
  if (value == nullptr) return;
  if (auto read = read_boolean(*value, problems)) target = *read;
}

// A broker key in milliseconds, as Kafka writes them, or a duration with its unit.
void set_millis(Nanos& target, const JsonValue& value, Problems& problems) {
  if (value.kind == JsonValue::Kind::kString) {
    if (auto read = read_duration(value, problems)) target = *read;
  } else if (auto read = read_integer(value, problems, 0, kMostMillis, "milliseconds")) {
    target = to_nanos(*read);
  }
}

void read_broker_key(const BrokerKey& key, const JsonValue& value, Problems& problems, BrokerConfig& config) {
  if (auto* flag = std::get_if<bool BrokerConfig::*>(&key.field)) {
    set(config.*(*flag), &value, problems);
  } else if (auto* time = std::get_if<Nanos BrokerConfig::*>(&key.field)) {
    set_millis(config.*(*time), value, problems);
  } else if (auto read = read_integer(value, problems, key.low, key.high)) {
    set_number(key, *read, config);
  }
}

void read_broker_config(const JsonValue& value, LoadContext& context) {
  ObjectReader reader(value, context.problems, "an object of broker keys");
  for (const BrokerKey& key : broker_keys()) {
    const JsonValue* found = reader.find(key.name);
    if (found == nullptr) continue;
    read_broker_key(key, *found, context.problems, context.scenario().cluster.config);
    if (key.name == "auto.create.topics.enable") context.missing_topics_meant = true;
  }
}

// ---- topics

void read_topic_word(const TopicWord& row, const JsonValue& value, Problems& problems, TopicSpec& topic) {
  for (const std::string_view word : row.words) {
    if (value.kind == JsonValue::Kind::kString && value.text == word) return row.set(topic, word);
  }
  std::string expected;
  for (std::size_t i = 0; i < row.words.size(); ++i) {
    if (i > 0) expected += i + 1 == row.words.size() ? " or " : ", ";
    expected += "\"" + std::string(row.words[i]) + "\"";
  }
  problems.expected(value, expected);
}

std::optional<std::int32_t> digits_only(std::string_view text) {
  return text.starts_with('-') ? std::nullopt : whole_number<std::int32_t>(text);
}

struct ClusterDefaults {
  LinkSpec link;
  ServiceSpec service;
};

void read_service_spec(const JsonValue& value, Problems& problems, ServiceSpec& service) {
  std::optional<Distribution> all, other;
  std::map<ApiKey, Distribution> by_api;
  read_service(value, problems, by_api, all, other);
  if (all) service = {{}, *all};
  if (other) service.other = *other;
  for (const auto& [api, distribution] : by_api) service.by_api[api] = distribution;
}

void read_node_object(const JsonMember& member, const ClusterDefaults& defaults, LoadContext& context) {
  const auto id = digits_only(member.key);
  if (!id) {
    context.problems.expected(member.value, "the key \"" + member.key + "\"",
                              "a node id: a whole number from 0");
    return;
  }
  NodeSpec node{*id, {}, defaults.link, defaults.service};
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
    context.problems.expected(value, "a number of nodes from 1 to " + std::to_string(kMostNodes) +
                                         ", or an object with one entry a node id");
  }
}

void read_leaders(const JsonValue& value, TopicSpec& topic, LoadContext& context) {
  if (value.kind != JsonValue::Kind::kObject) {
    context.problems.expected(value, "an object from partition to node id, such as {\"0\": 2}");
    return;
  }
  for (const JsonMember& member : value.members) {
    const auto partition = digits_only(member.key);
    if (!partition || *partition >= topic.partitions) {
      context.problems.expected(member.value, "the partition \"" + member.key + "\"",
                                "a partition from 0 to " + std::to_string(topic.partitions - 1));
      continue;
    }
    if (auto node = read_node(member.value, context)) topic.leaders[*partition] = *node;
  }
}

void read_topic(const JsonMember& member, LoadContext& context) {
  Problems& problems = context.problems;
  TopicSpec topic;
  topic.name = member.key;
  topic.min_insync_replicas = context.scenario().cluster.config.min_insync_replicas;
  if (!is_topic_name(topic.name)) {
    problems.expected(member.value, "the topic name \"" + topic.name + "\"",
                      "1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'");
  }
  ObjectReader reader(member.value, problems, "an object that describes the topic");
  const std::size_t before = problems.size();
  for (const TopicNumber& row : topic_numbers()) {
    const JsonValue* found = reader.find(row.name);
    if (found == nullptr) continue;
    if (auto read = read_integer(*found, problems, row.low, row.high)) {
      topic.*row.field = static_cast<std::int32_t>(*read);
    }
  }
  // A count that is wrong has been told; whoever refers to a partition is not to blame for it.
  if (problems.size() != before) topic.partitions = kMostPartitions;
  set(topic.unclean_leader_election, reader.find(kUncleanElectionKey), problems);
  for (const TopicWord& row : topic_words()) {
    if (const JsonValue* found = reader.find(row.name)) read_topic_word(row, *found, problems, topic);
  }
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

void read_service(const JsonValue& value, Problems& problems, std::map<ApiKey, Distribution>& by_api,
                  std::optional<Distribution>& all, std::optional<Distribution>& other) {
  if (value.kind != JsonValue::Kind::kObject || is_distribution(value)) {
    all = read_durations(value, problems);
    return;
  }
  ObjectReader reader(value, problems);
  for (const ApiRow& api : api_rows()) {
    const JsonValue* time = reader.find(api.name);
    if (time == nullptr) continue;
    if (auto read = read_durations(*time, problems)) by_api[api.key] = *read;
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
  if (!is_collection(*topics, JsonValue::Kind::kObject, kMostTopics, "topics",
                     "an object from topic name to description", context.problems)) {
    return;
  }
  for (const JsonMember& topic : topics->members) read_topic(topic, context);
}

}  // namespace sendscope::sim
