// A scenario being run: the simulation, the log of its events, the model folded from them, its expectations
// judged after every event, and faults with `when` fired as soon as their expression becomes true.
//
// Thread-safety: none; one thread at a time. Nothing here reads a clock: the owner says how far to go.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/event/event.h"
#include "sim/simulation.h"

namespace sendscope {
class EventLog;
}

namespace sendscope::ui {

class PipelineModel;

struct SimulatedRunOptions {
  std::optional<std::uint64_t> seed;  // left out: the scenario's own
  std::optional<Nanos> until;         // left out: the scenario's own
  std::string trace_file;             // empty: none
  sim::SimulationOptions simulation;
};

// What became of one expectation.
struct ExpectationResult {
  std::string text;
  CheckOutcome outcome = CheckOutcome::kUndecided;
  std::uint64_t event = 0;  // index in the log of the event that decided it; the last one for `finally`
  Nanos time = 0;
  std::string values;  // "pool.used = 16 KiB, batches.incomplete = 1"; empty when it held
  std::string reason;  // in words; empty when it held
};

class SimulatedRun {
 public:
  // Errors: the simulation's (kConfig, kInvalidInput), an expression that does not parse, a trace that cannot
  // be opened (kIo).
  static Result<std::unique_ptr<SimulatedRun>> create(const sim::Scenario& scenario,
                                                      const SimulatedRunOptions& options = {});
  ~SimulatedRun();
  SimulatedRun(const SimulatedRun&) = delete;
  SimulatedRun& operator=(const SimulatedRun&) = delete;

  // One occurrence of the simulation; its events are in log() and model() afterwards. False when the run is
  // over: then the expectations are decided and the trace is complete. A command may make it go on.
  bool step();
  // Everything due up to and including `time`. False as step().
  bool run_until(Nanos time);
  // To the end.
  void finish();
  bool finished() const;
  Nanos now() const;

  // A fault injected, or healed, by hand; it is recorded in the log as any other.
  Result<void> submit(const sim::Command& command);

  const EventLog& log() const;
  const PipelineModel& model() const;  // after the last event of log()
  // One a line of the scenario's "expect", in its order.
  const std::vector<ExpectationResult>& results() const;
  // Writing the trace failed (a full disk); the run goes on without it.
  const std::optional<Error>& trace_error() const;
  sim::Simulation& simulation();

 private:
  struct Parts;
  explicit SimulatedRun(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::ui
