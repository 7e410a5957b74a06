// The lesson: its steps in order, the one that is due told in full.
#include <algorithm>
#include <cmath>

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

}  // namespace

int due_step(const Facts& facts, const Cursor& cursor) {
  int due = facts.lesson.empty() ? -1 : 0;
  for (std::size_t i = 0; i < facts.lesson.size(); ++i) {
    const LessonText& step = facts.lesson[i];
    if (step.due >= 0 && step.due_events <= cursor.events) due = static_cast<int>(i);
  }
  return due;
}

void draw_lesson(const Frame& frame, Rect area) {
  const auto& steps = frame.in.facts.lesson;
  const int due = due_step(frame.in.facts, frame.in.cursor);
  const Rect buttons = area.cut_bottom(28);
  const std::string progress = say(Text::step_of, std::to_string(due + 1), std::to_string(steps.size()));
  frame.canvas.text(area.cut_top(16), Font::kHeading, kSecondary, say(Text::heading_lesson));
  frame.canvas.text({area.x, area.y - 16, area.w, 16}, Font::kLabel, kSecondary, progress, Align::kRight);
  area.cut_top(8);
  const auto current = static_cast<std::size_t>(due);
  // Headings of the steps around; the text of the current one takes what remains.
  const auto room = static_cast<std::size_t>(std::max(1.0f, area.h * 0.5f / kHeadingRow));
  const std::size_t shown = std::min(steps.size(), std::max<std::size_t>(1, room));
  const std::size_t first = std::min(current > shown / 2 ? current - shown / 2 : 0, steps.size() - shown);
  const float headings = static_cast<float>(shown) * kHeadingRow;
  for (std::size_t i = first; i < first + shown; ++i) {
    const bool reached = steps[i].due >= 0 && steps[i].due_events <= frame.in.cursor.events;
    area.cut_top(draw_heading(frame, area.cut_top(kHeadingRow), i, reached, i == current));
    if (i != current) continue;
    const float left = headings - static_cast<float>(i + 1 - first) * kHeadingRow;
    const Rect text{area.x + 16, area.y + 2, area.w - 16, area.h - left - 12};
    area.cut_top(draw_text(frame, text, steps[i].text) + 12);
  }
  const bool last = current + 1 >= steps.size();
  const bool known = !last && steps[current + 1].due >= 0;
  // Halves, unless the words of one need more.
  const float half = (buttons.w - 8) / 2, pad = 14;
  const auto wanted = [&](Text text) { return std::ceil(frame.canvas.width(Font::kSmall, say(text))) + pad; };
  const float before = wanted(Text::previous_step), after = wanted(Text::next_step);
  float left = half;
  if (before > half) {
    left = std::min(before, std::max(half, buttons.w - 8 - after));
  } else if (after > half) {
    left = std::max(before, buttons.w - 8 - after);
  }
  button(frame, {buttons.x, buttons.y, left, 28}, say(Text::previous_step), act(Verb::kLesson, due - 1),
         say(Text::to_step_before), {.disabled = due == 0});
  button(frame, {buttons.x + left + 8, buttons.y, buttons.w - left - 8, 28}, say(Text::next_step),
         act(Verb::kLesson, due + 1), say(known ? Text::to_next_step : Text::step_not_reached),
         {.active = known, .disabled = !known});
}

}  // namespace sendscope::ui
