#include "sim/scenario_names.h"

#include <algorithm>

#include "core/producer/config.h"
#include "sim/json_reader.h"

namespace sendscope::sim {
namespace {

bool is_about_partition(Name name) { return name_row(name).path.starts_with("partition("); }

std::string missing_of(const char* kind, const std::string& name, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  const std::vector<std::string_view> names(known.begin(), known.end());
  std::string out = std::string("the name of a ") + kind + " of this scenario";
  if (!names.empty() && names.size() <= 12) out += ": " + one_of(names);
  return out + did_you_mean(name, names);
}

std::string missing_key(const std::string& key) {
  const std::vector<ConfigKey> keys = config_keys();
  const bool known = std::any_of(keys.begin(), keys.end(), [&](const ConfigKey& k) { return k.name == key; });
  return known ? "" : "a key of the producer (sendscope help config)";
}

}  // namespace

ScenarioNames::ScenarioNames(const Scenario& scenario) : scenario_(scenario) {
  for (const auto& producer : scenario.producers) {
    producers_.push_back(producer.name);
    for (const auto& thread : producer.threads) threads_.push_back(thread.name);
  }
  for (const auto& topic : scenario.cluster.topics) {
    for (PartitionId i = 0; i < topic.partitions; ++i)
      partitions_.push_back(topic.name + "-" + std::to_string(i));
  }
  for (const auto& node : scenario.cluster.nodes) nodes_.push_back(node.id);
}

// Empty when all the name speaks of exists; otherwise what was expected.
std::string ScenarioNames::missing(const NameRef& name) const {
  if (std::string why = missing_producer(name.producer); !why.empty()) return why;
  switch (name.name) {
    case Name::thread_state: return missing_of("thread", name.object, threads_);
    case Name::node_up:
    case Name::node_connection:
    case Name::node_inflight: return missing_node(name.node);
    case Name::count:
    case Name::event: return missing_match(name);
    case Name::config: return missing_key(name.object);
    default: return is_about_partition(name.name) ? missing_partition(name.object) : "";
  }
}

bool ScenarioNames::has(const std::string& name) const {
  return missing_producer(name).empty() || missing_of("thread", name, threads_).empty() ||
         missing_partition(name).empty();
}

std::string ScenarioNames::missing_producer(const std::string& name) const {
  return name.empty() ? "" : missing_of("producer", name, producers_);
}

std::string ScenarioNames::missing_node(std::int64_t node) const {
  // Bootstrap addresses are nodes with negative ids.
  if (node < 0 || std::find(nodes_.begin(), nodes_.end(), node) != nodes_.end()) return {};
  std::string out = "the id of a node of this scenario:";
  for (const NodeId id : nodes_) out += " " + std::to_string(id);
  return out;
}

std::string ScenarioNames::missing_nodes(const std::vector<std::uint64_t>& nodes) const {
  for (const std::uint64_t node : nodes) {
    std::string why = missing_node(static_cast<NodeId>(static_cast<std::uint32_t>(node)));
    if (!why.empty()) return why;
  }
  return {};
}

// A partition may come to be during the run, when the scenario lets topics be created or grow.
std::string ScenarioNames::missing_partition(const std::string& name) const {
  const std::string topic = name.substr(0, name.rfind('-'));
  const auto& topics = scenario_.cluster.topics;
  const bool known =
      std::any_of(topics.begin(), topics.end(), [&](const auto& t) { return t.name == topic; });
  const bool grows = std::any_of(scenario_.faults.begin(), scenario_.faults.end(), [&](const auto& fault) {
    const auto* more = part_of<AddPartitions>(fault.action);
    return more != nullptr && more->topic == topic;
  });
  if (grows || (!known && sends_to(topic))) return {};
  return missing_of("partition", name, partitions_);
}

bool ScenarioNames::sends_to(const std::string& topic) const {
  for (const auto& producer : scenario_.producers) {
    for (const auto& thread : producer.threads) {
      for (const auto& step : thread.steps) {
        const auto* send = std::get_if<SendStep>(&step.what);
        if (send != nullptr && send->topic == topic) return true;
      }
    }
  }
  return false;
}

std::string ScenarioNames::missing_match(const NameRef& name) const {
  for (const FieldMatch& match : name.match) {
    std::string why;
    if (match.unit == Unit::kThread) why = missing_of("thread", match.name, threads_);
    if (match.unit == Unit::kPartition) why = missing_partition(match.name);
    if (match.unit == Unit::kProducer) why = missing_producer(match.name);
    if (match.unit == Unit::kNode || match.unit == Unit::kActorNode) why = missing_nodes(match.accepted);
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace sendscope::sim
