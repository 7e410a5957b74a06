#include "ui/workbench/predictions.h"

#include <algorithm>

namespace sendscope::ui {
namespace {

// The first point that is not drawn yet; none: the curve is whole, and is drawn anew.
int next_point(run::ReaderAnswer& answer) {
  const auto open = std::find(answer.heights.begin(), answer.heights.end(), std::nullopt);
  if (open != answer.heights.end()) return static_cast<int>(open - answer.heights.begin());
  answer.heights = {};
  return 0;
}

}  // namespace

void take_point(CurvePoint point, run::ReaderAnswer& answer) {
  answer.heights[static_cast<std::size_t>(point.index)] = point.height;
}

void take_option(const run::Question& question, int option, run::ReaderAnswer& answer) {
  if (question.kind == run::QuestionKind::kCurve && option >= 0 && option <= kHeightKeys)
    return take_point({next_point(answer), option * run::kCurveTop / kHeightKeys}, answer);
  if (option < 0 || static_cast<std::size_t>(option) >= question.options.size()) return;
  std::vector<int>& taken = answer.options;
  const auto before = std::find(taken.begin(), taken.end(), option);
  if (question.kind == run::QuestionKind::kChoose) {
    taken.assign(1, option);
  } else if (before == taken.end()) {
    taken.push_back(option);
  } else {
    taken.erase(before, taken.end());
  }
}

void take_next(const run::Question& question, const std::vector<Subject>& things, run::ReaderAnswer& answer) {
  const auto count = static_cast<int>(question.options.size());
  if (question.kind == run::QuestionKind::kChoose) {
    take_option(question, answer.options.empty() ? 0 : (answer.options.front() + 1) % count, answer);
  } else if (question.kind == run::QuestionKind::kOrder) {
    for (int option = 0; option < count; ++option) {
      const auto& taken = answer.options;
      if (std::find(taken.begin(), taken.end(), option) == taken.end())
        return take_option(question, option, answer);
    }
    answer.options.clear();
  } else if (question.kind == run::QuestionKind::kCurve) {
    const int point = next_point(answer);
    take_point({point, point == 0 ? 0 : *answer.heights[static_cast<std::size_t>(point) - 1]}, answer);
  } else if (!things.empty()) {
    const auto now = std::find(things.begin(), things.end(), answer.thing);
    answer.thing = now == things.end() || now + 1 == things.end() ? things.front() : *(now + 1);
  }
}

}  // namespace sendscope::ui
