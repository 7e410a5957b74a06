#include "sim/controller.h"

#include <algorithm>

#include "core/base/check.h"

namespace sendscope::sim {

void Controller::add_broker(ControlledBroker& broker) {
  const std::string node = std::to_string(spec_.nodes[sessions_.size()].id);
  sessions_.push_back({&broker, RandomStream(seed_, {"controller", node})});
}

std::size_t Controller::index_of(NodeId node) const {
  for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
    if (spec_.nodes[i].id == node) return i;
  }
  SENDSCOPE_CHECK(false && "no such node");
  return 0;
}

bool Controller::alive(NodeId node) const { return !sessions_[index_of(node)].fenced; }

void Controller::start() {
  Prng ids = RandomStream(seed_, {"cluster id"}).sequence();
  catalog_.cluster_id = {ids.next_u64(), ids.next_u64()};
  for (const TopicSpec& topic : spec_.topics) create_topic(topic);
  started_ = true;
  for (Session& session : sessions_) session.broker->on_registered(image(), loop_.now());
}

MetadataImage Controller::image() const {
  MetadataImage image;
  for (const Partition& partition : catalog_.partitions) image.partitions.push_back(partition.state);
  for (const Topic& topic : catalog_.topics) image.topics.push_back(!topic.deleted);
  for (const Session& session : sessions_) image.nodes.push_back(!session.fenced);
  return image;
}

// ---- liveness

Nanos Controller::propagation(Session& session) {
  Prng draws = session.delays.next();
  return spec_.propagation.draw(draws);
}

void Controller::set_reachable(NodeId node, bool reachable) {
  Session& session = sessions_[index_of(node)];
  if (!reachable) session.wants_registration = false;
  if (session.reachable == reachable) return;
  session.reachable = reachable;
  const auto index = static_cast<std::uint64_t>(&session - sessions_.data());
  if (!reachable) {
    session.expiry = loop_.at(loop_.now() + spec_.config.session_timeout, *this, kSessionEnds, index);
    return;
  }
  loop_.cancel(session.expiry);
  for (; session.stalled > 0; --session.stalled) {
    session.last_delivery = std::max(session.last_delivery, loop_.now() + propagation(session));
    loop_.at(session.last_delivery, *this, kDeliver, index);
  }
  if (session.fenced) loop_.at(loop_.now() + propagation(session), *this, kUnfence, index);
}

void Controller::register_again(NodeId node) {
  const std::size_t index = index_of(node);
  Session& session = sessions_[index];
  session.wants_registration = true;
  if (session.fenced) loop_.at(loop_.now() + propagation(session), *this, kUnfence, index);
}

void Controller::on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) {
  switch (tag) {
    case kSessionEnds:
      fence(argument);
      if (sessions_[argument].wants_registration) unfence(argument);
      return;
    case kUnfence:
      if (sessions_[argument].reachable || sessions_[argument].wants_registration) unfence(argument);
      return;
    case kDeliver: {
      Session& session = sessions_[argument];
      if (!session.reachable) {
        ++session.stalled;
        return;
      }
      if (session.under_way.empty()) return;  // a registration has overtaken it
      const MetadataChange change = std::move(session.under_way.front());
      session.under_way.pop_front();
      session.broker->on_metadata(change, now);
      return;
    }
    case kCreateTopic: {
      TopicSpec spec;
      spec.name = std::move(to_create_.front());
      to_create_.pop_front();
      spec.partitions = spec_.config.num_partitions;
      spec.replicas =
          std::min(spec_.config.default_replication_factor, static_cast<std::int32_t>(spec_.nodes.size()));
      spec.min_insync_replicas = spec_.config.min_insync_replicas;
      create_topic(spec);
      return;
    }
    default: return;
  }
}

std::optional<Occurrence> Controller::tell(std::uint32_t tag, std::uint64_t argument) const {
  if (tag != kDeliver || !sessions_[argument].reachable || sessions_[argument].under_way.empty())
    return Occurrence{};
  return Occurrence{.kind = OccurrenceKind::kNewsArrives, .node = spec_.nodes[argument].id};
}

void Controller::fence(std::size_t index) {
  Session& session = sessions_[index];
  if (session.fenced) return;
  session.fenced = true;
  const NodeId node = spec_.nodes[index].id;
  draft_.node = index;
  draft_.node_alive = false;
  for (PartitionNumber p = 0; p < catalog_.partitions.size(); ++p) {
    PartitionState& state = catalog_.partitions[p].state;
    const bool member = std::find(state.isr.begin(), state.isr.end(), node) != state.isr.end();
    const bool leads = state.leader == node;
    if (!member && !leads) continue;
    if (member && state.isr.size() > 1) {
      std::erase(state.isr, node);
      emit_isr(p);
    }
    note(p);
    if (leads) elect(p);
  }
  publish();
}

void Controller::unfence(std::size_t index) {
  Session& session = sessions_[index];
  if (!session.fenced) return;
  session.fenced = false;
  draft_.node = index;
  draft_.node_alive = true;
  for (PartitionNumber p = 0; p < catalog_.partitions.size(); ++p) {
    if (catalog_.partitions[p].state.leader == kNoLeader && !catalog_.topic_of(p).deleted) elect(p);
  }
  publish();
  if (session.wants_registration) {
    session.wants_registration = false;
    session.reachable = true;
    session.under_way.clear();
    session.stalled = 0;
    session.broker->on_registered(image(), loop_.now());
  }
}

// ---- decisions

// The first live member of the ISR in the replicas' order; where the topic allows it, any live replica.
void Controller::elect(PartitionNumber p) {
  Partition& partition = catalog_.partitions[p];
  PartitionState& state = partition.state;
  for (const NodeId replica : partition.replicas) {
    if (alive(replica) && std::find(state.isr.begin(), state.isr.end(), replica) != state.isr.end()) {
      return set_leader(p, replica);
    }
  }
  if (catalog_.topic_of(p).spec.unclean_leader_election) {
    for (const NodeId replica : partition.replicas) {
      if (!alive(replica)) continue;
      state.isr = {replica};
      set_leader(p, replica);
      return emit_isr(p);
    }
  }
  if (state.leader != kNoLeader) set_leader(p, kNoLeader);
}

void Controller::on_topic_config(std::size_t topic) {
  for (const PartitionNumber p : catalog_.topics[topic].partitions) {
    if (catalog_.partitions[p].state.leader == kNoLeader) elect(p);
  }
  if (!draft_.partitions.empty()) publish();
}

void Controller::set_leader(PartitionNumber p, NodeId leader) {
  PartitionState& state = catalog_.partitions[p].state;
  state.leader = leader;
  ++state.leader_epoch;
  emit_leader(p);
  note(p);
}

Result<void> Controller::move_leader(PartitionNumber p, NodeId to) {
  Partition& partition = catalog_.partitions[p];
  if (std::find(partition.replicas.begin(), partition.replicas.end(), to) == partition.replicas.end()) {
    return Error(ErrorCode::kInvalidInput,
                 "node " + std::to_string(to) + " holds no replica of the partition");
  }
  if (partition.state.leader == to) return {};
  const auto& isr = partition.state.isr;
  if (!alive(to) || std::find(isr.begin(), isr.end(), to) == isr.end()) {
    return Error(ErrorCode::kInvalidInput, "node " + std::to_string(to) + " is not in sync, it cannot lead");
  }
  set_leader(p, to);
  publish();
  return {};
}

bool Controller::change_isr(PartitionNumber p, std::int32_t leader_epoch, std::vector<NodeId> isr) {
  Partition& partition = catalog_.partitions[p];
  if (partition.state.leader_epoch != leader_epoch || isr.empty()) return false;
  std::vector<NodeId> ordered;
  for (const NodeId replica : partition.replicas) {
    if (std::find(isr.begin(), isr.end(), replica) != isr.end()) ordered.push_back(replica);
  }
  if (ordered == partition.state.isr) return true;
  partition.state.isr = std::move(ordered);
  emit_isr(p);
  note(p);
  publish();
  return true;
}

std::size_t Controller::create_topic(const TopicSpec& spec) {
  const std::size_t index = catalog_.topics.size();
  // One that was deleted may come again, as another.
  const auto namesakes = std::count_if(catalog_.topics.begin(), catalog_.topics.end(),
                                       [&](const Topic& other) { return other.spec.name == spec.name; });
  Prng ids = RandomStream(seed_, {"topic id", spec.name, std::to_string(namesakes)}).sequence();
  Topic topic{spec, {ids.next_u64(), ids.next_u64() | 1}, {}, false};
  catalog_.topic_by_name[spec.name] = index;
  catalog_.topic_by_id[topic.id] = index;
  catalog_.topics.push_back(std::move(topic));
  draft_.topic = index;
  draft_.topic_exists = true;
  for (std::int32_t i = 0; i < spec.partitions; ++i) add_partition(index);
  publish();
  return index;
}

// Replicas go round the nodes; the first leader is the first replica.
void Controller::add_partition(std::size_t topic_index) {
  Topic& topic = catalog_.topics[topic_index];
  const auto number = static_cast<PartitionId>(topic.partitions.size());
  const std::size_t nodes = spec_.nodes.size();
  const auto given = topic.spec.leaders.find(number);
  const std::size_t first =
      given == topic.spec.leaders.end() ? static_cast<std::size_t>(number) % nodes : index_of(given->second);
  Partition partition;
  partition.topic = topic_index;
  partition.id = number;
  partition.event_index = sink_.partition({topic.spec.name, number}, loop_.now());
  for (std::int32_t i = 0; i < topic.spec.replicas; ++i) {
    partition.replicas.push_back(spec_.nodes[(first + static_cast<std::size_t>(i)) % nodes].id);
  }
  for (const NodeId replica : partition.replicas) {
    if (alive(replica)) partition.state.isr.push_back(replica);
  }
  partition.state.leader = partition.state.isr.empty() ? kNoLeader : partition.state.isr.front();
  // Nobody is there: whoever comes first may lead, as there is nothing to lose yet.
  if (partition.state.isr.empty()) partition.state.isr = partition.replicas;
  const PartitionNumber p = catalog_.partitions.size();
  topic.partitions.push_back(p);
  catalog_.partitions.push_back(std::move(partition));
  emit_leader(p);
  emit_isr(p);
  note(p);
}

Result<void> Controller::add_partitions(std::size_t topic, std::int32_t count) {
  if (count <= static_cast<std::int32_t>(catalog_.topics[topic].partitions.size())) {
    return Error(ErrorCode::kInvalidInput, "the topic has " +
                                               std::to_string(catalog_.topics[topic].partitions.size()) +
                                               " partitions; there can only be more of them");
  }
  while (static_cast<std::int32_t>(catalog_.topics[topic].partitions.size()) < count) add_partition(topic);
  publish();
  return {};
}

void Controller::delete_topic(std::size_t index) {
  Topic& topic = catalog_.topics[index];
  if (topic.deleted) return;
  topic.deleted = true;
  sink_.emit({.t = loop_.now(),
              .kind = EventKind::topic_deleted,
              .a = sink_.intern(topic.spec.name),
              .b = static_cast<std::uint32_t>(topic.partitions.size())});
  catalog_.topic_by_name.erase(topic.spec.name);
  catalog_.topic_by_id.erase(topic.id);
  draft_.topic = index;
  draft_.topic_exists = false;
  for (const PartitionNumber p : topic.partitions) {
    catalog_.partitions[p].state.leader = kNoLeader;
    note(p);
  }
  publish();
}

void Controller::auto_create_topic(const std::string& name) {
  if (catalog_.topic_by_name.count(name) > 0) return;
  if (std::find(to_create_.begin(), to_create_.end(), name) != to_create_.end()) return;
  to_create_.push_back(name);
  loop_.at(loop_.now() + spec_.config.auto_create_delay, *this, kCreateTopic);
}

// ---- telling it

void Controller::note(PartitionNumber p) {
  for (auto& [known, state] : draft_.partitions) {
    if (known == p) {
      state = catalog_.partitions[p].state;
      return;
    }
  }
  draft_.partitions.emplace_back(p, catalog_.partitions[p].state);
}

void Controller::publish() {
  const MetadataChange change = std::exchange(draft_, {});
  if (!started_ || (!change.topic && !change.node && change.partitions.empty())) return;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    Session& session = sessions_[i];
    session.under_way.push_back(change);
    session.last_delivery = std::max(session.last_delivery, loop_.now() + propagation(session));
    loop_.at(session.last_delivery, *this, kDeliver, i);
  }
}

void Controller::emit_leader(PartitionNumber p) {
  const Partition& partition = catalog_.partitions[p];
  sink_.emit({.t = loop_.now(),
              .kind = EventKind::leader_elected,
              .place = partition.event_index,
              .a = static_cast<std::uint32_t>(partition.state.leader),
              .b = static_cast<std::uint32_t>(partition.state.leader_epoch)});
}

void Controller::emit_isr(PartitionNumber p) {
  const Partition& partition = catalog_.partitions[p];
  std::uint64_t members = 0;
  for (const NodeId node : partition.state.isr) members |= std::uint64_t{1} << (node & 63);
  sink_.emit({.t = loop_.now(),
              .kind = EventKind::isr_changed,
              .actor = partition.state.leader == kNoLeader
                           ? kNoActor
                           : static_cast<std::uint16_t>(partition.state.leader),
              .place = partition.event_index,
              .subject = members,
              .a = static_cast<std::uint32_t>(partition.state.isr.size())});
}

}  // namespace sendscope::sim
