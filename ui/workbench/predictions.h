// What the reader of a lesson predicts: belongs to the reader, not to the run, so it outlives changes of the
// run and is judged by the run as it is now.
#pragma once

#include <vector>

#include "ui/layout/prediction.h"

namespace sendscope::ui {

class Predictions {
 public:
  const PredictionMap& all() const { return all_; }

  // Takes an option of the question of a step. Where options are put in order it becomes the last; one that
  // was taken before is put back, with those behind it.
  void take(int step, const run::Question& question, int option);
  void point(int step, Subject thing) { all_[step].answer.thing = thing; }
  void number(int step, std::int64_t number) { all_[step].answer.number = number; }
  void sure(int step, Sureness sure) { all_[step].sure = sure; }
  // The next option, or the next of the things: an answer by one key, pressed again and again.
  void take_next(int step, const run::Question& question, const std::vector<Subject>& things);
  void forget(int step) { all_.erase(step); }
  // The reader has been where the truth is told. Returns whether that is news.
  bool see(int step);

 private:
  PredictionMap all_;
};

}  // namespace sendscope::ui
