#include "sim/broker.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/check.h"
#include "sim/replication.h"

namespace sendscope::sim {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kPrefixBytes = 8;  // api key, version, correlation id

std::uint32_t place_of(NodeId node) { return static_cast<std::uint32_t>(node); }

}  // namespace

Broker::Broker(World& world, const NodeSpec& spec, std::size_t index)
    : world_(world),
      spec_(spec),
      service_(spec.service),
      index_(index),
      next_producer_id_(static_cast<std::int64_t>(index) * 1000) {}

Broker::Connection* Broker::find(ConnId conn) {
  const auto found = connections_.find(conn);
  return found == connections_.end() ? nullptr : &found->second;
}

// ---- what faults do

void Broker::clear_connections() {
  for (auto& [conn, c] : connections_) {
    if (c.produce) world_.loop.cancel(c.produce->timeout);
    world_.network.reset(conn);
  }
  connections_.clear();
  handler_queue_.clear();
  busy_handlers_ = 0;
  for (Replica& replica : replicas_) replica.waiting.clear();
}

void Broker::kill() {
  if (state_ == State::kKilled) return;
  const Nanos now = world_.loop.now();
  state_ = State::kKilled;
  paused_ = false;
  ++incarnation_;
  clear_connections();
  for (Replica& replica : replicas_) replica.leading = false;
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
  if (state_ == State::kKilled || paused_) return;
  paused_ = true;
  world_.replication->on_stop(id(), world_.loop.now());
  world_.controller.set_reachable(id(), false);
  emit_node_state(NodeState::kPaused, world_.loop.now());
}

void Broker::resume() {
  if (!paused_) return;
  const Nanos now = world_.loop.now();
  paused_ = false;
  // Stopped while it was starting: the controller has given it up meanwhile, so it asks again.
  if (state_ == State::kStarting) return world_.controller.register_again(id());
  emit_node_state(NodeState::kUp, now);
  world_.controller.set_reachable(id(), true);
  std::vector<ConnId> conns;
  for (const auto& [conn, c] : connections_) conns.push_back(conn);
  for (const ConnId conn : conns) {
    Connection* c = find(conn);
    if (c == nullptr) continue;
    if (const auto tag = std::exchange(c->due, std::nullopt)) {
      on_event(now, *tag, conn);
    } else {
      try_start(conn, now);
    }
  }
  world_.replication->on_go(id(), now);
}

void Broker::disconnect_clients(std::optional<std::uint16_t> producer) {
  const Nanos now = world_.loop.now();
  for (const ConnId conn : world_.network.connections_of(id())) {
    const Connection* c = find(conn);
    if (producer && (c == nullptr || c->producer != *producer)) continue;
    world_.network.reset(conn);
    on_reset(conn, now);
  }
}

// ---- NodePort

void Broker::on_open(ConnId conn, const ConnectionOrigin& origin, Nanos) {
  const std::string node = std::to_string(id());
  const std::string ordinal = std::to_string(origin.ordinal);
  const auto stream = [&](std::string_view purpose) {
    return RandomStream(world_.seed, {purpose, node, origin.client, ordinal});
  };
  connections_.try_emplace(conn, static_cast<std::size_t>(world_.config.socket_request_max_bytes),
                           origin.producer, stream("service"), stream("messages"));
}

void Broker::on_bytes(ConnId conn, Bytes bytes, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr || c->gone) return;
  c->inbox.append(bytes);
  c->unreleased += bytes.size();
  note_arrivals(conn, *c, now);
  try_start(conn, now);
}

void Broker::on_end(ConnId conn, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  c->ended = true;
  try_start(conn, now);
}

void Broker::on_reset(ConnId conn, Nanos) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  if (c->phase == Phase::kWorking || c->phase == Phase::kWaiting) {
    c->gone = true;
  } else {
    drop_connection(conn);
  }
}

void Broker::drop_connection(ConnId conn) {
  std::erase(handler_queue_, conn);
  connections_.erase(conn);
}

void Broker::close_connection(ConnId conn) {
  drop_connection(conn);
  world_.network.close_from_node(conn);
}

// ---- requests that arrive

void Broker::note_arrivals(ConnId conn, Connection& c, Nanos now) {
  while (c.arrivals.size() < c.inbox.whole()) {
    const MutableBytes frame = c.inbox.mutable_frame(c.arrivals.size());
    Arrival arrival;
    arrival.size = frame.size() + kLengthBytes;
    arrival.place = c.requests++;
    arrival.available = now;
    arrival.api = -1;
    if (frame.size() >= kPrefixBytes) {
      arrival.api = load_big_endian<std::int16_t>(frame.data());
      arrival.request = request_id(c.producer, load_big_endian<std::int32_t>(frame.data() + 4));
    }
    const bool touched = c.deaf || world_.faults.any(FaultVerb::kDrop) ||
                         world_.faults.any(FaultVerb::kDelay) || world_.faults.any(FaultVerb::kCorrupt);
    if (touched) meet_faults(c, arrival, frame, now);
    if (!c.arrivals.empty()) arrival.available = std::max(arrival.available, c.arrivals.back().available);
    if (arrival.available > now && !arrival.lost) {
      world_.loop.at(arrival.available, *this, kLateArrival, conn);
    }
    c.arrivals.push_back(arrival);
  }
  announce(c, now);
}

// Drops, delays and flipped bits between the client and here.
void Broker::meet_faults(Connection& c, Arrival& arrival, MutableBytes frame, Nanos now) {
  const std::vector<TopicPartition> partitions = partitions_in(frame, arrival.api);
  const Message message{id(),
                        arrival.api,
                        c.producer,
                        MessageKind::kRequest,
                        partitions,
                        arrival.request,
                        c.place_of(arrival, MessageKind::kRequest)};
  Event event{.t = now,
              .kind = EventKind::message_lost,
              .actor = c.producer,
              .place = place_of(id()),
              .subject = arrival.request,
              .a = static_cast<std::uint32_t>(MessageKind::kRequest)};
  if (c.deaf || world_.faults.match(FaultVerb::kDrop, message) != nullptr) {
    if (!c.deaf) world_.sink.emit(event);
    c.deaf = true;
    arrival.lost = true;
    return;
  }
  if (ActiveFault* fault = world_.faults.match(FaultVerb::kDelay, message)) {
    Prng draws = fault->effect_on(message);
    const Nanos late = fault->spec.by.draw(draws);
    arrival.available = now + late;
    event.kind = EventKind::message_delayed;
    event.b = static_cast<std::uint32_t>(late / kNanosPerMicro);
    world_.sink.emit(event);
  }
  if (ActiveFault* fault = world_.faults.match(FaultVerb::kCorrupt, message);
      fault != nullptr && !frame.empty()) {
    const std::size_t half = frame.size() / 2;  // the records, where there are any
    frame[half + fault->effect_on(message).below(frame.size() - half)] ^= std::byte{0x40};
  }
}

void Broker::announce(Connection& c, Nanos now) {
  for (Arrival& arrival : c.arrivals) {
    if (arrival.announced || arrival.lost) continue;
    if (arrival.available > now) return;
    arrival.announced = true;
    world_.sink.emit({.t = now,
                      .kind = EventKind::request_arrived,
                      .actor = c.producer,
                      .place = place_of(id()),
                      .subject = arrival.request,
                      .a = static_cast<std::uint16_t>(arrival.api),
                      .b = static_cast<std::uint32_t>(arrival.size)});
  }
}

// ---- one request at a time

// What waits behind the request in hand stays in the socket, as far as flow control goes.
void Broker::update_window(ConnId conn, Connection& c) {
  std::size_t held = 0;
  for (std::size_t i = c.phase == Phase::kIdle ? 0 : 1; i < c.arrivals.size(); ++i)
    held += c.arrivals[i].size;
  if (c.phase != Phase::kIdle || !c.arrivals.empty()) held += c.inbox.partial();
  if (c.unreleased <= held) return;
  world_.network.release(conn, c.unreleased - held);
  c.unreleased = held;
}

void Broker::try_start(ConnId conn, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr || c->phase != Phase::kIdle || !working()) return;
  if (c->arrivals.empty() || c->arrivals.front().lost) {
    if (c->inbox.broken() || c->ended) return close_connection(conn);
    return update_window(conn, *c);
  }
  if (c->arrivals.front().available > now) return;
  if (world_.sabotage.answer_newest_first && c->arrivals.size() > 1) {
    c->inbox.newest_to_front();
    c->arrivals.push_front(c->arrivals.back());
    c->arrivals.pop_back();
  }
  if (busy_handlers_ >= world_.config.num_io_threads) {
    c->phase = Phase::kQueued;
    handler_queue_.push_back(conn);
  } else {
    start_work(conn, *c, now);
  }
  update_window(conn, *c);
}

void Broker::start_work(ConnId conn, Connection& c, Nanos now) {
  c.phase = Phase::kWorking;
  ++busy_handlers_;
  const Arrival& arrival = c.arrivals.front();
  world_.sink.emit({.t = now,
                    .kind = EventKind::request_started,
                    .actor = c.producer,
                    .place = place_of(id()),
                    .subject = arrival.request,
                    .a = static_cast<std::uint16_t>(arrival.api)});
  Prng draws = c.services.at(arrival.place);
  world_.loop.at(now + service_.of(ApiKey{arrival.api}).draw(draws), *this, kWorkDone, conn);
}

void Broker::on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) {
  const ConnId conn = argument;
  Connection* c = find(conn);
  if (c == nullptr) return;
  // A stopped process does it when it goes on; what arrives late only stands in its socket.
  if (paused_ && tag != kLateArrival && tag != kThrottleEnds) {
    c->due = tag;
    return;
  }
  switch (tag) {
    case kWorkDone: return work(conn, *c, now);
    case kCoordinatorAnswers: return on_coordinator_answers(conn, *c, now);
    case kAnswerDue: {
      const HeldAnswer held = std::move(*std::exchange(c->held, std::nullopt));
      send(conn, *c, held.header, held.frame, {}, now);
      return finish_request(conn, now);
    }
    case kProduceTimeout:
      if (c->produce) finish_produce(conn, *c, now);
      return;
    case kLateArrival: announce(*c, now); return try_start(conn, now);
    case kThrottleEnds:
      if (c->phase == Phase::kThrottled) finish_request(conn, now);
      return;
    default: return;
  }
}

void Broker::free_handler(Nanos now) {
  --busy_handlers_;
  while (!handler_queue_.empty() && busy_handlers_ < world_.config.num_io_threads) {
    const ConnId conn = handler_queue_.front();
    handler_queue_.pop_front();
    if (Connection* c = find(conn)) start_work(conn, *c, now);
  }
}

void Broker::work(ConnId conn, Connection& c, Nanos now) {
  handle(conn, c, c.inbox.frame(0), now);
  free_handler(now);
}

void Broker::finish_request(ConnId conn, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  c->inbox.pop_front();
  c->arrivals.pop_front();
  c->phase = Phase::kIdle;
  c->verification.reset();
  if (c->gone) return drop_connection(conn);
  update_window(conn, *c);
  try_start(conn, now);
}

}  // namespace sendscope::sim
