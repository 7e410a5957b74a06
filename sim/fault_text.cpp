// Faults in words, for the event log and the timeline.
#include "core/base/units.h"
#include "core/producer/config_secrets.h"
#include "sim/fault_spec.h"

namespace sendscope::sim {
namespace {

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

std::string node_text(const NodeFilter& filter, const char* all) {
  return filter.node ? "node " + std::to_string(*filter.node) : std::string(all);
}

std::string client_text(const ClientFilter& filter, const char* before) {
  return filter.client.empty() ? std::string() : before + filter.client;
}

std::string partition_text(const std::optional<TopicPartition>& partition) {
  return partition ? " for " + to_string(*partition) : std::string();
}

using What = std::optional<MessageKind>;

// "the response to request 9 of p1"
std::string one_message_text(const RequestFilter& filter, What what, const PartitionFilter& of) {
  return (what == MessageKind::kResponse ? "the response to request " : "request ") +
         std::to_string(*filter.request) + client_text(filter, " of ") + partition_text(of.partition);
}

// "Produce requests for orders-0 to node 1"
std::string message_text(const RequestFilter& filter, What what, const PartitionFilter& of) {
  if (filter.request) return one_message_text(filter, what, of);
  const bool responses = what == MessageKind::kResponse;
  std::string text(filter.api ? api_row(*filter.api).name : "all");
  text += responses ? " responses" : what ? " requests" : " messages";
  text += partition_text(of.partition);
  if (filter.node) text += (responses ? " of " : " to ") + node_text(filter, "");
  return text + client_text(filter, " of ");
}

std::string side_text(const std::string& side) {
  if (side.empty()) return "everything";
  return side.find_first_not_of("0123456789") == std::string::npos ? "node " + side : side;
}

// ---- the verbs

std::string what_text(const Kill& kill) { return "kill " + node_text(kill, "every node"); }
std::string what_text(const Restart& restart) { return "restart " + node_text(restart, "every node"); }
std::string what_text(const Pause& pause) { return "pause " + node_text(pause, "every node"); }
std::string what_text(const Resume& resume) { return "resume " + node_text(resume, "every node"); }

std::string what_text(const Respond& respond) {
  return "answer " + message_text(respond, {}, respond) + " with " +
         std::string(error_row(respond.error).name) + (respond.after_append ? " after the append" : "");
}

std::string what_text(const Drop& drop) { return "drop " + message_text(drop, drop.what, drop); }
std::string what_text(const Corrupt& corrupt) { return "corrupt " + message_text(corrupt, corrupt.what, {}); }

std::string what_text(const Delay& delay) {
  return "delay " + message_text(delay, delay.what, delay) + " by " + distribution_text(delay.by);
}

std::string what_text(const Disconnect& reset) {
  return "reset the connections of " + node_text(reset, "every node") + client_text(reset, " with ");
}

std::string what_text(const PartitionNetwork& split) {
  return "cut the network from " + side_text(split.from) + " to " + side_text(split.to) +
         (split.one_way ? ", one way" : "");
}

std::string what_text(const Slow& slow) {
  std::string speeds;
  const auto add = [&](const std::string& speed) { speeds += (speeds.empty() ? ": " : ", ") + speed; };
  if (slow.link.latency) add("latency " + distribution_text(*slow.link.latency));
  if (slow.link.jitter) add("jitter " + distribution_text(*slow.link.jitter));
  if (slow.link.bandwidth) add(std::to_string(*slow.link.bandwidth) + " bit/s");
  if (slow.service.all) add("service " + distribution_text(*slow.service.all));
  for (const auto& [api, time] : slow.service.by_api)
    add(std::string(api_row(api).name) + " takes " + distribution_text(time));
  return "change the speed of " + node_text(slow, "every node") + speeds;
}

std::string what_text(const MoveLeader& move) {
  return "move the leader of " + to_string(move.partition) + " to node " + std::to_string(move.to);
}

std::string what_text(const ShrinkIsr& isr) {
  return "take " + node_text(isr, "all followers") + " out of the ISR of " + to_string(isr.partition);
}

std::string what_text(const ExpandIsr& isr) {
  return "let " + node_text(isr, "all followers") + " into the ISR of " + to_string(isr.partition);
}

std::string what_text(const AddPartitions& more) {
  return "raise the partitions of " + more.topic + " to " + std::to_string(more.count);
}

std::string what_text(const DeleteTopic& gone) { return "delete topic " + gone.topic; }

std::string what_text(const Quota& quota) {
  return "limit " + (quota.client.empty() ? "every client" : quota.client) + " to " +
         std::to_string(quota.bytes_per_second) + " bytes a second";
}

std::string what_text(const Set& set) {
  return "set " + hide_secrets_in(set.key) + (set.topic.empty() ? " of the brokers" : " of " + set.topic) +
         " to " + shown_config_value(set.key, set.value);
}

std::string what_text(const Next& next) {
  const auto number = [](const auto& value) { return value ? std::to_string(*value) : std::string("?"); };
  std::string text(occurrence_row(next.what).words);
  const std::pair<std::string_view, std::string> names[] = {
      {"{client}", next.client.empty() ? "a producer" : next.client},
      {"{thread}", next.thread.empty() ? "a thread" : next.thread},
      {"{node}", number(next.node)},
      {"{from}", number(next.from)},
      {"{request}", number(next.request)}};
  for (const auto& [name, value] : names) {
    if (const std::size_t at = text.find(name); at != std::string::npos) text.replace(at, name.size(), value);
  }
  return text;
}

// ---- how often, how long

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

}  // namespace

std::string describe(const FaultSpec& fault) {
  return std::visit([](const auto& verb) { return what_text(verb); }, fault.action) + limits_text(fault);
}

}  // namespace sendscope::sim
