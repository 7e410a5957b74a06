// The lesson of a workbench: playing stops at each of its steps, so that it can be read.
#include <algorithm>

#include "ui/layout/spoken_of.h"
#include "ui/layout/texts.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {

std::vector<Subject> Workbench::lit() {
  if (is_set(view_.selected)) return {};
  return lit_by_step(input(model(), 0, 0));
}

// The step after the one reached; -1: there is none, or the run has not come there.
int Workbench::next_step() const {
  const int next = reached_step(facts_, view_, cursor()) + 1;
  const bool known =
      next < static_cast<int>(facts_.lesson.size()) && facts_.lesson[static_cast<std::size_t>(next)].due >= 0;
  return known ? next : -1;
}

// Takes the cursor back to the step, if it has come as far. -1: no step.
bool Workbench::stop_at(int step) {
  if (step < 0) return false;
  const std::size_t due = facts_.lesson[static_cast<std::size_t>(step)].due_events;
  if (due > cursor().events) return false;
  playback_.seek_event(session_->log(), due);
  view_.step = step;
  return true;
}

// Playing has come to a step: the panel tells it. A question waits for its reader in any case.
void Workbench::read_step() {
  show_lesson();
  see_truths();
  if (view_.read_along && asked() < 0) {
    reading_ = reading_seconds(facts_.lesson[static_cast<std::size_t>(view_.step)]);
  } else {
    view_.playing = false;
  }
}

void Workbench::show_lesson() {
  view_.side = SideTab::kLesson;
  view_.side_open = true;
}

// Whether a step that is read along keeps the cursor for another moment.
bool Workbench::is_reading(double seconds) {
  reading_ = std::max(0.0, reading_ - seconds);
  return reading_ > 0;
}

// Nothing is left to be played, or to be read.
bool Workbench::at_end() const {
  const EventLog& log = session_->log();
  if (!session_->finished() || cursor().events < log.size()) return false;
  return next_step() < 0;
}

void Workbench::lesson_step(int step) {
  if (step < 0 || static_cast<std::size_t>(step) >= facts_.lesson.size()) return;
  const LessonText& text = facts_.lesson[static_cast<std::size_t>(step)];
  if (text.due >= 0) playback_.seek_event(session_->log(), text.due_events);
  view_.step = step;
  view_.playing = false;
  select({});
  show_lesson();
}

void Workbench::open_next_lesson() {
  if (const auto next = next_lesson(facts_)) {
    open_ = *next;
  } else {
    facts_.news = said(Text::last_lesson);
  }
}

}  // namespace sendscope::ui
