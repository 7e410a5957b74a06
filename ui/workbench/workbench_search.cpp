// What is searched for while it is typed, and what was found.
#include <algorithm>

#include "core/event/narration.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/workbench/answers.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {
namespace {

bool is_find(const Answer& answer) { return answer.action.verb == Verb::kFind; }

}  // namespace

// What is typed is looked for while it is typed; closed, the search is for what was chosen.
void Workbench::listen() {
  if (!view_.palette_open) {
    answered_.clear();
    view_.answers.clear();
    search_.ask(view_.found_text);
    return;
  }
  if (answered_ != view_.palette_text) {
    answered_ = view_.palette_text;
    view_.answers = answers_to(answered_, session_->log(), model());
    const auto lessons = lessons_about(answered_, facts_.menu);
    view_.answers.insert(view_.answers.end(), lessons.begin(), lessons.end());
    const auto asked = std::find_if(view_.answers.begin(), view_.answers.end(), is_find);
    search_.ask(asked == view_.answers.end() ? view_.found_text : asked->action.text);
  }
  count_answers();
}

// How many events an answer stands for; words that no event says are none.
void Workbench::count_answers() {
  const EventLog& log = session_->log();
  const bool done = search_.done(session_->history());
  const auto& found = search_.found();
  const std::string count = count_text(static_cast<std::int64_t>(found.size()));
  std::erase_if(view_.answers, [&](const Answer& answer) { return answer.words && done && found.empty(); });
  for (Answer& answer : view_.answers) {
    if (!is_find(answer)) continue;
    if (answer.words) {
      answer.hint = !done               ? say(Text::found_so_far, count)
                    : found.size() == 1 ? said(Text::found_one)
                                        : say(Text::found_count, count);
    } else if (found.empty()) {
      answer.hint = done ? said(Text::never_true) : "";
    } else {
      answer.hint = say(Text::first_true_at, format_duration(log[found.front()].t));
    }
  }
}

bool Workbench::search_on(const run::TimeLeft& time_left) {
  if (!search_.work(session_->history(), time_left)) return false;
  if (search_.text() == view_.found_text) take_found();
  return true;
}

void Workbench::take_found() {
  const auto& found = search_.found();
  view_.found.insert(view_.found.end(), found.begin() + static_cast<std::ptrdiff_t>(view_.found.size()),
                     found.end());
  if (!jump_) return;
  // A condition: where it first holds. Words: the next event that says them, or the first of all.
  const bool done = search_.done(session_->history());
  const auto from = search_.is_condition()
                        ? view_.found.begin()
                        : std::lower_bound(view_.found.begin(), view_.found.end(), cursor().events);
  if (from == view_.found.end() && !done) return;
  jump_ = false;
  if (view_.found.empty()) {
    facts_.notice = say(Text::none_says, view_.found_text);
    return forget_found();
  }
  const std::size_t event = from == view_.found.end() ? view_.found.front() : *from;
  playback_.seek_event(session_->log(), event + 1);
}

void Workbench::find(const std::string& text) {
  view_.found_text = text;
  view_.found.clear();
  search_.ask(text);
  jump_ = true;
  take_found();
}

void Workbench::find_next(int direction) {
  const auto& found = view_.found;
  if (view_.found_text.empty()) return open_palette("");
  // An event that was found stands before the cursor once it has happened.
  const auto next = std::lower_bound(found.begin(), found.end(), cursor().events);
  if (direction > 0 && next != found.end()) playback_.seek_event(session_->log(), *next + 1);
  if (direction > 0 || next == found.begin()) return;
  const auto here = *(next - 1) + 1 == cursor().events ? next - 1 : next;
  if (here != found.begin()) playback_.seek_event(session_->log(), *(here - 1) + 1);
}

void Workbench::forget_found() {
  view_.found_text.clear();
  view_.found.clear();
  search_.ask("");
}

}  // namespace sendscope::ui
