// A hand at the pointer of a workbench: after everything it does the frame is drawn anew.
#pragma once

#include <algorithm>

#include "tests/ui/workbench/bench.h"

namespace sendscope::test {

struct Hand {
  explicit Hand(const std::string& file) : Hand(bench_of(file)) {}
  explicit Hand(std::unique_ptr<ui::Workbench> on) : bench(std::move(on)), pointer(*bench) {
    pointer.resize(kBenchW, kBenchH);
    look();
  }

  void look() { scene = bench->frame(measure, kBenchW, kBenchH); }
  void press(ui::Point at, ui::PointerButton button = ui::PointerButton::kLeft) {
    pointer.move(scene, at);
    pointer.press(scene, button);
    look();
  }
  void move(ui::Point at) {
    pointer.move(scene, at);
    look();
  }
  void release(ui::PointerButton button = ui::PointerButton::kLeft) {
    pointer.release(scene, button);
    look();
  }
  void click(ui::Point at, ui::PointerButton button = ui::PointerButton::kLeft) {
    press(at, button);
    release(button);
  }

  std::vector<ui::Hit> parts(std::string_view part) const { return hits_of(scene, part); }
  bool says(std::string_view words) const {
    return std::any_of(scene.shapes.begin(), scene.shapes.end(),
                       [&](const ui::Shape& shape) { return shape.text == words; });
  }

  // The bars of the lanes at least `width` wide, left to right.
  std::vector<ui::Hit> bars(float width) const {
    std::vector<ui::Hit> found;
    for (const ui::Hit& hit : scene.hits) {
      if (hit.part == "lane.bar" && hit.box.w >= width && hit.box.h >= 4) found.push_back(hit);
    }
    std::sort(found.begin(), found.end(),
              [](const ui::Hit& a, const ui::Hit& b) { return a.box.x < b.box.x; });
    return found;
  }

  // Where the cursor is drawn.
  float cursor_x() const {
    for (const ui::Shape& shape : scene.shapes) {
      if (shape.kind == ui::ShapeKind::kLine && shape.paint.tone == ui::Tone::kCursor &&
          shape.box.x == shape.end.x)
        return shape.box.x;
    }
    return -1;
  }

  std::unique_ptr<ui::Workbench> bench;
  ui::Pointer pointer;
  PlainMeasure measure;
  ui::Scene scene;
};

}  // namespace sendscope::test
