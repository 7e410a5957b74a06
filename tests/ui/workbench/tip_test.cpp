// What explains itself under the pointer, when, and where.
#include "tests/ui/workbench/hand.h"
#include "ui/workbench/keyboard.h"

namespace sendscope::ui {
namespace {

using test::do_verb;
using test::Hand;
using test::kBenchH;
using test::kBenchW;
using test::middle;

// The box of the tip, which is drawn last of all and begins with this title; empty without one.
Rect tip_box(const Hand& hand, const Hit& about) {
  const auto& shapes = hand.scene.shapes;
  const std::string title = about.tip.substr(0, about.tip.find('\n'));
  for (std::size_t i = shapes.size(); i-- > 2;) {
    if (shapes[i].kind != ShapeKind::kText || shapes[i].font != Font::kBodyStrong) continue;
    const Shape& ground = shapes[i - 2];  // below the border
    const bool tip = ground.kind == ShapeKind::kFill && ground.paint.tone == Tone::kRaised &&
                     ground.box.holds(shapes[i].box);
    if (tip) return shapes[i].text == title ? ground.box : Rect{};
  }
  return {};
}

void rest(Hand& hand, double seconds) {
  hand.bench->play(seconds);
  hand.look();
}

TEST_CASE("a tip waits until the pointer rests, and goes with it") {
  Hand hand("slow-broker.json");
  do_verb(*hand.bench, Verb::kSeek, 100 * kNanosPerMilli);
  hand.look();
  const Hit thread = hand.parts("thread").at(0), other = hand.parts("partition").at(1);
  hand.move(middle(thread.box));
  CHECK(tip_box(hand, thread).empty());
  CHECK(hand.bench->wants_time());
  rest(hand, 0.2);
  CHECK(tip_box(hand, thread).empty());
  rest(hand, 0.15);
  CHECK_FALSE(tip_box(hand, thread).empty());
  CHECK_FALSE(hand.bench->wants_time());
  hand.move({thread.box.x + 20, thread.box.y + 10});  // still on it
  CHECK_FALSE(tip_box(hand, thread).empty());
  hand.move(middle(other.box));
  CHECK(tip_box(hand, other).empty());
  rest(hand, 0.4);
  CHECK_FALSE(tip_box(hand, other).empty());
  hand.pointer.leave();
  hand.look();
  CHECK(tip_box(hand, other).empty());
  rest(hand, 1);
  CHECK(tip_box(hand, other).empty());
}

TEST_CASE("a key hides the tip until the pointer comes to another thing") {
  Hand hand("slow-broker.json");
  do_verb(*hand.bench, Verb::kSeek, 100 * kNanosPerMilli);
  hand.look();
  const Hit thread = hand.parts("thread").at(0), other = hand.parts("partition").at(1);
  for (const bool explained : {true, false}) {
    hand.move(middle(other.box));
    hand.move(middle(thread.box));
    rest(hand, explained ? 0.4 : 0.2);
    CHECK(tip_box(hand, thread).empty() != explained);
    Keyboard keyboard(*hand.bench);
    keyboard.press({Key::kRight}, false);
    CHECK_FALSE(hand.bench->wants_time());
    rest(hand, 1);
    CHECK(tip_box(hand, thread).empty());
  }
  hand.move(middle(other.box));
  rest(hand, 0.4);
  CHECK_FALSE(tip_box(hand, other).empty());
}

TEST_CASE("a tip lies beside the thing it speaks of, inside the window") {
  for (const char* file : {"slow-broker.json", "transaction-commit-abort.json"}) {
    Hand hand(file);
    do_verb(*hand.bench, Verb::kSeekEvent, static_cast<std::int64_t>(hand.bench->log().size() * 2 / 3));
    hand.look();
    const std::vector<Hit> hits = hand.scene.hits;
    int told = 0;
    for (const Hit& hit : hits) {
      const Hit* top = explained_at(hand.scene, middle(hit.box));
      if (top == nullptr || top->box != hit.box || top->tip != hit.tip || hit.tip.empty()) continue;
      hand.move(middle(hit.box));
      rest(hand, 0.4);
      const Rect box = tip_box(hand, hit);
      INFO(file << ": " << hit.part << ": " << hit.tip);
      REQUIRE_FALSE(box.empty());
      CHECK_FALSE(box.overlaps(hit.box));
      CHECK(Rect{0, 0, kBenchW, kBenchH}.holds(box));
      ++told;
      hand.pointer.leave();
      hand.look();
    }
    CHECK(told > 40);
  }
}

const char* const kLostAnswer = R"json({
  "sendscope": 1, "title": "An answer is lost",
  "cluster": { "nodes": 2, "topics": { "orders": { "partitions": 2, "leaders": { "0": 1, "1": 2 } } } },
  "producers": { "p1": { "config": { "linger.ms": 0 }, "threads": { "app-1": [
    { "send": { "topic": "orders", "partition": 0, "value": "100B", "count": 40, "every": "10ms" } } ], "app-2": [
    { "send": { "topic": "orders", "partition": 1, "value": "100B", "count": 200, "every": "10ms" } } ] } } },
  "faults": [ { "at": "200ms", "drop": { "what": "response", "api": "Produce", "node": 1 }, "times": 1 } ],
  "until": "2s" })json";

TEST_CASE("a node that is silent for ten times its usual latency turns amber, long before the time-out") {
  Hand hand(test::bench_of_text(kLostAnswer));
  const auto card = [&](NodeId node) {
    for (const Hit& hit : hand.parts("link")) {
      if (hit.subject == node_subject(node)) return hit;
    }
    FAIL("no card of node " << node);
    return Hit{};
  };
  const auto amber = [&](NodeId node) {
    const Rect box = card(node).box;
    return std::any_of(hand.scene.shapes.begin(), hand.scene.shapes.end(), [&](const Shape& shape) {
      return shape.kind == ShapeKind::kStroke && shape.box == box && shape.paint.tone == Tone::kWaiting;
    });
  };
  for (const Nanos ms : {150, 205}) {
    do_verb(*hand.bench, Verb::kSeek, ms * kNanosPerMilli);
    hand.look();
    CHECK_FALSE(amber(1));
  }
  do_verb(*hand.bench, Verb::kSeek, 600 * kNanosPerMilli);
  hand.look();
  CHECK(amber(1));
  CHECK_FALSE(amber(2));
  CHECK(card(1).tip.find("\nusually answers in\t") != std::string::npos);
  CHECK(card(1).tip.find("ten times") != std::string::npos);
}

TEST_CASE("the parts of a pool of many blocks are to scale, in one unit, and name what is theirs") {
  Hand hand("slow-broker.json");
  for (const Nanos ms : {100, 900}) {
    do_verb(*hand.bench, Verb::kSeek, ms * kNanosPerMilli);
    hand.look();
    const std::vector<Hit> shares = hand.parts("pool.share"), rows = hand.parts("pool.part");
    REQUIRE_FALSE(shares.empty());
    CHECK(shares.size() == rows.size());
    const auto bytes = [](const Hit& hit) {
      std::string digits;
      for (const char c : hit.tip.substr(hit.tip.find("\nbytes\t"))) {
        if (c >= '0' && c <= '9') digits += c;
      }
      return std::stod(digits);
    };
    const Rect column = make_regions(kBenchW, kBenchH, {}).pool;
    for (const Hit& a : shares) {
      CHECK(column.holds(a.box));
      for (const Hit& b : shares) {
        if (a.box.h > 20 && b.box.h > 1.5f)
          CHECK(b.box.h / a.box.h == Approx(bytes(b) / bytes(a)).margin(0.02));
        if (bytes(a) > 100 * bytes(b)) CHECK(a.box.h > 20 * b.box.h);
      }
    }
  }
}

}  // namespace
}  // namespace sendscope::ui
