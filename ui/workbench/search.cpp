#include "ui/workbench/search.h"

#include <algorithm>

namespace sendscope::ui {
namespace {

// Events between two looks at the clock.
constexpr std::size_t kSlice = 1024;

bool is_one_of_those(std::monostate, const EventLog&, const Event&) { return false; }

template <typename Matcher>
bool is_one_of_those(Matcher& matcher, const EventLog& log, const Event& event) {
  return matcher.matches(log, event);
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

bool Search::work(const EventLog& log, const run::TimeLeft& time_left) {
  if (done(log)) return false;
  looked_ = std::max(looked_, log.first());
  std::visit(
      [&](auto& matcher) {
        do {
          const std::size_t end = std::min(log.size(), looked_ + kSlice);
          for (; looked_ < end; ++looked_) {
            if (is_one_of_those(matcher, log, log[looked_])) found_.push_back(looked_);
          }
        } while (looked_ < log.size() && time_left());
      },
      matcher_);
  return true;
}

}  // namespace sendscope::ui
