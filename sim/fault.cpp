#include "sim/fault.h"

#include <algorithm>
#include <array>

#include "core/base/check.h"
#include "core/event/narration.h"

namespace sendscope::sim {
namespace {

constexpr std::array<std::string_view, 17> kVerbNames = {"kill",       "restart",        "pause",
                                                         "resume",     "respond",        "drop",
                                                         "delay",      "disconnect",     "partition_network",
                                                         "slow",       "move_leader",    "shrink_isr",
                                                         "expand_isr", "add_partitions", "delete_topic",
                                                         "quota",      "corrupt"};

}  // namespace

std::string_view fault_verb_name(FaultVerb verb) { return kVerbNames[static_cast<std::size_t>(verb)]; }

std::optional<FaultVerb> find_fault_verb(std::string_view name) {
  const auto found = std::find(kVerbNames.begin(), kVerbNames.end(), name);
  if (found == kVerbNames.end()) return std::nullopt;
  return static_cast<FaultVerb>(found - kVerbNames.begin());
}

bool speaks_of(const FaultSpec& spec, const TopicPartition& tp) {
  if (!spec.topic.empty() && spec.topic != tp.topic) return false;
  return !spec.partition || *spec.partition == tp.partition;
}

ActiveFault::ActiveFault(FaultSpec spec_, std::size_t number_, std::uint64_t seed)
    : spec(std::move(spec_)),
      number(number_),
      chances(seed, {"fault", std::to_string(number_), "chance"}),
      effects(seed, {"fault", std::to_string(number_), "effect"}) {}

ActiveFault& FaultTable::add(const FaultSpec& spec, std::size_t number) {
  SENDSCOPE_CHECK(find(number) == nullptr);
  faults_.push_back(std::make_unique<ActiveFault>(spec, number, seed_));
  ++in_force_[static_cast<std::size_t>(spec.verb)];
  return *faults_.back();
}

ActiveFault* FaultTable::find(std::size_t number) {
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [number](const auto& fault) { return fault->number == number; });
  return found == faults_.end() ? nullptr : found->get();
}

void FaultTable::end(ActiveFault& fault) {
  if (!fault.in_force) return;
  fault.in_force = false;
  --in_force_[static_cast<std::size_t>(fault.spec.verb)];
}

bool FaultTable::hits(const FaultSpec& spec, const Message& message) const {
  if (spec.node && *spec.node != message.node) return false;
  if (spec.api && key_of(*spec.api) != message.api) return false;
  if (spec.what && *spec.what != message.kind) return false;
  if (spec.request && *spec.request != number_of(message.request)) return false;
  if (!spec.client.empty() &&
      (message.producer >= producers_.size() || producers_[message.producer] != spec.client)) {
    return false;
  }
  if (spec.topic.empty() && !spec.partition) return true;
  return std::any_of(message.partitions.begin(), message.partitions.end(),
                     [&](const TopicPartition& tp) { return speaks_of(spec, tp); });
}

ActiveFault* FaultTable::match(FaultVerb verb, const Message& message) {
  if (!any(verb)) return nullptr;
  constexpr std::uint64_t kMillion = 1'000'000;
  for (const auto& fault : faults_) {
    if (!fault->in_force || fault->spec.verb != verb || !hits(fault->spec, message)) continue;
    if (fault->spec.times != 0 && fault->matched >= fault->spec.times) continue;
    if (fault->spec.per_million < kMillion &&
        fault->chances.at(message.place).below(kMillion) >= fault->spec.per_million)
      continue;
    if (++fault->matched == fault->spec.times) used_up_.push_back(fault.get());
    return fault.get();
  }
  return nullptr;
}

std::vector<ActiveFault*> FaultTable::take_used_up() { return std::exchange(used_up_, {}); }

std::vector<const ActiveFault*> FaultTable::in_force(FaultVerb verb) const {
  std::vector<const ActiveFault*> result;
  for (const auto& fault : faults_) {
    if (fault->in_force && fault->spec.verb == verb) result.push_back(fault.get());
  }
  return result;
}

}  // namespace sendscope::sim
