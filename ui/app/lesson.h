// Lessons: a Markdown file that goes with a scenario.
//
//   # Title
//   An introduction.
//
//   ## Heading of a step
//   when: EXPRESSION
//
//   Text of the step, in paragraphs.
//
// A step is reached when its expression first holds after the step before it was reached; a step without
// `when` is reached together with the one before. The introduction is the first step: its heading is the
// title.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/event/expression.h"
#include "sim/located_json.h"
#include "ui/app/session.h"

namespace sendscope::ui {

struct LessonLoad {
  std::vector<LessonStep> steps;       // `at` holds the expression
  std::vector<int> lines;              // of each step's `when`, else of its heading
  std::vector<sim::Problem> problems;  // with file and line; then there are no steps
};

LessonLoad load_lesson_text(std::string_view text, const std::string& file);
LessonLoad load_lesson_file(const std::string& path);

// Which steps of a lesson a run has reached.
//
// Thread-safety: none.
class LessonProgress {
 public:
  // REQUIRES: every `at` parses as a condition (load_lesson_text has checked that)
  explicit LessonProgress(const std::vector<LessonStep>& steps);

  // After each event, in order. Returns how many steps are reached now; those that are new got there by this
  // event.
  std::size_t observe(const NameSource& names);
  std::size_t reached() const { return reached_; }

 private:
  std::vector<Expression> conditions_;
  std::size_t reached_ = 0;
};

}  // namespace sendscope::ui
