// The faults of a run that are in force, and what they match.
//
// A fault draws for each message by itself, keyed by its own name and the message's: neither another fault
// nor another message moves what it draws.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/base/topic_partition.h"
#include "core/event/sink.h"
#include "sim/fault_spec.h"
#include "sim/loop.h"
#include "sim/random_stream.h"

namespace sendscope::sim {

// A request or response that a fault may hit.
struct Message {
  NodeId node = 0;
  std::int16_t api = 0;
  std::uint16_t producer = 0;
  MessageKind kind = MessageKind::kRequest;
  std::span<const TopicPartition> partitions;  // that it speaks of; empty when it speaks of none
  RequestId request = 0;                       // that it is, or answers
  std::uint64_t place = 0;                     // RandomStream::key_at of the message
};

// What could happen next, and how it is chosen: a fault of this at the moment at which it was found.
struct Upcoming {
  Next choice;
  Occurrence what;
  Nanos due = 0;  // when it happens
};

// Asked about a fault, by its place in the scenario's list, when its time has come: whether it begins.
using FaultJudge = std::function<bool(std::size_t planned)>;

struct ActiveFault {
  FaultSpec spec;
  std::size_t number = 0;  // the `fault` field of its events
  std::uint64_t matched = 0;
  RandomStream chances, effects;
  TimerId healing = kNoTimer;
  bool in_force = true;

  ActiveFault(FaultSpec spec_, std::size_t number_, std::uint64_t seed);
  // REQUIRES: that is its verb
  template <typename Verb>
  const Verb& as() const {
    return std::get<Verb>(spec.action);
  }
  // What it does to a message that it has matched: how late, which byte.
  Prng effect_on(const Message& message) const { return effects.at(message.place); }
};

// The place of a verb in FaultAction.
template <typename Verb, std::size_t kFrom = 0>
constexpr std::size_t verb_index() {
  if constexpr (std::is_same_v<Verb, std::variant_alternative_t<kFrom, AnyVerb>>) {
    return kFrom;
  } else {
    return verb_index<Verb, kFrom + 1>();
  }
}

class FaultTable {
 public:
  FaultTable(std::uint64_t seed, std::vector<std::string> producers)
      : seed_(seed), producers_(std::move(producers)) {}

  // `number`: of a planned fault its place in the scenario's list; those given by hand are numbered behind.
  ActiveFault& add(const FaultSpec& spec, std::size_t number);
  // nullptr when there is no such fault.
  ActiveFault* find(std::size_t number);
  void end(ActiveFault& fault);

  // Whether any fault of the verb is in force.
  template <typename Verb>
  bool any() const {
    return in_force_[verb_index<Verb>()] > 0;
  }
  // The first fault of the verb in force that matches and whose chance says yes; it has been counted. A fault
  // whose `times` are used up by this match is still returned and is among take_used_up() then.
  template <typename Verb>
  const ActiveFault* match(const Message& message) {
    return any<Verb>() ? match(verb_index<Verb>(), message) : nullptr;
  }
  // Faults whose last match has been; whoever asks ends them.
  std::vector<ActiveFault*> take_used_up();
  // All of a verb in force, oldest first.
  template <typename Verb>
  std::vector<const Verb*> in_force() const;

 private:
  const ActiveFault* match(std::size_t verb, const Message& message);
  bool is_called(std::uint16_t producer, const std::string& name) const;
  bool hits(const FaultAction& action, const Message& message) const;

  std::uint64_t seed_;
  std::vector<std::string> producers_;
  std::vector<std::unique_ptr<ActiveFault>> faults_;  // in the order in which they began
  std::vector<ActiveFault*> used_up_;
  std::array<std::size_t, std::variant_size_v<AnyVerb>> in_force_{};  // by verb
};

template <typename Verb>
std::vector<const Verb*> FaultTable::in_force() const {
  std::vector<const Verb*> result;
  for (const auto& fault : faults_) {
    const Verb* action = std::get_if<Verb>(&fault->spec.action);
    if (fault->in_force && action != nullptr) result.push_back(action);
  }
  return result;
}

inline bool speaks_of(const PartitionFilter& filter, const TopicPartition& tp) {
  return !filter.partition || *filter.partition == tp;
}

}  // namespace sendscope::sim
