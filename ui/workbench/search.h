// Looks through all events of a run for those that a person asks for, a slice at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/run/session.h"
#include "ui/workbench/event_matcher.h"

namespace sendscope::ui {

class Search {
 public:
  // From now on for this: a condition, else words; empty: for nothing.
  void ask(std::string_view text);
  // The run is another one: from its start.
  void restart();
  // Works while there is time, and a little in any case. Returns whether it got on.
  bool work(History& history, const run::TimeLeft& time_left);

  const std::string& text() const { return text_; }
  bool is_condition() const { return std::holds_alternative<ConditionMatcher>(matcher_); }
  bool done(const History& history) const { return text_.empty() || looked_ >= history.size(); }
  // Numbers of the events found so far, ascending.
  const std::vector<std::size_t>& found() const { return found_; }

 private:
  std::string text_;
  std::variant<std::monostate, WordMatcher, ConditionMatcher> matcher_;
  std::size_t looked_ = 0;  // events of the run
  std::vector<std::size_t> found_;
};

}  // namespace sendscope::ui
