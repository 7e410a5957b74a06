// What every part of a simulated cluster stands on: time, the events it tells, the faults in force, and the
// brokers' configuration. Parts take this and what else they need, not the whole cluster.
#pragma once

#include "core/event/sink.h"
#include "sim/fault.h"
#include "sim/loop.h"
#include "sim/scenario.h"
#include "sim/simulation.h"

namespace sendscope::sim {

struct SimEnvironment {
  Loop& loop;
  EventSink& sink;
  FaultTable& faults;
  std::uint64_t seed;
  Sabotage sabotage;
  BrokerConfig config;              // the scenario's, with what has been set since
  std::int64_t features_epoch = 1;  // rises when transaction.version is set
};

}  // namespace sendscope::sim
