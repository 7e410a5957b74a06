// What presses, drags and clicks do, as a person makes them: on things of a frame that is drawn anew after
// each.
#include "tests/ui/workbench/hand.h"

namespace sendscope::ui {
namespace {

using test::do_verb;
using test::Hand;
using test::kBenchH;
using test::kBenchW;
using test::middle;

TEST_CASE("a press on a bar that moves drags the cursor and selects nothing") {
  Hand hand("slow-broker.json");
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const std::vector<Hit> bars = hand.bars(8);
  REQUIRE(bars.size() > 1);
  const Nanos before = hand.bench->cursor().t;
  hand.press(middle(bars[1].box));
  CHECK(hand.bench->cursor().t == before);
  const Point to{middle(bars[1].box).x - 10, middle(bars[1].box).y};
  hand.move(to);
  CHECK(std::abs(hand.cursor_x() - to.x) < 1);
  CHECK(hand.bench->view().dragging);
  hand.release();
  CHECK_FALSE(hand.bench->view().dragging);
  CHECK_FALSE(is_set(hand.bench->view().selected));
}

TEST_CASE("a click selects the bar under the press, whatever lies there at the release") {
  Hand hand("slow-broker.json");
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  for (const Hit& bar : {hand.bars(8)[0], hand.bars(8).back()}) {
    INFO(bar.subject.id);
    hand.press(middle(bar.box));
    for (Hit& hit : hand.scene.hits) hit.subject = node_subject(99);  // the run has gone on meanwhile
    hand.pointer.release(hand.scene, PointerButton::kLeft);
    hand.look();
    CHECK(hand.bench->view().selected == bar.subject);
  }
}

TEST_CASE("a right drag that begins on a bar pans, a right click on it opens its menu") {
  Hand hand("slow-broker.json");
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const std::vector<Hit> bars = hand.bars(8);
  do_verb(*hand.bench, Verb::kTimelineZoom, 4);
  hand.look();
  REQUIRE_FALSE(hand.bars(8).empty());
  const Hit bar = hand.bars(8).back();
  const double from = hand.bench->view().axis_from;
  hand.press(middle(bar.box), PointerButton::kRight);
  hand.move({middle(bar.box).x + 40, middle(bar.box).y});
  hand.release(PointerButton::kRight);
  CHECK(hand.bench->view().axis_from < from);
  CHECK_FALSE(hand.bench->view().fault_open);

  hand.click(middle(hand.bars(8).back().box), PointerButton::kRight);
  CHECK(hand.bench->view().fault_open);
}

TEST_CASE("a press that leaves a button does not press it, and a second button waits for the first") {
  Hand hand("slow-broker.json");
  do_verb(*hand.bench, Verb::kSeek, 100 * kNanosPerMilli);
  hand.look();
  Hit thread;
  for (const Hit& hit : hand.scene.hits) {
    if (hit.part == "thread") thread = hit;
  }
  REQUIRE(is_set(thread.subject));
  hand.press(middle(thread.box));
  hand.move({kBenchW / 2, 20});
  hand.release();
  CHECK_FALSE(is_set(hand.bench->view().selected));
  hand.press(middle(thread.box));
  hand.click(middle(thread.box), PointerButton::kRight);
  CHECK_FALSE(hand.bench->view().fault_open);
  hand.release();
  CHECK(hand.bench->view().selected == thread.subject);
}

}  // namespace
}  // namespace sendscope::ui
