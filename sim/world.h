// A simulated cluster as those see it who act between its brokers: replication, the coordinators, faults.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/catalog.h"
#include "sim/controller.h"
#include "sim/environment.h"
#include "sim/network.h"

namespace sendscope::sim {

class Broker;
class Replication;
class TransactionCoordinator;

// What faults have changed between nodes.
struct Disturbances {
  std::vector<NodeId> slow_nodes{};                              // whose link a `slow` fault has changed
  std::vector<std::pair<PartitionNumber, NodeId>> pinned_out{};  // held out of the ISR by `shrink_isr`
  std::function<bool(const Party& from, const Party& to)> cut = [](const Party&, const Party&) {
    return false;
  };

  bool slowed(NodeId node) const {
    return std::find(slow_nodes.begin(), slow_nodes.end(), node) != slow_nodes.end();
  }
  bool isr_pinned(PartitionNumber p, NodeId node) const {
    return std::find(pinned_out.begin(), pinned_out.end(), std::pair(p, node)) != pinned_out.end();
  }
};

struct World : SimEnvironment {
  const ClusterSpec& spec;
  Network& network;
  Catalog& catalog;
  Controller& controller;
  // Set once everything exists.
  Replication* replication = nullptr;
  TransactionCoordinator* transactions = nullptr;
  std::vector<std::unique_ptr<Broker>> brokers{};  // in the order of ClusterSpec::nodes
  Disturbances disturbances{};

  Broker& broker(NodeId node) { return *brokers[controller.index_of(node)]; }
};

inline Endpoint endpoint_of(NodeId node) { return {"node-" + std::to_string(node), 9092}; }

}  // namespace sendscope::sim
