// The thumb of every list can be dragged, there and back.
#include <algorithm>

#include "tests/ui/workbench/hand.h"

namespace sendscope::ui {
namespace {

using test::do_verb;
using test::Hand;
using test::middle;

const char* const kLong = R"json({
  "sendscope": 1, "title": "Long lists",
  "cluster": { "nodes": 12, "topics": { "orders": { "partitions": 40 } } },
  "producers": { "p1": { "threads": {
    "a1": [ { "send": { "topic": "orders", "value": "100B", "count": 30 } }, { "flush": {} } ],
    "a2": [ { "flush": {} } ], "a3": [ { "flush": {} } ], "a4": [ { "flush": {} } ], "a5": [ { "flush": {} } ],
    "a6": [ { "flush": {} } ], "a7": [ { "flush": {} } ], "a8": [ { "flush": {} } ], "a9": [ { "flush": {} } ],
    "b1": [ { "flush": {} } ], "b2": [ { "flush": {} } ], "b3": [ { "flush": {} } ], "b4": [ { "flush": {} } ] } } },
  "until": "1s" })json";

Hit thumb_of(const Hand& hand, ListName list) {
  for (const Hit& hit : hand.parts("scroll.thumb")) {
    if (hit.click.scroll.list == static_cast<int>(list)) return hit;
  }
  FAIL("list " << static_cast<int>(list) << " has no thumb");
  return {};
}

// Drags the thumb; the list follows it, and comes back with it.
void drag(Hand& hand, ListName list, float by) {
  INFO("list " << static_cast<int>(list));
  const auto scrolled = [&] { return hand.bench->view().scrolled(list); };
  const float before = scrolled();
  const Hit thumb = thumb_of(hand, list);
  hand.press(middle(thumb.box));
  hand.move({thumb.box.middle_x() + 40, thumb.box.middle_y() + by});
  CHECK((by > 0 ? scrolled() > before : scrolled() < before));
  CHECK(std::abs(thumb_of(hand, list).box.y - thumb.box.y) > 2);
  hand.move({thumb.box.middle_x(), thumb.box.middle_y() + 50 * by});
  CHECK(scrolled() == (by > 0 ? thumb.click.scroll.last : thumb.click.scroll.least));
  hand.move(middle(thumb.box));
  hand.release();
  CHECK(std::abs(scrolled() - thumb.click.scroll.from) <= 1);
}

TEST_CASE("threads, partitions, nodes, lanes and the facts of a producer are dragged by their thumbs") {
  Hand hand(test::bench_of_text(kLong));
  do_verb(*hand.bench, Verb::kEnd);
  do_verb(*hand.bench, Verb::kIdleLanes);
  hand.bench->act(select_action(producer_subject(0)), test::kBenchW, test::kBenchH);
  hand.look();
  for (const ListName list :
       {ListName::kThreads, ListName::kPartitions, ListName::kNodes, ListName::kLanes, ListName::kFacts})
    drag(hand, list, 12);
}

TEST_CASE("events, and the history of a thing, are dragged from where the cursor is") {
  Hand hand("leader-dies.json");
  do_verb(*hand.bench, Verb::kSeekEvent, 3000);
  hand.bench->view().bottom = BottomTab::kEvents;
  hand.bench->act(select_action(partition_subject(0)), test::kBenchW, test::kBenchH);
  hand.look();
  drag(hand, ListName::kEvents, 10);
  drag(hand, ListName::kSide, -10);
}

TEST_CASE("a click beside the thumb goes a page on") {
  Hand hand(test::bench_of_text(kLong));
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const auto pages = [&] {
    std::vector<Hit> all = hand.parts("scroll.page");
    std::erase_if(
        all, [](const Hit& hit) { return hit.click.scroll.list != static_cast<int>(ListName::kPartitions); });
    return all;
  };
  REQUIRE(pages().size() == 1);
  hand.click(middle(pages().front().box));
  const float once = hand.bench->view().scrolled(ListName::kPartitions);
  CHECK(once > 1);
  REQUIRE(pages().size() == 2);
  hand.click(middle(pages().front().box));
  CHECK(hand.bench->view().scrolled(ListName::kPartitions) == 0);
}

TEST_CASE("a step too long for its place is read to its end by the wheel, and the next begins at its top") {
  constexpr float kSmallW = 853, kSmallH = 480;
  const auto bench = test::bench_of("backpressure.json");
  const test::PlainMeasure measure;
  Pointer pointer(*bench);
  pointer.resize(kSmallW, kSmallH);
  do_verb(*bench, Verb::kLesson, 7);
  const auto look = [&] { return bench->frame(measure, kSmallW, kSmallH); };
  const auto reads = [&](std::string_view words) {
    const Scene scene = look();
    return std::any_of(scene.shapes.begin(), scene.shapes.end(),
                       [&](const Shape& shape) { return shape.text.find(words) != std::string::npos; });
  };
  CHECK(reads("stand-still"));
  CHECK_FALSE(reads("high"));  // the last row of its question
  Scene scene = look();
  pointer.move(scene, {kSmallW - 60, 220});
  for (int i = 0; i < 40; ++i) pointer.wheel(scene, -1);
  CHECK(reads("high"));
  CHECK_FALSE(reads("stand-still"));
  for (const Hit& hit : test::hits_of(look(), "question.sure")) CHECK(hit.box.bottom() < kSmallH - 40);
  do_verb(*bench, Verb::kLesson, 1);
  CHECK(reads("Connections"));
}

}  // namespace
}  // namespace sendscope::ui
