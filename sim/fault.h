// The faults of a run that are in force, and what they match.
//
// A fault draws for each message by itself, keyed by its own name and the message's: neither another fault
// nor another message moves what it draws.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/topic_partition.h"
#include "core/event/sink.h"
#include "sim/loop.h"
#include "sim/random_stream.h"
#include "sim/scenario.h"

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
  // What it does to a message that it has matched: how late, which byte.
  Prng effect_on(const Message& message) const { return effects.at(message.place); }
};

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
  bool any(FaultVerb verb) const { return in_force_[static_cast<std::size_t>(verb)] > 0; }
  // The first fault of the verb in force that matches and whose chance says yes; it has been counted. A fault
  // whose `times` are used up by this match is still returned and is among used_up() afterwards.
  ActiveFault* match(FaultVerb verb, const Message& message);
  // Faults whose last match has been; whoever asks ends them.
  std::vector<ActiveFault*> take_used_up();
  // All faults of a verb in force, oldest first.
  std::vector<const ActiveFault*> in_force(FaultVerb verb) const;

 private:
  static constexpr std::size_t kVerbs = static_cast<std::size_t>(FaultVerb::kCorrupt) + 1;
  bool hits(const FaultSpec& spec, const Message& message) const;

  std::uint64_t seed_;
  std::vector<std::string> producers_;
  std::vector<std::unique_ptr<ActiveFault>> faults_;  // in the order in which they began
  std::vector<ActiveFault*> used_up_;
  std::array<std::size_t, kVerbs> in_force_{};
};

// Whether the fault's partition, or topic, is this one; a fault without either means every partition.
bool speaks_of(const FaultSpec& spec, const TopicPartition& tp);

}  // namespace sendscope::sim
