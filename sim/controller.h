// The controller: creates topics, places leaders, notices dead brokers, elects, and tells every broker after
// that broker's own delay. What it decides is true at once in the Catalog; brokers act on their images.
//
// Rules: Kafka's KRaft controller as broker.md 3.5 and 5.3 tell it. Leader epochs rise with every change of
// leader.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/event/sink.h"
#include "sim/catalog.h"
#include "sim/loop.h"
#include "sim/random_stream.h"

namespace sendscope::sim {

// What one decision of the controller changes; brokers see all of it at once.
struct MetadataChange {
  std::optional<std::size_t> topic;  // exists from now on, or not any more
  bool topic_exists = false;
  std::optional<std::size_t> node;  // index in ClusterSpec::nodes: alive from now on, or not any more
  bool node_alive = false;
  std::vector<std::pair<PartitionNumber, PartitionState>> partitions;
};

// What one broker believes of the cluster.
struct MetadataImage {
  std::vector<PartitionState> partitions;  // by PartitionNumber
  std::vector<bool> topics;                // by index: known and not deleted
  std::vector<bool> nodes;                 // by index in ClusterSpec::nodes: alive
};

// A broker as the controller sees it.
class ControlledBroker {
 public:
  // A change has come through. Called only while the broker can hear the controller.
  virtual void on_metadata(const MetadataChange& change, Nanos now) = 0;
  // The broker is registered (again) and unfenced; this is all it knows from now on.
  virtual void on_registered(MetadataImage image, Nanos now) = 0;

 protected:
  ~ControlledBroker() = default;
};

class Controller final : private Process {
 public:
  Controller(Loop& loop, EventSink& sink, const ClusterSpec& spec, Catalog& catalog, std::uint64_t seed)
      : loop_(loop), sink_(sink), spec_(spec), catalog_(catalog), seed_(seed) {}

  // In the order of ClusterSpec::nodes.
  void add_broker(ControlledBroker& broker);
  // Creates the topics of the scenario and registers every broker, all at once.
  void start();

  // ---- liveness. A broker that cannot be heard for broker.session.timeout.ms is fenced.
  void set_reachable(NodeId node, bool reachable);
  // A new process of the broker wants to register: it must wait until the session of the old one has ended.
  void register_again(NodeId node);

  // ---- decisions
  // kInvalidInput when `to` holds no replica of the partition, or is not alive and in sync.
  Result<void> move_leader(PartitionNumber p, NodeId to);
  // A leader (or a fault) asks for another ISR. Refused, false, when it does not lead in this epoch any more.
  bool change_isr(PartitionNumber p, std::int32_t leader_epoch, std::vector<NodeId> isr);
  std::size_t create_topic(const TopicSpec& spec);
  // `count`: how many there are afterwards. kInvalidInput when that is not more than before.
  Result<void> add_partitions(std::size_t topic, std::int32_t count);
  void delete_topic(std::size_t topic);
  // Its configuration was changed: a partition without leader may have one now.
  void on_topic_config(std::size_t topic);
  // A client asked for a topic that does not exist; it will, a little later. Once is enough.
  void auto_create_topic(const std::string& name);

  bool alive(NodeId node) const;
  std::size_t index_of(NodeId node) const;

 private:
  enum Tag : std::uint32_t { kSessionEnds, kDeliver, kUnfence, kCreateTopic };
  struct Session {
    ControlledBroker* broker = nullptr;
    RandomStream delays;
    bool fenced = false;
    bool reachable = true;
    bool wants_registration = false;
    TimerId expiry = kNoTimer;
    Nanos last_delivery = 0;
    std::deque<MetadataChange> under_way{};
    std::size_t stalled = 0;  // deliveries that came due while the broker could not hear
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  std::optional<Occurrence> tell(std::uint32_t tag, std::uint64_t argument) const override;
  // Until the broker hears, or is heard.
  Nanos propagation(Session& session);
  void fence(std::size_t index);
  void unfence(std::size_t index);
  void elect(PartitionNumber p);
  void set_leader(PartitionNumber p, NodeId leader);
  void note(PartitionNumber p);
  void publish();
  void add_partition(std::size_t topic);
  void emit_isr(PartitionNumber p);
  void emit_leader(PartitionNumber p);
  MetadataImage image() const;

  Loop& loop_;
  EventSink& sink_;
  const ClusterSpec& spec_;
  Catalog& catalog_;
  std::uint64_t seed_;
  bool started_ = false;
  MetadataChange draft_;  // of the decision that is being taken
  std::vector<Session> sessions_;
  std::deque<std::string> to_create_;
};

}  // namespace sendscope::sim
