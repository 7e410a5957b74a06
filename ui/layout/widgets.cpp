#include "ui/layout/widgets.h"

#include <algorithm>
#include <cmath>

#include "core/model/named_subject.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {

void heading(const Frame& frame, Rect row, std::string_view title, std::string_view note,
             std::string_view tip) {
  const Canvas& canvas = frame.canvas;
  const float took = canvas.text(row, Font::kHeading, kSecondary, title);
  Rect rest{row.x + took + 10, row.y, row.w - took - 10, row.h};
  if (!note.empty() && canvas.width(Font::kLabel, note) <= rest.w) {
    canvas.text(rest, Font::kLabel, kFaint, note, Align::kRight);
  }
  if (!tip.empty()) frame.scene().hit(row, {}, "heading", tip);
}

void card(const Frame& frame, Rect box, const Subject& subject, const CardStyle& style) {
  Scene& scene = frame.scene();
  scene.fill(box, {Tone::kPanel}, kControlRadius);
  const bool selected = frame.related.is_selected(subject);
  scene.stroke(box, {selected ? Tone::kAccent : style.border}, kControlRadius,
               selected ? 1.5f : style.weight);
  if (style.edge != Tone::kCount_) scene.fill({box.x, box.y, 4, box.h}, {style.edge}, 2);
}

float pill_width(const Frame& frame, std::string_view text, bool mono) {
  return frame.canvas.width(mono ? Font::kMonoSmall : Font::kSmall, text) + 24;
}

Rect pill(const Frame& frame, float x, Rect row, std::string_view text, Paint ink, bool mono, Tone border) {
  const Rect box{x, row.y, pill_width(frame, text, mono), row.h};
  frame.scene().fill(box, {Tone::kRaised}, row.h / 2);
  frame.scene().stroke(box, {border}, row.h / 2);
  frame.canvas.text(box.inset(10, 0), mono ? Font::kMonoSmall : Font::kSmall, ink, text, Align::kCentre);
  return box;
}

void button(const Frame& frame, Rect box, std::string_view label, const Action& action, std::string_view tip,
            const ButtonStyle& style) {
  Scene& scene = frame.scene();
  const bool hovered = box.contains(frame.in.view.pointer) && !style.disabled;
  scene.fill(box, {style.active ? Tone::kAccent : Tone::kRaised}, kControlRadius);
  if (!style.active) scene.stroke(box, {hovered ? Tone::kSecondary : Tone::kLine}, kControlRadius);
  const Tone ink = style.active ? Tone::kOnAccent : style.disabled ? Tone::kFaint : Tone::kText;
  if (!label.empty()) {
    frame.canvas.text(box.inset(6, 0), Font::kSmall, {ink}, label, Align::kCentre);
  }
  scene.hit(box, {}, "button", tip, style.disabled ? Action{} : action);
}

void bar(const Frame& frame, Rect box, float part, Paint paint) {
  frame.scene().fill(box, {Tone::kRaised}, 2);
  const float width = std::clamp(part, 0.0f, 1.0f) * box.w;
  if (width > 0) frame.scene().fill({box.x, box.y, std::max(2.0f, width), box.h}, paint, 2);
}

RowPlan plan_rows(float height, std::size_t count, std::initializer_list<RowSize> sizes, float scroll,
                  float below) {
  RowPlan plan;
  plan.total = count;
  for (const RowSize& size : sizes) {
    plan.size = size;
    const float needed = static_cast<float>(count) * (size.height + size.gap) - size.gap;
    if (needed <= height) {
      plan.shown = count;
      return plan;
    }
  }
  const float room = height - below;
  const auto fits = static_cast<std::size_t>(
      std::max(0.0f, std::floor((room + plan.size.gap) / (plan.size.height + plan.size.gap))));
  plan.shown = std::min(count, fits);
  const std::size_t furthest = count - plan.shown;
  plan.first = std::min(static_cast<std::size_t>(std::max(0.0f, scroll)), furthest);
  return plan;
}

void more_row(const Frame& frame, const Rect& area, const RowPlan& plan, ListName list) {
  Action scroll = act(Verb::kScrollColumn, static_cast<int>(list));
  if (plan.folded()) {
    const std::size_t below = plan.total - plan.first - plan.shown;
    const std::string first = std::to_string(plan.first), last = std::to_string(below);
    const std::string text = plan.first == 0 ? say(Text::more_below, last)
                             : below == 0    ? say(Text::above, first)
                                             : say(Text::above_and_below, first, last);
    const Rect row{area.x, area.bottom() - kMoreRow, area.w, kMoreRow};
    frame.canvas.text(row, Font::kTiny, kSecondary, text, Align::kCentre);
    frame.scene().hit(row, {}, "more", say(Text::drag_scrolls));
    // The wire begins where the in-flight column ends.
    const float x = list == ListName::kNodes ? area.x - 6 : area.right() + 2;
    scrollbar(frame, {x, area.y, 3, area.h}, plan, list, static_cast<float>(plan.first));
  }
  frame.scene().hits.insert(frame.scene().hits.begin(), Hit{area, {}, scroll, "list", ""});
}

void scrollbar(const Frame& frame, Rect track, const RowPlan& plan, ListName list, float from) {
  constexpr float kLeastTrack = 30, kLeastThumb = 14, kReach = 3;
  if (track.h < kLeastTrack || !plan.folded()) return;
  const auto total = static_cast<float>(plan.total), shown = static_cast<float>(plan.shown);
  const auto first = static_cast<float>(plan.first);
  const float thumb_height = std::max(kLeastThumb, std::floor(track.h * shown / total));
  const float room = track.h - thumb_height, hidden = total - shown;
  const Rect thumb{track.x, track.y + room * std::min(1.0f, first / hidden), track.w, thumb_height};
  const auto reach = [&](float top, float bottom) {
    return Rect{track.x - kReach, top, track.w + 2 * kReach, bottom - top};
  };
  const Scrolling scroll{static_cast<int>(list), from, from - first, from + hidden - first, hidden / room};
  const auto page = [&](float top, float bottom, float to) {
    if (bottom - top < 1) return;
    Action action =
        act(Verb::kScrollTo, static_cast<std::int64_t>(std::clamp(to, scroll.least, scroll.last)));
    action.scroll = scroll;
    frame.scene().hit(reach(top, bottom), {}, "scroll.page", say(Text::drag_scrolls), action);
  };
  const Rect grip = reach(thumb.y, thumb.bottom());
  const bool hovered = grip.contains(frame.in.view.pointer);
  frame.scene().fill(track, {Tone::kRaised}, 2);
  frame.scene().fill(thumb, {hovered ? Tone::kAccent : Tone::kSecondary, 0.8f}, 2);
  page(track.y, thumb.y, from - shown);
  page(thumb.bottom(), track.bottom(), from + shown);
  Action grab = act(Verb::kScrollGrab);
  grab.scroll = scroll;
  frame.scene().hit(grip, {}, "scroll.thumb", say(Text::drag_scrolls), grab);
}

namespace {

// Takes out what was added since and lies outside.
void keep_inside(Scene& scene, std::size_t shapes, std::size_t hits, const Rect& place) {
  const auto first = scene.shapes.begin() + static_cast<std::ptrdiff_t>(shapes);
  scene.shapes.erase(std::remove_if(first, scene.shapes.end(),
                                    [&](const Shape& shape) {
                                      return shape.kind == ShapeKind::kText && !place.holds(shape.box);
                                    }),
                     scene.shapes.end());
  for (auto hit = scene.hits.begin() + static_cast<std::ptrdiff_t>(hits); hit != scene.hits.end();) {
    hit->box = hit->box.clipped(place);
    hit = hit->box.empty() ? scene.hits.erase(hit) : hit + 1;
  }
}

}  // namespace

void scrolled(const Frame& frame, Rect place, float height, float line, ListName list,
              const DrawContent& draw) {
  if (height <= place.h) return draw(place);
  const auto lines = static_cast<std::size_t>(std::ceil(height / line));
  const RowPlan plan = plan_rows(place.h, lines, {{line, 0}}, frame.in.view.scrolled(list), 0);
  Scene& scene = frame.scene();
  scene.hit(place, {}, "list", "", act(Verb::kScrollColumn, static_cast<int>(list)));
  const std::size_t shapes = scene.shapes.size(), hits = scene.hits.size();
  scene.clip(place);
  draw({place.x, place.y - static_cast<float>(plan.first) * line, place.w, height});
  scene.unclip();
  keep_inside(scene, shapes, hits, place);
  scrollbar(frame, {place.right() + 2, place.y, 3, place.h}, plan, list, static_cast<float>(plan.first));
}

void draw_lines(const Frame& frame, Rect& area, Font font, Paint ink, float line, std::string_view text) {
  const std::string lines = wrap_text(frame.canvas.measure, font, text, area.w);
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t to = std::min(lines.find('\n', from), lines.size());
    if (area.h < line) return;
    frame.canvas.text(area.cut_top(line), font, ink, std::string_view(lines).substr(from, to - from));
    from = to + 1;
  }
}

void mark_if_last(const Frame& frame, Rect box, const Subject& subject, float radius) {
  const Event* event = frame.in.last_event();
  if (event == nullptr || event->t < frame.now()) return;
  bool about = false;
  for (int i = 0; i < kFieldCount; ++i) about = about || subject_of(event_field(*event, i)) == subject;
  if (about) frame.scene().stroke(box.inset(-2), {Tone::kCursor}, radius + 2, 1);
}

float part_left(Nanos from, Nanos until, Nanos now) {
  if (until <= from) return 0;
  return std::clamp(static_cast<float>(static_cast<double>(until - now) / static_cast<double>(until - from)),
                    0.0f, 1.0f);
}

}  // namespace sendscope::ui
