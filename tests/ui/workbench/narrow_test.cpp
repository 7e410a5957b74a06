// What a narrow window must not lose: breaking something, and how far a search was followed.
#include <algorithm>

#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::do_verb;

// Clicks the topmost box with this verb in a window of this size.
void click_verb(Workbench& bench, Verb verb, float width, float height) {
  const test::PlainMeasure measure;
  const Scene scene = bench.frame(measure, width, height);
  const auto hit = std::find_if(scene.hits.rbegin(), scene.hits.rend(),
                                [&](const Hit& h) { return h.click.verb == verb; });
  REQUIRE(hit != scene.hits.rend());
  Pointer pointer(bench);
  pointer.resize(width, height);
  pointer.move(scene, test::middle(hit->box));
  pointer.press(scene, PointerButton::kLeft);
  pointer.release(scene, PointerButton::kLeft);
}

TEST_CASE(
    "in a window of any width a click opens what can be broken, of the selected thing where there is one") {
  const auto bench = bench_of("backpressure.json");
  do_verb(*bench, Verb::kSeek, 40 * kNanosPerMilli);
  for (const float width : {640.0f, 720.0f, 853.0f, 1024.0f}) {
    INFO(width);
    click_verb(*bench, Verb::kFaultMenu, width, 480);
    CHECK(bench->view().fault_open);
    do_verb(*bench, Verb::kClose);
  }
  bench->act(select_action(node_subject(1)), 700, 480);
  do_verb(*bench, Verb::kSide);
  bench->act(select_action(node_subject(1)), 700, 480);
  click_verb(*bench, Verb::kFaultMenu, 700, 480);
  CHECK(bench->view().fault_target == node_subject(1));
}

TEST_CASE("a narrow window says which of the events found the cursor has reached") {
  const auto bench = bench_of("backpressure.json");
  test::Person person(*bench);
  person.search("waits in line");
  person.press(Key::kEnter);
  REQUIRE(bench->view().found.size() > 1);
  const test::PlainMeasure measure;
  const Scene scene = bench->frame(measure, 700, 480);
  const std::string count = "1 of " + std::to_string(bench->view().found.size());
  CHECK(std::any_of(scene.shapes.begin(), scene.shapes.end(),
                    [&](const Shape& shape) { return shape.text == count; }));
}

}  // namespace
}  // namespace sendscope::ui
