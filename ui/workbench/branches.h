// The history of what was done by hand, as a tree: each point is a run's hand work, and its parent the one
// that it was made from. Nothing is ever lost: what is done after an undo grows a branch beside what was
// undone.
//
// A plain value. Thread-safety: none; one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/run/hand_work.h"

namespace sendscope::ui {

class Branches {
 public:
  // root: what was done when the run was opened.
  explicit Branches(run::HandWork root) { points_.push_back({std::move(root), 0, {}}); }

  // The point whose run is shown.
  std::size_t here() const { return here_; }
  // REQUIRES: one of them
  const run::HandWork& at(std::size_t point) const { return points_[point].work; }
  bool has(std::size_t point) const { return point < points_.size(); }
  // Where undo leads; none: nothing was done.
  std::optional<std::size_t> back() const;
  // Where redo leads: to the child that was left last; none: nothing was undone.
  std::optional<std::size_t> on() const { return points_[here_].last; }
  // The points at which nothing was done any more, except this one, oldest first.
  std::vector<std::size_t> ends() const;
  // The end behind this point, and round again; none: there is no other.
  std::optional<std::size_t> next_end() const;

  // Something was done here: a new point, and it is the one that is shown.
  void grow(run::HandWork work);
  // The point is shown; work: what is carried out of it in its run. REQUIRES: has(point)
  void go(std::size_t point, run::HandWork work);

 private:
  struct Point {
    run::HandWork work;
    std::size_t parent = 0;           // of the root itself
    std::optional<std::size_t> last;  // the child on the way to where one was last; none: an end
  };

  std::vector<Point> points_;  // parents before their children
  std::size_t here_ = 0;
};

}  // namespace sendscope::ui
