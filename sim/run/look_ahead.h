// What could happen next at some moment of a run: the same recipe is run again as far as that moment, and
// what is on its way then is listed. Moments that follow each other cost what lies between them.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "sim/run/recipe.h"
#include "sim/run/simulated_run.h"

namespace sendscope::run {

// Asked now and then by whoever works: may it go on?
using TimeLeft = std::function<bool()>;
inline bool as_long_as_it_takes() { return true; }

// Something that could happen next.
struct Choice {
  sim::FaultSpec order;  // by which it does, with `at`
  sim::Occurrence what;
  Nanos due = 0;
};

class LookAhead {
 public:
  explicit LookAhead(Recipe recipe) : recipe_(std::move(recipe)) {}

  // Goes to the moment after `events` events; whether it is there. REQUIRES: the run has so many
  bool go_to(std::size_t events, const TimeLeft& time_left);
  // How many events there are at the moment that was reached: all of the last occurrence, of which `events`
  // may have been some.
  std::size_t events() const { return run_ ? run_->log().size() : 0; }
  // At the moment that was reached last, in the order in which it happens if nobody chooses.
  std::span<const Choice> choices() const { return choices_; }

 private:
  Recipe recipe_;
  std::unique_ptr<SimulatedRun> run_;
  std::size_t before_ = 0;  // events before the last occurrence
  std::vector<Choice> choices_;
};

}  // namespace sendscope::run
