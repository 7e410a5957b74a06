// A scenario as a session. It runs as far as the budget of advance() allows; an order given in the past
// starts the run again, the same up to that moment, and changes what follows.
#pragma once

#include "sim/run/recipe.h"
#include "sim/run/scenario_file.h"
#include "sim/run/session.h"
#include "sim/run/simulated_run.h"

namespace sendscope::run {

class SimSession : public Session {
 public:
  // Errors: the simulation's own.
  static Result<std::unique_ptr<SimSession>> create(const ScenarioFile& file,
                                                    std::optional<std::uint64_t> seed = {});
  ~SimSession() override;

  const SessionInfo& info() const override { return info_; }
  std::span<const LessonStep> lesson() const override { return current_->lesson; }
  const EventLog& log() const override { return current_->run->log(); }
  History& history() override { return current_->run->history(); }
  std::uint64_t generation() const override { return generation_; }
  bool advance(const TimeLeft& time_left) override;
  bool finished() const override { return current_->run->finished(); }
  bool can_submit() const override { return true; }
  const HandWork& by_hand() const override { return current_->work; }
  std::span<const sim::Setting> settings() const override { return settings_; }
  Result<void> submit(const sim::FaultSpec& order) override;
  Result<void> change(HandWork work, Nanos shown) override;
  Result<std::string> save() const override;

  // Runs to the end, or up to and including `time`.
  void run_until(Nanos time);

 private:
  // A run and what is noted of it.
  struct Current {
    HandWork work;
    ScenarioFile file;  // with the edits
    std::vector<LessonStep> lesson;
    LessonWatch watch{lesson};
    std::unique_ptr<SimulatedRun> run;
  };
  SimSession(const ScenarioFile& file, std::uint64_t seed);
  // A run at its start.
  Result<std::unique_ptr<Current>> begin(const ScenarioFile& file, HandWork work) const;
  // A run with this done by hand, beyond `shown` and all orders; those that it drops say why.
  Result<std::unique_ptr<Current>> attempt(HandWork work, Nanos shown) const;
  void adopt(std::unique_ptr<Current> current);
  void describe(const sim::Scenario& scenario);

  SessionInfo info_;
  ScenarioFile file_;  // as it was opened
  std::vector<sim::Setting> settings_;
  std::uint64_t seed_;
  std::unique_ptr<Current> current_;
  std::uint64_t generation_ = 0;
};

}  // namespace sendscope::run
