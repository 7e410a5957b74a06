// A scenario being run: the simulation, the log of its events, the one fold of them, and the watches that are
// shown every event of it.
//
// Thread-safety: none; one thread at a time. Nothing here reads a clock: the owner says how far to go.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/history.h"
#include "sim/run/expectation_watch.h"
#include "sim/run/recipe.h"
#include "sim/run/watch.h"
#include "sim/simulation.h"

namespace sendscope::run {

struct SimulatedRunOptions {
  std::optional<Nanos> until;        // left out: the scenario's own
  std::string trace_file;            // empty: none
  bool keep_history = false;         // history() answers quickly for every moment; else only for the newest
  std::vector<Watch*> watches = {};  // besides the scenario's own; they outlive the run
  sim::SimulationOptions simulation = {};
};

class SimulatedRun {
 public:
  // Errors: the simulation's (kConfig, kInvalidInput), a trace that cannot be opened (kIo).
  static Result<std::unique_ptr<SimulatedRun>> create(const Recipe& recipe,
                                                      const SimulatedRunOptions& options = {});
  ~SimulatedRun();
  SimulatedRun(const SimulatedRun&) = delete;
  SimulatedRun& operator=(const SimulatedRun&) = delete;

  // One occurrence of the simulation; its events are in log() and model() afterwards. False when the run is
  // over: then the expectations are decided and the trace is complete.
  bool step();
  // Everything due up to and including `time`. False as step().
  bool run_until(Nanos time);
  // To the end.
  void finish();
  bool finished() const;
  Nanos now() const;

  const EventLog& log() const;
  const PipelineModel& model() const;  // after the last event of log()
  History& history();
  // One a line of the scenario's "expect", in its order.
  std::vector<ExpectationResult> results() const;
  // By order of the recipe: why it did not begin. Empty: it did, or its time has not come.
  const std::vector<std::string>& refusals() const;
  // Writing the trace failed (a full disk); the run goes on without it.
  const std::optional<Error>& trace_error() const;
  sim::Simulation& simulation();

 private:
  struct Parts;
  explicit SimulatedRun(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::run
