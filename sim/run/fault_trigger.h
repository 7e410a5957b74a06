// A fault with `when`, watched: it begins as soon as its expression is true.
#pragma once

#include "core/event/expression.h"
#include "sim/run/watch.h"
#include "sim/simulation.h"

namespace sendscope::run {

class FaultTrigger final : public Watch {
 public:
  // `fault`: its place in the scenario's "faults". The simulation outlives it.
  FaultTrigger(const Expression& when, std::size_t fault, sim::Simulation& simulation)
      : when_(when), fault_(fault), simulation_(simulation) {}

  bool on_event(const Moment& moment) override {
    if (!when_.holds(moment.names)) return true;
    simulation_.fire_fault(fault_);
    return false;
  }

 private:
  Expression when_;
  std::size_t fault_;
  sim::Simulation& simulation_;
};

}  // namespace sendscope::run
