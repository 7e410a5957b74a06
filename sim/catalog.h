// The topics and partitions of the simulated cluster as the controller knows them: the truth, which every
// broker learns a little later.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/uuid.h"
#include "core/event/event.h"
#include "sim/scenario.h"

namespace sendscope::sim {

inline constexpr NodeId kNoLeader = -1;

// Number of a partition in this run: an index into Catalog::partitions.
using PartitionNumber = std::size_t;

struct PartitionState {
  NodeId leader = kNoLeader;
  std::int32_t leader_epoch = 0;
  std::vector<NodeId> isr;  // in the order of the replicas
};

struct Partition {
  std::size_t topic = 0;
  PartitionId id = 0;
  PartitionIndex event_index = 0;
  std::vector<NodeId> replicas;  // the preferred leader first
  PartitionState state;
};

struct Topic {
  TopicSpec spec;
  Uuid id;
  std::vector<PartitionNumber> partitions;  // by PartitionId
  bool deleted = false;
};

struct Catalog {
  Uuid cluster_id;
  std::vector<Topic> topics;
  std::vector<Partition> partitions;
  std::map<std::string, std::size_t, std::less<>> topic_by_name;  // of those not deleted
  std::map<Uuid, std::size_t> topic_by_id;

  const Topic& topic_of(PartitionNumber p) const { return topics[partitions[p].topic]; }
  // min.insync.replicas, but never more than there are replicas.
  std::size_t effective_min_isr(PartitionNumber p) const {
    const auto wanted = static_cast<std::size_t>(topic_of(p).spec.min_insync_replicas);
    return wanted < partitions[p].replicas.size() ? wanted : partitions[p].replicas.size();
  }
};

}  // namespace sendscope::sim
