#include "sim/fault.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace sendscope::sim {
namespace {

template <typename Wanted, typename Value>
bool allows(const std::optional<Wanted>& wanted, Value value) {
  return !wanted || *wanted == value;
}

}  // namespace

ActiveFault::ActiveFault(FaultSpec spec_, std::size_t number_, std::uint64_t seed)
    : spec(std::move(spec_)),
      number(number_),
      chances(seed, {"fault", std::to_string(number_), "chance"}),
      effects(seed, {"fault", std::to_string(number_), "effect"}) {}

ActiveFault& FaultTable::add(const FaultSpec& spec, std::size_t number) {
  SENDSCOPE_CHECK(find(number) == nullptr);
  faults_.push_back(std::make_unique<ActiveFault>(spec, number, seed_));
  ++in_force_[spec.action.index()];
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
  --in_force_[fault.spec.action.index()];
}

bool FaultTable::is_called(std::uint16_t producer, const std::string& name) const {
  return producer < producers_.size() && producers_[producer] == name;
}

bool FaultTable::hits(const FaultAction& action, const Message& message) const {
  const auto* node = part_of<NodeFilter>(action);
  if (node != nullptr && !allows(node->node, message.node)) return false;
  const auto* client = part_of<ClientFilter>(action);
  if (client != nullptr && !client->client.empty() && !is_called(message.producer, client->client))
    return false;
  const auto* request = part_of<RequestFilter>(action);
  if (request != nullptr && !allows(request->api, ApiKey(message.api))) return false;
  if (request != nullptr && !allows(request->request, number_of(message.request))) return false;
  const auto* filter = part_of<MessageFilter>(action);
  if (filter != nullptr && !allows(filter->what, message.kind)) return false;
  const auto* partition = part_of<PartitionFilter>(action);
  if (partition == nullptr || !partition->partition) return true;
  return std::find(message.partitions.begin(), message.partitions.end(), *partition->partition) !=
         message.partitions.end();
}

const ActiveFault* FaultTable::match(std::size_t verb, const Message& message) {
  constexpr std::uint64_t kMillion = 1'000'000;
  for (const auto& fault : faults_) {
    if (!fault->in_force || fault->spec.action.index() != verb || !hits(fault->spec.action, message))
      continue;
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

}  // namespace sendscope::sim
