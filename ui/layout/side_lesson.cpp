// The lesson: its steps in order, the one that is due told in full.
#include <algorithm>
#include <cmath>

#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/rich_text.h"
#include "ui/layout/side.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kLine = 17, kHeadingRow = 24;

// Returns the height it took; lines that do not fit are left out with a mark.
float draw_text(const Frame& frame, Rect area, std::string_view text) {
  const std::vector<RichRun> runs = layout_rich_text(frame.canvas.measure, text, area.w);
  float bottom = 0;
  for (const RichRun& run : runs) {
    const float y = static_cast<float>(run.line) * kLine * (run.line > 0 ? 0.97f : 1.0f);
    if (y + kLine > area.h) {
      frame.canvas.text({area.x, area.y + bottom, area.w, kLine}, Font::kSmall, kSecondary, "\xe2\x80\xa6");
      return bottom + kLine;
    }
    frame.scene().text_raw({area.x + run.x, area.y + y, run.width, kLine}, run.font, run.paint, run.text);
    bottom = y + kLine;
  }
  return bottom;
}

// The heading of the open step, on two lines where one is too short; returns what the second one takes.
float draw_open_heading(const Frame& frame, Rect row, const std::string& heading) {
  const std::string lines = wrap_text(frame.canvas.measure, Font::kBodyStrong, heading, row.w);
  const std::size_t end = std::min(lines.find('\n'), lines.size());
  frame.canvas.text(row, Font::kBodyStrong, kText, std::string_view(lines).substr(0, end));
  if (end == lines.size()) return 0;
  std::string rest = lines.substr(end + 1);
  std::replace(rest.begin(), rest.end(), '\n', ' ');
  frame.canvas.text({row.x, row.y + kLine, row.w, row.h}, Font::kBodyStrong, kText, rest);
  return kLine;
}

// Returns the height that it took beyond its row.
float draw_heading(const Frame& frame, Rect row, std::size_t index, bool reached, bool open) {
  const LessonText& step = frame.in.facts.lesson[index];
  const Tone dot = open ? Tone::kAccent : reached ? Tone::kOk : Tone::kLine;
  frame.scene().disc({row.x + 4, row.middle_y()}, 4, {dot});
  std::string when = step.due >= 0 ? format_time(step.due) : "";
  const float width = reached && !open ? frame.canvas.width(Font::kMonoTiny, when) : 0;
  const Rect words{row.x + 16, row.y, row.w - 16 - width - 8, row.h};
  float more = 0;
  if (open) {
    more = draw_open_heading(frame, {words.x, words.y, row.w - 16, words.h}, step.heading);
  } else {
    frame.canvas.text(words, Font::kSmall, reached ? kSecondary : kFaint, step.heading);
  }
  if (width > 0) frame.canvas.text(row, Font::kMonoTiny, kFaint, when, Align::kRight);
  Action go = act(Verb::kLesson, static_cast<std::int64_t>(index));
  frame.scene().hit(row, {}, "lesson.step", step.heading + tip_line(Text::click_to_moment), go);
  return more;
}

// "step 2 of 8", and what is waited for.
void draw_progress(const Frame& frame, Rect row, int due) {
  const float took = frame.canvas.text(row, Font::kHeading, kSecondary, say(Text::heading_lesson));
  row.cut_left(took + 8);
  const bool stands = stands_at_step(frame.in.facts, frame.in.view, frame.in.cursor);
  const std::string number = std::to_string(due + 1), count = std::to_string(frame.in.facts.lesson.size());
  const std::string progress = say(Text::step_of, number, count);
  const std::string waits =
      say(frame.in.view.playing ? Text::step_of_reading : Text::step_of_waiting, number, count);
  frame.canvas.text(row, Font::kLabel, stands ? Paint{Tone::kWaiting} : kSecondary,
                    {stands ? waits : progress, progress}, Align::kRight);
}

struct LessonButton {
  std::string label, tip;
  Action action;
  ButtonStyle style;
};

// While a step is read, playing goes on from it; at any other moment the next step is jumped to.
LessonButton button_onward(const Frame& frame, int due) {
  if (stands_at_step(frame.in.facts, frame.in.view, frame.in.cursor)) {
    const bool more = frame.in.cursor.events < frame.in.log.size() || frame.in.facts.growing;
    return {say(Text::go_on, key_name(Verb::kGoOn)),
            said(Text::go_on_tip) + key_line(Verb::kGoOn),
            act(Verb::kGoOn),
            {.active = more, .disabled = !more}};
  }
  const auto next = static_cast<std::size_t>(due + 1);
  const bool known = next < frame.in.facts.lesson.size() && frame.in.facts.lesson[next].due >= 0;
  return {said(Text::next_step),
          said(known ? Text::to_next_step : Text::step_not_reached),
          act(Verb::kLesson, due + 1),
          {.active = known, .disabled = !known}};
}

// Two buttons, halves of the row unless the words of one need more.
void draw_buttons(const Frame& frame, Rect row, int due) {
  const LessonButton onward = button_onward(frame, due);
  const LessonButton back{said(Text::previous_step),
                          said(Text::to_step_before),
                          act(Verb::kLesson, due - 1),
                          {.disabled = due == 0}};
  const float half = (row.w - 8) / 2, pad = 14;
  const auto wanted = [&](const LessonButton& b) {
    return std::ceil(frame.canvas.width(Font::kSmall, b.label)) + pad;
  };
  const float before = wanted(back), after = wanted(onward);
  float left = half;
  if (before > half) {
    left = std::min(before, std::max(half, row.w - 8 - after));
  } else if (after > half) {
    left = std::max(before, row.w - 8 - after);
  }
  button(frame, {row.x, row.y, left, row.h}, back.label, back.action, back.tip, back.style);
  button(frame, {row.x + left + 8, row.y, row.w - left - 8, row.h}, onward.label, onward.action, onward.tip,
         onward.style);
}

}  // namespace

int reached_step(const Facts& facts, const View& view, const Cursor& cursor) {
  const auto count = static_cast<int>(facts.lesson.size());
  const auto step = [&](int i) -> const LessonText& { return facts.lesson[static_cast<std::size_t>(i)]; };
  const auto is_here = [&](int i) {
    return i >= 0 && i < count && step(i).due >= 0 && step(i).due_events == cursor.events;
  };
  if (is_here(view.step)) return view.step;
  int last = -1;
  while (last + 1 < count && step(last + 1).due >= 0 && step(last + 1).due_events <= cursor.events) ++last;
  while (is_here(last) && is_here(last - 1)) --last;
  return last;
}

int due_step(const Facts& facts, const View& view, const Cursor& cursor) {
  return facts.lesson.empty() ? -1 : std::max(0, reached_step(facts, view, cursor));
}

bool stands_at_step(const Facts& facts, const View& view, const Cursor& cursor) {
  const int step = reached_step(facts, view, cursor);
  if (step < 0 || (view.playing && view.backward)) return false;
  const LessonText& text = facts.lesson[static_cast<std::size_t>(step)];
  return text.due_events == cursor.events && text.due == cursor.t;
}

void draw_lesson(const Frame& frame, Rect area) {
  const auto& steps = frame.in.facts.lesson;
  const int due = due_step(frame.in.facts, frame.in.view, frame.in.cursor);
  const int reached = reached_step(frame.in.facts, frame.in.view, frame.in.cursor);
  const Rect buttons = area.cut_bottom(28);
  draw_progress(frame, area.cut_top(16), due);
  area.cut_top(8);
  const auto current = static_cast<std::size_t>(due);
  // Headings of the steps around; the text of the current one takes what remains.
  const auto room = static_cast<std::size_t>(std::max(1.0f, area.h * 0.5f / kHeadingRow));
  const std::size_t shown = std::min(steps.size(), std::max<std::size_t>(1, room));
  const std::size_t first = std::min(current > shown / 2 ? current - shown / 2 : 0, steps.size() - shown);
  const float headings = static_cast<float>(shown) * kHeadingRow;
  for (std::size_t i = first; i < first + shown; ++i) {
    const bool told = static_cast<int>(i) <= reached;
    area.cut_top(draw_heading(frame, area.cut_top(kHeadingRow), i, told, i == current));
    if (i != current) continue;
    const float left = headings - static_cast<float>(i + 1 - first) * kHeadingRow;
    const Rect text{area.x + 16, area.y + 2, area.w - 16, area.h - left - 12};
    area.cut_top(draw_text(frame, text, steps[i].text) + 12);
  }
  draw_buttons(frame, buttons, due);
}

}  // namespace sendscope::ui
