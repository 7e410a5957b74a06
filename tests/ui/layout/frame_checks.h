// What tests of frames look for: sizes of windows, texts and parts of a scene, and texts that lie over
// others.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "ui/layout/action.h"
#include "ui/layout/scene.h"

namespace sendscope::ui {

struct Size {
  float width, height;
  int percent;
};

// 1280x720 and two larger windows at every UI scale.
inline std::vector<Size> sizes() {
  std::vector<Size> all;
  for (const auto& [w, h] : {std::pair(1280, 720), std::pair(1600, 900), std::pair(2560, 1440)}) {
    for (const int percent : {75, 90, 100, 110, 125, 150, 175, 200}) {
      const float scale = static_cast<float>(percent) / 100;
      all.push_back({static_cast<float>(w) / scale, static_cast<float>(h) / scale, percent});
    }
  }
  return all;
}

// Where the ink of a text is.
inline Rect ink(const Shape& shape) {
  const float caps = font_spec(shape.font).cap_height;
  return {shape.box.x, shape.box.middle_y() - caps / 2, shape.box.w, caps};
}

inline std::vector<const Shape*> texts(const Scene& scene) {
  std::vector<const Shape*> found;
  for (const Shape& shape : scene.shapes) {
    if (shape.kind == ShapeKind::kText) found.push_back(&shape);
  }
  return found;
}

std::vector<const Shape*> texts(const Scene&&) = delete;  // they would outlive it

inline std::vector<const Hit*> parts(const Scene& scene, const std::string& part) {
  std::vector<const Hit*> found;
  for (const Hit& hit : scene.hits) {
    if (hit.part == part) found.push_back(&hit);
  }
  return found;
}

std::vector<const Hit*> parts(const Scene&&, const std::string&) = delete;

inline std::string place(const Shape& shape) {
  return '"' + shape.text + "\" at " + std::to_string(shape.box.x) + ", " + std::to_string(shape.box.y);
}

inline void check_texts(const Scene& scene, const Size& size) {
  INFO(size.width << "x" << size.height);
  const Rect window{0, 0, size.width, size.height};
  const auto all = texts(scene);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!window.holds(ink(*all[i]))) FAIL("outside the window: " << place(*all[i]));
    for (std::size_t k = i + 1; k < all.size(); ++k) {
      if (ink(*all[i]).overlaps(ink(*all[k]))) FAIL(place(*all[i]) << " overlaps " << place(*all[k]));
    }
  }
  CHECK(all.size() > 10);
}

// Frame: SampleFrame.
template <typename Frame>
void check_at_every_size(Frame& frame) {
  for (const Size& size : sizes()) {
    frame.view.scale_percent = size.percent;
    check_texts(frame.scene(size.width, size.height), size);
  }
}

// All overlays at once, near the corner.
template <typename Frame>
void check_overlays_inside(Frame& frame) {
  frame.view.menu_open = frame.view.keys_open = frame.view.palette_open = frame.view.fault_open = true;
  frame.view.fault_target = node_subject(2);
  frame.view.fault_at = {5000, 5000};
  for (const Size& size : sizes()) {
    INFO(size.width << "x" << size.height);
    const Rect window{0, 0, size.width, size.height};
    const Scene scene = frame.scene(size.width, size.height);
    for (const Hit* hit : parts(scene, "popup")) CHECK(window.holds(hit->box));
    for (const Shape* shape : texts(scene)) CHECK(window.holds(ink(*shape)));
  }
}

}  // namespace sendscope::ui
