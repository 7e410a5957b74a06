#include "ui/workbench/predictions.h"

#include <algorithm>

namespace sendscope::ui {

void Predictions::take(int step, const run::Question& question, int option) {
  if (option < 0 || static_cast<std::size_t>(option) >= question.options.size()) return;
  std::vector<int>& taken = all_[step].answer.options;
  const auto before = std::find(taken.begin(), taken.end(), option);
  if (question.kind == run::QuestionKind::kChoose) {
    taken.assign(1, option);
  } else if (before == taken.end()) {
    taken.push_back(option);
  } else {
    taken.erase(before, taken.end());
  }
}

void Predictions::take_next(int step, const run::Question& question, const std::vector<Subject>& things) {
  run::ReaderAnswer& answer = all_[step].answer;
  const auto count = static_cast<int>(question.options.size());
  if (question.kind == run::QuestionKind::kChoose) {
    take(step, question, answer.options.empty() ? 0 : (answer.options.front() + 1) % count);
  } else if (question.kind == run::QuestionKind::kOrder) {
    for (int option = 0; option < count; ++option) {
      const auto& taken = answer.options;
      if (std::find(taken.begin(), taken.end(), option) == taken.end()) return take(step, question, option);
    }
    answer.options.clear();
  } else if (!things.empty()) {
    const auto now = std::find(things.begin(), things.end(), answer.thing);
    answer.thing = now == things.end() || now + 1 == things.end() ? things.front() : *(now + 1);
  }
}

bool Predictions::see(int step) {
  const auto found = all_.find(step);
  if (found == all_.end() || found->second.seen) return false;
  return found->second.seen = true;
}

}  // namespace sendscope::ui
