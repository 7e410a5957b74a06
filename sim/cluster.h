// A simulated cluster, put together: brokers, their network, the controller, replication, faults. Producers
// connect to it through SimTransport.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/broker.h"
#include "sim/fault_runner.h"
#include "sim/replication.h"
#include "sim/transaction_coordinator.h"
#include "sim/world.h"

namespace sendscope::sim {

class Cluster {
 public:
  // `spec` and `planned` outlive the cluster. `producers` are the names of those who will connect, by index.
  Cluster(Loop& loop, EventSink& sink, const ClusterSpec& spec, const std::vector<FaultSpec>& planned,
          const std::vector<std::string>& producers, std::uint64_t seed, Sabotage sabotage = {});
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Names the nodes, creates the topics, lets every broker listen.
  void start();

  Network& network() { return network_; }
  FaultRunner& faults() { return fault_runner_; }
  FaultTable& fault_table() { return fault_table_; }
  World& world() { return world_; }
  TransactionCoordinator& transactions() { return transactions_; }
  const Catalog& catalog() const { return catalog_; }

 private:
  Loop& loop_;
  EventSink& sink_;
  const ClusterSpec& spec_;
  Network network_;
  FaultTable fault_table_;
  Catalog catalog_;
  Controller controller_;
  World world_;
  Replication replication_;
  TransactionCoordinator transactions_;
  FaultRunner fault_runner_;
};

}  // namespace sendscope::sim
