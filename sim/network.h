// The network between producers and nodes: connections over simulated links. The client's side is a
// Transport, as the producer core wants it; the node's side is a NodePort, which a broker implements.
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

namespace sendscope::sim {

// Who talks, as far as a network can be cut between them.
struct Party {
  enum class Kind : std::uint8_t { kNode, kProducer, kController };
  Kind kind = Kind::kNode;
  std::int32_t id = 0;  // node id, producer index

  bool operator==(const Party&) const = default;
};

// Who opens a connection, as the opener says.
struct ConnectionOrigin {
  std::uint16_t producer = 0;  // in events: the number of the client
  std::string_view client;     // its name; lives as long as the connection
  std::uint32_t ordinal = 0;   // of the client's connections to this node, which begin at 0
};

// What a node does with connections. Calls come from the network, in virtual time.
class NodePort {
 public:
  // Whether its process listens; a connection to one that does not is refused.
  virtual bool listening() const = 0;
  virtual void on_open(ConnId conn, const ConnectionOrigin& origin, Nanos now) = 0;
  // Bytes have arrived in the node's socket. They count as unread until Network::release().
  virtual void on_bytes(ConnId conn, Bytes bytes, Nanos now) = 0;
  // The client has closed; requests that are already here may still be worked on.
  virtual void on_end(ConnId conn, Nanos now) = 0;
  // The connection is gone.
  virtual void on_reset(ConnId conn, Nanos now) = 0;

 protected:
  ~NodePort() = default;
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
  std::uint32_t next_ordinal(NodeId node);

  Network& network_;
  TransportOwner& owner_;
  std::uint16_t producer_;
  std::string name_;
  std::map<NodeId, std::uint32_t> opened_;  // connections ever, by node
  std::deque<Pending> events_;
  std::vector<std::byte> current_;  // of the kReceived event last handed out
};

class Network final : private Process {
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

  // ---- the node's side
  // Queues all of the bytes; `late` delays them, and what follows on the connection, beyond the link's own
  // time.
  void write(ConnId conn, Bytes bytes, Nanos late = 0);
  // The node has read so many of the bytes that arrived.
  void release(ConnId conn, std::size_t bytes);
  // An orderly close: what was written still arrives.
  void close_from_node(ConnId conn);
  // The node's end of the connection is reset.
  void reset(ConnId conn);
  // Open connections of a node, in the order they were opened.
  std::vector<ConnId> connections_of(NodeId node) const;

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
  ConnId connect(SimTransport& client, const Endpoint& endpoint);
  void close_from_client(ConnId conn);
  std::size_t write_from_client(ConnId conn, std::span<const Bytes> slices);
  void client_read(ConnId conn, std::size_t bytes);

  Connection* find(ConnId conn);
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
  std::vector<std::unique_ptr<Connection>> connections_;  // by ConnId - 1
  std::function<bool(const Party&, const Party&)> blocked_;
};

}  // namespace sendscope::sim
