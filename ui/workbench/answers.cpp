#include "ui/workbench/answers.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/whole_number.h"
#include "core/event/expression.h"
#include "core/event/narration.h"
#include "core/model/queries.h"
#include "ui/layout/text.h"
#include "ui/layout/texts.h"
#include "ui/workbench/event_matcher.h"
#include "ui/workbench/select_text.h"

namespace sendscope::ui {
namespace {

Answer find_answer(std::string label, const std::string& text, bool words) {
  Answer answer{std::move(label), "", act(Verb::kFind), words};
  answer.action.text = text;
  return answer;
}

Text kind_words(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kRecord: return Text::record_hint;
    case SubjectKind::kBatch: return Text::batch_fact;
    case SubjectKind::kRequest: return Text::request_fact;
    case SubjectKind::kPartition: return Text::partition;
    case SubjectKind::kNode: return Text::node_hint;
    case SubjectKind::kThread: return Text::thread;
    default: return Text::producer;
  }
}

// "event 40"
void add_event(std::string_view text, const EventLog& log, std::vector<Answer>& out) {
  constexpr std::string_view kWord = "event ";
  if (!text.starts_with(kWord)) return;
  const auto number = whole_number<std::size_t>(text.substr(kWord.size()));
  if (!number || *number <= log.first() || *number > log.size()) return;
  out.push_back({narrate(log[*number - 1], log.strings(), log.names()), said(Text::moment),
                 act(Verb::kSeekEvent, static_cast<std::int64_t>(*number))});
}

void add_things(std::string_view text, const EventLog& log, std::vector<Answer>& out) {
  for (const Subject& subject : find_subjects(log, text))
    out.push_back({describe(subject, log), said(kind_words(subject.kind)), select_action(subject)});
}

// Whether a text that is no expression was meant as one: it compares, or begins as a name does ("pool.").
bool looks_like_expression(std::string_view text) {
  if (text.find_first_of("<>=") != std::string_view::npos) return true;
  for (int i = 0; i < static_cast<int>(Name::count_); ++i) {
    const std::string_view path = name_row(static_cast<Name>(i)).path;
    const std::size_t end = path.find_first_of(".(");
    if (end != std::string_view::npos && text.starts_with(path.substr(0, end + 1))) return true;
  }
  return false;
}

void add_expression(const std::string& text, const Expression& expression, const EventLog& log,
                    const PipelineModel& model, std::vector<Answer>& out) {
  const ModelNames names(model, log.strings());
  if (expression.names().empty()) {
    const Value value = expression.evaluate(names);
    if (value.type == ValueType::kDuration && value.number <= log.end_time())
      out.push_back({format_duration(value.number), said(Text::moment), act(Verb::kSeek, value.number)});
    return;
  }
  if (expression.type() == ValueType::kBool) {
    out.push_back(find_answer(text, text, false));
    return;
  }
  Answer worth{text + " = " + to_string(expression.evaluate(names)), said(Text::value_now), act(Verb::kCopy)};
  worth.action.text = worth.label;
  out.push_back(std::move(worth));
}

}  // namespace

std::vector<Answer> answers_to(const std::string& text, const EventLog& log, const PipelineModel& model) {
  std::vector<Answer> out;
  if (text.empty()) return out;
  add_event(text, log, out);
  add_things(text, log, out);
  const auto parsed = parse_expression(text);
  if (const auto* expression = std::get_if<Expression>(&parsed)) {
    add_expression(text, *expression, log, model, out);
  } else if (out.empty() && looks_like_expression(text)) {
    const auto& error = std::get<ExpressionError>(parsed);
    Answer wrong{error.message, say(Text::at_column, std::to_string(error.column)), {}};
    wrong.wrong = true;
    out.push_back(std::move(wrong));
  }
  if (out.empty()) out.push_back(find_answer(say(Text::events_that_say, text), text, true));
  return out;
}

namespace {

// Whether the name of an error is in the text, or the text is its beginning.
bool speaks_of(const std::string& text, std::string_view name) {
  constexpr std::size_t kShortest = 6;  // NONE and the like are in anything
  return name.size() >= kShortest && (contains_folded(text, name) || folded(name).starts_with(folded(text)));
}

// Names and classes of errors, and kinds of events, that the text speaks of: what a lesson that shows it has
// in its file.
std::vector<std::string> spoken_of(const std::string& text) {
  constexpr int kEndOfCodes = 1200;
  constexpr std::size_t kShortest = 6;
  std::vector<std::string> words;
  if (text.size() < kShortest) return words;
  for (int code = -1; code < kEndOfCodes; ++code) {
    const ErrorRow& row = error_row(static_cast<ErrorCode>(code));
    if (static_cast<int>(row.code) != code || code == 0) continue;
    if (!speaks_of(text, row.name) && !speaks_of(text, row.java_class)) continue;
    for (const std::string_view name : {row.name, row.java_class}) {
      if (!name.empty()) words.emplace_back(name);
    }
  }
  for (const EventKind kind : kinds_that_say(text))
    words.push_back("'" + std::string(kind_row(kind).name) + "'");
  return words;
}

}  // namespace

std::vector<Answer> lessons_about(const std::string& text, const std::vector<MenuItem>& menu) {
  std::vector<Answer> out;
  const std::vector<std::string> words = spoken_of(text);
  for (std::size_t i = 0; i < menu.size(); ++i) {
    const bool shows = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return menu[i].told.find(word) != std::string::npos;
    });
    if (shows)
      out.push_back(
          {menu[i].title, said(Text::shown_in_lesson), act(Verb::kOpen, static_cast<std::int64_t>(i))});
  }
  return out;
}

}  // namespace sendscope::ui
