#include "ui/workbench/search.h"

#include <algorithm>

namespace sendscope::ui {
namespace {

// Events between two looks at the clock.
constexpr std::size_t kSlice = 4096;

bool is_one_of_those(std::monostate, History&, std::size_t) { return false; }

template <typename Matcher>
bool is_one_of_those(Matcher& matcher, History& history, std::size_t n) {
  return matcher.matches(history, n);
}

}  // namespace

void Search::ask(std::string_view text) {
  if (text_ == text) return;
  text_ = text;
  restart();
}

void Search::restart() {
  looked_ = 0;
  found_.clear();
  matcher_ = std::monostate();
  if (text_.empty()) return;
  auto parsed = parse_condition(text_);
  auto* condition = std::get_if<Expression>(&parsed);
  if (condition != nullptr && !condition->names().empty()) {
    matcher_.emplace<ConditionMatcher>(std::move(*condition));
  } else {
    matcher_.emplace<WordMatcher>(text_);
  }
}

bool Search::work(History& history, const run::TimeLeft& time_left) {
  if (done(history)) return false;
  looked_ = std::max(looked_, history.log().first());
  std::visit(
      [&](auto& matcher) {
        do {
          const std::size_t end = std::min(history.size(), looked_ + kSlice);
          for (; looked_ < end; ++looked_) {
            if (is_one_of_those(matcher, history, looked_)) found_.push_back(looked_);
          }
        } while (looked_ < history.size() && time_left());
      },
      matcher_);
  return true;
}

}  // namespace sendscope::ui
