// The thing that a reader points at as the answer to a question, and the one that it was, on the stage.
#include "ui/layout/stage.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

// A frame around every place on the stage where the thing is, and a sign beside it.
void draw_ring(const Frame& frame, const Subject& thing, std::string_view sign, Tone tone, bool dashed) {
  if (!is_set(thing)) return;
  Scene& scene = frame.scene();
  const std::size_t count = scene.hits.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (scene.hits[i].subject != thing) continue;
    const Rect box = scene.hits[i].box.inset(-3);
    if (dashed) {
      scene.dash_stroke(box, {tone}, 2, 4);
    } else {
      scene.stroke(box, {tone}, kThingRadius, 2);
    }
    const Rect badge{box.right() - 7, box.y - 6, 13, 13};
    scene.disc({badge.middle_x(), badge.middle_y()}, 6.5f, {tone});
    frame.canvas.text(badge, Font::kTiny, {Tone::kOnAccent}, sign, Align::kCentre);
  }
}

void draw_pointed_at(const Frame& frame, int step) {
  const Facts& facts = frame.in.facts;
  if (step < 0) return;
  const LessonText& text = facts.lesson[static_cast<std::size_t>(step)];
  if (!text.question || text.question->kind != run::QuestionKind::kPoint) return;
  const bool revealed = is_revealed(facts, frame.in.cursor, step);
  const Subject mine = prediction_at(facts, step).answer.thing;
  if (revealed && text.truth) draw_ring(frame, text.truth->thing, "\xe2\x9c\x93", Tone::kOk, false);
  if (!revealed || verdict_at(facts, step) == run::Verdict::kWrong)
    draw_ring(frame, mine, revealed ? "\xe2\x9c\x97" : "?", revealed ? Tone::kTrouble : Tone::kAccent, true);
}

}  // namespace

void draw_stage_guess(const Frame& frame) {
  const int due = due_step(frame.in.facts, frame.in.view, frame.in.cursor);
  for (const int step : {due, due - 1}) draw_pointed_at(frame, step);
}

}  // namespace sendscope::ui
