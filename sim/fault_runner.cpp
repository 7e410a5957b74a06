#include "sim/fault_runner.h"

#include <algorithm>

#include "sim/broker.h"
#include "sim/replication.h"

namespace sendscope::sim {

FaultRunner::FaultRunner(World& world, const std::vector<FaultSpec>& planned,
                         std::vector<std::string> producers)
    : world_(world), planned_(planned), producers_(std::move(producers)), fired_(planned.size(), false) {
  world_.disturbances.cut = [this](const Party& from, const Party& to) { return cut(from, to); };
  world_.network.set_blocked(world_.disturbances.cut);
}

void FaultRunner::start(FaultJudge judge) {
  judge_ = std::move(judge);
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    if (planned_[i].at) world_.loop.at_end_of(*planned_[i].at, *this, kBegin, i);
  }
}

void FaultRunner::on_event(Nanos, std::uint32_t tag, std::uint64_t argument) {
  if (tag == kBegin) {
    if (!judge_ || judge_(argument)) fire(argument);
  } else if (ActiveFault* fault = world_.faults.find(argument)) {
    end(*fault);
  }
}

void FaultRunner::fire(std::size_t planned) {
  if (planned >= fired_.size() || fired_[planned]) return;
  fired_[planned] = true;
  begin(planned_[planned], planned);
}

// ---- what exists

std::vector<NodeId> FaultRunner::nodes_of(const FaultSpec& fault) const {
  std::vector<NodeId> result;
  for (const NodeSpec& node : world_.spec.nodes) {
    if (!fault.node || *fault.node == node.id) result.push_back(node.id);
  }
  return result;
}

std::vector<PartitionNumber> FaultRunner::partitions_of(const FaultSpec& fault) const {
  std::vector<PartitionNumber> result;
  for (PartitionNumber p = 0; p < world_.catalog.partitions.size(); ++p) {
    const Topic& topic = world_.catalog.topic_of(p);
    if (!topic.deleted && speaks_of(fault, {topic.spec.name, world_.catalog.partitions[p].id}))
      result.push_back(p);
  }
  return result;
}

Result<void> FaultRunner::check(const FaultSpec& fault) const {
  const std::string verb = std::string(fault_verb_name(fault.verb)) + ": ";
  const auto unknown = [&](const std::string& what) { return Error(ErrorCode::kInvalidInput, verb + what); };
  if (nodes_of(fault).empty()) return unknown("there is no node " + std::to_string(*fault.node));
  if (fault.to) {
    FaultSpec target;
    target.node = fault.to;
    if (nodes_of(target).empty()) return unknown("there is no node " + std::to_string(*fault.to));
  }
  const auto& names = producers_;
  if (!fault.client.empty() && std::find(names.begin(), names.end(), fault.client) == names.end()) {
    return unknown("there is no producer " + fault.client);
  }
  for (const std::string& side : {fault.side_a, fault.side_b}) {
    const bool node = std::any_of(world_.spec.nodes.begin(), world_.spec.nodes.end(),
                                  [&](const NodeSpec& n) { return std::to_string(n.id) == side; });
    if (side.empty() || side == "clients" || side == "controller" || node) continue;
    if (std::find(names.begin(), names.end(), side) == names.end()) {
      return unknown("nobody is called " + side + "; expected a node id, a producer, clients or controller");
    }
  }
  const bool acts_on_partitions = fault.verb == FaultVerb::kMoveLeader ||
                                  fault.verb == FaultVerb::kShrinkIsr || fault.verb == FaultVerb::kExpandIsr;
  const bool acts_on_topic = fault.verb == FaultVerb::kAddPartitions || fault.verb == FaultVerb::kDeleteTopic;
  if ((acts_on_partitions || acts_on_topic) && partitions_of(fault).empty()) {
    return unknown("there is no " + fault.topic +
                   (fault.partition ? "-" + std::to_string(*fault.partition) : std::string()));
  }
  return {};
}

// ---- beginning and ending

void FaultRunner::emit(EventKind kind, const ActiveFault& fault) {
  world_.sink.emit({.t = world_.loop.now(),
                    .kind = kind,
                    .place = fault.spec.node ? static_cast<std::uint32_t>(*fault.spec.node) : kNoPlace,
                    .subject = fault.number,
                    .a = world_.sink.intern(fault_verb_name(fault.spec.verb)),
                    .b = world_.sink.intern(describe(fault.spec))});
}

std::size_t FaultRunner::begin(const FaultSpec& spec) {
  const std::size_t number = planned_.size() + given_++;
  begin(spec, number);
  return number;
}

void FaultRunner::begin(const FaultSpec& spec, std::size_t number) {
  ActiveFault& fault = world_.faults.add(spec, number);
  undo_.resize(std::max(undo_.size(), number + 1));
  emit(EventKind::fault_began, fault);
  const bool lasts = apply(fault);
  if (spec.duration > 0) {
    fault.healing = world_.loop.at(world_.loop.now() + spec.duration, *this, kHeal, fault.number);
  } else if (!lasts) {
    world_.faults.end(fault);
  }
}

Result<void> FaultRunner::heal(std::size_t number) {
  ActiveFault* fault = world_.faults.find(number);
  if (fault == nullptr || !fault->in_force) {
    return Error(ErrorCode::kInvalidInput, "fault " + std::to_string(number) + " is not in force");
  }
  end(*fault);
  return {};
}

void FaultRunner::end(ActiveFault& fault) {
  if (!fault.in_force) return;
  world_.faults.end(fault);
  world_.loop.cancel(fault.healing);
  emit(EventKind::fault_ended, fault);
  undo(fault);
}

void FaultRunner::sweep() {
  for (ActiveFault* fault : world_.faults.take_used_up()) end(*fault);
}

// ---- the verbs

// The index of the producer that a fault names.
std::optional<std::uint16_t> FaultRunner::producer_of(const FaultSpec& fault) const {
  const auto named = std::find(producers_.begin(), producers_.end(), fault.client);
  if (named == producers_.end()) return std::nullopt;
  return static_cast<std::uint16_t>(named - producers_.begin());
}

void FaultRunner::apply_to_node(const FaultSpec& fault, Broker& broker) {
  switch (fault.verb) {
    case FaultVerb::kKill: return broker.kill();
    case FaultVerb::kRestart: return broker.restart();
    case FaultVerb::kPause: return broker.pause();
    case FaultVerb::kResume: return broker.resume();
    case FaultVerb::kDisconnect: return broker.disconnect_clients(producer_of(fault));
    default: return;
  }
}

bool FaultRunner::apply(ActiveFault& fault) {
  switch (fault.spec.verb) {
    case FaultVerb::kKill:
    case FaultVerb::kRestart:
    case FaultVerb::kPause:
    case FaultVerb::kResume:
    case FaultVerb::kDisconnect:
      for (const NodeId node : nodes_of(fault.spec)) apply_to_node(fault.spec, world_.broker(node));
      return false;
    case FaultVerb::kRespond:
    case FaultVerb::kDrop:
    case FaultVerb::kDelay:
    case FaultVerb::kQuota:
    case FaultVerb::kCorrupt: return true;
    case FaultVerb::kPartitionNetwork: apply_cuts(); return true;
    case FaultVerb::kSlow: apply_slow(); return true;
    case FaultVerb::kMoveLeader: move_leaders(fault); return false;
    case FaultVerb::kShrinkIsr: shrink(fault); return true;
    case FaultVerb::kExpandIsr: expand(fault.spec); return false;
    case FaultVerb::kAddPartitions:
    case FaultVerb::kDeleteTopic: {
      const auto topic = world_.catalog.topic_by_name.find(fault.spec.topic);
      if (topic == world_.catalog.topic_by_name.end()) return false;
      if (fault.spec.verb == FaultVerb::kDeleteTopic) {
        world_.controller.delete_topic(topic->second);
      } else {
        static_cast<void>(world_.controller.add_partitions(topic->second, fault.spec.count).ok());
      }
      return false;
    }
  }
  return false;
}

void FaultRunner::undo(ActiveFault& fault) {
  switch (fault.spec.verb) {
    case FaultVerb::kKill:
      for (const NodeId node : nodes_of(fault.spec)) world_.broker(node).restart();
      return;
    case FaultVerb::kPause:
      for (const NodeId node : nodes_of(fault.spec)) world_.broker(node).resume();
      return;
    case FaultVerb::kPartitionNetwork:
      apply_cuts();
      world_.network.heal();
      return world_.replication->on_change(world_.loop.now());
    case FaultVerb::kSlow: return apply_slow();
    case FaultVerb::kMoveLeader:
      for (const auto& [p, leader] : undo_[fault.number].leaders) {
        static_cast<void>(world_.controller.move_leader(p, leader).ok());
      }
      return;
    case FaultVerb::kShrinkIsr:
      for (const auto& pin : undo_[fault.number].pinned) std::erase(world_.disturbances.pinned_out, pin);
      return world_.replication->on_change(world_.loop.now());
    default: return;
  }
}

// Links and service times are the scenario's own with every `slow` in force laid over them, oldest first.
void FaultRunner::apply_slow() {
  world_.disturbances.slow_nodes.clear();
  const auto faults = world_.faults.in_force(FaultVerb::kSlow);
  for (const NodeSpec& node : world_.spec.nodes) {
    LinkSpec link = node.link;
    ServiceSpec service = node.service;
    for (const ActiveFault* fault : faults) {
      const FaultSpec& spec = fault->spec;
      if (spec.node && *spec.node != node.id) continue;
      if (spec.latency) link.latency = *spec.latency;
      if (spec.jitter) link.jitter = *spec.jitter;
      if (spec.bandwidth) link.bandwidth = *spec.bandwidth;
      if (spec.all_service) service = {{}, *spec.all_service};
      for (const auto& [api, time] : spec.service) service.by_api[api] = time;
      if (!(link == node.link) && !world_.disturbances.slowed(node.id))
        world_.disturbances.slow_nodes.push_back(node.id);
    }
    world_.network.link_of(node.id) = link;
    world_.broker(node.id).server().service() = service;
  }
}

void FaultRunner::apply_cuts() {
  const Party controller{Party::Kind::kController, 0};
  for (const NodeSpec& node : world_.spec.nodes) {
    const Party party{Party::Kind::kNode, node.id};
    if (!world_.broker(node.id).working()) continue;
    world_.controller.set_reachable(node.id, !cut(party, controller) && !cut(controller, party));
  }
}

bool FaultRunner::side_matches(const std::string& side, const Party& party) const {
  if (side.empty()) return true;
  switch (party.kind) {
    case Party::Kind::kNode: return side == std::to_string(party.id);
    case Party::Kind::kController: return side == "controller";
    case Party::Kind::kProducer:
      return side == "clients" || (static_cast<std::size_t>(party.id) < producers_.size() &&
                                   side == producers_[static_cast<std::size_t>(party.id)]);
  }
  return false;
}

bool FaultRunner::cut(const Party& from, const Party& to) const {
  if (!world_.faults.any(FaultVerb::kPartitionNetwork)) return false;
  for (const ActiveFault* fault : world_.faults.in_force(FaultVerb::kPartitionNetwork)) {
    const FaultSpec& spec = fault->spec;
    if (side_matches(spec.side_a, from) && side_matches(spec.side_b, to)) return true;
    if (!spec.one_way && side_matches(spec.side_b, from) && side_matches(spec.side_a, to)) return true;
  }
  return false;
}

// Without a target: to the next replica in the ISR.
void FaultRunner::move_leaders(const ActiveFault& fault) {
  for (const PartitionNumber p : partitions_of(fault.spec)) {
    const Partition& partition = world_.catalog.partitions[p];
    const NodeId before = partition.state.leader;
    NodeId to = before;
    if (fault.spec.to) {
      to = *fault.spec.to;
    } else if (!partition.state.isr.empty()) {
      const auto& isr = partition.state.isr;
      const auto at = std::find(isr.begin(), isr.end(), before);
      to = at == isr.end() || at + 1 == isr.end() ? isr.front() : *(at + 1);
    }
    if (world_.controller.move_leader(p, to).ok() && before != kNoLeader && before != to) {
      undo_[fault.number].leaders.emplace_back(p, before);
    }
  }
}

void FaultRunner::shrink(const ActiveFault& fault) {
  for (const PartitionNumber p : partitions_of(fault.spec)) {
    const Partition& partition = world_.catalog.partitions[p];
    std::vector<NodeId> keep;
    for (const NodeId node : partition.replicas) {
      const bool out = node != partition.state.leader && (!fault.spec.node || *fault.spec.node == node);
      if (out) {
        world_.disturbances.pinned_out.emplace_back(p, node);
        undo_[fault.number].pinned.emplace_back(p, node);
      } else if (std::find(partition.state.isr.begin(), partition.state.isr.end(), node) !=
                 partition.state.isr.end()) {
        keep.push_back(node);
      }
    }
    if (partition.state.leader != kNoLeader) {
      world_.broker(partition.state.leader).replicas().propose_isr(p, keep, world_.loop.now());
    }
  }
}

void FaultRunner::expand(const FaultSpec& fault) {
  const auto partitions = partitions_of(fault);
  std::erase_if(world_.disturbances.pinned_out, [&](const std::pair<PartitionNumber, NodeId>& pin) {
    const bool named = !fault.node || *fault.node == pin.second;
    return named && std::find(partitions.begin(), partitions.end(), pin.first) != partitions.end();
  });
  world_.replication->on_change(world_.loop.now());
}

}  // namespace sendscope::sim
