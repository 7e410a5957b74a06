// One replica of a partition on one broker, with what its leader knows of the others.
#pragma once

#include <vector>

#include "core/net/transport.h"
#include "sim/catalog.h"
#include "sim/partition_log.h"
#include "sim/producer_state.h"

namespace sendscope::sim {

// A follower as its leader sees it.
struct Follower {
  NodeId node = 0;
  std::int64_t end_offset = -1;  // -1: has not fetched from this leader yet
  Nanos caught_up_at = 0;        // last time it had everything
  Nanos last_fetch_at = 0;
  std::int64_t leader_end_at_fetch = 0;
};

struct Replica {
  bool hosted = false;
  PartitionLog log;
  ProducerStates producers;
  std::int64_t high_watermark = 0;
  std::int64_t told_unstable = -1;  // ProducerStates::first_unstable as it was told last

  // How far a read_committed consumer gets.
  std::int64_t last_stable_offset() const {
    const std::int64_t unstable = producers.first_unstable(high_watermark);
    return unstable < 0 || unstable > high_watermark ? high_watermark : unstable;
  }

  // While leading.
  bool leading = false;
  std::int32_t leader_epoch = -1;  // of the leader that is led by or followed
  std::vector<NodeId> isr;
  std::vector<Follower> followers;
  std::vector<ConnId> waiting;  // connections whose produce request waits for the high watermark

  Follower* follower(NodeId node) {
    for (Follower& f : followers) {
      if (f.node == node) return &f;
    }
    return nullptr;
  }
};

}  // namespace sendscope::sim
