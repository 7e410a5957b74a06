// The tabs of the producers: all within the window, the one shown among them, the others within reach.
#include <algorithm>
#include <memory>
#include <string>

#include "tests/support/sample_frame.h"
#include "tests/ui/layout/frame_checks.h"
#include "tests/ui/layout/pseudo.h"

namespace sendscope::ui {
namespace {

using test::SampleFrame;

void add_producers(SampleFrame& frame, std::uint16_t count, const std::string& name) {
  for (std::uint16_t i = 1; i < count; ++i) {
    frame.log.append_strings({name + std::to_string(i)});
    const StringId word = frame.log.strings().size() - 1;
    frame.log.append({frame.cursor.t, EventKind::producer_created, i, kNoPlace, 1 << 20, word, 16384});
  }
  frame.history->update();
  frame.cursor.events = frame.log.size();
}

TEST_CASE("tabs of any number of producers keep their places, and the one shown is there") {
  const auto [count, name] =
      GENERATE(std::pair(std::uint16_t{2}, "p"), std::pair(std::uint16_t{5}, "payments-"),
               std::pair(std::uint16_t{31}, "a-producer-with-a-long-name-"));
  SampleFrame frame;
  add_producers(frame, count, name);
  for (const Size& size : sizes()) {
    frame.view.producer = static_cast<std::size_t>(size.percent) * 7 % count;
    const Scene scene = frame.scene(size.width, size.height);
    INFO(count << " at " << size.width << "x" << size.height);
    check_texts(scene, size);
    const Regions regions = make_regions(size.width, size.height, {.tabs = true});
    const auto tabs = parts(scene, "producer.tab");
    REQUIRE_FALSE(tabs.empty());
    for (std::size_t i = 0; i < tabs.size(); ++i) {
      CHECK(regions.tabs.holds(tabs[i]->box));
      if (i > 0) CHECK(tabs[i]->box.x >= tabs[i - 1]->box.right());
    }
    CHECK(std::any_of(tabs.begin(), tabs.end(),
                      [&](const Hit* tab) { return tab->subject.id == frame.view.producer; }));
    CHECK(parts(scene, "producer.more").empty() == (tabs.size() == count));
  }
}

TEST_CASE("producers side by side keep their places, in English and in longer words") {
  const auto pseudo = GENERATE(false, true) ? std::make_unique<test::SpeakPseudo>() : nullptr;
  const auto [count, name] =
      GENERATE(std::pair(std::uint16_t{2}, "p"), std::pair(std::uint16_t{6}, "a-producer-with-a-long-name-"));
  SampleFrame frame(GENERATE(test::SampleOptions{}, test::SampleOptions{30, 9, 14, 40}));
  add_producers(frame, count, name);
  frame.view.side_by_side = true;
  for (const Size& size : sizes()) {
    const Scene scene = frame.scene(size.width, size.height);
    INFO(count << " at " << size.width << "x" << size.height);
    check_texts(scene, size);
    const auto cells = parts(scene, "multiple");
    CHECK(cells.size() >= 2);
    CHECK(cells.size() <= std::min<std::size_t>(count, 4));
    const Rect stage = make_regions(size.width, size.height, {.tabs = true}).stage;
    for (const Hit* cell : cells) CHECK(stage.holds(cell->box));
  }
}

TEST_CASE("the tab of a producer that the last event is about has a dot, unless it is the one shown") {
  SampleFrame frame;
  add_producers(frame, 3, "p");  // the last of them was the last to be made
  const auto dots = [&] {
    const Scene scene = frame.scene(1280, 720);
    const Rect tabs = make_regions(1280, 720, {.tabs = true}).tabs;
    return std::count_if(scene.shapes.begin(), scene.shapes.end(), [&](const Shape& shape) {
      return shape.kind == ShapeKind::kDisc && tabs.holds(shape.box);
    });
  };
  frame.view.producer = 0;
  CHECK(dots() == 1);
  frame.view.producer = 2;
  CHECK(dots() == 0);
}

}  // namespace
}  // namespace sendscope::ui
