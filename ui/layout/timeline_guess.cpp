// The question of the lesson on the timeline: what comes is hidden while it is open, and the time that was
// guessed stays marked.
#include <algorithm>

#include "ui/layout/texts.h"
#include "ui/layout/timeline.h"

namespace sendscope::ui {
namespace {

void draw_flag(const Frame& frame, const Rect& plot, Nanos t, Text words, Tone tone) {
  const float x = timeline_x(plot, frame.in.axis, frame.in.view, t);
  if (x < plot.x || x > plot.right()) return;
  frame.scene().dash_line({x, plot.y}, {x, plot.bottom()}, {tone}, 1.5f, 4);
  const std::string_view label = say(words);
  const float width = frame.canvas.width(Font::kTiny, label) + 9;
  const Rect flag{std::min(x, plot.right() - width), plot.y, width, 15};
  frame.scene().fill(flag, {tone}, 2);
  frame.canvas.text(flag, Font::kTiny, {Tone::kOnAccent}, label, Align::kCentre);
}

// The time that was guessed at a step, and the true one.
void draw_guess_of(const Frame& frame, const Rect& plot, int step) {
  const Facts& facts = frame.in.facts;
  if (step < 0) return;
  const LessonText& text = facts.lesson[static_cast<std::size_t>(step)];
  if (!text.question || !text.question->asks_for_time()) return;
  if (is_revealed(facts, frame.in.cursor, step) && text.truth && text.truth->number.known())
    draw_flag(frame, plot, text.truth->number.number, Text::is_true, Tone::kOk);
  if (const auto& guess = prediction_at(facts, step).answer.number)
    draw_flag(frame, plot, *guess, Text::your_guess, Tone::kAccent);
}

}  // namespace

void draw_veil(const Frame& frame, const Rect& plot) {
  if (open_question(frame.in.facts, frame.in.view, frame.in.cursor) < 0) return;
  const float x = std::max(plot.x, timeline_x(plot, frame.in.axis, frame.in.view, frame.now()));
  if (x >= plot.right()) return;
  const Rect coming{x, plot.y, plot.right() - x, plot.h};
  frame.scene().fill(coming, {Tone::kBackground});
  frame.scene().hatch(coming, {Tone::kLine, 0.5f}, 12);
  frame.scene().hit(coming, {}, "timeline.veil", said(Text::veil_tip), act(Verb::kTimelineGrab));
}

void draw_guess(const Frame& frame, const Rect& plot) {
  const Facts& facts = frame.in.facts;
  const int due = due_step(facts, frame.in.view, frame.in.cursor);
  for (const int step : {due, due - 1}) draw_guess_of(frame, plot, step);
}
}  // namespace sendscope::ui
