// Lessons: a Markdown file that goes with a scenario.
//
//   # Title
//   An introduction.
//
//   ## Heading of a step
//   when: EXPRESSION
//   show: batch:1, orders-0
//
//   Text of the step, in paragraphs. {EXPRESSION} is its value at this step.
//
//   ask: A question, which the next step reveals?
//   - an option | EXPRESSION
//   - another one | EXPRESSION
//
// A step is reached when its expression first holds after the step before it was reached; a step without
// `when` is reached together with the one before. The introduction is the first step: its heading is the
// title, and it is reached as soon as the run is set up. `show` names things that the step is about besides
// those named in its expression and, as `code`, in its text.
//
// What is true is decided at the next step, which is hidden until then. Options with conditions are chosen
// from: one of them holds. Options with numbers are put in order, the smallest first. Instead of options
// there may be `truth: EXPRESSION`, a number or a duration to be guessed (`truth: time` is the moment
// itself), `curve: EXPRESSION | TOP`, how a number goes until then on a chart from 0 to TOP, or `point:
// batch` (record, request, partition, node, thread): which one the event of the next step is about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/expression.h"
#include "sim/located_json.h"
#include "sim/run/question.h"
#include "sim/run/watch.h"

namespace sendscope::run {

// One stop of a lesson. The text may be short Markdown: paragraphs, `code`, **strong**.
struct LessonStep {
  std::string heading;
  std::string text;            // as written
  std::string at;              // when it is due, as the lesson wrote it; empty: together with the step before
  Expression when;             // the same, parsed; empty is true
  Nanos due = -1;              // the time at which it is due in this run; -1: not known (yet)
  std::size_t due_events = 0;  // how many events have happened then
  // The things it names: "orders-0", "app-1", "p1", "node:1", "batch:16", and words that name nothing.
  std::vector<std::string> names = {};
  std::vector<Expression> values = {};  // of the {EXPRESSION}s of the text, in its order
  std::string told = {};                // the text with their values, once the step is reached
  std::optional<Question> question = {};
  std::optional<Truth> truth = {};  // the answer of this run to the question, once it is known
};

// A word of a line `show`, and where it stands.
struct ShownName {
  std::string word;
  int line = 0, column = 0;
};

// An expression of a lesson besides a step's `when`, and where it stands.
struct PlacedExpression {
  Expression expression;
  int line = 0, column = 0;
};

struct LessonLoad {
  std::vector<LessonStep> steps;
  std::vector<int> lines;  // of each step's `when`, else of its heading
  std::vector<ShownName> shown;
  std::vector<PlacedExpression> expressions;
  std::vector<sim::Problem> problems;  // with file and line; then there are no steps
};

LessonLoad load_lesson_text(std::string_view text, const std::string& file);
LessonLoad load_lesson_file(const std::string& path);

// The text with each {EXPRESSION} replaced by its value, "5 ms", or by "…" without names. What stands as
// `code` stays.
std::string with_values(std::string_view text, const std::vector<Expression>& values,
                        const NameSource* names);

// Why a question of the lesson cannot be answered in a run, in a sentence; empty: all can.
std::string question_fault(const std::vector<LessonStep>& steps);

// Which steps of a lesson a run has reached, and when.
class LessonWatch final : public Watch {
 public:
  // Forgets what the steps know of another run. The steps outlive it.
  explicit LessonWatch(std::vector<LessonStep>& steps);

  bool on_event(const Moment& moment) override;
  std::size_t reached() const { return reached_; }

 private:
  void introduce(const Moment& moment);
  void reach(const Moment& moment);

  std::vector<LessonStep>& steps_;
  std::optional<CurveWatch> curve_;  // of the question that is open, where it asks for one
  std::size_t reached_ = 0;
  bool happens_ = false;  // what is set up is past
  Nanos set_up_at_ = 0;
};

}  // namespace sendscope::run
