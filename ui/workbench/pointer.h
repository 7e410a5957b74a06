// What the pointer does to the frame it sees: presses, drags, the wheel.
//
// Works on the scene that was drawn last; everything it asks for are actions of the workbench. Positions are
// logical pixels. A click acts on what lay under the press. A press on a thing of the timeline that moves
// more than a few pixels drags the cursor, or pans, as on the empty plot. One button counts at a time.
#pragma once

#include <optional>

#include "ui/layout/scene.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {

enum class PointerButton : std::uint8_t { kLeft, kRight };

class Pointer {
 public:
  explicit Pointer(Workbench& bench) : bench_(&bench) {}

  void resize(float width, float height) {
    width_ = width;
    height_ = height;
  }
  void move(const Scene& scene, Point at);
  // The pointer is over no part of the window any more.
  void leave();
  void press(const Scene& scene, PointerButton button);
  void release(const Scene& scene, PointerButton button);
  // steps > 0: away from the person.
  void wheel(const Scene& scene, float steps);

 private:
  enum class Drag : std::uint8_t { kNone, kSeek, kSpeed, kPan, kScroll, kCurve };

  void press_left(const Scene& scene);
  void press_right(const Scene& scene);
  void begin(Drag drag);
  void drag_to(Point at);
  void act(const Action& action) { bench_->act(action, width_, height_); }
  void draw_curve(Point at);
  Rect plot() const;

  Workbench* bench_;
  float width_ = 1280, height_ = 720;
  std::optional<PointerButton> held_;
  Drag drag_ = Drag::kNone;
  Drag once_moved_ = Drag::kNone;  // what the press becomes when it moves
  Point pressed_at_;
  Rect pressed_box_;  // of what was pressed; a click ends inside it
  Action pressed_;    // what a click does
};

// The topmost box under a point for which `wanted` holds; nothing below an open popup is found.
template <typename Wanted>
const Hit* top_hit(const Scene& scene, Point at, Wanted wanted) {
  for (auto hit = scene.hits.rbegin(); hit != scene.hits.rend(); ++hit) {
    if (!hit->box.contains(at)) continue;
    if (wanted(*hit)) return &*hit;
    if (hit->part == "popup" || hit->part == "side") return nullptr;
  }
  return nullptr;
}

}  // namespace sendscope::ui
