// The network between producers and nodes: connections over simulated links. The client's side is a
// Transport, as the producer core wants it; the node's side is ServerSockets and a NodePort, as a broker
// wants it. A client numbers its own connections: what others open changes nothing.
//
// Invariant: a connection that both ends have left, and of which nothing travels any more, is forgotten; no
// operation looks at more than the connections that are there.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/transport.h"
#include "sim/link.h"
#include "sim/loop.h"
#include "sim/random_stream.h"
#include "sim/server_sockets.h"

namespace sendscope::sim {

// Who talks, as far as a network can be cut between them.
struct Party {
  enum class Kind : std::uint8_t { kNode, kProducer, kController };
  Kind kind = Kind::kNode;
  std::int32_t id = 0;  // node id, producer index

  bool operator==(const Party&) const = default;
};

// Wakes whoever polls a producer's transport: something has happened there.
class TransportOwner {
 public:
  virtual void on_network_activity(Nanos now) = 0;

 protected:
  ~TransportOwner() = default;
};

class Network;

// A producer's sockets.
class SimTransport final : public Transport {
 public:
  SimTransport(Network& network, std::uint16_t producer, std::string name, TransportOwner& owner)
      : network_(network), owner_(owner), producer_(producer), name_(std::move(name)) {}

  ConnId connect(NodeId node, const Endpoint& endpoint) override;
  void close(ConnId conn) override;
  std::size_t write(ConnId conn, std::span<const Bytes> slices) override;
  bool next(TransportEvent& event) override;

  std::uint16_t producer() const { return producer_; }
  const std::string& name() const { return name_; }
  // Events that wait to be taken.
  bool readable() const { return !events_.empty(); }

 private:
  friend class Network;
  struct Pending {
    TransportEventKind kind{};
    ConnId conn = kNoConn;
    std::vector<std::byte> bytes;
    LossReason loss = LossReason::kClosedByPeer;
  };
  void post(Pending pending, Nanos now);
  void forget(ConnId conn);

  Network& network_;
  TransportOwner& owner_;
  std::uint16_t producer_;
  std::string name_;
  std::uint64_t opened_ = 0;                   // connections ever
  std::map<NodeId, std::uint32_t> opened_to_;  // of them, by node
  std::deque<Pending> events_;
  std::vector<std::byte> current_;  // of the kReceived event last handed out
};

class Network final : public ServerSockets, private Process {
 public:
  Network(Loop& loop, std::uint64_t seed, std::size_t socket_buffer)
      : loop_(loop), seed_(seed), socket_buffer_(socket_buffer) {}

  void add_node(NodeId id, Endpoint endpoint, NodePort& port, const LinkSpec& link);
  LinkSpec& link_of(NodeId node);
  // Says whether bytes between two parties are lost at present. Call heal() when it may have changed for the
  // better: TCP tries again.
  void set_blocked(std::function<bool(const Party& from, const Party& to)> blocked) {
    blocked_ = std::move(blocked);
  }
  void heal();

  // Connections that are not forgotten.
  std::size_t connections() const { return connections_.size(); }

  // ---- ServerSockets
  void write(ConnId conn, Bytes bytes, Nanos late) override;
  void release(ConnId conn, std::size_t bytes) override;
  void close(ConnId conn) override;
  void reset(ConnId conn) override;

 private:
  friend class SimTransport;
  struct Node {
    NodeId id = 0;
    Endpoint endpoint;
    NodePort* port = nullptr;
    LinkSpec link;
  };
  struct Connection {
    SimTransport* client;
    std::size_t node;
    std::uint32_t ordinal;
    Pipe up, down;
    RandomStream up_draws, down_draws;
    bool established = false;
    bool client_open = true;
    bool node_open = false;
    bool short_write = false;                  // the client waits for kWritable
    bool lost_syn = false;                     // a cut network swallowed the handshake
    std::uint32_t held_up = 0, held_down = 0;  // arrivals a cut network keeps back
    TimerId pump_up = kNoTimer, pump_down = kNoTimer;

    Connection(SimTransport& client_, std::size_t node_, std::uint32_t ordinal_, std::size_t capacity,
               const RandomStream& up_draws_, const RandomStream& down_draws_)
        : client(&client_),
          node(node_),
          ordinal(ordinal_),
          up(capacity),
          down(capacity),
          up_draws(up_draws_),
          down_draws(down_draws_) {}
  };
  enum Tag : std::uint32_t { kSyn, kSynAck, kRefused, kUpArrives, kDownArrives, kUpPump, kDownPump };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t conn) override;
  std::optional<Occurrence> tell(std::uint32_t tag, std::uint64_t conn) const override;
  ConnId connect(SimTransport& client, const Endpoint& endpoint);
  void close_from_client(ConnId conn);
  std::size_t write_from_client(ConnId conn, std::span<const Bytes> slices);
  void client_read(ConnId conn, std::size_t bytes);

  Connection* find(ConnId conn);
  // As the node sees it: its end is open.
  Connection& of_node(ConnId conn);
  bool blocked(const Connection& c, bool up) const;
  Nanos one_way(Connection& c, bool up);
  void on_syn(ConnId conn, Connection& c, Nanos now);
  void on_up(ConnId conn, Connection& c, Nanos now);
  void on_down(ConnId conn, Connection& c, Nanos now);
  void pump(ConnId conn, Connection& c, bool up);
  void drop_if_done(ConnId conn);

  Loop& loop_;
  std::uint64_t seed_;
  std::size_t socket_buffer_;
  BufferStock stock_;
  std::vector<Node> nodes_;
  std::map<ConnId, Connection> connections_;
  std::function<bool(const Party&, const Party&)> blocked_;
};

}  // namespace sendscope::sim
