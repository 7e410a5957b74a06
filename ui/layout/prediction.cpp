#include "ui/layout/prediction.h"

#include <algorithm>
#include <cmath>

#include "core/event/narration.h"
#include "ui/layout/view.h"

namespace sendscope::ui {
namespace {

const LessonText& step_of(const Facts& facts, int step) {
  return facts.lesson[static_cast<std::size_t>(step)];
}

}  // namespace

const Prediction& prediction_at(const Facts& facts, int step) {
  static const Prediction kNone;
  const auto found = facts.predictions.find(step);
  return found == facts.predictions.end() ? kNone : found->second;
}

bool is_revealed(const Facts& facts, const Cursor& cursor, int step) {
  const LessonText& reveals = step_of(facts, step + 1);
  if (reveals.due >= 0 && reveals.due_events <= cursor.events) return true;
  const Prediction& prediction = prediction_at(facts, step);
  return prediction.seen && run::is_complete(*step_of(facts, step).question, prediction.answer);
}

int last_told(const Facts& facts, const Cursor& cursor) {
  const auto count = static_cast<int>(facts.lesson.size());
  for (int step = 0; step < count; ++step) {
    if (step_of(facts, step).question && !is_revealed(facts, cursor, step)) return step;
  }
  return count - 1;
}

run::Verdict verdict_at(const Facts& facts, int step) {
  const LessonText& text = step_of(facts, step);
  return run::judge(*text.question, prediction_at(facts, step).answer, text.truth);
}

Score score_of(const Facts& facts, const Cursor& cursor) {
  Score score;
  for (const auto& [step, prediction] : facts.predictions) {
    if (!is_revealed(facts, cursor, step)) continue;
    const run::Verdict verdict = verdict_at(facts, step);
    if (verdict != run::Verdict::kUndecided) ++score.answered;
    if (verdict == run::Verdict::kRight) ++score.right;
  }
  return score;
}

Point place_on(const Rect& chart, CurvePoint point) {
  return {chart.x + chart.w * static_cast<float>(point.index + 1) / run::kCurvePoints,
          chart.bottom() - chart.h * static_cast<float>(point.height) / run::kCurveTop};
}

std::vector<CurvePoint> drawn_points(const Rect& chart, Point from, Point to) {
  const auto height_at = [&](float y) {
    const float part = std::clamp((chart.bottom() - y) / chart.h, 0.0f, 1.0f);
    return static_cast<int>(std::lround(part * run::kCurveTop));
  };
  std::vector<CurvePoint> points;
  for (int index = 0; index < run::kCurvePoints; ++index) {
    const float x = place_on(chart, {index, 0}).x;
    if (x < std::min(from.x, to.x) || x > std::max(from.x, to.x)) continue;
    const float part = from.x == to.x ? 1 : (x - from.x) / (to.x - from.x);
    points.push_back({index, height_at(from.y + part * (to.y - from.y))});
  }
  if (points.empty()) {
    const float column = chart.w / run::kCurvePoints;
    const auto nearest = static_cast<int>(std::lround((to.x - chart.x) / column)) - 1;
    points.push_back({std::clamp(nearest, 0, run::kCurvePoints - 1), height_at(to.y)});
  }
  return points;
}

std::optional<std::int64_t> typed_number(const run::Question& question, std::string_view typed) {
  const auto parsed = parse_expression(typed);
  const auto* expression = std::get_if<Expression>(&parsed);
  if (expression == nullptr || !expression->names().empty()) return std::nullopt;
  struct Nothing final : NameSource {
    Value value(const NameRef&) const override { return Value::unknown(); }
    bool exists(const NameRef&) const override { return false; }
  };
  const Value value = expression->evaluate(Nothing{});
  const ValueType wanted = question.truths.front().type();
  if (value.type == wanted) return value.number;
  if (value.type != ValueType::kInt || value.number < 0) return std::nullopt;
  if (wanted == ValueType::kSize) return value.number;
  if (wanted != ValueType::kDuration || value.number > kForever / kNanosPerMilli) return std::nullopt;
  return value.number * kNanosPerMilli;
}

std::string number_text(const run::Question& question, std::int64_t number) {
  switch (question.truths.front().type()) {
    case ValueType::kDuration: return format_duration(number);
    case ValueType::kSize: return format_bytes(number);
    default: return format_count(number);
  }
}

std::string number_form(const run::Question& question) {
  const ValueType type = question.truths.front().type();
  return number_text(question, type == ValueType::kDuration ? 5 * kNanosPerMilli
                               : type == ValueType::kSize   ? 16 * 1024
                                                            : 12);
}

}  // namespace sendscope::ui
