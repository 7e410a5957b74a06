#include "sim/fault_runner.h"

#include <algorithm>

#include "core/base/overloaded.h"
#include "sim/broker.h"
#include "sim/replication.h"
#include "sim/simulation_check.h"
#include "sim/topic_keys.h"

namespace sendscope::sim {
namespace {

// What goes on until it is healed. All else is over as soon as it is done.
bool lasts(const FaultAction& action) {
  return part_of<RequestFilter>(action) || part_of<Quota>(action) || part_of<PartitionNetwork>(action) ||
         part_of<Slow>(action) || part_of<ShrinkIsr>(action);
}

}  // namespace

FaultRunner::FaultRunner(World& world, const std::vector<FaultSpec>& planned,
                         std::vector<std::string> producers)
    : world_(world), planned_(planned), producers_(std::move(producers)), fired_(planned.size(), false) {
  world_.disturbances.cut = [this](const Party& from, const Party& to) { return cut(from, to); };
  world_.network.set_blocked(world_.disturbances.cut);
}

void FaultRunner::start(FaultJudge judge) {
  judge_ = std::move(judge);
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    if (!planned_[i].at) continue;
    if (part_of<Next>(planned_[i].action)) {
      choices_.push_back(i);
    } else {
      world_.loop.at_end_of(*planned_[i].at, *this, kBegin, i);
    }
  }
  sort_choices();
}

void FaultRunner::carry_out(std::size_t planned) {
  if (!judge_ || judge_(planned)) fire(planned);
}

void FaultRunner::on_event(Nanos, std::uint32_t tag, std::uint64_t argument) {
  if (tag == kBegin) {
    carry_out(argument);
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

bool FaultRunner::has_node(NodeId id) const {
  const auto& nodes = world_.spec.nodes;
  return std::any_of(nodes.begin(), nodes.end(), [id](const NodeSpec& node) { return node.id == id; });
}

bool FaultRunner::has_side(const std::string& side) const {
  if (side.empty() || side == "clients" || side == "controller" || producer_called(side)) return true;
  const auto& nodes = world_.spec.nodes;
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const NodeSpec& node) { return std::to_string(node.id) == side; });
}

std::vector<Broker*> FaultRunner::brokers_of(const NodeFilter& filter) const {
  std::vector<Broker*> result;
  for (const NodeSpec& node : world_.spec.nodes) {
    if (!filter.node || *filter.node == node.id) result.push_back(&world_.broker(node.id));
  }
  return result;
}

std::optional<std::size_t> FaultRunner::find(const OnTopic& on) const {
  const auto found = world_.catalog.topic_by_name.find(on.topic);
  return found == world_.catalog.topic_by_name.end() ? std::nullopt : std::optional(found->second);
}

std::optional<PartitionNumber> FaultRunner::find(const OnPartition& on) const {
  const auto topic = find(OnTopic{on.partition.topic});
  const auto number = static_cast<std::size_t>(on.partition.partition);
  if (!topic || number >= world_.catalog.topics[*topic].partitions.size()) return std::nullopt;
  return world_.catalog.topics[*topic].partitions[number];
}

std::optional<std::uint16_t> FaultRunner::producer_called(const std::string& name) const {
  const auto named = std::find(producers_.begin(), producers_.end(), name);
  if (named == producers_.end()) return std::nullopt;
  return static_cast<std::uint16_t>(named - producers_.begin());
}

std::string FaultRunner::what_is_missing(const FaultAction& action) const {
  const auto* nodes = part_of<NodeFilter>(action);
  if (nodes != nullptr && nodes->node && !has_node(*nodes->node))
    return "there is no node " + std::to_string(*nodes->node);
  const auto* move = part_of<MoveLeader>(action);
  if (move != nullptr && !has_node(move->to)) return "there is no node " + std::to_string(move->to);
  const auto* clients = part_of<ClientFilter>(action);
  if (clients != nullptr && !clients->client.empty() && !producer_called(clients->client))
    return "there is no producer " + clients->client;
  if (const auto* split = part_of<PartitionNetwork>(action)) {
    for (const std::string& side : {split->from, split->to}) {
      if (!has_side(side))
        return "nobody is called " + side + "; expected a node id, a producer, clients or controller";
    }
  }
  const auto* partition = part_of<OnPartition>(action);
  if (partition != nullptr && !find(*partition)) return "there is no " + to_string(partition->partition);
  const auto* next = part_of<Next>(action);
  if (next != nullptr && !find(*next)) return "nothing like it is on its way";
  const auto* set = part_of<Set>(action);
  if (set != nullptr && !set->topic.empty() && !find(OnTopic{set->topic})) return "there is no " + set->topic;
  const auto* topic = part_of<OnTopic>(action);
  if (topic != nullptr && !find(*topic)) return "there is no " + topic->topic;
  return {};
}

Result<void> FaultRunner::check(const FaultSpec& fault) const {
  const std::string missing = what_is_missing(fault.action);
  if (missing.empty()) return {};
  return Error(ErrorCode::kInvalidInput, std::string(verb_of(fault.action)) + ": " + missing);
}

// ---- beginning and ending

void FaultRunner::emit(EventKind kind, const ActiveFault& fault) {
  if (kind == EventKind::next_chosen) {
    world_.sink.emit({.t = world_.loop.now(),
                      .kind = kind,
                      .subject = fault.number,
                      .a = world_.sink.intern(describe(fault.spec))});
    return;
  }
  const auto* nodes = part_of<NodeFilter>(fault.spec.action);
  const bool one_node = nodes != nullptr && nodes->node;
  world_.sink.emit({.t = world_.loop.now(),
                    .kind = kind,
                    .place = one_node ? static_cast<std::uint32_t>(*nodes->node) : kNoPlace,
                    .subject = fault.number,
                    .a = world_.sink.intern(verb_of(fault.spec.action)),
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
  const bool choice = part_of<Next>(spec.action) != nullptr;
  emit(choice ? EventKind::next_chosen : EventKind::fault_began, fault);
  apply(fault);
  if (spec.duration > 0) {
    fault.healing = world_.loop.at(world_.loop.now() + spec.duration, *this, kHeal, fault.number);
  } else if (!lasts(spec.action)) {
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

void FaultRunner::each(const NodeFilter& nodes, void (Broker::*act)()) {
  for (Broker* broker : brokers_of(nodes)) (broker->*act)();
}

void FaultRunner::apply(const ActiveFault& fault) {
  Undo& undo = undo_[fault.number];
  std::visit(Overloaded{
                 [&](const Kill& kill) { each(kill, &Broker::kill); },
                 [&](const Restart& restart) { each(restart, &Broker::restart); },
                 [&](const Pause& pause) { each(pause, &Broker::pause); },
                 [&](const Resume& resume) { each(resume, &Broker::resume); },
                 [&](const Disconnect& reset) { disconnect(reset); },
                 [](const RequestFilter&) {},  // acts where the messages pass
                 [](const Quota&) {},          // likewise
                 [&](const PartitionNetwork&) { apply_cuts(); },
                 [&](const Slow&) { apply_slow(); },
                 [&](const MoveLeader& move) { move_leader(move, undo); },
                 [&](const ShrinkIsr& isr) { shrink(isr, undo); },
                 [&](const ExpandIsr& isr) { expand(isr); },
                 [&](const AddPartitions& more) { add_partitions(more); },
                 [&](const DeleteTopic& gone) { delete_topic(gone); },
                 [&](const Set& change) { set(change); },
                 [&](const Next& next) { bring_forward(next); },
             },
             fault.spec.action);
}

void FaultRunner::undo(const ActiveFault& fault) {
  const Undo& before = undo_[fault.number];
  std::visit(Overloaded{
                 [&](const Kill& kill) { each(kill, &Broker::restart); },
                 [&](const Pause& pause) { each(pause, &Broker::resume); },
                 [&](const PartitionNetwork&) { heal_cuts(); },
                 [&](const Slow&) { apply_slow(); },
                 [&](const MoveLeader&) { move_back(before); },
                 [&](const ShrinkIsr&) { unpin(before); },
                 [](const auto&) {},
             },
             fault.spec.action);
}

void FaultRunner::disconnect(const Disconnect& reset) {
  for (Broker* broker : brokers_of(reset)) broker->disconnect_clients(producer_called(reset.client));
}

// Links and service times are the scenario's own with every `slow` in force laid over them, oldest first.
void FaultRunner::apply_slow() {
  world_.disturbances.slow_nodes.clear();
  const auto faults = world_.faults.in_force<Slow>();
  for (const NodeSpec& node : world_.spec.nodes) {
    LinkSpec link = node.link;
    ServiceSpec service = node.service;
    for (const Slow* slow : faults) {
      if (slow->node && *slow->node != node.id) continue;
      if (slow->link.latency) link.latency = *slow->link.latency;
      if (slow->link.jitter) link.jitter = *slow->link.jitter;
      if (slow->link.bandwidth) link.bandwidth = *slow->link.bandwidth;
      if (slow->service.all) service = {{}, *slow->service.all};
      for (const auto& [api, time] : slow->service.by_api) service.by_api[api] = time;
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

void FaultRunner::heal_cuts() {
  apply_cuts();
  world_.network.heal();
  world_.replication->on_change(world_.loop.now());
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
  if (!world_.faults.any<PartitionNetwork>()) return false;
  for (const PartitionNetwork* split : world_.faults.in_force<PartitionNetwork>()) {
    if (side_matches(split->from, from) && side_matches(split->to, to)) return true;
    if (!split->one_way && side_matches(split->to, from) && side_matches(split->from, to)) return true;
  }
  return false;
}

void FaultRunner::move_leader(const MoveLeader& move, Undo& undo) {
  const auto p = find(move);
  if (!p) return;
  const NodeId before = world_.catalog.partitions[*p].state.leader;
  if (!world_.controller.move_leader(*p, move.to).ok()) return;
  if (before != kNoLeader && before != move.to) undo.led.emplace(*p, before);
}

void FaultRunner::move_back(const Undo& before) {
  if (!before.led) return;
  const auto& [p, leader] = *before.led;
  static_cast<void>(world_.controller.move_leader(p, leader).ok());
}

void FaultRunner::shrink(const ShrinkIsr& isr, Undo& undo) {
  const auto p = find(isr);
  if (!p) return;
  const Partition& partition = world_.catalog.partitions[*p];
  std::vector<NodeId> keep;
  for (const NodeId node : partition.replicas) {
    const bool out = node != partition.state.leader && (!isr.node || *isr.node == node);
    if (out) {
      world_.disturbances.pinned_out.emplace_back(*p, node);
      undo.pinned.emplace_back(*p, node);
    } else if (std::find(partition.state.isr.begin(), partition.state.isr.end(), node) !=
               partition.state.isr.end()) {
      keep.push_back(node);
    }
  }
  if (partition.state.leader != kNoLeader) {
    world_.broker(partition.state.leader).replicas().propose_isr(*p, keep, world_.loop.now());
  }
}

void FaultRunner::unpin(const Undo& before) {
  for (const auto& pin : before.pinned) std::erase(world_.disturbances.pinned_out, pin);
  world_.replication->on_change(world_.loop.now());
}

void FaultRunner::expand(const ExpandIsr& isr) {
  const auto p = find(isr);
  std::erase_if(world_.disturbances.pinned_out, [&](const std::pair<PartitionNumber, NodeId>& pin) {
    return pin.first == p && (!isr.node || *isr.node == pin.second);
  });
  world_.replication->on_change(world_.loop.now());
}

void FaultRunner::add_partitions(const AddPartitions& more) {
  if (const auto topic = find(more))
    static_cast<void>(world_.controller.add_partitions(*topic, more.count).ok());
}

void FaultRunner::set(const Set& change) {
  if (!change.topic.empty()) return set_topic(change);
  if (!apply_setting({change.key, change.value}, world_.config)) return;
  if (change.key == kTransactionVersionKey) ++world_.features_epoch;
  world_.sink.emit({.t = world_.loop.now(),
                    .kind = EventKind::broker_config_set,
                    .a = world_.sink.intern(change.key),
                    .b = world_.sink.intern(change.value)});
}

// What waited for it goes on: a leaderless partition may be led uncleanly, a high watermark may rise.
void FaultRunner::set_topic(const Set& change) {
  const auto topic = find(OnTopic{change.topic});
  if (!topic || !apply_topic_setting(change.key, change.value, world_.catalog.topics[*topic].spec)) return;
  world_.sink.emit({.t = world_.loop.now(),
                    .kind = EventKind::topic_config_set,
                    .a = world_.sink.intern(change.topic),
                    .b = world_.sink.intern(change.key + " = " + change.value)});
  world_.controller.on_topic_config(*topic);
  for (const auto& broker : world_.brokers) {
    for (const PartitionNumber p : world_.catalog.topics[*topic].partitions)
      broker->replicas().advance_high_watermark(p, world_.loop.now());
  }
}

void FaultRunner::delete_topic(const DeleteTopic& gone) {
  if (const auto topic = find(gone)) world_.controller.delete_topic(*topic);
}

}  // namespace sendscope::sim
