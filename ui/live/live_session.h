// A live run as a session: the load generator runs on threads of its own, the window watches.
#pragma once

#include <memory>

#include "sim/run/session.h"
#include "ui/live/load_generator.h"
#include "ui/live/patience.h"

namespace sendscope::ui {

class LiveSession final : public run::Session {
 public:
  // Starts the load at once. The run must be one that is watched. `exit_code` is set when the run ends, and
  // outlives the session.
  LiveSession(std::unique_ptr<LiveRun> run, const LoadPlan& plan, const LiveTarget& target, int& exit_code);
  // Stops the load and closes the producer; what is not sent within a few seconds fails.
  ~LiveSession() override;

  const run::SessionInfo& info() const override { return info_; }
  const EventLog& log() const override { return run_->log(); }
  History& history() override { return history_; }
  std::uint64_t generation() const override { return 0; }
  bool advance(const run::TimeLeft& time_left) override;
  bool finished() const override { return finished_; }

 private:
  void end(const std::string& reason);

  run::SessionInfo info_;
  std::unique_ptr<LiveRun> run_;
  History history_;  // of its log
  std::unique_ptr<LoadGenerator> load_;
  Patience patience_;
  int& exit_code_;
  bool finished_ = false;
};

}  // namespace sendscope::ui
