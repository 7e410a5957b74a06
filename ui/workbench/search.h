// Looks through all events of a run for those that a person asks for, a slice at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/event/event_log.h"
#include "sim/run/session.h"
#include "ui/workbench/event_matcher.h"

namespace sendscope::ui {

class Search {
 public:
  // From now on for this: a condition, else words; empty: for nothing.
  void ask(std::string_view text);
  // The log is another one: from its start.
  void restart();
  // Works while there is time, and a little in any case. Returns whether it got on.
  bool work(const EventLog& log, const run::TimeLeft& time_left);

  const std::string& text() const { return text_; }
  bool is_condition() const { return std::holds_alternative<ConditionMatcher>(matcher_); }
  bool done(const EventLog& log) const { return text_.empty() || looked_ >= log.size(); }
  // Numbers of the events found so far, ascending.
  const std::vector<std::size_t>& found() const { return found_; }

 private:
  std::string text_;
  std::variant<std::monostate, WordMatcher, ConditionMatcher> matcher_;
  std::size_t looked_ = 0;  // events of the log
  std::vector<std::size_t> found_;
};

}  // namespace sendscope::ui
