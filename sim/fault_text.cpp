// Faults in words, for the event log and the timeline.
#include "core/base/api.h"
#include "sim/scenario.h"

namespace sendscope::sim {
namespace {

std::string duration_text(Nanos t) {
  if (t % kNanosPerSecond == 0) return std::to_string(t / kNanosPerSecond) + "s";
  if (t % kNanosPerMilli == 0) return std::to_string(t / kNanosPerMilli) + "ms";
  if (t % kNanosPerMicro == 0) return std::to_string(t / kNanosPerMicro) + "us";
  return std::to_string(t) + "ns";
}

std::string distribution_text(const Distribution& d) {
  switch (d.kind) {
    case Distribution::Kind::kConstant: return duration_text(d.low);
    case Distribution::Kind::kUniform: return duration_text(d.low) + " to " + duration_text(d.high);
    case Distribution::Kind::kExponential: return "about " + duration_text(d.low);
    case Distribution::Kind::kLognormal:
      return "about " + duration_text(d.low) + ", at most " + duration_text(d.high);
  }
  return {};
}

std::string node_text(const FaultSpec& fault, const char* all) {
  return fault.node ? "node " + std::to_string(*fault.node) : std::string(all);
}

std::string partition_text(const FaultSpec& fault, const char* all) {
  if (fault.topic.empty()) return all;
  return fault.partition ? fault.topic + "-" + std::to_string(*fault.partition) : fault.topic;
}

// "the response to request 9 of p1"
std::string one_message_text(const FaultSpec& fault, bool response) {
  std::string text = (response ? "the response to request " : "request ") + std::to_string(*fault.request);
  if (!fault.client.empty()) text += " of " + fault.client;
  if (!fault.topic.empty()) text += " for " + partition_text(fault, "");
  return text;
}

// "Produce requests for orders-0 at node 1"
std::string message_text(const FaultSpec& fault) {
  const bool responses = fault.what == MessageKind::kResponse;
  if (fault.request) return one_message_text(fault, responses);
  std::string text(fault.api ? api_row(*fault.api).name : "all");
  text += responses ? " responses" : fault.what ? " requests" : " messages";
  if (!fault.topic.empty()) text += " for " + partition_text(fault, "");
  if (fault.node) text += (responses ? " of " : " to ") + node_text(fault, "");
  if (!fault.client.empty()) text += " of " + fault.client;
  return text;
}

std::string side_text(const std::string& side) {
  if (side.empty()) return "everything";
  return side.find_first_not_of("0123456789") == std::string::npos ? "node " + side : side;
}

std::string limits_text(const FaultSpec& fault) {
  std::string text;
  if (fault.times == 1) text += ", once";
  if (fault.times > 1) text += ", " + std::to_string(fault.times) + " times";
  if (fault.per_million < 1'000'000) {
    text += ", with probability " + std::to_string(fault.per_million / 10'000) + " %";
  }
  if (fault.duration > 0) text += ", for " + duration_text(fault.duration);
  return text;
}

std::string slow_text(const FaultSpec& fault) {
  std::string text = "slow down " + node_text(fault, "every node");
  if (fault.latency) text += ", latency " + distribution_text(*fault.latency);
  if (fault.jitter) text += ", jitter " + distribution_text(*fault.jitter);
  if (fault.bandwidth) text += ", " + std::to_string(*fault.bandwidth) + " bit/s";
  if (fault.all_service) text += ", service " + distribution_text(*fault.all_service);
  for (const auto& [api, time] : fault.service) {
    text += ", " + std::string(api_row(api).name) + " takes " + distribution_text(time);
  }
  return text;
}

std::string what_text(const FaultSpec& fault) {
  switch (fault.verb) {
    case FaultVerb::kKill: return "kill " + node_text(fault, "every node");
    case FaultVerb::kRestart: return "restart " + node_text(fault, "every node");
    case FaultVerb::kPause: return "pause " + node_text(fault, "every node");
    case FaultVerb::kResume: return "resume " + node_text(fault, "every node");
    case FaultVerb::kRespond:
      return "answer " + message_text(fault) + " with " + std::string(error_row(fault.error).name) +
             (fault.after_append ? " after the append" : "");
    case FaultVerb::kDrop: return "drop " + message_text(fault);
    case FaultVerb::kDelay: return "delay " + message_text(fault) + " by " + distribution_text(fault.by);
    case FaultVerb::kDisconnect:
      return "reset the connections of " + node_text(fault, "every node") +
             (fault.client.empty() ? "" : " with " + fault.client);
    case FaultVerb::kPartitionNetwork:
      return "cut the network from " + side_text(fault.side_a) + " to " + side_text(fault.side_b) +
             (fault.one_way ? ", one way" : "");
    case FaultVerb::kSlow: return slow_text(fault);
    case FaultVerb::kMoveLeader:
      return "move the leader of " + partition_text(fault, "every partition") +
             (fault.to ? " to node " + std::to_string(*fault.to) : std::string());
    case FaultVerb::kShrinkIsr:
      return "take " + node_text(fault, "all followers") + " out of the ISR of " +
             partition_text(fault, "every partition");
    case FaultVerb::kExpandIsr:
      return "let " + node_text(fault, "all followers") + " into the ISR of " +
             partition_text(fault, "every partition");
    case FaultVerb::kAddPartitions:
      return "raise the partitions of " + fault.topic + " to " + std::to_string(fault.count);
    case FaultVerb::kDeleteTopic: return "delete topic " + fault.topic;
    case FaultVerb::kQuota:
      return "limit " + (fault.client.empty() ? std::string("every client") : fault.client) + " to " +
             std::to_string(fault.bytes_per_second) + " bytes a second";
    case FaultVerb::kCorrupt: return "corrupt " + message_text(fault);
  }
  return {};
}

}  // namespace

std::string describe(const FaultSpec& fault) { return what_text(fault) + limits_text(fault); }

}  // namespace sendscope::sim
