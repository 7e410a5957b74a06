#include "ui/workbench/event_matcher.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/event/narration.h"
#include "core/model/queries.h"
#include "ui/layout/text.h"

namespace sendscope::ui {
namespace {

// The error that the event carries; 0: none.
std::int32_t error_of(const Event& event) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (field.row.unit == Unit::kError) return static_cast<std::int16_t>(field.value);
  }
  return 0;
}

struct Line {
  EventKind kind;
  bool failed_only;
  std::string_view part;
};
constexpr bool kAny = false, kFailed = true;
constexpr Line kLines[] = {
#define LOG_LINE(kind, failed, part) {EventKind::kind, failed, part},
#include "ui/workbench/log_lines.def"
#undef LOG_LINE
};

// Whether the words, folded, are of the line, or the line is in them.
bool says(const Line& line, std::string_view words) {
  constexpr std::size_t kShortest = 4;  // less of a line could be anything
  const std::string part = folded(line.part);
  const bool typed = words.size() >= kShortest && part.find(words) != std::string::npos;
  return typed || words.find(part) != std::string::npos;
}

}  // namespace

std::vector<EventKind> kinds_that_say(std::string_view text) {
  std::vector<EventKind> kinds;
  const std::string words = folded(text);
  for (const Line& line : kLines) {
    if (says(line, words) && std::find(kinds.begin(), kinds.end(), line.kind) == kinds.end())
      kinds.push_back(line.kind);
  }
  return kinds;
}

WordMatcher::WordMatcher(std::string_view words) : words_(folded(words)) {
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind)
    kinds_[kind] = said_at(static_cast<EventKind>(kind));
}

WordMatcher::OfKind WordMatcher::said_at(EventKind kind) const {
  if (folded(kind_row(kind).name).find(words_) != std::string::npos) return OfKind::kAny;
  for (const Line& line : kLines) {
    if (line.kind == kind && says(line, words_)) return line.failed_only ? OfKind::kFailed : OfKind::kAny;
  }
  return OfKind::kNone;
}

bool WordMatcher::is_said_of(std::int32_t error) {
  if (error == 0) return false;
  const auto [found, fresh] = errors_.try_emplace(error, false);
  if (fresh) {
    const ErrorRow& row = error_row(static_cast<ErrorCode>(error));
    const std::string text = folded(row.text);
    const bool pasted = text.size() > 1 && words_.find(text.substr(0, text.size() - 1)) != std::string::npos;
    found->second = pasted || text.find(words_) != std::string::npos || contains_folded(row.name, words_) ||
                    contains_folded(row.java_class, words_);
  }
  return found->second;
}

bool WordMatcher::matches(History& history, std::size_t n) {
  const EventLog& log = history.log();
  const Event& event = log[n];
  if (is_default_value(event)) return false;  // steps pass over them too
  const OfKind of_kind = kinds_[static_cast<std::size_t>(event.kind)];
  if (of_kind == OfKind::kAny) return true;
  const std::int32_t error = error_of(event);
  if (is_said_of(error) || (of_kind == OfKind::kFailed && error != 0)) return true;
  return folded(narrate(event, log.strings(), log.names())).find(words_) != std::string::npos;
}

bool ConditionMatcher::matches(History& history, std::size_t n) {
  const EventLog& log = history.log();
  const bool holds = condition_.holds(ModelNames(history.model_at(n + 1), log.strings(), &log[n]));
  const bool becomes = holds && !was_true_;
  was_true_ = holds;
  return becomes;
}

}  // namespace sendscope::ui
