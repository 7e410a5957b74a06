#include "sim/simulation_check.h"

#include <algorithm>
#include <set>

#include "core/base/whole_number.h"
#include "core/producer/config_secrets.h"
#include "sim/broker_keys.h"
#include "sim/scenario_limits.h"
#include "sim/topic_keys.h"

namespace sendscope::sim {
namespace {

std::string nth(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

class Checker {
 public:
  explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Contradiction> run() {
    check_nodes();
    std::set<std::string> names;
    for (const TopicSpec& topic : scenario_.cluster.topics) {
      once(names, topic.name, "cluster.topics");
      check_topic(topic);
    }
    at_most("cluster.topics", partition_count(scenario_), kMostPartitionsInAll, " partitions in all");
    check_producers();
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
      const FaultSpec& fault = scenario_.faults[i];
      check_fault(fault.action, nth("faults", i) + "." + std::string(verb_of(fault.action)));
      if ((part_of<Set>(fault.action) || part_of<Next>(fault.action)) &&
          (fault.duration > 0 || fault.times > 0))
        wrong(nth("faults", i), "a limit of how long or how often",
              "none: it is done once, and nothing heals it");
    }
    return std::move(found_);
  }

 private:
  void wrong(std::string path, std::string found, std::string expected) {
    found_.push_back({std::move(path), std::move(found), std::move(expected)});
  }

  void at_most(const char* path, std::size_t count, std::size_t most, const char* things) {
    if (count > most) wrong(path, std::to_string(count) + things, "at most " + std::to_string(most));
  }

  void once(std::set<std::string>& names, const std::string& name, const std::string& where) {
    if (!names.insert(name).second) wrong(where + "." + name, "the name a second time", "it once");
  }

  void check_nodes() {
    if (scenario_.cluster.nodes.empty()) wrong("cluster.nodes", "no nodes", "at least one");
    for (const NodeSpec& node : scenario_.cluster.nodes) {
      const std::string id = std::to_string(node.id);
      if (node.id < 0) wrong("cluster.nodes", "node " + id, "a node id: a whole number from 0");
      if (!nodes_.insert(node.id).second) wrong("cluster.nodes", "node " + id + " a second time", "it once");
    }
  }

  void check_node(NodeId node, const std::string& path) {
    if (nodes_.count(node) != 0) return;
    std::string ids;
    for (const NodeId id : nodes_) ids += (ids.empty() ? "" : ", ") + std::to_string(id);
    wrong(path, "node " + std::to_string(node), "the id of a node of the cluster: " + ids);
  }

  void check_topic(const TopicSpec& topic) {
    const std::string path = "cluster.topics." + topic.name;
    if (topic.partitions < 1) wrong(path + ".partitions", std::to_string(topic.partitions), "at least 1");
    const auto nodes = static_cast<std::int64_t>(nodes_.size());
    if (topic.replicas < 1 || topic.replicas > nodes) {
      wrong(path + ".replicas", std::to_string(topic.replicas) + " replicas",
            "as many replicas as there are nodes: from 1 to " + std::to_string(nodes));
    }
    for (const auto& [partition, leader] : topic.leaders) {
      const std::string at = path + ".leaders." + std::to_string(partition);
      check_node(leader, at);
      if (partition < 0 || partition >= topic.partitions) {
        wrong(at, "partition " + std::to_string(partition),
              "a partition from 0 to " + std::to_string(topic.partitions - 1));
      }
    }
  }

  // ---- producers

  void check_producers() {
    const auto& producers = scenario_.producers;
    at_most("producers", producers.size(), kMostProducers, " producers");
    at_most("producers", thread_count(scenario_), kMostThreadsInAll, " threads in all");
    for (const ProducerSpec& producer : producers) {
      once(producer_names_, producer.name, "producers");
      transactional_ = std::any_of(producer.config.begin(), producer.config.end(),
                                   [](const auto& entry) { return entry.first == "transactional.id"; });
      for (const ThreadSpec& thread : producer.threads) {
        check_steps(thread.steps, "producers." + producer.name + ".threads." + thread.name, false);
      }
    }
  }

  void check_steps(const std::vector<Step>& steps, const std::string& path, bool in_callback) {
    for (std::size_t i = 0; i < steps.size(); ++i) check_step(steps[i], nth(path, i), in_callback);
  }

  void check_step(const Step& step, const std::string& path, bool in_callback) {
    if (const auto* send = std::get_if<SendStep>(&step.what)) return check_send(*send, path + ".send");
    if (std::holds_alternative<SleepStep>(step.what)) return;
    if (in_callback) {
      return wrong(path, "another step than send and sleep", "a step that a callback can do: send or sleep");
    }
    if (const auto* repeat = std::get_if<RepeatStep>(&step.what)) {
      return check_steps(repeat->steps, path + ".repeat.steps", in_callback);
    }
    if (const auto* set = std::get_if<SetStep>(&step.what)) return check_set(*set, path + ".set");
    const bool needs_transactions =
        std::holds_alternative<InitStep>(step.what) || std::holds_alternative<BeginStep>(step.what) ||
        std::holds_alternative<CommitStep>(step.what) || std::holds_alternative<AbortStep>(step.what) ||
        std::holds_alternative<OffsetsStep>(step.what);
    if (needs_transactions && !transactional_) {
      wrong(path, "a step of a transaction", "a \"transactional.id\" in the producer's config");
    }
  }

  void check_send(const SendStep& send, const std::string& path) {
    const bool paced = send.pace.kind == Pace::Kind::kRate || send.pace.kind == Pace::Kind::kPoisson;
    if (paced && (send.pace.per_second == 0 || send.pace.per_second > kMostRecordsPerSecond)) {
      wrong(path + ".rate", std::to_string(send.pace.per_second) + " records a second",
            "from 1 to " + std::to_string(kMostRecordsPerSecond));
    }
    const auto keys = static_cast<std::int64_t>(send.key.zipf);
    if (send.key.kind == KeySpec::Kind::kZipf && (keys == 0 || keys > kMostZipfKeys)) {
      wrong(path + ".key.zipf", std::to_string(keys) + " keys", "from 1 to " + std::to_string(kMostZipfKeys));
    }
    if (send.on_callback) check_steps(send.on_callback->steps, path + ".on_callback.steps", true);
  }

  void cannot_be_set(const std::string& key, const std::string& value, const std::string& path,
                     std::string expected) {
    wrong(path, "\"" + hide_secrets_in(key) + "\" = \"" + shown_config_value(key, value) + "\"",
          std::move(expected));
  }

  void check_set(const SetStep& set, const std::string& path) {
    BrokerConfig config;
    if (apply_setting(set, config)) return;
    std::string settable;
    for (const BrokerKey& key : broker_keys()) {
      if (!key.settable) continue;
      settable += settable.empty() ? "" : " or ";
      settable +=
          std::string(key.name) + " (" + std::to_string(key.low) + " to " + std::to_string(key.high) + ")";
    }
    cannot_be_set(
        set.key, set.value, path,
        "of the brokers' keys " + settable + "; a producer reads its configuration once, when it is made");
  }

  // ---- faults

  void check_fault(const FaultAction& action, const std::string& path) {
    const auto* nodes = part_of<NodeFilter>(action);
    if (nodes != nullptr && nodes->node) check_node(*nodes->node, path + ".node");
    if (const auto* move = part_of<MoveLeader>(action)) check_node(move->to, path + ".to");
    if (const auto* clients = part_of<ClientFilter>(action)) check_client(clients->client, path + ".client");
    if (const auto* split = part_of<PartitionNetwork>(action)) {
      check_side(split->from, path + ".from");
      check_side(split->to, path + ".to");
    }
    if (const auto* on = part_of<OnPartition>(action))
      check_existence(on->partition.topic, on->partition.partition, path + ".partition");
    if (const auto* set = part_of<Set>(action)) check_setting(*set, path);
    if (const auto* next = part_of<Next>(action)) check_next(*next, path);
    const auto* filter = part_of<PartitionFilter>(action);
    if (filter != nullptr && filter->partition)
      check_existence(filter->partition->topic, filter->partition->partition, path + ".partition");
    if (const auto* on = part_of<OnTopic>(action)) check_existence(on->topic, {}, path + ".topic");
  }

  void check_setting(const Set& set, const std::string& path) {
    if (set.topic.empty()) return check_set({set.key, set.value}, path);
    check_existence(set.topic, {}, path + ".topic");
    TopicSpec topic;
    if (apply_topic_setting(set.key, set.value, topic)) return;
    cannot_be_set(set.key, set.value, path, "of the keys of a topic " + settable_topic_keys());
  }

  void check_next(const Next& next, const std::string& path) {
    if (next.from) check_node(*next.from, path + ".from");
    const std::vector<std::string> threads = thread_names(scenario_);
    if (next.thread.empty() || std::find(threads.begin(), threads.end(), next.thread) != threads.end())
      return;
    wrong(path + ".thread", "\"" + next.thread + "\"", "the name of an application thread");
  }

  void check_client(const std::string& client, const std::string& path) {
    if (client.empty() || producer_names_.count(client) != 0) return;
    wrong(path, "\"" + client + "\"", "the name of a producer");
  }

  void check_side(const std::string& side, const std::string& path) {
    const bool node =
        std::any_of(nodes_.begin(), nodes_.end(), [&](NodeId id) { return std::to_string(id) == side; });
    if (side.empty() || side == "clients" || side == "controller" || node) return;
    if (producer_names_.count(side) == 0) {
      wrong(path, "\"" + side + "\"", "a node id, a producer's name, \"clients\" or \"controller\"");
    }
  }

  // What a fault acts on is there from the start, or may come to be.
  void check_existence(const std::string& name, std::optional<PartitionId> partition,
                       const std::string& path) {
    const auto& topics = scenario_.cluster.topics;
    const auto topic =
        std::find_if(topics.begin(), topics.end(), [&](const TopicSpec& spec) { return spec.name == name; });
    if (topic == topics.end()) {
      if (scenario_.cluster.config.auto_create_topics) return;
      return wrong(path, "the topic \"" + name + "\", which never exists",
                   "a topic of cluster.topics, or \"auto.create.topics.enable\": true");
    }
    std::int32_t partitions = topic->partitions;
    for (const FaultSpec& other : scenario_.faults) {
      const auto* more = part_of<AddPartitions>(other.action);
      if (more != nullptr && more->topic == name) partitions = std::max(partitions, more->count);
    }
    if (partition && *partition >= partitions) {
      wrong(path, "partition " + std::to_string(*partition) + " of " + name,
            "a partition from 0 to " + std::to_string(partitions - 1));
    }
  }

  const Scenario& scenario_;
  std::vector<Contradiction> found_;
  std::set<NodeId> nodes_;
  std::set<std::string> producer_names_;
  bool transactional_ = false;  // the producer whose steps are being checked
};

}  // namespace

bool apply_setting(const SetStep& step, BrokerConfig& config) {
  const auto keys = broker_keys();
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&](const BrokerKey& row) { return row.settable && row.name == step.key; });
  const auto value = whole_number<std::int64_t>(step.value);
  if (key == keys.end() || !value) return false;
  if (step.value.front() == '-' || *value < key->low || *value > key->high) return false;
  set_number(*key, *value, config);
  return true;
}

std::vector<Contradiction> find_contradictions(const Scenario& scenario) { return Checker(scenario).run(); }

Result<void> check_scenario(const Scenario& scenario) {
  const std::vector<Contradiction> found = find_contradictions(scenario);
  if (found.empty()) return {};
  const Contradiction& first = found.front();
  return Error(ErrorCode::kInvalidInput,
               first.path + ": found " + first.found + "; expected " + first.expected);
}

}  // namespace sendscope::sim
