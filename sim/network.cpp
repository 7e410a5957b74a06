#include "sim/network.h"

#include <algorithm>
#include <array>

#include "core/base/check.h"

namespace sendscope::sim {

// ---- the client's side

ConnId SimTransport::connect(NodeId, const Endpoint& endpoint) { return network_.connect(*this, endpoint); }

void SimTransport::close(ConnId conn) {
  forget(conn);
  network_.close_from_client(conn);
}

std::size_t SimTransport::write(ConnId conn, std::span<const Bytes> slices) {
  return network_.write_from_client(conn, slices);
}

bool SimTransport::next(TransportEvent& event) {
  network_.stock_.give_back(std::move(current_));
  current_.clear();
  if (events_.empty()) return false;
  Pending pending = std::move(events_.front());
  events_.pop_front();
  current_ = std::move(pending.bytes);
  event = {pending.kind, pending.conn, Bytes(current_), pending.loss};
  if (pending.kind == TransportEventKind::kReceived) network_.client_read(pending.conn, current_.size());
  return true;
}

void SimTransport::post(Pending pending, Nanos now) {
  events_.push_back(std::move(pending));
  owner_.on_network_activity(now);
}

void SimTransport::forget(ConnId conn) {
  std::erase_if(events_, [conn](const Pending& pending) { return pending.conn == conn; });
}

// ---- the network

void Network::add_node(NodeId id, Endpoint endpoint, NodePort& port, const LinkSpec& link) {
  nodes_.push_back({id, std::move(endpoint), &port, link});
}

LinkSpec& Network::link_of(NodeId node) {
  const auto found =
      std::find_if(nodes_.begin(), nodes_.end(), [node](const Node& n) { return n.id == node; });
  SENDSCOPE_CHECK(found != nodes_.end());
  return found->link;
}

Network::Connection* Network::find(ConnId conn) {
  const auto found = connections_.find(conn);
  return found == connections_.end() ? nullptr : &found->second;
}

Network::Connection& Network::of_node(ConnId conn) {
  Connection* c = find(conn);
  SENDSCOPE_CHECK(c != nullptr && c->node_open);
  return *c;
}

bool Network::blocked(const Connection& c, bool up) const {
  if (!blocked_) return false;
  const Party node{Party::Kind::kNode, nodes_[c.node].id};
  const Party client{Party::Kind::kProducer, c.client->producer()};
  return up ? blocked_(client, node) : blocked_(node, client);
}

Nanos Network::one_way(Connection& c, bool up) {
  const LinkSpec& link = nodes_[c.node].link;
  Prng draws = (up ? c.up_draws : c.down_draws).next();
  return link.latency.draw(draws) + link.jitter.draw(draws);
}

ConnId Network::connect(SimTransport& client, const Endpoint& endpoint) {
  const auto node =
      std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& n) { return n.endpoint == endpoint; });
  const bool found = node != nodes_.end();
  const NodeId id = found ? node->id : kNoNode;
  const std::uint32_t ordinal = client.opened_to_[id]++;
  const std::string node_text = std::to_string(id);
  const std::string ordinal_text = std::to_string(ordinal);
  const auto draws = [&](std::string_view direction) {
    return RandomStream(seed_, {"link", client.name(), node_text, ordinal_text, direction});
  };
  const ConnId conn = make_id(client.producer(), ++client.opened_);
  const auto [place, fresh] =
      connections_.try_emplace(conn, client, found ? static_cast<std::size_t>(node - nodes_.begin()) : 0,
                               ordinal, socket_buffer_, draws("up"), draws("down"));
  SENDSCOPE_CHECK(fresh);
  if (found) {
    loop_.at(loop_.now() + one_way(place->second, true), *this, kSyn, conn);
  } else {  // nobody has this address
    loop_.at(loop_.now(), *this, kRefused, conn);
  }
  return conn;
}

void Network::on_syn(ConnId conn, Connection& c, Nanos now) {
  if (blocked(c, true) || blocked(c, false)) {
    c.lost_syn = true;
    return;
  }
  const bool accepted = nodes_[c.node].port->listening();
  if (accepted) {
    c.node_open = true;
    nodes_[c.node].port->on_open(conn, {c.client->producer(), c.client->name(), c.ordinal}, now);
  }
  loop_.at(now + one_way(c, false), *this, accepted ? kSynAck : kRefused, conn);
}

void Network::on_event(Nanos now, std::uint32_t tag, std::uint64_t conn) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  switch (tag) {
    case kSyn: return on_syn(conn, *c, now);
    case kSynAck:
      if (!c->client_open) return;
      c->established = true;
      return c->client->post({TransportEventKind::kConnected, conn, {}}, now);
    case kRefused: {
      SimTransport* client = c->client_open ? c->client : nullptr;
      connections_.erase(conn);
      if (client != nullptr)
        client->post({TransportEventKind::kDisconnected, conn, {}, LossReason::kRefused}, now);
      return;
    }
    case kUpArrives: return on_up(conn, *c, now);
    case kDownArrives: return on_down(conn, *c, now);
    case kUpPump: return pump(conn, *c, true);
    case kDownPump: return pump(conn, *c, false);
    default: return;
  }
}

// What a cut network will keep back, and what nobody is there for, has no name.
std::optional<Occurrence> Network::tell(std::uint32_t tag, std::uint64_t conn) const {
  const auto found = connections_.find(conn);
  if (found == connections_.end() || !found->second.client_open) return Occurrence{};
  const Connection& c = found->second;
  Occurrence what{.producer = c.client->producer(), .node = nodes_[c.node].id};
  const bool up = tag == kUpArrives, down = tag == kDownArrives;
  if (tag == kSyn || tag == kSynAck) what.kind = OccurrenceKind::kHandshake;
  if (up && !blocked(c, true)) what.kind = OccurrenceKind::kRequestArrives;
  if (down && !blocked(c, false)) what.kind = OccurrenceKind::kResponseArrives;
  return what;
}

void Network::pump(ConnId conn, Connection& c, bool up) {
  Pipe& pipe = up ? c.up : c.down;
  TimerId& timer = up ? c.pump_up : c.pump_down;
  while (pipe.can_send() && !blocked(c, up)) {
    if (loop_.now() < pipe.busy_until()) {
      if (!loop_.pending(timer)) timer = loop_.at(pipe.busy_until(), *this, up ? kUpPump : kDownPump, conn);
      break;
    }
    const Nanos arrival =
        pipe.send(loop_.now(), nodes_[c.node].link, (up ? c.up_draws : c.down_draws).next());
    loop_.at(arrival, *this, up ? kUpArrives : kDownArrives, conn);
  }
  if (up && c.short_write && c.client_open && pipe.room() > 0) {
    c.short_write = false;
    c.client->post({TransportEventKind::kWritable, conn, {}}, loop_.now());
  }
}

void Network::on_up(ConnId conn, Connection& c, Nanos now) {
  if (blocked(c, true)) {
    ++c.held_up;
    return;
  }
  Pipe::Segment segment = c.up.arrive();
  NodePort& port = *nodes_[c.node].port;
  if (c.node_open) {
    switch (segment.item) {
      case Pipe::Item::kBytes: port.on_bytes(conn, segment.bytes, now); break;
      case Pipe::Item::kFin: port.on_end(conn, now); break;
      case Pipe::Item::kReset:
        c.node_open = false;
        port.on_reset(conn, now);
        break;
    }
  }
  stock_.give_back(std::move(segment.bytes));
  drop_if_done(conn);
}

void Network::on_down(ConnId conn, Connection& c, Nanos now) {
  if (blocked(c, false)) {
    ++c.held_down;
    return;
  }
  Pipe::Segment segment = c.down.arrive();
  if (!c.client_open) {
    // Nobody is there any more: a reset goes back.
    if (c.node_open && segment.item == Pipe::Item::kBytes) {
      c.up.discard_unsent(stock_);
      c.up.offer_end(Pipe::Item::kReset);
      pump(conn, c, true);
    }
    stock_.give_back(std::move(segment.bytes));
    return drop_if_done(conn);
  }
  if (segment.item == Pipe::Item::kBytes) {
    return c.client->post({TransportEventKind::kReceived, conn, std::move(segment.bytes)}, now);
  }
  SimTransport& client = *c.client;
  c.client_open = false;
  c.up.discard_unsent(stock_);
  if (c.node_open) {
    c.node_open = false;
    nodes_[c.node].port->on_reset(conn, now);
  }
  drop_if_done(conn);
  client.post({TransportEventKind::kDisconnected, conn, {}}, now);
}

// A connection both ends have left is forgotten once nothing of it travels any more.
void Network::drop_if_done(ConnId conn) {
  const Connection* c = find(conn);
  if (c == nullptr || c->client_open || c->node_open) return;
  if (c->up.flying() > 0 || c->down.flying() > 0) return;
  loop_.cancel(c->pump_up);
  loop_.cancel(c->pump_down);
  connections_.erase(conn);
}

void Network::close_from_client(ConnId conn) {
  Connection* c = find(conn);
  if (c == nullptr || !c->client_open) return;
  c->client_open = false;
  c->up.offer_end(Pipe::Item::kFin);
  if (c->established || c->node_open) {
    pump(conn, *c, true);
  }
  drop_if_done(conn);
}

std::size_t Network::write_from_client(ConnId conn, std::span<const Bytes> slices) {
  Connection* c = find(conn);
  if (c == nullptr || !c->client_open || !c->established) return 0;
  std::size_t total = 0;
  for (const Bytes& slice : slices) total += slice.size();
  const std::size_t taken = c->up.offer(slices, stock_);
  if (taken < total) c->short_write = true;
  pump(conn, *c, true);
  return taken;
}

void Network::client_read(ConnId conn, std::size_t bytes) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  c->down.release(bytes);
  pump(conn, *c, false);
}

// ---- the node's side

void Network::write(ConnId conn, Bytes bytes, Nanos late) {
  SENDSCOPE_CHECK(!bytes.empty() && late >= 0);
  Connection& c = of_node(conn);
  const std::array<Bytes, 1> slices{bytes};
  c.down.offer(slices, stock_, late, true);
  pump(conn, c, false);
}

void Network::release(ConnId conn, std::size_t bytes) {
  Connection& c = of_node(conn);
  c.up.release(bytes);
  pump(conn, c, true);
}

void Network::close(ConnId conn) {
  Connection& c = of_node(conn);
  c.node_open = false;
  c.down.offer_end(Pipe::Item::kFin);
  pump(conn, c, false);
  drop_if_done(conn);
}

void Network::reset(ConnId conn) {
  Connection& c = of_node(conn);
  c.node_open = false;
  c.down.discard_unsent(stock_);
  c.down.offer_end(Pipe::Item::kReset);
  pump(conn, c, false);
  drop_if_done(conn);
}

void Network::heal() {
  for (auto& [conn, c] : connections_) {
    if (c.lost_syn && !blocked(c, true) && !blocked(c, false)) {
      c.lost_syn = false;
      loop_.at(loop_.now() + one_way(c, true), *this, kSyn, conn);
    }
    if (!blocked(c, true)) {
      for (; c.held_up > 0; --c.held_up) loop_.at(loop_.now(), *this, kUpArrives, conn);
      pump(conn, c, true);
    }
    if (!blocked(c, false)) {
      for (; c.held_down > 0; --c.held_down) loop_.at(loop_.now(), *this, kDownArrives, conn);
      pump(conn, c, false);
    }
  }
}

}  // namespace sendscope::sim
