// Whether an event is one of those that a person asks for.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/expression.h"
#include "core/model/history.h"

namespace sendscope::ui {

// The kinds of events at which Kafka's client says the text, or a part of it is (log_lines.def); less than
// four letters are said of none.
std::vector<EventKind> kinds_that_say(std::string_view text);

// By words: in the event's sentence, the name of its kind, the name or message of its error, or in what
// Kafka's client says at such an event (log_lines.def). Case does not count.
class WordMatcher {
 public:
  explicit WordMatcher(std::string_view words);
  // Of event number n.
  bool matches(History& history, std::size_t n);

 private:
  enum class OfKind : std::uint8_t { kNone, kFailed, kAny };

  OfKind said_at(EventKind kind) const;
  bool is_said_of(std::int32_t error);

  std::string words_;  // folded
  std::array<OfKind, static_cast<std::size_t>(kEventKindCount)> kinds_{};
  std::map<std::int32_t, bool> errors_;  // that were met
};

// By a condition: the events at which it becomes true. Asked of every event of a run, in order.
class ConditionMatcher {
 public:
  explicit ConditionMatcher(Expression condition) : condition_(std::move(condition)) {}
  bool matches(History& history, std::size_t n);

 private:
  Expression condition_;
  bool was_true_ = false;
};

}  // namespace sendscope::ui
