// What the inspector and the row of callbacks say of records that failed.
#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/sample_frame.h"
#include "ui/layout/format.h"

namespace sendscope::ui {
namespace {

constexpr BatchId kBatch = 18;  // of orders-2: records 195 to 206

// The sample run goes on: batch 18 is answered.
struct FailedRun : test::SampleFrame {
  explicit FailedRun(ErrorCode error, ErrorCode others) {
    view.side = SideTab::kInspector;
    tell(EventKind::batch_completed, kBatch, error, 12);
    for (RecordId record = 195; record < 207; ++record) {
      const bool blamed = record == 196 || record == 199;
      tell(EventKind::record_completed, record, blamed ? error : others);
    }
    tell(EventKind::latch_released, kBatch, ErrorCode::kNone);
    history->update();
    cursor = {log.size(), cursor.t};
  }
  void tell(EventKind kind, std::uint64_t subject, ErrorCode error, std::uint32_t b = 0) {
    log.append({cursor.t, kind, 0, 2, subject, static_cast<std::uint32_t>(error), b});
  }
  bool says(const std::string& words) {
    const Scene drawn = scene(1280, 720);
    return std::any_of(drawn.shapes.begin(), drawn.shapes.end(),
                       [&](const Shape& shape) { return shape.text == words; });
  }
};

TEST_CASE("a batch whose broker named records says which, and how many failed along with them") {
  FailedRun run(ErrorCode::kInvalidRecord, ErrorCode::kKafkaException);
  const BatchModel* batch = run.model().batch(kBatch);
  REQUIRE(batch != nullptr);
  REQUIRE(batch->failures.size() == 2);
  run.view.selected = batch_subject(kBatch);
  CHECK(run.says("INVALID_RECORD"));
  CHECK(run.says("r196, r199"));
  CHECK(run.says("KAFKA_EXCEPTION"));
  CHECK(run.says("r195, r197, +8"));
  CHECK(batch->failures[0].count == 10);
  CHECK(batch->failures[1].count == 2);
}

TEST_CASE("a record that failed says why: its own fault, or that of records in its batch") {
  FailedRun run(ErrorCode::kInvalidRecord, ErrorCode::kKafkaException);
  run.view.selected = record_subject(199);
  CHECK(run.says(std::string(error_row(ErrorCode::kInvalidRecord).text)));
  run.view.selected = record_subject(200);
  CHECK(run.says("KAFKA_EXCEPTION"));
  CHECK(run.says("in one batch with r196, r199"));
}

TEST_CASE("UNKNOWN_SERVER_ERROR is a failure, though its code is below zero") {
  FailedRun run(ErrorCode::kUnknownServerError, ErrorCode::kUnknownServerError);
  run.view.selected = batch_subject(kBatch);
  CHECK(run.says("UNKNOWN_SERVER_ERROR"));
  CHECK_FALSE(run.says("done"));
  const Scene drawn = run.scene(1280, 720);
  std::size_t chips = 0;
  for (const Hit& hit : drawn.hits) {
    if (hit.part != "callback") continue;
    ++chips;
    CHECK(hit.tip.find("callback\tUNKNOWN_SERVER_ERROR") != std::string::npos);
  }
  CHECK(chips > 3);
}

}  // namespace
}  // namespace sendscope::ui
