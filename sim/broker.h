// A simulated broker as a process: it is started, killed, paused, and owns what a Kafka broker is made of: a
// SocketServer, KafkaApis, a ReplicaManager. Real wire bytes in, real wire bytes out, sans-IO: a network
// brings it bytes, the loop its timers, the controller its metadata, Replication its copies.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <optional>
#include <vector>

#include "sim/kafka_apis.h"
#include "sim/replica_manager.h"
#include "sim/socket_server.h"
#include "sim/world.h"

namespace sendscope::sim {

class Broker final : public ControlledBroker, private ReplicaListener {
 public:
  // `index` in ClusterSpec::nodes. The world and the sockets outlive the broker.
  Broker(World& world, ServerSockets& sockets, const NodeSpec& spec, std::size_t index);

  NodeId id() const { return id_; }
  // The process runs and is not stopped: it works on requests, fetches, and answers fetches.
  bool working() const { return state_ == State::kUp && !server_.paused(); }
  bool running() const { return state_ != State::kKilled; }

  // ---- what faults do
  void kill();
  void restart();  // listens once the controller has registered it
  void pause();
  void resume();
  // Resets the connections of every producer, or of the one with this index.
  void disconnect_clients(std::optional<std::uint16_t> producer = {});

  // ---- ControlledBroker
  void on_metadata(const MetadataChange& change, Nanos now) override;
  void on_registered(MetadataImage image, Nanos now) override;

  // ---- its parts
  SocketServer& server() { return server_; }
  ReplicaManager& replicas() { return replicas_; }
  Replica& replica(PartitionNumber p) { return replicas_.replica(p); }
  ProducerIds& producer_ids() { return producer_ids_; }
  // What it believes of the cluster. Kafka: MetadataCache.
  const MetadataImage& image() const { return image_; }

 private:
  enum class State : std::uint8_t { kUp, kStarting, kKilled };

  // ---- ReplicaListener
  void on_log_grew(PartitionNumber p, Nanos now) override;
  void on_leading(PartitionNumber p, Nanos now) override;
  void on_high_watermark(PartitionNumber p) override;
  void on_produce_settled(ConnId conn, std::vector<ProduceResult> results, Nanos now) override;
  bool change_isr(PartitionNumber p, std::int32_t leader_epoch, std::vector<NodeId> isr) override;
  void emit_node_state(NodeState state, Nanos now);

  World& world_;
  NodeId id_;
  State state_ = State::kStarting;
  MetadataImage image_;
  ProducerIds producer_ids_;
  SocketServer server_;
  ReplicaManager replicas_;
  KafkaApis apis_;
};

}  // namespace sendscope::sim
