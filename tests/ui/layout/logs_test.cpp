// The logs on the brokers' cards: their scale, their markers, and that they stay where they belong.
#include "ui/layout/logs.h"

#include <algorithm>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/sample_frame.h"
#include "ui/layout/format.h"

namespace sendscope::ui {
namespace {

using test::SampleFrame;
using test::SampleOptions;

constexpr std::uint64_t kPid = 4071;

// A run that goes on at partition 0, whose leader is node 1, where the sample run has stored 40 records.
struct LogRun : SampleFrame {
  void tell(EventKind kind, std::uint64_t subject, std::uint32_t a = 0, std::uint32_t b = 0) {
    cursor.t += kNanosPerMilli;
    log.append({cursor.t, kind, 1, 0, subject, a, b});
    history->update();
    cursor.events = log.size();
  }
  void store_in_transaction(std::uint32_t offset, std::uint32_t records) {
    tell(EventKind::txn_appended, kPid, offset, records);
    tell(EventKind::log_appended, 0xfffff, offset, records);
  }
  void mark(std::uint32_t offset, TxnMarker marker) {
    tell(EventKind::txn_marker, kPid, offset, static_cast<std::uint32_t>(marker));
    tell(EventKind::all_stable, 0);
  }
  std::string tip(float width = 1280, float height = 720) {
    const Scene drawn = scene(width, height);
    for (const Hit& hit : drawn.hits) {
      if (hit.part == "log" && hit.subject == partition_subject(0)) return hit.tip;
    }
    return {};
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("all logs have one scale, a round number that the longest of all replicas fits") {
  LogRun run;
  CHECK(log_scale(PipelineModel{}) == 10);
  CHECK(log_scale(run.model()) == 100);  // the longest holds 76
  run.tell(EventKind::log_appended, 0xfffff, 40, 60);
  CHECK(log_scale(run.model()) == 100);
  run.tell(EventKind::txn_marker, kPid, 100, 1);  // it takes an offset, too
  CHECK(log_scale(run.model()) == 200);
  const Scene scene = run.scene(1280, 720);
  const auto says = [&](const std::string& words) {
    return std::any_of(scene.shapes.begin(), scene.shapes.end(),
                       [&](const Shape& shape) { return shape.text == words; });
  };
  CHECK((says("full bar: 200") || says("bar: 200")));
  CHECK(says("101"));  // the end of that log, beside its bar
  CHECK(has(run.tip(), "a full bar\t200 offsets"));
}

TEST_CASE("a log's transactions are told: undecided, committed, aborted") {
  LogRun run;
  CHECK_FALSE(has(run.tip(), "last stable offset"));
  run.store_in_transaction(40, 5);
  run.tell(EventKind::stable_below, 0, 40);
  run.tell(EventKind::high_watermark, 0, 45);
  const Scene open = run.scene(1280, 720);
  const auto hatched = [](const Scene& scene, Rect column) {
    return std::count_if(scene.shapes.begin(), scene.shapes.end(), [&](const Shape& shape) {
      return shape.kind == ShapeKind::kHatch && column.overlaps(shape.box);
    });
  };
  const Rect brokers = make_regions(1280, 720, {}).brokers;
  CHECK(hatched(open, brokers) == 1);
  CHECK(has(run.tip(), "last stable offset\t40"));
  CHECK(has(run.tip(), "undecided records\t5"));

  run.mark(45, TxnMarker::kCommit);
  run.tell(EventKind::high_watermark, 0, 46);
  CHECK(hatched(run.scene(1280, 720), brokers) == 0);
  CHECK(has(run.tip(), "commit marker\tat offset 45"));
  CHECK(has(run.tip(), "last stable offset\t46"));
  CHECK_FALSE(has(run.tip(), "undecided"));

  run.store_in_transaction(46, 3);
  run.mark(49, TxnMarker::kAbort);
  run.view.selected = partition_subject(0);
  run.view.side = SideTab::kInspector;
  const Scene inspected = run.scene(1280, 900);
  for (const char* name : {"last stable offset", "markers of transactions", "aborted records"}) {
    INFO(name);
    CHECK(std::any_of(inspected.shapes.begin(), inspected.shapes.end(),
                      [&](const Shape& shape) { return shape.text == name; }));
  }
  CHECK(has(run.tip(), "abort marker\tat offset 49\ncommit marker\tat offset 45"));
  CHECK(has(run.tip(), "aborted records\t3"));
}

TEST_CASE("of many markers the newest are told, and how many there are before them") {
  LogRun run;
  for (std::uint32_t i = 0; i < 40; ++i) run.mark(40 + i, TxnMarker::kCommit);
  const std::string tip = run.tip();
  CHECK(has(tip, "commit marker\tat offset 79\n"));
  CHECK(has(tip, "commit marker\tat offset 76\n"));
  CHECK_FALSE(has(tip, "at offset 75"));
  CHECK(has(tip, "older markers\t36"));
}

TEST_CASE("logs and their markers stay inside their broker's card, at any size") {
  const SampleOptions options =
      GENERATE(SampleOptions{}, SampleOptions{12, 3, 2, 0}, SampleOptions{30, 2, 2, 0});
  LogRun run;
  run.log = EventLog();
  fill_sample_run(run.log, options);
  run.history = std::make_unique<History>(run.log);
  run.cursor = {run.log.size(), run.log.end_time()};
  run.store_in_transaction(40, 5);
  run.tell(EventKind::stable_below, 0, 40);
  for (std::uint32_t i = 0; i < 5; ++i) run.mark(45 + i, i % 2 == 0 ? TxnMarker::kCommit : TxnMarker::kAbort);
  for (const int percent : {75, 100, 125, 150, 200}) {
    const float width = 128'000.0f / static_cast<float>(percent),
                height = 72'000.0f / static_cast<float>(percent);
    INFO(percent << " %");
    const Scene scene = run.scene(width, height);
    std::vector<Rect> cards;
    for (const Hit& hit : scene.hits) {
      if (hit.part == "broker") cards.push_back(hit.box);
    }
    const auto inside = [&](const Rect& box) {
      return std::any_of(cards.begin(), cards.end(), [&](const Rect& card) { return card.holds(box); });
    };
    REQUIRE_FALSE(cards.empty());
    const Rect column = make_regions(width, height, {}).brokers;
    const float first = cards.front().y;
    for (const Hit& hit : scene.hits) {
      if (hit.part == "log") CHECK(inside(hit.box));
    }
    for (const Shape& shape : scene.shapes) {
      const bool marker = shape.kind == ShapeKind::kDisc || shape.kind == ShapeKind::kHatch;
      if (marker && column.contains({shape.box.x, shape.box.y}) && shape.box.y >= first)
        CHECK(inside(shape.box));
    }
  }
}

}  // namespace
}  // namespace sendscope::ui
