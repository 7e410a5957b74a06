#include "sim/run/lesson.h"

#include <algorithm>

#include "core/event/narration.h"
#include "core/event/steps.h"
#include "sim/run/lesson_text.h"

namespace sendscope::run {
namespace {

// As a text says it: words without quotes, numbers with their groups, no time in milliseconds.
std::string words_of(const Value& value) {
  if (value.type == ValueType::kString) return std::string(value.text);
  if (value.type == ValueType::kInt) return format_count(value.number);
  if (value == Value::duration(0)) return "0 ms";
  return to_string(value);
}

}  // namespace

std::size_t next_value(std::string_view text, std::size_t from) {
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') code = !code;
    if (text[i] == '{' && !code && i >= from) return i;
  }
  return std::string_view::npos;
}

std::string with_values(std::string_view text, const std::vector<Expression>& values,
                        const NameSource* names) {
  std::string out;
  std::size_t told = 0;
  for (const Expression& value : values) {
    const std::size_t at = next_value(text, told);
    if (at == std::string_view::npos) break;
    out += text.substr(told, at - told);
    out += names == nullptr ? "\xe2\x80\xa6" : words_of(value.evaluate(*names));
    told = std::min(text.find('}', at), text.size() - 1) + 1;
  }
  return out += text.substr(told);
}

std::string question_fault(const std::vector<LessonStep>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const LessonStep& step = steps[i];
    if (!step.question) continue;
    std::string fault;
    if (step.due < 0) {
      fault = "it is never put";
    } else if (!step.truth) {
      fault = "its answer is never revealed";
    } else if (steps[i + 1].due_events == step.due_events ||
               (step.question->asks_for_span() && steps[i + 1].due == step.due)) {
      fault = "its answer is revealed at the same moment";
    } else {
      fault = step.truth->fault;
    }
    if (!fault.empty()) return "\"" + step.question->words + "\": " + fault;
  }
  return {};
}

LessonWatch::LessonWatch(std::vector<LessonStep>& steps) : steps_(steps) {
  for (LessonStep& step : steps_) {
    step.due = -1;
    step.truth.reset();
    step.told.clear();
  }
}

bool LessonWatch::on_event(const Moment& moment) {
  if (!happens_ && is_set_up(moment.event->kind)) {
    set_up_at_ = moment.event->t;
    return true;
  }
  if (!happens_) introduce(moment);
  if (curve_) curve_->see(moment);
  while (reached_ < steps_.size() && steps_[reached_].when.holds(moment.names)) {
    steps_[reached_].due = moment.event->t;
    steps_[reached_].due_events = moment.events;
    reach(moment);
  }
  return reached_ < steps_.size();
}

// The introduction is told when so many events have set the run up, before the first thing that happens.
void LessonWatch::introduce(const Moment& moment) {
  happens_ = true;
  if (steps_.empty() || !steps_.front().at.empty() || moment.events < 2) return;
  steps_.front().due = set_up_at_;
  steps_.front().due_events = moment.events - 1;
  reach(moment);
}

void LessonWatch::reach(const Moment& moment) {
  LessonStep& step = steps_[reached_];
  step.told = with_values(step.text, step.values, &moment.names);
  if (reached_ > 0) {
    LessonStep& before = steps_[reached_ - 1];
    if (before.question)
      before.truth = truth_of(*before.question, moment, before.due, curve_ ? &*curve_ : nullptr);
  }
  curve_.reset();
  if (step.question && step.question->kind == QuestionKind::kCurve)
    curve_.emplace(*step.question).see(moment);
  ++reached_;
}

}  // namespace sendscope::run
