// Where a thread stands in its steps: the list it runs, and inside that the lists of the repeats it has
// entered.
//
// Thread-safety: one thread. The steps outlive the cursor.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/scenario.h"

namespace sendscope::sim {

class StepCursor {
 public:
  explicit StepCursor(const std::vector<Step>& steps) { levels_.push_back({&steps}); }

  // The next step. nullptr: a repeat begins its next round, or all steps are over.
  const Step* next() {
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.next < level.steps->size()) return &(*level.steps)[level.next++];
      if (level.rounds_left != 1 && !level.steps->empty()) {
        if (level.rounds_left > 1) --level.rounds_left;
        level.next = 0;
        return nullptr;
      }
      levels_.pop_back();
    }
    return nullptr;
  }
  bool finished() const { return levels_.empty(); }
  bool has_more() const {
    return std::any_of(levels_.begin(), levels_.end(), [](const Level& level) {
      return level.next < level.steps->size() || level.rounds_left != 1;
    });
  }
  void enter(const RepeatStep& repeat) { levels_.push_back({&repeat.steps, 0, repeat.times}); }
  void skip_all() { levels_.clear(); }

 private:
  struct Level {
    const std::vector<Step>* steps;
    std::size_t next = 0;
    std::uint64_t rounds_left = 1;  // 0: for ever
  };
  std::vector<Level> levels_;  // innermost last
};

}  // namespace sendscope::sim
