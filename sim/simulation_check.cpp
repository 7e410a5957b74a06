#include "sim/simulation_check.h"

#include <algorithm>
#include <set>

namespace sendscope::sim {
namespace {

Error wrong(const std::string& text) { return Error(ErrorCode::kInvalidInput, text); }

Result<void> check_cluster(const ClusterSpec& cluster) {
  if (cluster.nodes.empty()) return wrong("the cluster has no nodes");
  std::set<NodeId> ids;
  for (const NodeSpec& node : cluster.nodes) {
    if (node.id < 0) return wrong("node " + std::to_string(node.id) + ": ids are not negative");
    if (!ids.insert(node.id).second) return wrong("node " + std::to_string(node.id) + " is there twice");
  }
  std::set<std::string> names;
  for (const TopicSpec& topic : cluster.topics) {
    if (!names.insert(topic.name).second) return wrong("topic " + topic.name + " is there twice");
    if (topic.partitions < 1) return wrong("topic " + topic.name + ": at least one partition is needed");
    if (topic.replicas < 1 || static_cast<std::size_t>(topic.replicas) > cluster.nodes.size()) {
      return wrong("topic " + topic.name + ": " + std::to_string(topic.replicas) + " replicas on " +
                   std::to_string(cluster.nodes.size()) + " nodes");
    }
    for (const auto& [partition, leader] : topic.leaders) {
      if (ids.count(leader) == 0) {
        return wrong("topic " + topic.name + ", partition " + std::to_string(partition) + ": leader " +
                     std::to_string(leader) + " is no node");
      }
      if (partition < 0 || partition >= topic.partitions) {
        return wrong("topic " + topic.name + ": there is no partition " + std::to_string(partition) +
                     " to lead");
      }
    }
  }
  return {};
}

Result<void> check_steps(const std::vector<Step>& steps, const std::string& where, bool in_callback);

Result<void> check_send(const SendStep& send, const std::string& where) {
  const bool paced = send.pace.kind == Pace::Kind::kRate || send.pace.kind == Pace::Kind::kPoisson;
  if (paced && send.pace.per_second == 0) return wrong(where + ": a rate of nothing");
  if (send.pace.per_second > static_cast<std::uint64_t>(kNanosPerSecond)) {
    return wrong(where + ": at most 1000000000 records a second");
  }
  if (send.key.kind == KeySpec::Kind::kZipf && (send.key.zipf == 0 || send.key.zipf > 10'000'000)) {
    return wrong(where + ": zipf takes 1 to 10000000 keys");
  }
  if (!send.on_callback) return {};
  return check_steps(send.on_callback->steps, where + ", on_callback", true);
}

Result<void> check_step(const Step& step, const std::string& where, bool in_callback) {
  if (const auto* send = std::get_if<SendStep>(&step.what)) return check_send(*send, where);
  if (std::holds_alternative<SleepStep>(step.what)) return {};
  if (in_callback) return wrong(where + ": a callback can send and sleep, nothing else");
  if (const auto* repeat = std::get_if<RepeatStep>(&step.what))
    return check_steps(repeat->steps, where, false);
  if (std::holds_alternative<SetStep>(step.what)) {
    return wrong(where + ": no configuration of a producer can change while it runs");
  }
  const bool transactional =
      std::holds_alternative<BeginStep>(step.what) || std::holds_alternative<CommitStep>(step.what) ||
      std::holds_alternative<AbortStep>(step.what) || std::holds_alternative<OffsetsStep>(step.what);
  if (transactional) return wrong(where + ": needs transactions, which this producer does not have");
  return {};
}

Result<void> check_steps(const std::vector<Step>& steps, const std::string& where, bool in_callback) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Result<void> checked = check_step(steps[i], where + ", step " + std::to_string(i + 1), in_callback);
    if (!checked) return checked;
  }
  return {};
}

}  // namespace

Result<void> check_scenario(const Scenario& scenario) {
  Result<void> cluster = check_cluster(scenario.cluster);
  if (!cluster) return cluster;
  std::set<std::string> names;
  for (const ProducerSpec& producer : scenario.producers) {
    if (!names.insert(producer.name).second) return wrong("producer " + producer.name + " is there twice");
    for (const ThreadSpec& thread : producer.threads) {
      Result<void> steps =
          check_steps(thread.steps, "producer " + producer.name + ", thread " + thread.name, false);
      if (!steps) return steps;
    }
  }
  constexpr std::size_t kMostProducers = 31;  // their number stands in 5 bits of batch and request ids
  if (scenario.producers.size() > kMostProducers) return wrong("at most 31 producers");
  return {};
}

}  // namespace sendscope::sim
