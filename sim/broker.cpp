#include "sim/broker.h"

#include "sim/replication.h"
#include "sim/transaction_coordinator.h"

namespace sendscope::sim {

Broker::Broker(World& world, ServerSockets& sockets, const NodeSpec& spec, std::size_t index)
    : world_(world),
      id_(spec.id),
      producer_ids_(index, world.spec.nodes.size()),
      server_(world, sockets, spec.id, spec.service),
      replicas_(world, world.catalog, spec.id, *this),
      apis_({world, world.spec, world.catalog, image_, world.controller, *world.transactions, server_,
             replicas_, producer_ids_, spec.id}) {
  server_.attach(apis_);
}

// ---- what faults do

void Broker::kill() {
  if (state_ == State::kKilled) return;
  const Nanos now = world_.loop.now();
  state_ = State::kKilled;
  apis_.shut_down();
  server_.shut_down();
  replicas_.shut_down();
  world_.replication->on_stop(id(), now);
  world_.controller.set_reachable(id(), false);
  emit_node_state(NodeState::kKilled, now);
}

void Broker::restart() {
  if (state_ != State::kKilled) return;
  state_ = State::kStarting;
  world_.controller.register_again(id());
}

void Broker::pause() {
  if (state_ == State::kKilled || server_.paused()) return;
  server_.pause();
  world_.replication->on_stop(id(), world_.loop.now());
  world_.controller.set_reachable(id(), false);
  emit_node_state(NodeState::kPaused, world_.loop.now());
}

void Broker::resume() {
  if (!server_.paused()) return;
  const Nanos now = world_.loop.now();
  // Stopped while it was starting: the controller has given it up meanwhile, so it asks again.
  if (state_ == State::kStarting) {
    server_.resume(now);
    return world_.controller.register_again(id());
  }
  emit_node_state(NodeState::kUp, now);
  world_.controller.set_reachable(id(), true);
  server_.resume(now);
  world_.replication->on_go(id(), now);
}

void Broker::disconnect_clients(std::optional<std::uint16_t> producer) {
  server_.disconnect(producer, world_.loop.now());
}

void Broker::emit_node_state(NodeState state, Nanos now) {
  world_.sink.emit({.t = now,
                    .kind = EventKind::node_state,
                    .place = static_cast<std::uint32_t>(id()),
                    .a = static_cast<std::uint32_t>(state)});
}

// ---- what the controller says

void Broker::on_registered(MetadataImage image, Nanos now) {
  state_ = State::kUp;
  server_.listen();
  emit_node_state(NodeState::kUp, now);
  image_ = std::move(image);
  for (std::size_t t = 0; t < image_.topics.size(); ++t) {
    if (!image_.topics[t]) replicas_.delete_logs(t, now);
  }
  for (PartitionNumber p = 0; p < image_.partitions.size(); ++p)
    replicas_.apply(p, image_.partitions[p], now);
  world_.replication->on_change(now);
}

void Broker::on_metadata(const MetadataChange& change, Nanos now) {
  if (state_ != State::kUp) return;
  if (change.topic) {
    if (image_.topics.size() <= *change.topic) image_.topics.resize(*change.topic + 1, false);
    image_.topics[*change.topic] = change.topic_exists;
    if (!change.topic_exists) replicas_.delete_logs(*change.topic, now);
  }
  if (change.node) image_.nodes[*change.node] = change.node_alive;
  for (const auto& [p, state] : change.partitions) {
    if (image_.partitions.size() <= p) image_.partitions.resize(p + 1);
    image_.partitions[p] = state;
  }
  // Followers ask again when they follow another leader, and when a node is back: it may be in sync now.
  bool ask_again = change.topic || change.node;
  for (const auto& [p, state] : change.partitions) {
    ask_again = replica(p).leader_epoch != state.leader_epoch || ask_again;
    replicas_.apply(p, state, now);
  }
  if (ask_again) world_.replication->on_change(now);
}

// ---- ReplicaListener

void Broker::on_log_grew(PartitionNumber p, Nanos now) { world_.replication->on_append(*this, p, now); }

void Broker::on_leading(PartitionNumber p, Nanos now) { world_.replication->watch_lag(*this, p, now); }

void Broker::on_high_watermark(PartitionNumber p) { world_.transactions->on_high_watermark(p); }

void Broker::on_produce_settled(ConnId conn, std::vector<ProduceResult> results, Nanos now) {
  apis_.on_produce_settled(conn, std::move(results), now);
}

bool Broker::change_isr(PartitionNumber p, std::int32_t leader_epoch, std::vector<NodeId> isr) {
  const bool heard =
      !world_.disturbances.cut(Party{Party::Kind::kNode, id()}, Party{Party::Kind::kController, 0});
  return heard && world_.controller.change_isr(p, leader_epoch, std::move(isr));
}

}  // namespace sendscope::sim
