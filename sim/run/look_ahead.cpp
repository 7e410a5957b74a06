#include "sim/run/look_ahead.h"

namespace sendscope::run {

bool LookAhead::go_to(std::size_t events, const TimeLeft& time_left) {
  constexpr int kStepsAtOnce = 64;
  choices_.clear();
  if (!run_ || events <= before_) {
    auto run = SimulatedRun::create(recipe_);
    if (!run) return true;  // there is no such run, and nothing to come in it
    run_ = std::move(*run);
    before_ = 0;
  }
  for (int step = 1; run_->log().size() < events && !run_->finished(); ++step) {
    before_ = run_->log().size();
    run_->step();
    if (step % kStepsAtOnce == 0 && !time_left()) return false;
  }
  for (const sim::Upcoming& one : run_->simulation().upcoming())
    choices_.push_back({{.at = run_->now(), .action = one.choice}, one.what, one.due});
  return true;
}

}  // namespace sendscope::run
