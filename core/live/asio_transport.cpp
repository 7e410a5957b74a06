#include "core/live/asio_transport.h"

// One thread runs all handlers, so asio needs no memory fences around them; the thread sanitizer knows none.
#define ASIO_DISABLE_FENCED_BLOCK
#include <asio.hpp>
#include <atomic>
#include <deque>
#include <unordered_map>
#include <vector>

namespace sendscope::live {
namespace {

using asio::ip::tcp;
using ErrorCode = std::error_code;

constexpr std::size_t kReadBuffer = 64u << 10;

struct Connection {
  Connection(asio::io_context& context, ConnId id_) : id(id_), socket(context), resolver(context) {}

  const ConnId id;
  tcp::socket socket;
  tcp::resolver resolver;
  std::vector<std::byte> buffer;
  bool closed = false;  // no event may speak of it any more
  bool waits_for_room = false;
};

using ConnectionPtr = std::shared_ptr<Connection>;

struct PendingEvent {
  TransportEventKind kind{};
  ConnectionPtr connection;
  std::size_t size = 0;
  LossReason loss = LossReason::kNone;
  std::string words = {};
};

// Why connecting failed.
LossReason failed_attempt(const ErrorCode& why) {
  return why == asio::error::connection_refused ? LossReason::kRefused : LossReason::kUnreachable;
}

}  // namespace

struct AsioTransport::State {
  State(const SocketOptions& options_, const Clock& clock_)
      : options(options_), clock(clock_), guard(asio::make_work_guard(context)) {}

  void resolve(const ConnectionPtr& connection, const Endpoint& endpoint);
  void connect(const ConnectionPtr& connection, const std::vector<tcp::endpoint>& endpoints);
  void connected(const ConnectionPtr& connection);
  void read(const ConnectionPtr& connection);
  void wait_for_room(const ConnectionPtr& connection);
  void lose(const ConnectionPtr& connection, LossReason reason, const ErrorCode& why);
  void shut(Connection& connection);

  const SocketOptions options;
  const Clock& clock;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  std::unordered_map<ConnId, ConnectionPtr> connections;
  std::deque<PendingEvent> queue;
  ConnectionPtr delivered;  // its buffer is in the caller's hands until the next call of next()
  std::string words;        // likewise
  std::vector<asio::const_buffer> slices;
  ConnId last_id = kNoConn;

  std::atomic<bool> wake_requested{false};
  std::atomic<bool> waiting{false};
};

AsioTransport::AsioTransport(const SocketOptions& options, const Clock& clock)
    : state_(std::make_unique<State>(options, clock)) {}

AsioTransport::~AsioTransport() {
  for (auto& [id, connection] : state_->connections) state_->shut(*connection);
}

ConnId AsioTransport::connect(NodeId, const Endpoint& endpoint) {
  State& s = *state_;
  const auto connection = std::make_shared<Connection>(s.context, ++s.last_id);
  s.connections.emplace(connection->id, connection);
  s.resolve(connection, endpoint);
  return connection->id;
}

void AsioTransport::State::resolve(const ConnectionPtr& connection, const Endpoint& endpoint) {
  ErrorCode error;
  const asio::ip::address address = asio::ip::make_address(endpoint.host, error);
  if (!error) return connect(connection, {tcp::endpoint(address, endpoint.port)});
  connection->resolver.async_resolve(
      endpoint.host, std::to_string(endpoint.port),
      [this, connection](const ErrorCode& why, const tcp::resolver::results_type& results) {
        if (why) return lose(connection, LossReason::kUnknownHost, why);
        std::vector<tcp::endpoint> endpoints;
        for (const auto& result : results) endpoints.push_back(result.endpoint());
        if (!connection->closed) connect(connection, endpoints);
      });
}

void AsioTransport::State::connect(const ConnectionPtr& connection,
                                   const std::vector<tcp::endpoint>& endpoints) {
  asio::async_connect(connection->socket, endpoints,
                      [this, connection](const ErrorCode& why, const tcp::endpoint&) {
                        why ? lose(connection, failed_attempt(why), why) : connected(connection);
                      });
}

void AsioTransport::State::connected(const ConnectionPtr& connection) {
  if (connection->closed) return;
  ErrorCode ignored;  // a socket without its options still works
  tcp::socket& socket = connection->socket;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(tcp::socket::keep_alive(true), ignored);
  if (options.send_buffer_bytes > 0) {
    socket.set_option(tcp::socket::send_buffer_size(options.send_buffer_bytes), ignored);
  }
  if (options.receive_buffer_bytes > 0) {
    socket.set_option(tcp::socket::receive_buffer_size(options.receive_buffer_bytes), ignored);
  }
  socket.non_blocking(true, ignored);
  connection->buffer.resize(kReadBuffer);
  queue.push_back({TransportEventKind::kConnected, connection});
  read(connection);
}

void AsioTransport::State::read(const ConnectionPtr& connection) {
  connection->socket.async_read_some(asio::buffer(connection->buffer),
                                     [this, connection](const ErrorCode& why, std::size_t size) {
                                       if (why) return lose(connection, LossReason::kClosedByPeer, why);
                                       if (!connection->closed)
                                         queue.push_back({TransportEventKind::kReceived, connection, size});
                                     });
}

void AsioTransport::State::wait_for_room(const ConnectionPtr& connection) {
  if (connection->waits_for_room) return;
  connection->waits_for_room = true;
  connection->socket.async_wait(tcp::socket::wait_write, [this, connection](const ErrorCode& why) {
    connection->waits_for_room = false;
    if (why) return lose(connection, LossReason::kClosedByPeer, why);
    if (!connection->closed) queue.push_back({TransportEventKind::kWritable, connection});
  });
}

void AsioTransport::State::lose(const ConnectionPtr& connection, LossReason reason, const ErrorCode& why) {
  if (connection->closed) return;
  shut(*connection);
  connections.erase(connection->id);
  // An orderly end needs no words.
  const std::string words_for_it = why == asio::error::eof ? "" : why.message();
  queue.push_back({TransportEventKind::kDisconnected, connection, 0, reason, words_for_it});
}

void AsioTransport::State::shut(Connection& connection) {
  connection.closed = true;
  connection.resolver.cancel();
  ErrorCode ignored;
  connection.socket.close(ignored);
}

void AsioTransport::close(ConnId conn) {
  State& s = *state_;
  std::erase_if(s.queue, [conn](const PendingEvent& pending) { return pending.connection->id == conn; });
  const auto entry = s.connections.find(conn);
  if (entry == s.connections.end()) return;
  s.shut(*entry->second);
  s.connections.erase(entry);
}

std::size_t AsioTransport::write(ConnId conn, std::span<const Bytes> slices) {
  State& s = *state_;
  const auto entry = s.connections.find(conn);
  if (entry == s.connections.end()) return 0;  // lost; its event is on the way
  const ConnectionPtr connection = entry->second;
  s.slices.clear();
  for (const Bytes slice : slices) s.slices.emplace_back(slice.data(), slice.size());
  const std::size_t wanted = asio::buffer_size(s.slices);
  std::size_t written = 0;
  ErrorCode error;
  // A socket takes a limited number of slices at a time, so a short write may still go on.
  while (written < wanted && !error) {
    written += connection->socket.write_some(s.slices, error);
    s.slices.clear();
    std::size_t skip = written;
    for (const Bytes slice : slices) {
      const std::size_t skipped = std::min(skip, slice.size());
      skip -= skipped;
      if (skipped < slice.size()) s.slices.emplace_back(slice.data() + skipped, slice.size() - skipped);
    }
  }
  if (!error) return written;
  if (error == asio::error::would_block || error == asio::error::try_again) {
    s.wait_for_room(connection);
  } else {
    s.lose(connection, LossReason::kClosedByPeer, error);
  }
  return written;
}

bool AsioTransport::next(TransportEvent& event) {
  State& s = *state_;
  if (s.delivered != nullptr) {
    const ConnectionPtr connection = std::exchange(s.delivered, nullptr);
    if (!connection->closed) s.read(connection);
  }
  if (s.queue.empty()) return false;
  PendingEvent pending = std::move(s.queue.front());
  s.queue.pop_front();
  s.words = std::move(pending.words);
  event = {pending.kind, pending.connection->id, {}, pending.loss, s.words};
  if (pending.kind == TransportEventKind::kReceived) {
    event.bytes = Bytes(pending.connection->buffer).first(pending.size);
    s.delivered = pending.connection;
  }
  return true;
}

void AsioTransport::wait_until(Nanos deadline) {
  State& s = *state_;
  s.waiting = true;
  s.context.poll();
  if (s.queue.empty() && !s.wake_requested) {
    if (deadline == kForever) {
      s.context.run_one();
    } else {
      s.context.run_one_until(s.clock.time_point(deadline));
    }
    s.context.poll();
  }
  s.waiting = false;
  s.wake_requested = false;
}

void AsioTransport::wake() noexcept {
  State& s = *state_;
  // Both flags are sequentially consistent: either this sees the waiting thread, or that thread sees the
  // request before it waits.
  if (s.wake_requested.exchange(true)) return;
  if (s.waiting) asio::post(s.context, [] {});
}

}  // namespace sendscope::live
