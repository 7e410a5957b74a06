// What lies over the frame: the menu, the sheet of keys, explanations. All of it is told, inside the window.
#include "ui/layout/overlays.h"

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/sample_frame.h"
#include "tests/ui/layout/frame_checks.h"

namespace sendscope::ui {
namespace {

using test::SampleFrame;

TEST_CASE("the menu shows every scenario, in two columns, or says how many the wheel reaches") {
  SampleFrame frame;
  frame.facts.menu.clear();
  for (int i = 0; i < 27; ++i) frame.facts.menu.push_back({"Lesson " + std::to_string(i), "", "x.json"});
  frame.view.menu_open = true;
  const auto shown = [&](float width, float height) {
    const Scene scene = frame.scene(width, height);
    std::set<std::int64_t> items;
    for (const Hit& hit : scene.hits) {
      if (hit.part != "menu.item") continue;
      CHECK(hit.box.bottom() <= height);
      CHECK(hit.box.right() <= width);
      items.insert(hit.click.value);
    }
    const bool more = std::any_of(scene.shapes.begin(), scene.shapes.end(), [](const Shape& shape) {
      return shape.text.find("the wheel shows the other") == 0;
    });
    CHECK(more == (items.size() < 27));
    return items.size();
  };
  CHECK(shown(1280, 720) == 27);
  CHECK(shown(1920, 1080) == 27);
  CHECK(shown(900, 600) >= 12);
  CHECK(shown(640, 360) >= 6);
}

TEST_CASE("overlays stay inside the window") {
  SampleFrame frame;
  check_overlays_inside(frame);
}

TEST_CASE("what lies under the pointer is explained next to it, inside the window") {
  SampleFrame frame;
  for (const Point p : {Point{200, 150}, Point{1270, 140}, Point{640, 715}, Point{700, 150}}) {
    frame.view.pointer = p;
    const Scene scene = frame.scene(1280, 720);
    for (const Shape& shape : scene.shapes) {
      if (shape.kind == ShapeKind::kText) CHECK(Rect{0, 0, 1280, 720}.holds(ink(shape)));
    }
  }
}

TEST_CASE("the sheet of keys shows all keys, in windows of any size") {
  SampleFrame frame;
  frame.view.keys_open = true;
  for (const Size& size : sizes()) {
    INFO(size.width << "x" << size.height);
    const Scene scene = frame.scene(size.width, size.height);
    Rect sheet;
    for (const Hit* hit : parts(scene, "popup")) sheet = hit->box;
    const auto all = texts(scene);
    for (const KeyRow& row : key_rows()) {
      INFO(row.keys);
      CHECK(std::any_of(all.begin(), all.end(), [&](const Shape* shape) {
        return shape->text == row.keys && sheet.holds(ink(*shape));
      }));
    }
  }
}

TEST_CASE("an explanation is told in full: nothing of it is cut") {
  SampleFrame frame;
  const std::string_view ellipsis = "\xe2\x80\xa6";
  const Scene plain = frame.scene(1280, 720);
  const auto cut = [&](const Scene& scene) {
    return std::count_if(scene.shapes.begin(), scene.shapes.end(), [&](const Shape& shape) {
      return shape.kind == ShapeKind::kText && shape.text.ends_with(ellipsis);
    });
  };
  std::size_t explained = 0;
  for (const Hit& hit : plain.hits) {
    if (hit.tip.empty() || hit.tip.find(ellipsis) != std::string::npos) continue;
    ++explained;
    frame.view.pointer = {hit.box.middle_x(), hit.box.middle_y()};
    INFO(hit.tip);
    CHECK(cut(frame.scene(1280, 720)) == cut(plain));
  }
  CHECK(explained > 50);
}

}  // namespace
}  // namespace sendscope::ui
