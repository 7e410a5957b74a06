#include "sim/simulation_check.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/producer/config_secrets.h"

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

// What the checks of a thread's steps need to know of its producer.
struct StepContext {
  bool in_callback = false;
  bool transactional = false;  // has a transactional.id
};

Result<void> check_steps(const std::vector<Step>& steps, const std::string& where,
                         const StepContext& context);

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
  return check_steps(send.on_callback->steps, where + ", on_callback", {true, false});
}

Result<void> check_set(const SetStep& set, const std::string& where) {
  BrokerConfig config;
  if (apply_setting(set, config)) return {};
  return wrong(where + ": \"" + hide_secrets_in(set.key) + "\" cannot be set to \"" +
               shown_config_value(set.key, set.value) +
               "\". A producer reads its configuration once, when it is made; of the brokers' keys "
               "message.max.bytes (in bytes) and transaction.version (0, 1 or 2) can be set");
}

Result<void> check_step(const Step& step, const std::string& where, const StepContext& context) {
  if (const auto* send = std::get_if<SendStep>(&step.what)) return check_send(*send, where);
  if (std::holds_alternative<SleepStep>(step.what)) return {};
  if (context.in_callback) return wrong(where + ": a callback can send and sleep, nothing else");
  if (const auto* repeat = std::get_if<RepeatStep>(&step.what))
    return check_steps(repeat->steps, where, context);
  if (const auto* set = std::get_if<SetStep>(&step.what)) return check_set(*set, where);
  const bool needs_transactions =
      std::holds_alternative<InitStep>(step.what) || std::holds_alternative<BeginStep>(step.what) ||
      std::holds_alternative<CommitStep>(step.what) || std::holds_alternative<AbortStep>(step.what) ||
      std::holds_alternative<OffsetsStep>(step.what);
  if (needs_transactions && !context.transactional)
    return wrong(where + ": needs a \"transactional.id\" in the producer's config");
  return {};
}

Result<void> check_steps(const std::vector<Step>& steps, const std::string& where,
                         const StepContext& context) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Result<void> checked = check_step(steps[i], where + ", step " + std::to_string(i + 1), context);
    if (!checked) return checked;
  }
  return {};
}

}  // namespace

bool apply_setting(const SetStep& step, BrokerConfig& config) {
  std::int32_t value = 0;
  const char* const end = step.value.data() + step.value.size();
  const auto read = std::from_chars(step.value.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < 0) return false;
  if (step.key == "message.max.bytes") {
    config.message_max_bytes = value;
  } else if (step.key == kTransactionVersionKey && value <= 2) {
    config.transaction_version = static_cast<std::int16_t>(value);
  } else {
    return false;
  }
  return true;
}

Result<void> check_scenario(const Scenario& scenario) {
  Result<void> cluster = check_cluster(scenario.cluster);
  if (!cluster) return cluster;
  std::set<std::string> names;
  for (const ProducerSpec& producer : scenario.producers) {
    if (!names.insert(producer.name).second) return wrong("producer " + producer.name + " is there twice");
    const bool transactional =
        std::any_of(producer.config.begin(), producer.config.end(),
                    [](const auto& entry) { return entry.first == "transactional.id"; });
    for (const ThreadSpec& thread : producer.threads) {
      Result<void> steps = check_steps(thread.steps, "producer " + producer.name + ", thread " + thread.name,
                                       {false, transactional});
      if (!steps) return steps;
    }
  }
  constexpr std::size_t kMostProducers = 31;  // their number stands in 5 bits of batch and request ids
  if (scenario.producers.size() > kMostProducers) return wrong("at most 31 producers");
  return {};
}

}  // namespace sendscope::sim
