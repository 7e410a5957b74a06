#include "ui/workbench/pointer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sendscope::ui {
namespace {

constexpr float kStill = 3;  // a press that moves no further is a click

// Whether the plot of the timeline can be reached there, below a thing or not.
bool over_timeline(const Scene& scene, Point at) {
  return top_hit(scene, at, [](const Hit& h) { return h.click.verb == Verb::kTimelineGrab; }) != nullptr;
}

}  // namespace

Rect Pointer::plot() const { return timeline_plot(make_regions(width_, height_, wishes_of(bench_->view()))); }

void Pointer::drag_to(Point at) {
  View& view = bench_->view();
  switch (drag_) {
    case Drag::kNone: break;
    case Drag::kSeek:
      view.playing = false;
      bench_->seek_x(plot(), at.x);
      break;
    case Drag::kSpeed: {
      const Regions regions = make_regions(width_, height_, {});
      view.speed = slider_speed(speed_slider(regions), at.x);
      break;
    }
    case Drag::kScroll: {
      const Scrolling& scroll = pressed_.scroll;
      const float to = scroll.from + (at.y - pressed_at_.y) * scroll.rows_a_pixel;
      view.scroll[static_cast<std::size_t>(scroll.list)] =
          std::round(std::clamp(to, scroll.least, scroll.last));
      break;
    }
    case Drag::kCurve: draw_curve(at); break;
    case Drag::kPan: {
      const Rect area = plot();
      act(sendscope::ui::act(Verb::kTimelinePan, std::lround((pressed_at_.x - at.x) / area.w * 1000)));
      pressed_at_ = at;
      break;
    }
  }
}

void Pointer::draw_curve(Point at) {
  for (const CurvePoint& point : drawn_points(pressed_box_, pressed_at_, at))
    act(sendscope::ui::act(Verb::kCurvePoint, packed(point)));
  pressed_at_ = at;
}

void Pointer::begin(Drag drag) {
  drag_ = drag;
  once_moved_ = Drag::kNone;
  bench_->view().dragging = drag != Drag::kNone && drag != Drag::kPan;
}

void Pointer::move(const Scene& scene, Point at) {
  if (explained_at(scene, at) != explained_at(scene, bench_->view().pointer)) bench_->point_anew();
  const bool moved = std::abs(at.x - pressed_at_.x) + std::abs(at.y - pressed_at_.y) > kStill;
  if (moved && once_moved_ != Drag::kNone) begin(once_moved_);
  bench_->view().pointer = at;
  const Hit* row = top_hit(scene, at, [](const Hit& h) { return h.click.verb == Verb::kChoose; });
  bench_->view().pointed_at = row == nullptr ? Subject{} : row->subject;
  drag_to(at);
}

void Pointer::leave() {
  if (held_) return;  // a drag goes on outside
  bench_->view().pointer = {-1, -1};
  bench_->view().pointed_at = {};
  bench_->point_anew();
}

void Pointer::press(const Scene& scene, PointerButton button) {
  if (held_) return;
  held_ = button;
  pressed_at_ = bench_->view().pointer;
  pressed_ = {};
  button == PointerButton::kLeft ? press_left(scene) : press_right(scene);
}

void Pointer::press_left(const Scene& scene) {
  const Hit* hit = top_hit(scene, pressed_at_, [](const Hit& h) {
    return static_cast<bool>(h.click) && h.click.verb != Verb::kScrollColumn;
  });
  if (hit == nullptr) return;
  pressed_ = hit->click;
  pressed_box_ = hit->box;
  if (pressed_.verb == Verb::kTimelineGrab) {
    begin(Drag::kSeek);
  } else if (pressed_.verb == Verb::kSpeedGrab) {
    begin(Drag::kSpeed);
  } else if (pressed_.verb == Verb::kScrollGrab) {
    begin(Drag::kScroll);
  } else if (pressed_.verb == Verb::kCurveGrab) {
    begin(Drag::kCurve);
  } else if (over_timeline(scene, pressed_at_)) {
    once_moved_ = Drag::kSeek;
  }
  drag_to(pressed_at_);
}

void Pointer::press_right(const Scene& scene) {
  if (over_timeline(scene, pressed_at_)) once_moved_ = Drag::kPan;
  const Hit* thing = top_hit(scene, pressed_at_, [](const Hit& h) { return is_set(h.subject); });
  if (thing == nullptr) return;
  pressed_ = sendscope::ui::act(Verb::kFaultMenu);
  pressed_.subject = thing->subject;
  pressed_box_ = thing->box;
}

void Pointer::release(const Scene&, PointerButton button) {
  if (held_ != button) return;
  const bool dragged = drag_ != Drag::kNone;
  begin(Drag::kNone);
  held_.reset();
  if (dragged || !pressed_ || !pressed_box_.contains(bench_->view().pointer)) return;
  const Action click = std::exchange(pressed_, {});  // it may replace what this pointer belongs to
  act(click);
}

void Pointer::wheel(const Scene& scene, float steps) {
  View& view = bench_->view();
  const Hit* list =
      top_hit(scene, view.pointer, [](const Hit& h) { return h.click.verb == Verb::kScrollColumn; });
  if (list != nullptr) {
    float& scroll = view.scroll[static_cast<std::size_t>(list->click.value)];
    const bool both_ways = list->click.value == static_cast<int>(ListName::kEvents) ||
                           list->click.value == static_cast<int>(ListName::kSide);
    scroll -= steps > 0 ? std::ceil(steps) : std::floor(steps);
    if (!both_ways) scroll = std::max(0.0f, scroll);
    return;
  }
  if (plot().contains(view.pointer)) {
    act(sendscope::ui::act(Verb::kTimelineZoom,
                           std::lround(steps > 0 ? std::ceil(steps) : std::floor(steps))));
  }
}

}  // namespace sendscope::ui
