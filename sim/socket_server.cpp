#include "sim/socket_server.h"

#include <algorithm>
#include <string>

#include "core/base/bytes.h"
#include "core/base/check.h"

namespace sendscope::sim {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kPrefixBytes = 8;  // api key, version, correlation id

}  // namespace

SocketServer::Connection* SocketServer::find(ConnId conn) {
  const auto found = connections_.find(conn);
  return found == connections_.end() ? nullptr : &found->second;
}

SocketServer::Connection& SocketServer::in_hand(ConnId conn) {
  Connection* c = find(conn);
  SENDSCOPE_CHECK(c != nullptr && (c->phase == Phase::kWorking || c->phase == Phase::kWaiting));
  return *c;
}

void SocketServer::enter(Connection& c, Phase next) {
  const auto from = [&](std::initializer_list<Phase> allowed) {
    return std::find(allowed.begin(), allowed.end(), c.phase) != allowed.end();
  };
  switch (next) {
    case Phase::kIdle: SENDSCOPE_CHECK(from({Phase::kWorking, Phase::kWaiting, Phase::kThrottled})); break;
    case Phase::kQueued: SENDSCOPE_CHECK(from({Phase::kIdle})); break;
    case Phase::kWorking: SENDSCOPE_CHECK(from({Phase::kIdle, Phase::kQueued})); break;
    case Phase::kWaiting:
    case Phase::kThrottled: SENDSCOPE_CHECK(from({Phase::kWorking, Phase::kWaiting})); break;
  }
  c.phase = next;
}

// ---- the process it belongs to

void SocketServer::shut_down() {
  listening_ = false;
  paused_ = false;
  for (auto& [conn, c] : connections_) {
    if (!c.gone) sockets_.reset(conn);
  }
  connections_.clear();
  handler_queue_.clear();
  busy_handlers_ = 0;
}

void SocketServer::resume(Nanos now) {
  paused_ = false;
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
}

void SocketServer::disconnect(std::optional<std::uint16_t> producer, Nanos now) {
  std::vector<ConnId> theirs;
  for (const auto& [conn, c] : connections_) {
    if (!c.gone && (!producer || c.producer == *producer)) theirs.push_back(conn);
  }
  for (const ConnId conn : theirs) {
    sockets_.reset(conn);
    on_reset(conn, now);
  }
}

// ---- NodePort

void SocketServer::on_open(ConnId conn, const ConnectionOrigin& origin, Nanos) {
  const std::string node = std::to_string(node_);
  const std::string ordinal = std::to_string(origin.ordinal);
  const auto stream = [&](std::string_view purpose) {
    return RandomStream(env_.seed, {purpose, node, origin.client, ordinal});
  };
  const bool fresh = connections_
                         .try_emplace(conn, static_cast<std::size_t>(env_.config.socket_request_max_bytes),
                                      origin.producer, stream("service"), stream("messages"))
                         .second;
  SENDSCOPE_CHECK(fresh);
}

void SocketServer::on_bytes(ConnId conn, Bytes bytes, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr || c->gone) return;
  c->inbox.append(bytes);
  c->unreleased += bytes.size();
  note_arrivals(conn, *c, now);
  try_start(conn, now);
}

void SocketServer::on_end(ConnId conn, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  c->ended = true;
  try_start(conn, now);
}

void SocketServer::on_reset(ConnId conn, Nanos) {
  Connection* c = find(conn);
  if (c == nullptr) return;
  if (c->phase == Phase::kWorking || c->phase == Phase::kWaiting) {
    c->gone = true;
  } else {
    drop(conn);
  }
}

void SocketServer::drop(ConnId conn) {
  std::erase(handler_queue_, conn);
  connections_.erase(conn);
}

void SocketServer::close(ConnId conn) {
  const Connection* c = find(conn);
  SENDSCOPE_CHECK(c != nullptr);
  const bool open = !c->gone;
  drop(conn);
  if (open) sockets_.close(conn);
}

// ---- requests that arrive

void SocketServer::note_arrivals(ConnId conn, Connection& c, Nanos now) {
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
    const bool touched =
        c.deaf || env_.faults.any<Drop>() || env_.faults.any<Delay>() || env_.faults.any<Corrupt>();
    if (touched) meet_faults(c, arrival, frame, now);
    if (!c.arrivals.empty()) arrival.available = std::max(arrival.available, c.arrivals.back().available);
    if (arrival.available > now && !arrival.lost) {
      env_.loop.at(arrival.available, *this, kLateArrival, conn);
    }
    c.arrivals.push_back(arrival);
  }
  announce(c, now);
}

// Drops, delays and flipped bits between the client and here.
void SocketServer::meet_faults(Connection& c, Arrival& arrival, MutableBytes frame, Nanos now) {
  const std::vector<TopicPartition> partitions = handler_->partitions_in(frame, arrival.api);
  const Message message{node_,
                        arrival.api,
                        c.producer,
                        MessageKind::kRequest,
                        partitions,
                        arrival.request,
                        c.place_of(arrival, MessageKind::kRequest)};
  Event event{.t = now,
              .kind = EventKind::message_lost,
              .actor = c.producer,
              .place = static_cast<std::uint32_t>(node_),
              .subject = arrival.request,
              .a = static_cast<std::uint32_t>(MessageKind::kRequest)};
  if (c.deaf || env_.faults.match<Drop>(message) != nullptr) {
    if (!c.deaf) env_.sink.emit(event);
    c.deaf = true;
    arrival.lost = true;
    return;
  }
  if (const ActiveFault* fault = env_.faults.match<Delay>(message)) {
    Prng draws = fault->effect_on(message);
    const Nanos late = fault->as<Delay>().by.draw(draws);
    arrival.available = now + late;
    event.kind = EventKind::message_delayed;
    event.b = static_cast<std::uint32_t>(late / kNanosPerMicro);
    env_.sink.emit(event);
  }
  if (const ActiveFault* fault = env_.faults.match<Corrupt>(message); fault != nullptr && !frame.empty()) {
    const std::size_t half = frame.size() / 2;  // the records, where there are any
    frame[half + fault->effect_on(message).below(frame.size() - half)] ^= std::byte{0x40};
  }
}

void SocketServer::announce(Connection& c, Nanos now) {
  for (Arrival& arrival : c.arrivals) {
    if (arrival.announced || arrival.lost) continue;
    if (arrival.available > now) return;
    arrival.announced = true;
    env_.sink.emit({.t = now,
                    .kind = EventKind::request_arrived,
                    .actor = c.producer,
                    .place = static_cast<std::uint32_t>(node_),
                    .subject = arrival.request,
                    .a = static_cast<std::uint16_t>(arrival.api),
                    .b = static_cast<std::uint32_t>(arrival.size)});
  }
}

// ---- one request at a time

// What waits behind the request in hand stays in the socket, as far as flow control goes.
void SocketServer::update_window(ConnId conn, Connection& c) {
  std::size_t held = 0;
  for (std::size_t i = c.phase == Phase::kIdle ? 0 : 1; i < c.arrivals.size(); ++i)
    held += c.arrivals[i].size;
  if (c.phase != Phase::kIdle || !c.arrivals.empty()) held += c.inbox.partial();
  if (c.unreleased <= held) return;
  sockets_.release(conn, c.unreleased - held);
  c.unreleased = held;
}

void SocketServer::try_start(ConnId conn, Nanos now) {
  Connection* c = find(conn);
  if (c == nullptr || c->phase != Phase::kIdle || !listening_ || paused_) return;
  if (c->arrivals.empty() || c->arrivals.front().lost) {
    if (c->inbox.broken() || c->ended) return close(conn);
    return update_window(conn, *c);
  }
  if (c->arrivals.front().available > now) return;
  if (env_.sabotage.answer_newest_first && c->arrivals.size() > 1) {
    c->inbox.newest_to_front();
    c->arrivals.push_front(c->arrivals.back());
    c->arrivals.pop_back();
  }
  if (busy_handlers_ >= env_.config.num_io_threads) {
    enter(*c, Phase::kQueued);
    handler_queue_.push_back(conn);
  } else {
    start_work(conn, *c, now);
  }
  update_window(conn, *c);
}

void SocketServer::start_work(ConnId conn, Connection& c, Nanos now) {
  enter(c, Phase::kWorking);
  ++busy_handlers_;
  const Arrival& arrival = c.arrivals.front();
  env_.sink.emit({.t = now,
                  .kind = EventKind::request_started,
                  .actor = c.producer,
                  .place = static_cast<std::uint32_t>(node_),
                  .subject = arrival.request,
                  .a = static_cast<std::uint16_t>(arrival.api)});
  Prng draws = c.services.at(arrival.place);
  env_.loop.at(now + service_.of(ApiKey{arrival.api}).draw(draws), *this, kWorkDone, conn);
}

void SocketServer::on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) {
  const ConnId conn = argument;
  Connection* c = find(conn);
  if (c == nullptr) return;
  // A stopped process does it when it goes on; what arrives late only stands in its socket.
  if (paused_ && tag != kLateArrival && tag != kThrottleEnds) {
    c->due = tag;
    return;
  }
  switch (tag) {
    case kWorkDone: handler_->on_request(request_of(conn), now); return free_handler(now);
    case kLateArrival: announce(*c, now); return try_start(conn, now);
    case kThrottleEnds:
      if (c->phase == Phase::kThrottled) request_over(conn, *c, now);
      return;
    default: return handler_->on_wakeup(conn, static_cast<Wakeup>(tag - kFirstWakeup), now);
  }
}

std::optional<Occurrence> SocketServer::tell(std::uint32_t tag, std::uint64_t argument) const {
  const auto found = connections_.find(argument);
  if (tag != kWorkDone || paused_ || found == connections_.end() || found->second.arrivals.empty())
    return Occurrence{};
  const Connection& c = found->second;
  return Occurrence{.kind = OccurrenceKind::kRequestDone,
                    .producer = c.producer,
                    .node = node_,
                    .request = c.arrivals.front().request};
}

void SocketServer::free_handler(Nanos now) {
  --busy_handlers_;
  while (!handler_queue_.empty() && busy_handlers_ < env_.config.num_io_threads) {
    const ConnId conn = handler_queue_.front();
    handler_queue_.pop_front();
    if (Connection* c = find(conn)) start_work(conn, *c, now);
  }
}

// ---- for the handler

IncomingRequest SocketServer::request_of(ConnId conn) const {
  const auto found = connections_.find(conn);
  SENDSCOPE_CHECK(found != connections_.end() && !found->second.arrivals.empty());
  const Connection& c = found->second;
  const Arrival& arrival = c.arrivals.front();
  return {conn,
          c.producer,
          arrival.request,
          arrival.api,
          arrival.size,
          c.place_of(arrival, MessageKind::kRequest),
          c.inbox.frame(0)};
}

void SocketServer::wait(ConnId conn) { enter(in_hand(conn), Phase::kWaiting); }

TimerId SocketServer::wake_at(Nanos time, ConnId conn, Wakeup reason, Weight weight) {
  return env_.loop.at(time, *this, kFirstWakeup + static_cast<std::uint32_t>(reason), conn, weight);
}

void SocketServer::send(ConnId conn, const wire::Frame& frame, std::span<const TopicPartition> partitions,
                        Nanos now) {
  Connection& c = in_hand(conn);
  if (c.gone) return;
  const Arrival& arrival = c.arrivals.front();
  Event event{.t = now,
              .kind = EventKind::response_sent,
              .actor = c.producer,
              .place = static_cast<std::uint32_t>(node_),
              .subject = arrival.request,
              .a = static_cast<std::uint16_t>(arrival.api),
              .b = static_cast<std::uint32_t>(frame.size())};
  env_.sink.emit(event);
  event.a = static_cast<std::uint32_t>(MessageKind::kResponse);
  event.b = 0;
  const Message message{node_,
                        arrival.api,
                        c.producer,
                        MessageKind::kResponse,
                        partitions,
                        arrival.request,
                        c.place_of(arrival, MessageKind::kResponse)};
  if (c.mute || env_.faults.match<Drop>(message) != nullptr) {
    event.kind = EventKind::message_lost;
    if (!c.mute) env_.sink.emit(event);
    c.mute = true;
    return;
  }
  Nanos late = 0;
  if (const ActiveFault* fault = env_.faults.match<Delay>(message)) {
    Prng draws = fault->effect_on(message);
    late = fault->as<Delay>().by.draw(draws);
    event.kind = EventKind::message_delayed;
    event.b = static_cast<std::uint32_t>(late / kNanosPerMicro);
    env_.sink.emit(event);
  }
  std::vector<std::byte> bytes = frame.flatten();
  if (const ActiveFault* fault = env_.faults.match<Corrupt>(message)) {
    constexpr std::size_t kBody = 8;  // behind the length and the correlation id
    if (bytes.size() > kBody) {
      bytes[kBody + fault->effect_on(message).below(bytes.size() - kBody)] ^= std::byte{0x40};
    }
  }
  sockets_.write(conn, bytes, late);
}

void SocketServer::finish(ConnId conn, Nanos now) { request_over(conn, in_hand(conn), now); }

void SocketServer::request_over(ConnId conn, Connection& c, Nanos now) {
  c.inbox.pop_front();
  c.arrivals.pop_front();
  enter(c, Phase::kIdle);
  if (c.gone) return drop(conn);
  update_window(conn, c);
  try_start(conn, now);
}

void SocketServer::throttle(ConnId conn, Nanos duration, Nanos now) {
  enter(in_hand(conn), Phase::kThrottled);
  env_.loop.at(now + duration, *this, kThrottleEnds, conn);
}

}  // namespace sendscope::sim
