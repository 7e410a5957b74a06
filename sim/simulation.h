// A whole scenario in virtual time: simulated brokers, links, the real producer core, application threads
// that are data. It runs nothing by itself: each step() is one occurrence of the event loop.
//
// Deterministic: the same scenario and seed give the same events, on every
// platform. Everything it tells goes to the EventSink; drain the sink between steps (a step emits at most a
// few thousand events).
//
// Thread-safety: none; one thread at a time. Two simulations side by side do not know of each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/event/sink.h"
#include "core/net/metric_report.h"
#include "sim/fault.h"
#include "sim/scenario.h"

namespace sendscope::sim {

// Brokers that are wrong on purpose, to show that expectations notice.
struct Sabotage {
  bool skip_sequence_check = false;  // neither duplicates nor gaps are noticed
  bool answer_newest_first = false;  // of the requests waiting on a connection the newest is worked on first
  bool forget_append = false;        // success is answered, nothing is appended, every 7th time
  bool ignore_min_isr = false;       // acks=all is answered without waiting for anybody
  bool skip_crc_check = false;
  bool skip_fencing = false;    // producer epochs are not looked at: a zombie goes on writing
  bool commit_aborted = false;  // an aborted transaction gets commit markers
};

struct SimulationOptions {
  Sabotage sabotage;
  FaultJudge judge = {};  // of the faults that have a time; none: all begin
};

class Simulation {
 public:
  // Fails with the producer's own configuration error, or with kInvalidInput for a scenario that contradicts
  // itself (a leader that is no node, more replicas than nodes, a fault on a node that does not exist).
  // The scenario is copied; the sink outlives the simulation.
  static Result<std::unique_ptr<Simulation>> create(const Scenario& scenario, std::uint64_t seed,
                                                    EventSink& sink, SimulationOptions options = {});
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // Virtual time since the start.
  Nanos now() const;
  // When the next occurrence is due; kForever when nothing is left, or nothing can happen any more.
  Nanos next_time() const;
  // One occurrence. False, and nothing happened, when nothing is left to do or the next one lies beyond
  // `until`; the first time it is false, run_ended has been emitted.
  // Nothing is left to do once no thread has a step to go, no batch is incomplete, no request is in flight,
  // no transaction is being ended, no callback runs, and nothing is on its way between the brokers. Whoever
  // waits for what never comes goes on waiting until the time is up.
  bool step();
  // Steps through everything due up to and including `time`, then stands there. False as step().
  bool run_until(Nanos time);
  // Replaces the scenario's end.
  void set_until(Nanos until);
  Nanos until() const;

  // Whether the fault names only what exists now.
  Result<void> check(const FaultSpec& fault) const;
  // What could happen next, in the order in which it will if nobody chooses; each once.
  std::vector<Upcoming> upcoming() const;
  // Begins the fault scenario.faults[index], whose `when` has become true. Only the first call counts.
  void fire_fault(std::size_t index);

  // The metrics of every producer, in the scenario's order, as they stand now.
  std::vector<MetricValue> metrics() const;

  const Scenario& scenario() const;

 private:
  struct Parts;
  explicit Simulation(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::sim
