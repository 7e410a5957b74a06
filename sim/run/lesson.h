// Lessons: a Markdown file that goes with a scenario.
//
//   # Title
//   An introduction.
//
//   ## Heading of a step
//   when: EXPRESSION
//   show: batch:1, orders-0
//
//   Text of the step, in paragraphs.
//
// A step is reached when its expression first holds after the step before it was reached; a step without
// `when` is reached together with the one before. The introduction is the first step: its heading is the
// title, and it is reached as soon as the run is set up. `show` names things that the step is about besides
// those named in its expression and, as `code`, in its text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/event/expression.h"
#include "sim/located_json.h"
#include "sim/run/watch.h"

namespace sendscope::run {

// One stop of a lesson. The text may be short Markdown: paragraphs, `code`, **strong**.
struct LessonStep {
  std::string heading;
  std::string text;
  std::string at;              // when it is due, as the lesson wrote it; empty: together with the step before
  Expression when;             // the same, parsed; empty is true
  Nanos due = -1;              // the time at which it is due in this run; -1: not known (yet)
  std::size_t due_events = 0;  // how many events have happened then
  // The things it names: "orders-0", "app-1", "p1", "node:1", "batch:16", and words that name nothing.
  std::vector<std::string> names = {};
};

// A word of a line `show`, and where it stands.
struct ShownName {
  std::string word;
  int line = 0, column = 0;
};

struct LessonLoad {
  std::vector<LessonStep> steps;
  std::vector<int> lines;  // of each step's `when`, else of its heading
  std::vector<ShownName> shown;
  std::vector<sim::Problem> problems;  // with file and line; then there are no steps
};

LessonLoad load_lesson_text(std::string_view text, const std::string& file);
LessonLoad load_lesson_file(const std::string& path);

// Which steps of a lesson a run has reached, and when.
class LessonWatch final : public Watch {
 public:
  // Forgets what the steps know of another run. The steps outlive it.
  explicit LessonWatch(std::vector<LessonStep>& steps);

  bool on_event(const Moment& moment) override;
  std::size_t reached() const { return reached_; }

 private:
  void introduce(std::size_t events);

  std::vector<LessonStep>& steps_;
  std::size_t reached_ = 0;
  bool happens_ = false;  // what is set up is past
  Nanos set_up_at_ = 0;
};

}  // namespace sendscope::run
