// What every frame must keep, whatever its size: nothing overlaps, nothing leaves its column, every request
// in flight has its box, and the numbers add up.
#include <algorithm>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/sample_frame.h"
#include "tests/ui/layout/frame_checks.h"
#include "ui/layout/format.h"

namespace sendscope::ui {
namespace {

using test::SampleFrame;
using test::SampleOptions;

void check_apart(const Scene& scene, const std::string& part) {
  const auto boxes = parts(scene, part);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t k = i + 1; k < boxes.size(); ++k) {
      if (boxes[i]->box.overlaps(boxes[k]->box)) FAIL(part << " " << i << " and " << k << " overlap");
    }
  }
}

void check_inside(const Scene& scene, const std::string& part, const Rect& column) {
  for (const Hit* hit : parts(scene, part)) {
    INFO(part << " at " << hit->box.x << ", " << hit->box.y << ", " << hit->box.w << "x" << hit->box.h);
    REQUIRE(column.holds(hit->box));
  }
}

TEST_CASE("no text overlaps another or leaves the window, at any size and scale") {
  const SampleOptions options =
      GENERATE(SampleOptions{}, SampleOptions{12, 5, 6, 0}, SampleOptions{30, 9, 14, 40});
  SampleFrame frame(options);
  check_at_every_size(frame);
}

TEST_CASE("no text overlaps another with a selection, whatever it is") {
  SampleFrame frame;
  const Subject subject =
      GENERATE(batch_subject(16), request_subject(87), partition_subject(2), node_subject(3),
               thread_subject(1), record_subject(172), record_subject(99999));
  frame.view.selected = subject;
  frame.view.side = SideTab::kInspector;
  for (const Size& size : sizes()) {
    if (size.width < 960) continue;  // there the side panel lies over the rest
    check_texts(frame.scene(size.width, size.height), size);
  }
}

TEST_CASE("no text overlaps another where partitions are replicated, in sync or not") {
  SampleFrame frame;
  const std::uint32_t in_sync = GENERATE(3u, 1u);
  for (std::uint32_t p = 0; p < 5; ++p) {
    const auto leader = static_cast<std::uint16_t>(p % 3 + 1);
    const std::uint64_t members = in_sync == 3 ? 0b1110u : 1u << leader;
    for (std::uint16_t node = 1; node <= 3; ++node) {
      frame.log.append({frame.cursor.t, EventKind::replica_fetched, node, p, 0, 30 + 9 * p, leader});
    }
    frame.log.append({frame.cursor.t, EventKind::isr_changed, leader, p, members, in_sync, 0});
  }
  frame.history->update();
  frame.cursor.events = frame.log.size();
  const Scene usual = frame.scene(1280, 720);
  const auto all = texts(usual);
  CHECK(std::any_of(all.begin(), all.end(), [&](const Shape* shape) {
    return shape->text == (in_sync == 3 ? "ISR 3 of 3" : "ISR 1 of 3");
  }));
  for (const Size& size : sizes()) check_texts(frame.scene(size.width, size.height), size);
}

TEST_CASE("no text overlaps another with a list in the bottom panel") {
  SampleFrame frame;
  frame.view.bottom = GENERATE(BottomTab::kEvents, BottomTab::kChecks, BottomTab::kByHand);
  const std::string words = "Responses from node 2 to request 12 of p1 are lost, 1 time";
  frame.facts.orders.assign(12, {42'310'000, words, ""});
  frame.facts.orders[1].dropped = "request 12 was answered already";
  for (const Size& size : sizes()) check_texts(frame.scene(size.width, size.height), size);
}

TEST_CASE("the list of events has no rows for the values that nobody set, and scrolls past them") {
  SampleFrame frame;
  const std::size_t before = frame.log.size();
  const Nanos now = frame.cursor.t;
  frame.log.append({now, EventKind::config_defaults, 0, kNoPlace, 0, 60, 0});
  for (int i = 0; i < 60; ++i) frame.log.append({now, EventKind::config_set, 0, 0, 0, 0, 0});
  for (int i = 0; i < 20; ++i) frame.log.append({now, EventKind::waiter_woken, 0, kNoPlace, 0, 0, 0});
  frame.history->update();
  frame.view.bottom = BottomTab::kEvents;
  const auto listed = [&](std::size_t cursor) {
    frame.cursor.events = cursor;
    std::vector<std::int64_t> events;
    const Scene scene = frame.scene(1280, 720);
    for (const Hit* hit : parts(scene, "event")) events.push_back(hit->click.value - 1);
    return events;
  };
  const auto of = [&](std::size_t first, std::size_t count) {
    std::vector<std::int64_t> events;
    for (std::size_t i = first; events.size() < count; ++i)
      if (!is_default_value(frame.log[i])) events.push_back(static_cast<std::int64_t>(i));
    return events;
  };
  const std::size_t rows = listed(before + 1).size();
  REQUIRE(rows >= 4);
  // The last event stands at two thirds of the list.
  CHECK(listed(before + 1) == of(before + 1 - rows * 2 / 3, rows));
  CHECK(listed(before + 62) == of(before + 2 - rows * 2 / 3, rows));
  CHECK(listed(frame.log.size()) == of(frame.log.size() - rows, rows));
  CHECK(listed(0) == of(0, rows));
  frame.view.scroll[static_cast<int>(ListName::kEvents)] = 2;
  CHECK(listed(before + 1) == of(before + 3 - rows * 2 / 3, rows));
}

TEST_CASE("a run that is followed has no speed to choose, and says so") {
  SampleFrame frame;
  const auto has = [&frame](std::string_view part) {
    const Scene scene = frame.scene(1280, 720);
    return std::any_of(scene.hits.begin(), scene.hits.end(),
                       [part](const Hit& hit) { return hit.part == part; });
  };
  CHECK(has("speed"));
  CHECK_FALSE(has("following"));
  frame.view.following = true;
  CHECK_FALSE(has("speed"));
  CHECK(has("following"));
  for (const Size& size : sizes()) check_texts(frame.scene(size.width, size.height), size);
}

TEST_CASE("things of one kind lie apart and inside their column") {
  const SampleOptions options =
      GENERATE(SampleOptions{}, SampleOptions{12, 5, 6, 0}, SampleOptions{30, 9, 14, 40});
  SampleFrame frame(options);
  for (const Size& size : sizes()) {
    INFO(size.width << "x" << size.height);
    const Scene scene = frame.scene(size.width, size.height);
    const Regions at = make_regions(size.width, size.height, {});
    for (const char* part :
         {"thread", "partition", "link", "broker", "pool.block", "pool.part", "pool.waiter", "slot",
          "deque.batch", "structure.member", "callback", "button"}) {
      check_apart(scene, part);
    }
    check_inside(scene, "thread", at.threads);
    check_inside(scene, "pool.block", at.pool);
    check_inside(scene, "pool.part", at.pool);
    check_inside(scene, "pool.waiter", at.pool);
    check_inside(scene, "partition", at.partitions);
    check_inside(scene, "deque.batch", at.partitions);
    check_inside(scene, "link", at.in_flight);
    check_inside(scene, "slot", at.in_flight);
    check_inside(scene, "broker", at.brokers);
    check_inside(scene, "request", at.wire);
    check_inside(scene, "response", at.wire);
  }
}

TEST_CASE("every request in flight has a box in the order in which it was sent") {
  SampleFrame frame;
  const Scene scene = frame.scene(1280, 720);
  const ProducerModel& producer = *frame.model().producer(0);
  std::size_t shown = 0;
  for (const auto& [node, link] : producer.links) {
    float x = -1;
    for (const RequestId id : link.in_flight_requests) {
      const auto slots = parts(scene, "slot");
      const auto slot = std::find_if(slots.begin(), slots.end(), [id = id](const Hit* hit) {
        return hit->subject == request_subject(id);
      });
      REQUIRE(slot != slots.end());
      CHECK((*slot)->box.x > x);
      x = (*slot)->box.x;
      ++shown;
    }
  }
  CHECK(shown == 2);
  CHECK(parts(scene, "slot").size() == shown);
}

TEST_CASE("the number of the event is always told, and a narrow window has a way to the lesson") {
  SampleFrame frame;
  const std::string number = count_text(static_cast<std::int64_t>(frame.cursor.events));
  for (const Size& size : sizes()) {
    INFO(size.width << "x" << size.height);
    const Scene scene = frame.scene(size.width, size.height);
    const Regions at = make_regions(size.width, size.height, {});
    const auto all = texts(scene);
    CHECK(std::any_of(all.begin(), all.end(), [&](const Shape* shape) {
      return shape->text == number && at.transport.holds(shape->box);
    }));
    const auto buttons = parts(scene, "button");
    const bool button = std::any_of(buttons.begin(), buttons.end(),
                                    [](const Hit* hit) { return hit->click.verb == Verb::kSide; });
    CHECK(button == at.side_floats);
  }
}

TEST_CASE("the labels of the time axis lie inside the timeline") {
  SampleFrame frame;
  for (const Size& size : sizes()) {
    INFO(size.width << "x" << size.height);
    const Rect timeline = make_regions(size.width, size.height, {}).timeline;
    const Scene scene = frame.scene(size.width, size.height);
    for (const Shape* shape : texts(scene)) {
      const Rect where = ink(*shape);
      if (where.y < timeline.y || where.y >= timeline.bottom()) continue;
      CHECK(where.bottom() <= timeline.bottom() - 2);
    }
  }
}

TEST_CASE("the blocks of the pool fill its area as their bytes fill the pool") {
  SampleFrame frame;
  const Scene scene = frame.scene(1280, 720);
  const PoolModel& pool = frame.model().producer(0)->pool;
  const auto blocks = parts(scene, "pool.block");
  REQUIRE(blocks.size() == 4);
  float height = 0;
  for (const Hit* block : blocks) height += block->box.h + 3;
  const Regions at = make_regions(1280, 720, {});
  CHECK(pool.available == 0);
  CHECK(height == Approx(at.pool.h - 46 - 64).margin(1));
}

TEST_CASE("the frame says what the model says") {
  SampleFrame frame;
  frame.view.selected = batch_subject(16);
  frame.view.side = SideTab::kInspector;
  const Scene scene = frame.scene(1280, 720);
  const auto says = [&](const std::string& text) {
    const auto all = texts(scene);
    return std::any_of(all.begin(), all.end(), [&](const Shape* shape) { return shape->text == text; });
  };
  CHECK(says("0 KiB"));                                 // free in the pool
  CHECK(says("4"));                                     // IncompleteBatches
  CHECK(says("NOT_LEADER_OR_FOLLOWER"));                // last error of batch 16
  CHECK(says("WHY 41.342 MS SO FAR"));                  // from its creation to the cursor
  CHECK(says("sum 41.342 ms = its age \xe2\x9c\x93"));  // the slices add up
  CHECK(says("retrying in 100 ms"));
}

TEST_CASE("a thread that waits in a transactional call says for what, and when it gives up") {
  SampleFrame frame;
  const std::pair<TransactionCall, const char*> calls[] = {
      {TransactionCall::kInit, "waits for an id"},
      {TransactionCall::kSendOffsets, "waits for offsets"},
      {TransactionCall::kCommit, "waits for commit"},
      {TransactionCall::kAbort, "waits for abort"}};
  for (const auto& [call, words] : calls) {
    const Nanos began = frame.cursor.t + kNanosPerMilli;
    const auto number = static_cast<std::uint32_t>(call);
    frame.log.append({.t = began, .kind = EventKind::txn_call_began, .actor = 0, .a = number});
    frame.history->update();
    frame.cursor = {frame.log.size(), began + 10 * kNanosPerMilli};
    const Scene scene = frame.scene(1280, 720);
    const auto all = texts(scene);
    CHECK(std::any_of(all.begin(), all.end(), [&](const Shape* shape) { return shape->text == words; }));
    const std::string left = short_duration(59'990 * kNanosPerMilli);  // of max.block.ms
    const std::string tip = parts(scene, "thread")[0]->tip;
    CHECK(tip.find(txn_call_words(number) + " fails in\t" + left) != std::string::npos);
  }
}

TEST_CASE("what is not related to the selection steps back") {
  SampleFrame frame;
  frame.view.selected = batch_subject(17);
  const Scene scene = frame.scene(1280, 720);
  bool bright = false, dim = false;
  for (const Shape* shape : texts(scene)) {
    if (shape->text == "#17 orders-1") bright = shape->paint.opacity == Approx(1);
    if (shape->text == "#18 orders-2") dim = shape->paint.opacity == Approx(kDimmed);
  }
  CHECK(bright);
  CHECK(dim);
}

TEST_CASE("a frame before the first event and one without a producer can be drawn") {
  SampleFrame frame;
  frame.cursor = {0, 0};
  CHECK(frame.scene(1280, 720).shapes.size() > 40);
  frame.cursor = {1, 0};
  CHECK(frame.scene(640, 360).shapes.size() > 20);
}

TEST_CASE("an incomplete recording says so at the top") {
  SampleFrame frame;
  frame.facts.warning = "block 3 at byte 17: it is cut off";
  const Scene scene = frame.scene(1280, 720);
  CHECK(std::any_of(scene.shapes.begin(), scene.shapes.end(),
                    [](const Shape& shape) { return shape.text == "incomplete"; }));
}

TEST_CASE("the heading of the step that is told stands there in full") {
  SampleFrame frame;
  frame.facts.lesson[0].heading = "A second request fills the window of the node";
  frame.view.side = SideTab::kLesson;
  const Scene scene = frame.scene(1280, 720);
  check_texts(scene, {1280, 720, 100});
  std::string all;
  for (const Shape* shape : texts(scene)) {
    if (shape->font == Font::kBodyStrong && shape->box.x > 1000) all += shape->text + " ";
  }
  CHECK(all.find("A second request fills the window of the node") != std::string::npos);
}

}  // namespace
}  // namespace sendscope::ui
