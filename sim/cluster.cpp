#include "sim/cluster.h"

namespace sendscope::sim {

Cluster::Cluster(Loop& loop, EventSink& sink, const ClusterSpec& spec, const std::vector<FaultSpec>& planned,
                 const std::vector<std::string>& producers, std::uint64_t seed, Sabotage sabotage)
    : loop_(loop),
      sink_(sink),
      spec_(spec),
      network_(loop, seed, spec.config.socket_buffer),
      fault_table_(seed, producers),
      controller_(loop, sink, spec, catalog_, seed),
      world_{{loop, sink, fault_table_, seed, sabotage, spec.config}, spec, network_, catalog_, controller_},
      replication_(world_),
      transactions_(world_),
      fault_runner_(world_, planned, producers) {
  world_.replication = &replication_;
  world_.transactions = &transactions_;
}

void Cluster::start() {
  for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
    const NodeSpec& node = spec_.nodes[i];
    const Endpoint endpoint = endpoint_of(node.id);
    world_.brokers.push_back(std::make_unique<Broker>(world_, network_, node, i));
    network_.add_node(node.id, endpoint, world_.brokers.back()->server(), node.link);
    controller_.add_broker(*world_.brokers.back());
    sink_.emit({.t = loop_.now(),
                .kind = EventKind::node_named,
                .place = static_cast<std::uint32_t>(node.id),
                .a = sink_.intern(endpoint.host),
                .b = endpoint.port});
  }
  controller_.start();
}

}  // namespace sendscope::sim
