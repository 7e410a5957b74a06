// What the parts of a simulated cluster share.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/event/sink.h"
#include "sim/catalog.h"
#include "sim/controller.h"
#include "sim/fault.h"
#include "sim/loop.h"
#include "sim/network.h"
#include "sim/simulation.h"

namespace sendscope::sim {

class Broker;
class Replication;
class TransactionCoordinator;

struct World {
  const ClusterSpec& spec;
  Sabotage sabotage;
  Loop& loop;
  EventSink& sink;
  Network& network;
  FaultTable& faults;
  Catalog& catalog;
  Controller& controller;
  std::uint64_t seed;
  // Set once everything exists.
  Replication* replication = nullptr;
  TransactionCoordinator* transactions = nullptr;
  std::vector<std::unique_ptr<Broker>> brokers{};  // in the order of ClusterSpec::nodes

  // The brokers' configuration: the scenario's, with what has been set since.
  BrokerConfig config = spec.config;
  std::int64_t features_epoch = 1;  // rises when transaction.version is set

  // Nodes whose link a `slow` fault has changed; partitions whose ISR a `shrink_isr` fault holds down.
  std::vector<NodeId> slow_nodes{};
  std::vector<std::pair<PartitionNumber, NodeId>> pinned_out{};
  std::function<bool(const Party& from, const Party& to)> cut = [](const Party&, const Party&) {
    return false;
  };

  bool slowed(NodeId node) const {
    return std::find(slow_nodes.begin(), slow_nodes.end(), node) != slow_nodes.end();
  }
  bool isr_pinned(PartitionNumber p, NodeId node) const {
    return std::find(pinned_out.begin(), pinned_out.end(), std::pair(p, node)) != pinned_out.end();
  }
  Broker& broker(NodeId node) { return *brokers[controller.index_of(node)]; }
};

inline Endpoint endpoint_of(NodeId node) { return {"node-" + std::to_string(node), 9092}; }

}  // namespace sendscope::sim
