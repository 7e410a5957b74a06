// What goes wrong, as plain data: when, how often, and what is done. A scenario lists its faults, and a
// person orders more by hand.
//
// Each verb is a struct of its arguments, under the names that a scenario gives them; a verb takes what its
// struct has a field for (scenario_faults.cpp). What several verbs take is a part, which their structs derive
// from; part_of() finds it in any action.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/base/api.h"
#include "core/base/error.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/event/event.h"
#include "core/event/expression.h"
#include "sim/distribution.h"
#include "sim/occurrence.h"

namespace sendscope::sim {

// ---- parts. What a filter leaves out matches everything.

struct NodeFilter {
  std::optional<NodeId> node;
};

struct ClientFilter {
  std::string client;  // a producer's name; empty: left out
};

struct RequestFilter : NodeFilter, ClientFilter {
  std::optional<ApiKey> api;
  std::optional<std::uint32_t> request;  // its number within its producer, as the events tell it; from 1
};

// Requests, and the responses to them.
struct MessageFilter : RequestFilter {
  std::optional<MessageKind> what;
};

// Of the partitions that a message speaks of.
struct PartitionFilter {
  std::optional<TopicPartition> partition;
};

// What is changed has to be named.
struct OnPartition {
  TopicPartition partition;
};

struct OnTopic {
  std::string topic;
};

// ---- verbs

struct Kill : NodeFilter {
  static constexpr std::string_view kVerb = "kill";
};

struct Restart : NodeFilter {
  static constexpr std::string_view kVerb = "restart";
};

struct Pause : NodeFilter {
  static constexpr std::string_view kVerb = "pause";
};

struct Resume : NodeFilter {
  static constexpr std::string_view kVerb = "resume";
};

struct Respond : RequestFilter, PartitionFilter {
  static constexpr std::string_view kVerb = "respond";
  ErrorCode error = ErrorCode::kNone;
  bool after_append = false;
};

// The connection stays, but as TCP keeps the order, nothing behind the gap arrives either.
struct Drop : MessageFilter, PartitionFilter {
  static constexpr std::string_view kVerb = "drop";
};

struct Delay : MessageFilter, PartitionFilter {
  static constexpr std::string_view kVerb = "delay";
  Distribution by;
};

struct Disconnect : NodeFilter, ClientFilter {
  static constexpr std::string_view kVerb = "disconnect";
};

// A side is a node id in decimal, a producer's name, "clients", "controller", or "" for everything.
struct PartitionNetwork {
  static constexpr std::string_view kVerb = "partition_network";
  std::string from, to;
  bool one_way = false;
};

// What is laid over a node's link and its service times; what is absent stays as it is.
struct LinkChange {
  std::optional<Distribution> latency, jitter;
  std::optional<std::uint64_t> bandwidth;
};
struct ServiceChange {
  std::optional<Distribution> all;
  std::map<ApiKey, Distribution> by_api;  // over `all`
};

struct Slow : NodeFilter {
  static constexpr std::string_view kVerb = "slow";
  LinkChange link;
  ServiceChange service;
};

struct MoveLeader : OnPartition {
  static constexpr std::string_view kVerb = "move_leader";
  NodeId to = 0;
};

// Without a node: all followers.
struct ShrinkIsr : OnPartition, NodeFilter {
  static constexpr std::string_view kVerb = "shrink_isr";
};

struct ExpandIsr : OnPartition, NodeFilter {
  static constexpr std::string_view kVerb = "expand_isr";
};

struct AddPartitions : OnTopic {
  static constexpr std::string_view kVerb = "add_partitions";
  std::int32_t count = 0;  // how many there are afterwards
};

struct DeleteTopic : OnTopic {
  static constexpr std::string_view kVerb = "delete_topic";
};

struct Quota : ClientFilter {
  static constexpr std::string_view kVerb = "quota";
  std::uint64_t bytes_per_second = 0;
};

struct Corrupt : MessageFilter {
  static constexpr std::string_view kVerb = "corrupt";
};

// An administrator's change of a key that can change while the cluster runs (topic_keys.h, broker_keys.h). It
// stays until the key is set again.
struct Set {
  static constexpr std::string_view kVerb = "set";
  std::string topic;  // empty: the brokers
  std::string key, value;
};

// What happens next: of what is on its way, the first that this names happens at its own time, and all that
// is due before it follows it then. So a network is slow, a timer late, a thread not scheduled; the order
// within one direction of a connection stays. Faults keep their times.
struct Next : NodeFilter, ClientFilter {
  static constexpr std::string_view kVerb = "next";
  OccurrenceKind what = OccurrenceKind::kOther;
  std::string thread;                    // its name; empty: left out
  std::optional<NodeId> from;            // of what followers copy
  std::optional<std::uint32_t> request;  // of what a broker works on: its number within its producer
  std::uint64_t after = 0;               // applies once so much has happened at that very time
};

using AnyVerb =
    std::variant<Kill, Restart, Pause, Resume, Respond, Drop, Delay, Disconnect, PartitionNetwork, Slow,
                 MoveLeader, ShrinkIsr, ExpandIsr, AddPartitions, DeleteTopic, Quota, Corrupt, Set, Next>;

// How so many kinds are copied is compiled once.
struct FaultAction : AnyVerb {
  using AnyVerb::AnyVerb;
  using AnyVerb::operator=;
  FaultAction();
  FaultAction(const FaultAction&);
  FaultAction(FaultAction&&) noexcept;
  FaultAction& operator=(const FaultAction&);
  FaultAction& operator=(FaultAction&&) noexcept;
  ~FaultAction();
};

// "kill", "move_leader", ...
inline std::string_view verb_of(const FaultAction& action) {
  return std::visit([](const auto& verb) { return verb.kVerb; }, action);
}

// The part in the action, or all of it as its verb; nullptr when the verb has no such part, or is another.
template <typename Part, typename Action>
auto* part_of(Action& action) {
  using Found = std::conditional_t<std::is_const_v<Action>, const Part, Part>;
  return std::visit(
      [](auto& verb) -> Found* {
        if constexpr (std::is_base_of_v<Part, std::remove_cvref_t<decltype(verb)>>) {
          return &verb;
        } else {
          return nullptr;
        }
      },
      action);
}

// ---- one fault

struct FaultSpec {
  // When: exactly one of the two. Whoever evaluates `when` calls Simulation::fire_fault.
  std::optional<Nanos> at{};
  std::optional<Expression> when{};
  Nanos duration = 0;                     // JSON "for"; then it is healed. 0: not healed by itself
  std::uint64_t times = 0;                // matches until it is used up; 0: no limit while it lasts
  std::uint32_t per_million = 1'000'000;  // JSON "probability" of each match
  FaultAction action{};
};

// "drop Produce requests for orders-0 to node 1, once"
std::string describe(const FaultSpec& fault);

}  // namespace sendscope::sim
