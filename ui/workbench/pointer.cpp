#include "ui/workbench/pointer.h"

#include <cmath>

namespace sendscope::ui {
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
    case Drag::kPan: {
      const Rect area = plot();
      act(sendscope::ui::act(Verb::kTimelinePan, std::lround((pressed_at_.x - at.x) / area.w * 1000)));
      pressed_at_ = at;
      break;
    }
  }
}

void Pointer::move(const Scene&, Point at) {
  View& view = bench_->view();
  if (std::abs(at.x - pressed_at_.x) + std::abs(at.y - pressed_at_.y) > 3) moved_ = true;
  view.pointer = at;
  drag_to(at);
}

void Pointer::press(const Scene& scene, PointerButton button) {
  const Point at = bench_->view().pointer;
  pressed_at_ = at;
  moved_ = false;
  const Hit* hit = top_hit(scene, at, [](const Hit& h) {
    return static_cast<bool>(h.click) && h.click.verb != Verb::kScrollColumn;
  });
  if (button == PointerButton::kRight) {
    const Hit* thing = top_hit(scene, at, [](const Hit& h) { return is_set(h.subject); });
    if (thing == nullptr && plot().contains(at)) drag_ = Drag::kPan;
    return;
  }
  if (hit == nullptr) return;
  if (hit->click.verb == Verb::kTimelineGrab) drag_ = Drag::kSeek;
  if (hit->click.verb == Verb::kSpeedGrab) drag_ = Drag::kSpeed;
  bench_->view().dragging = drag_ != Drag::kNone;
  drag_to(at);
}

void Pointer::release(const Scene& scene, PointerButton button) {
  const Point at = bench_->view().pointer;
  const Drag was = drag_;
  drag_ = Drag::kNone;
  bench_->view().dragging = false;
  if (was != Drag::kNone && (was != Drag::kPan || moved_)) return;
  if (button == PointerButton::kRight) {
    const Hit* thing = top_hit(scene, at, [](const Hit& h) { return is_set(h.subject); });
    if (thing == nullptr) return;
    Action menu = sendscope::ui::act(Verb::kFaultMenu);
    menu.subject = thing->subject;
    act(menu);
    return;
  }
  const Hit* hit = top_hit(scene, at, [](const Hit& h) {
    return static_cast<bool>(h.click) && h.click.verb != Verb::kScrollColumn;
  });
  if (hit != nullptr) {
    const Action click = hit->click;
    act(click);
  }
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
