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

constexpr float kLine = 17, kHeadingRow = 24, kBelowCard = 10;

float line_y(int line) { return static_cast<float>(line) * kLine * (line > 0 ? 0.97f : 1.0f); }

float text_height(const Frame& frame, float width, std::string_view text) {
  const std::vector<RichRun> runs = layout_rich_text(frame.canvas.measure, text, width);
  return runs.empty() ? 0 : line_y(runs.back().line) + kLine;
}

void draw_text(const Frame& frame, Rect area, std::string_view text) {
  for (const RichRun& run : layout_rich_text(frame.canvas.measure, text, area.w)) {
    frame.scene().text_raw({area.x + run.x, area.y + line_y(run.line), run.width, kLine}, run.font, run.paint,
                           run.text);
  }
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

// A question that was answered says how, once that is known; any other step has a dot.
void draw_dot(const Frame& frame, Rect row, std::size_t index, Tone tone) {
  const auto step = static_cast<int>(index);
  const bool told =
      frame.in.facts.lesson[index].question && is_revealed(frame.in.facts, frame.in.cursor, step);
  const run::Verdict verdict = told ? verdict_at(frame.in.facts, step) : run::Verdict::kUndecided;
  if (verdict == run::Verdict::kUndecided) return frame.scene().disc({row.x + 4, row.middle_y()}, 4, {tone});
  const bool right = verdict == run::Verdict::kRight;
  frame.canvas.text({row.x - 2, row.y, 14, row.h}, Font::kSmall, {right ? Tone::kOk : Tone::kTrouble},
                    right ? "\xe2\x9c\x93" : "\xe2\x9c\x97");
}

// Returns the height that it took beyond its row.
float draw_heading(const Frame& frame, Rect row, std::size_t index, bool reached, bool open) {
  const LessonText& step = frame.in.facts.lesson[index];
  const Tone dot = open ? Tone::kAccent : reached ? Tone::kOk : Tone::kLine;
  draw_dot(frame, row, index, dot);
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

// A question goes on to where it is revealed, answered or not.
LessonButton button_reveal(const Frame& frame, int question) {
  const LessonText& text = frame.in.facts.lesson[static_cast<std::size_t>(question)];
  const bool answered = run::is_complete(*text.question, prediction_at(frame.in.facts, question).answer);
  return {say(answered ? Text::reveal : Text::skip, key_name(Verb::kGoOn)),
          said(answered ? Text::reveal_tip : Text::skip_tip) + key_line(Verb::kGoOn),
          act(Verb::kGoOn),
          {.active = answered}};
}

// While a step is read, playing goes on from it; at any other moment the next step is jumped to.
LessonButton button_onward(const Frame& frame, int due) {
  if (const int question = open_question(frame.in.facts, frame.in.view, frame.in.cursor); question >= 0)
    return button_reveal(frame, question);
  const bool more = frame.in.cursor.events < frame.in.log.size() || frame.in.facts.growing;
  if (more && stands_at_step(frame.in.facts, frame.in.view, frame.in.cursor)) {
    return {say(Text::go_on, key_name(Verb::kGoOn)),
            said(Text::go_on_tip) + key_line(Verb::kGoOn),
            act(Verb::kGoOn),
            {.active = true}};
  }
  const auto next = static_cast<std::size_t>(due + 1);
  if (const auto lesson = next_lesson(frame.in.facts); lesson && next == frame.in.facts.lesson.size())
    return {said(Text::next_lesson),
            frame.in.facts.menu[*lesson].title + key_line(Verb::kNextLesson),
            act(Verb::kNextLesson),
            {.active = true}};
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

std::optional<std::size_t> next_lesson(const Facts& facts) {
  const auto& menu = facts.menu;
  const auto open =
      std::find_if(menu.begin(), menu.end(), [&](const MenuItem& item) { return item.path == facts.source; });
  const auto from = open == menu.end() ? menu.begin() : open + 1;
  const auto next = std::find_if(from, menu.end(), [](const MenuItem& item) { return item.steps > 0; });
  return next == menu.end() ? std::nullopt : std::optional(static_cast<std::size_t>(next - menu.begin()));
}

int open_question(const Facts& facts, const View& view, const Cursor& cursor) {
  const int step = due_step(facts, view, cursor);
  if (step < 0 || !facts.lesson[static_cast<std::size_t>(step)].question) return -1;
  return facts.lesson[static_cast<std::size_t>(step)].due >= 0 && !is_revealed(facts, cursor, step) ? step
                                                                                                    : -1;
}

int shown_question(const Facts& facts, int due) {
  for (const int step : {due, due - 1}) {
    if (step >= 0 && facts.lesson[static_cast<std::size_t>(step)].question) return step;
  }
  return -1;
}

namespace {

// "so far 3 of 4 right", and a bar.
void draw_score(const Frame& frame, Rect row) {
  const Score score = score_of(frame.in.facts, frame.in.cursor);
  const std::string words =
      say(Text::so_far_right, std::to_string(score.right), std::to_string(score.answered));
  const float took = frame.canvas.text(row, Font::kLabel, kSecondary, words);
  row.cut_left(took + 12);
  if (row.w > 20)
    bar(frame, {row.x, row.middle_y() - 3, row.w, 6},
        static_cast<float>(score.right) / static_cast<float>(score.answered), {Tone::kOk});
}

// What the step that is told takes besides its row among the headings.
struct OpenStep {
  int question = -1;  // the step whose card is shown
  int outcome = -1;   // the step before, where it asked as well
  float text = 0, card = 0, before = 0;
  float height() const { return before + text + card; }
};

OpenStep open_step(const Frame& frame, float width, int due) {
  constexpr float kAround = 14;
  OpenStep open;
  const std::string& text = frame.in.facts.lesson[static_cast<std::size_t>(due)].text;
  open.text = text_height(frame, width - 16, text) + kAround;
  open.question = shown_question(frame.in.facts, due);
  if (open.question == due && due > 0 && frame.in.facts.lesson[static_cast<std::size_t>(due) - 1].question) {
    open.outcome = due - 1;
    open.before = outcome_height(frame, width - 32, open.outcome) + 8;
  }
  if (open.question >= 0) open.card = question_height(frame, width, open.question) + kBelowCard;
  return open;
}

// What became of the question before, its text, and the card of its question below. `left`: what the headings
// behind it take.
void draw_open(const Frame& frame, Rect& area, float left, int due, const OpenStep& open) {
  const Rect place = area.cut_top(std::min(open.height(), std::max(0.0f, area.h - left)));
  scrolled(frame, place, open.height(), kLine, ListName::kLesson, [&](Rect all) {
    if (open.outcome >= 0) draw_outcome(frame, Rect(all.cut_top(open.before)).inset(16, 0), open.outcome);
    const Rect words = all.cut_top(open.text);
    draw_text(frame, {words.x + 16, words.y + 2, words.w - 16, words.h},
              frame.in.facts.lesson[static_cast<std::size_t>(due)].text);
    if (open.question >= 0)
      draw_question(frame, {all.x, all.y, all.w, open.card - kBelowCard}, open.question);
  });
}

}  // namespace

void draw_lesson(const Frame& frame, Rect area) {
  const auto& steps = frame.in.facts.lesson;
  const int due = due_step(frame.in.facts, frame.in.view, frame.in.cursor);
  const int reached = reached_step(frame.in.facts, frame.in.view, frame.in.cursor);
  const Rect buttons = area.cut_bottom(28);
  area.cut_bottom(8);
  draw_progress(frame, area.cut_top(16), due);
  area.cut_top(8);
  if (score_of(frame.in.facts, frame.in.cursor).answered > 0) draw_score(frame, area.cut_bottom(18));
  const auto current = static_cast<std::size_t>(due);
  const OpenStep open = open_step(frame, area.w, due);
  // What a question hides is counted, in a row of its own.
  const auto told = static_cast<std::size_t>(last_told(frame.in.facts, frame.in.cursor)) + 1;
  const bool hides = told < steps.size() && area.h > open.height() + 2 * kHeadingRow + kLine;
  // Headings of the steps around; the text of the current one takes what remains.
  const float spare = std::min(area.h * 0.5f, area.h - open.height() - kLine - (hides ? kHeadingRow : 0));
  const auto room = static_cast<std::size_t>(std::max(1.0f, spare / kHeadingRow));
  const std::size_t shown = std::min(told, room);
  const std::size_t first = std::min(current > shown / 2 ? current - shown / 2 : 0, told - shown);
  const float headings = static_cast<float>(shown) * kHeadingRow;
  for (std::size_t i = first; i < first + shown; ++i) {
    const bool is_told = static_cast<int>(i) <= reached;
    area.cut_top(draw_heading(frame, area.cut_top(kHeadingRow), i, is_told, i == current));
    if (i != current) continue;
    const float left = headings - static_cast<float>(i + 1 - first) * kHeadingRow;
    draw_open(frame, area, left + (hides ? kHeadingRow : 0), due, open);
  }
  if (hides && area.h >= kHeadingRow && first + shown == told) {
    const std::size_t hidden = steps.size() - told;
    frame.canvas.text(
        area.cut_top(kHeadingRow).inset(16, 0), Font::kSmall, kSecondary,
        hidden == 1 ? said(Text::hidden_step) : say(Text::hidden_steps, std::to_string(hidden)));
  }
  draw_buttons(frame, buttons, due);
}

}  // namespace sendscope::ui
