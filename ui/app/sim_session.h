// A scenario as a session. It runs as far as the budget of advance() allows; a command given in the past
// starts the run again, the same up to that moment, and changes what follows.
#pragma once

#include <vector>

#include "ui/app/scenario_file.h"
#include "ui/app/session.h"
#include "ui/app/simulated_run.h"
#include "ui/model/pipeline_model.h"

namespace sendscope::ui {

// The fault a command asks for; an order that means a request names one of the producers. Errors: a verb, api,
// error, partition or producer that does not exist.
Result<sim::FaultSpec> fault_spec(const FaultOrder& order,
                                  const std::vector<sim::ProducerSpec>& producers = {});

class SimSession : public Session {
 public:
  // Errors: the simulation's own.
  static Result<std::unique_ptr<SimSession>> create(ScenarioFile file, const std::uint64_t* seed = nullptr);
  ~SimSession() override;

  const SessionInfo& info() const override { return info_; }
  const EventLog& log() const override { return run_->log(); }
  std::uint64_t generation() const override { return generation_; }
  bool advance(Nanos wall_budget) override;
  bool finished() const override { return run_->finished(); }
  bool can_submit() const override { return true; }
  Result<void> submit(const Command& command) override;

  // Runs to the end, or up to and including `time`.
  void run_until(Nanos time);

 private:
  struct Given {
    Command command;
    sim::FaultSpec fault;
  };
  SimSession(ScenarioFile file, std::uint64_t seed);
  Result<std::unique_ptr<SimulatedRun>> start() const;
  // A new run with the commands given so far.
  Result<void> start_again(const std::vector<Given>& given);
  void watch_lesson();

  ScenarioFile file_;
  std::uint64_t seed_;
  SessionInfo info_;
  std::unique_ptr<SimulatedRun> run_;
  std::vector<Given> given_;  // in order of time
  std::uint64_t generation_ = 0;
  // The lesson is told by its own fold, event by event, until its last step is reached.
  std::unique_ptr<LessonProgress> progress_;
  PipelineModel lesson_model_;
  std::size_t lesson_events_ = 0;
};

}  // namespace sendscope::ui
