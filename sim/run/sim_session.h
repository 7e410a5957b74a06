// A scenario as a session. It runs as far as the budget of advance() allows; an order given in the past
// starts another run, the same up to that moment, which is shown instead once it has come there.
#pragma once

#include <utility>

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
  bool finished() const override { return current_->run->finished() && !next_; }
  bool can_submit() const override { return true; }
  const HandWork& by_hand() const override { return current_->work; }
  std::span<const sim::Setting> settings() const override { return settings_; }
  Result<void> submit(const sim::FaultSpec& order, Nanos shown) override;
  Result<sim::FaultSpec> change_of(const sim::Setting& setting, const std::string& value,
                                   Nanos at) const override {
    return sim::change_of(current_->file.text, setting, value, at);
  }
  Result<void> change(HandWork work, Nanos shown) override;
  bool look_ahead(std::size_t events, const TimeLeft& time_left) override;
  std::span<const Choice> choices() const override;
  std::size_t choices_at() const override { return current_->ahead ? current_->ahead->events() : 0; }
  std::optional<Nanos> renewed_to() const override;
  std::optional<Error> take_refusal() override { return std::exchange(refusal_, std::nullopt); }
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
    std::unique_ptr<LookAhead> ahead;  // once it was asked for
  };
  SimSession(const ScenarioFile& file, std::uint64_t seed);
  Recipe recipe(const ScenarioFile& file, const HandWork& work) const;
  // A run at its start.
  Result<std::unique_ptr<Current>> begin(const ScenarioFile& file, HandWork work) const;
  // The run that is to be shown, on its way to `goal`.
  struct Next {
    std::unique_ptr<Current> run;
    Nanos goal = 0;
    std::optional<std::size_t> asked;  // the order that has to be carried out
  };
  // Begins the run with this done by hand; it is shown once it is beyond `shown` and all orders.
  Result<void> begin_next(HandWork work, Nanos shown, std::optional<std::size_t> asked);
  bool advance_next(const TimeLeft& time_left);
  void judge_next();
  void adopt(std::unique_ptr<Current> current);
  void describe(const sim::Scenario& scenario);

  SessionInfo info_;
  ScenarioFile file_;  // as it was opened
  std::vector<sim::Setting> settings_;
  std::uint64_t seed_;
  std::unique_ptr<Current> current_;
  std::optional<Next> next_;
  std::optional<Error> refusal_;
  std::uint64_t generation_ = 0;
};

}  // namespace sendscope::run
