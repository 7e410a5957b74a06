#include "sim/run/question.h"

#include <algorithm>

#include "core/event/narration.h"
#include "core/model/named_subject.h"

namespace sendscope::run {
namespace {

constexpr std::int64_t kPartOff = 5;  // a number may be off by this part of the truth

void choose(const std::vector<Value>& values, Truth& truth) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].is_true()) truth.options.push_back(static_cast<int>(i));
  }
  if (truth.options.size() == 1) return;
  truth.fault = truth.options.empty() ? "none of the options holds" : "several options hold";
}

void put_in_order(const std::vector<Value>& values, Truth& truth) {
  for (std::size_t i = 0; i < values.size(); ++i) truth.options.push_back(static_cast<int>(i));
  const auto value = [&](int option) { return values[static_cast<std::size_t>(option)].number; };
  std::stable_sort(truth.options.begin(), truth.options.end(),
                   [&](int a, int b) { return value(a) < value(b); });
  for (std::size_t i = 1; i < truth.options.size(); ++i) {
    if (value(truth.options[i - 1]) == value(truth.options[i]))
      truth.fault = "two options have the same value";
  }
}

Subject thing_of(const Event* event, SubjectKind kind) {
  for (int i = 0; event != nullptr && i < kFieldCount; ++i) {
    const Subject subject = subject_of(event_field(*event, i));
    if (subject.kind == kind) return subject;
  }
  return {};
}

bool is_right(const std::array<std::optional<int>, kCurvePoints>& drawn, const std::vector<int>& truth) {
  int off = 0;
  for (std::size_t i = 0; i < drawn.size(); ++i) off += std::abs(*drawn[i] - truth[i]);
  return off * kPartOff <= kCurveTop * kCurvePoints;
}

}  // namespace

void CurveWatch::see(const Moment& moment) {
  const Value value = question_.truths[0].evaluate(moment.names),
              top = question_.truths[1].evaluate(moment.names);
  int height = kUnknown;
  if (value.known() && top.known() && top.number > 0)
    height = static_cast<int>(
        std::clamp(static_cast<double>(value.number) / static_cast<double>(top.number), 0.0, 1.0) *
        kCurveTop);
  if (turns_.empty() || turns_.back().height != height) turns_.push_back({moment.time, height});
}

std::vector<int> CurveWatch::heights(Nanos until) const {
  std::vector<int> heights;
  const Nanos from = turns_.front().at;
  std::size_t turn = 0;
  for (int point = 1; point <= kCurvePoints; ++point) {
    const Nanos at = from + (until - from) * point / kCurvePoints;
    while (turn + 1 < turns_.size() && turns_[turn + 1].at <= at) ++turn;
    if (turns_[turn].height == kUnknown) return {};
    heights.push_back(turns_[turn].height);
  }
  return heights;
}

Truth truth_of(const Question& question, const Moment& moment, Nanos asked_at, const CurveWatch* curve) {
  Truth truth;
  truth.asked_at = asked_at;
  std::vector<Value> values;
  for (const Expression& expression : question.truths) values.push_back(expression.evaluate(moment.names));
  const bool known = std::all_of(values.begin(), values.end(), [](const Value& v) { return v.known(); });
  switch (question.kind) {
    case QuestionKind::kChoose: choose(values, truth); break;
    case QuestionKind::kOrder: put_in_order(values, truth); break;
    case QuestionKind::kPoint:
      truth.thing = thing_of(moment.event, question.thing);
      if (truth.thing.kind == SubjectKind::kNone) truth.fault = "the revealing event speaks of no such thing";
      break;
    case QuestionKind::kNumber: truth.number = values.front(); break;
    case QuestionKind::kCurve: truth.heights = curve->heights(moment.time); break;
  }
  const bool unknown = question.kind == QuestionKind::kCurve ? truth.heights.empty() : !known;
  if (unknown && question.kind != QuestionKind::kChoose) truth.fault = "a value is unknown";
  return truth;
}

bool is_complete(const Question& question, const ReaderAnswer& answer) {
  switch (question.kind) {
    case QuestionKind::kChoose: return !answer.options.empty();
    case QuestionKind::kOrder: return answer.options.size() == question.options.size();
    case QuestionKind::kPoint: return answer.thing.kind != SubjectKind::kNone;
    case QuestionKind::kNumber: return answer.number.has_value();
    case QuestionKind::kCurve:
      return std::all_of(answer.heights.begin(), answer.heights.end(),
                         [](const auto& h) { return h.has_value(); });
  }
  return false;
}

Verdict judge(const Question& question, const ReaderAnswer& answer, const std::optional<Truth>& truth) {
  if (!truth || !truth->fault.empty() || !is_complete(question, answer)) return Verdict::kUndecided;
  const auto verdict = [](bool right) { return right ? Verdict::kRight : Verdict::kWrong; };
  switch (question.kind) {
    case QuestionKind::kChoose:
    case QuestionKind::kOrder: return verdict(answer.options == truth->options);
    case QuestionKind::kPoint: return verdict(answer.thing == truth->thing);
    case QuestionKind::kCurve: return verdict(is_right(answer.heights, truth->heights));
    case QuestionKind::kNumber: break;
  }
  const std::int64_t wait = truth->number.number - (question.asks_for_time() ? truth->asked_at : 0);
  const std::int64_t off = std::abs(*answer.number - truth->number.number);
  return verdict(off <= std::abs(wait) / kPartOff);
}

}  // namespace sendscope::run
