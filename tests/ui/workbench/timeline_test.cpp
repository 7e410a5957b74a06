// The lanes and the axis of the timeline, as a person folds, scrolls, zooms and selects.
#include "tests/support/shipped_scenarios.h"
#include "tests/ui/workbench/hand.h"

namespace sendscope::ui {
namespace {

using test::bench_of;
using test::bench_of_text;
using test::do_verb;
using test::Hand;
using test::kBenchH;
using test::kBenchW;
using test::middle;
using test::PlainMeasure;
using test::press_key;

// Many partitions, of which few are used.
const char* const kWide = R"json({
  "sendscope": 1, "title": "Many lanes",
  "cluster": { "nodes": 3, "topics": { "orders": { "partitions": 60 } } },
  "producers": { "p1": { "config": { "linger.ms": 5 }, "threads": { "app-1": [
    { "send": { "topic": "orders", "partition": 2, "value": "100B", "count": 20, "every": "3ms" } },
    { "send": { "topic": "orders", "partition": 40, "value": "100B", "count": 20, "every": "3ms" } },
    { "flush": {} } ] } } },
  "until": "1s" })json";

std::vector<std::string> axis_labels(const Hand& hand) {
  std::vector<std::string> labels;
  for (const Hit& hit : hand.parts("axis.label")) {
    for (const Shape& shape : hand.scene.shapes) {
      if (shape.kind == ShapeKind::kText && shape.box == hit.box) labels.push_back(shape.text);
    }
  }
  return labels;
}

bool has_lane(const Hand& hand, std::string_view name) {
  const std::vector<Hit> lanes = hand.parts("lane");
  return std::any_of(lanes.begin(), lanes.end(), [&](const Hit& hit) { return hit.tip == name; });
}

// Where a click goes a page of lanes on.
std::vector<Hit> lane_pages(const Hand& hand) {
  std::vector<Hit> all = hand.parts("scroll.page");
  std::erase_if(all,
                [](const Hit& hit) { return hit.click.scroll.list != static_cast<int>(ListName::kLanes); });
  return all;
}

TEST_CASE("no two labels of the axis are equal, in any scenario and at any zoom") {
  for (const std::string& path : test::shipped_scenarios()) {
    Hand hand("../" + path.substr(test::repository("").size()));
    for (const bool linear : {false, true}) {
      if (linear) press_key(*hand.bench, {key_of('T')});
      do_verb(*hand.bench, Verb::kSeekEvent, static_cast<std::int64_t>(hand.bench->log().size() / 3));
      for (int zoom = 0; zoom < 12; ++zoom) {
        INFO(path << (linear ? ", linear" : "") << ", zoom " << zoom);
        hand.look();
        const std::vector<std::string> labels = axis_labels(hand);
        CHECK(labels.size() >= 1);
        for (std::size_t i = 0; i < labels.size(); ++i)
          CHECK(std::count(labels.begin(), labels.end(), labels[i]) == 1);
        for (int steps = 0; steps < 4; ++steps) press_key(*hand.bench, {key_of('W')});
      }
      do_verb(*hand.bench, Verb::kTimelineFit);
    }
  }
}

TEST_CASE("a click on a label of the axis goes to its moment") {
  Hand hand("slow-broker.json");
  const std::vector<Hit> labels = hand.parts("axis.label");
  REQUIRE(labels.size() > 3);
  for (const std::size_t i : {std::size_t{2}, std::size_t{1}}) {
    hand.click(middle(labels[i].box));
    CHECK(hand.bench->cursor().t == labels[i].click.value);
  }
}

TEST_CASE("lanes on which nothing happens are left out where not all fit, and shown when asked for") {
  Hand hand(bench_of_text(kWide));
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const std::vector<Hit> idle = hand.parts("lane.idle");
  REQUIRE(idle.size() == 1);
  CHECK(has_lane(hand, "orders-2"));
  CHECK(has_lane(hand, "orders-40"));
  CHECK_FALSE(has_lane(hand, "orders-3"));
  const std::size_t shown = hand.parts("lane").size();
  hand.click(middle(idle[0].box));
  CHECK(has_lane(hand, "orders-3"));
  CHECK(hand.parts("lane").size() >= shown);
  CHECK_FALSE(lane_pages(hand).empty());
  hand.click(middle(hand.parts("lane.idle")[0].box));
  CHECK_FALSE(has_lane(hand, "orders-3"));
}

TEST_CASE("the scrollbar and the wheel reach every lane") {
  Hand hand(bench_of_text(kWide));
  do_verb(*hand.bench, Verb::kEnd);
  do_verb(*hand.bench, Verb::kIdleLanes);
  hand.look();
  CHECK_FALSE(has_lane(hand, "orders-59"));
  for (int pages = 0; pages < 40 && !has_lane(hand, "node 3"); ++pages) {
    const std::vector<Hit> bar = lane_pages(hand);
    REQUIRE_FALSE(bar.empty());
    hand.click(middle(bar.back().box));
  }
  CHECK(has_lane(hand, "node 3"));
  hand.move(middle(hand.parts("lane").back().box));
  hand.pointer.wheel(hand.scene, 200);
  hand.look();
  CHECK(has_lane(hand, "app-1"));
}

TEST_CASE("lanes of a group fold into one and back, by the mark, the key and the palette") {
  Hand hand(bench_of_text(kWide));
  do_verb(*hand.bench, Verb::kEnd);
  hand.look();
  const auto mark = [&](std::string_view group) {
    for (const Hit& hit : hand.parts("lane.fold")) {
      if (hit.tip.starts_with(group)) return hit;
    }
    FAIL(group);
    return Hit{};
  };
  hand.click(middle(mark("60 partitions").box));
  CHECK(hand.says("60 partitions"));
  CHECK_FALSE(has_lane(hand, "orders-2"));
  CHECK(has_lane(hand, "node 1"));
  hand.click(middle(mark("60 partitions").box));
  CHECK(has_lane(hand, "orders-2"));

  press_key(*hand.bench, {key_of('H')});
  hand.look();
  CHECK(hand.says("60 partitions"));
  CHECK(hand.says("3 nodes"));
  press_key(*hand.bench, {key_of('H')});
  hand.look();
  CHECK_FALSE(hand.says("3 nodes"));

  hand.bench->view().palette_open = true;
  hand.bench->view().palette_text = "fold or unfold the nodes";
  REQUIRE_FALSE(hand.bench->palette().empty());
  hand.bench->act(hand.bench->palette()[0].action, kBenchW, kBenchH);
  hand.bench->view().palette_open = false;
  hand.look();
  CHECK(hand.says("3 nodes"));
}

TEST_CASE("words on a bar lose their end, numbers their middle") {
  const auto bench = bench_of("zombie-fenced.json");
  do_verb(*bench, Verb::kEnd);
  const PlainMeasure measure;
  std::size_t cut = 0;
  for (const float width : {700.0f, 1024.0f, 1280.0f}) {
    const Scene scene = bench->frame(measure, width, 640);
    const Rect plot = timeline_plot(make_regions(width, 640, wishes_of(bench->view())));
    for (const Shape& shape : scene.shapes) {
      const std::size_t gone = shape.text.find("\xe2\x80\xa6");
      if (shape.kind != ShapeKind::kText || gone == std::string::npos ||
          !plot.contains({shape.box.x, shape.box.y}))
        continue;
      ++cut;
      INFO(shape.text);
      CHECK((gone + 3 == shape.text.size() || (shape.text.back() >= '0' && shape.text.back() <= '9')));
    }
  }
  CHECK(cut > 3);
}

TEST_CASE("the lane of what is selected stays in view, also under an open list") {
  Hand hand(bench_of_text(kWide));
  do_verb(*hand.bench, Verb::kEnd);
  const bool list = GENERATE(false, true);
  if (list) do_verb(*hand.bench, Verb::kTab, 1);
  for (const PartitionIndex partition : {PartitionIndex{59}, PartitionIndex{17}}) {
    hand.bench->act(select_action(partition_subject(partition)), kBenchW, kBenchH);
    hand.look();
    const std::vector<Hit> lanes = hand.parts("lane");
    CHECK(lanes.size() >= 3);
    CHECK(std::any_of(lanes.begin(), lanes.end(),
                      [&](const Hit& hit) { return hit.subject == partition_subject(partition); }));
  }
}

TEST_CASE("a selected partition lights its own batches on the timeline, done or not") {
  Hand hand(bench_of_text(kWide));
  do_verb(*hand.bench, Verb::kEnd);
  hand.bench->act(select_action(partition_subject(2)), kBenchW, kBenchH);
  hand.look();
  History history(hand.bench->log());
  const PipelineModel& model = history.model_at(hand.bench->cursor().events);
  int lit = 0, dim = 0;
  for (const Hit& bar : hand.parts("lane.bar")) {
    if (bar.subject.kind != SubjectKind::kBatch) continue;
    const BatchModel* batch = model.batch(bar.subject.id);
    REQUIRE(batch != nullptr);
    for (const Shape& shape : hand.scene.shapes) {
      if (shape.kind != ShapeKind::kFill || !(shape.box == bar.box)) continue;
      CHECK((shape.paint.opacity > 0.2f) == (batch->partition == 2));
      ++(batch->partition == 2 ? lit : dim);
    }
  }
  CHECK(lit > 0);
  CHECK(dim > 0);
}

}  // namespace
}  // namespace sendscope::ui
