#include "ui/layout/tracks.h"

#include <algorithm>

#include "core/model/history.h"
#include "tests/support/catch.h"
#include "tests/support/sample_run.h"
#include "ui/layout/fault_menu.h"

namespace sendscope::ui {
namespace {

Tracks tracks_of(const EventLog& log) {
  Tracks tracks;
  for (std::size_t i = 0; i < log.size(); ++i) tracks.apply(log[i]);
  return tracks;
}

TEST_CASE("lanes hold what lasted, from its first event to its last") {
  EventLog log;
  test::fill_sample_run(log);
  const Tracks tracks = tracks_of(log);
  REQUIRE(tracks.partitions.size() == 5);
  REQUIRE(tracks.partitions[0].batches.size() == 1);
  const Span& batch = tracks.partitions[0].batches[0];
  CHECK(batch.id == 16);
  CHECK(batch.from == 968'000);
  CHECK(batch.to == kNotYet);
  CHECK(batch.retries == 1);
  CHECK(batch.retry_error == ErrorCode::kNotLeaderOrFollower);
  CHECK(batch.error == ErrorCode::kNone);
  CHECK(tracks.partitions[2].rows.most == 2);  // batches 18 and 21 at the same time

  REQUIRE(tracks.node_ids == std::vector<NodeId>{1, 2, 3});
  REQUIRE(tracks.nodes[0].requests.size() == 1);
  CHECK(tracks.nodes[0].requests[0].to == 42'200'000);
  CHECK(tracks.nodes[2].down.size() == 1);
  REQUIRE(tracks.threads.size() == 3);
  CHECK(tracks.threads[1].waits.size() == 1);
  CHECK(tracks.threads[1].waits[0].to == kNotYet);
  REQUIRE(tracks.pools.size() == 1);
  CHECK(tracks.pools[0].total == 65536);
  CHECK(tracks.pools[0].steps.back().available == 0);
  CHECK(tracks.faults == std::vector<Nanos>{30'000'000});
}

TEST_CASE("only spans that overlap share the height of their lane") {
  Tracks tracks;
  const auto open = [&](Nanos t, BatchId id) {
    tracks.apply({t, EventKind::batch_opened, 0, 0, id, 16384, 1});
  };
  const auto close = [&](Nanos t, BatchId id) {
    tracks.apply({t, EventKind::incomplete_removed, 0, 0, id, 0, 0});
  };
  open(1, 1);
  close(2, 1);
  open(3, 2);
  open(4, 3);
  close(5, 2);
  open(6, 4);  // overlaps the third, which overlaps the second
  close(7, 3);
  close(8, 4);
  open(9, 5);
  const PartitionLane& lane = tracks.partitions[0];
  std::vector<std::uint32_t> rows;
  for (const Span& span : lane.batches) rows.push_back(lane.rows.of(span));
  CHECK(rows == std::vector<std::uint32_t>{1, 2, 2, 2, 1});
}

TEST_CASE("an error that only the client knows keeps its name, and the one that was retried too") {
  Tracks tracks;
  const auto field = [](ErrorCode code) {
    return static_cast<std::uint32_t>(static_cast<std::int16_t>(code));
  };
  tracks.apply({1, EventKind::batch_opened, 0, 0, 5, 16384, 1});
  tracks.apply({2, EventKind::batch_retried, 0, 0, 5, field(ErrorCode::kNotEnoughReplicas), 1});
  tracks.apply({3, EventKind::batch_completed, 0, 0, 5, field(ErrorCode::kTimeout), 1});
  const Span& batch = tracks.partitions[0].batches[0];
  CHECK(batch.error == ErrorCode::kTimeout);
  CHECK(batch.retry_error == ErrorCode::kNotEnoughReplicas);
}

TEST_CASE("where events are missing nothing stays open") {
  Tracks tracks;
  tracks.apply({1, EventKind::batch_opened, 0, 0, 5, 16384, 1});
  tracks.apply({2, EventKind::request_sent, 0, 2, 8, 0, 100});
  tracks.apply({3, EventKind::events_lost, 0, 0, 40, 0, 0});
  CHECK(tracks.partitions[0].batches[0].to == 3);
  CHECK(tracks.nodes[0].requests[0].to == 3);
}

TEST_CASE("a node heard of late keeps the requests of others on their lanes") {
  Tracks tracks;
  tracks.apply({1, EventKind::request_sent, 0, 5, 7, 0, 100});
  tracks.apply({2, EventKind::request_sent, 0, 2, 8, 0, 100});
  tracks.apply({3, EventKind::response_received, 0, 5, 7, 0, 20});
  REQUIRE(tracks.node_ids == std::vector<NodeId>{2, 5});
  CHECK(tracks.nodes[1].requests[0].to == 3);
  CHECK(tracks.nodes[0].requests[0].to == kNotYet);
}

TEST_CASE("events about things nobody named do no harm") {
  Tracks tracks;
  tracks.apply({1, EventKind::batch_completed, 0, 3, 99, 0, 1});
  tracks.apply({1, EventKind::response_received, 0, 1, 99, 0, 1});
  tracks.apply({1, EventKind::batch_opened, 0, 0xfffffff0, 1, 16384, 1});
  tracks.apply({1, EventKind::send_called, kNoActor, 0, 1, 0, 0});
  CHECK(tracks.partitions.empty());
  CHECK(tracks.threads.empty());
}

TEST_CASE("a right click offers what fits the state of the thing") {
  EventLog log;
  test::fill_sample_run(log);
  History history(log);
  const PipelineModel& model = history.model_at(log.size());
  const std::vector<std::string> producers = {"p1"};
  const FaultMenuInput in{model, log.strings(), producers};
  const auto offers = [&](const Subject& subject, std::string_view verb) {
    const auto choices = fault_choices(in, subject);
    return std::any_of(choices.begin(), choices.end(),
                       [&](const FaultChoice& c) { return sim::verb_of(c.fault.action) == verb; });
  };
  CHECK(offers(node_subject(1), "kill"));
  CHECK(offers(node_subject(1), "pause"));
  CHECK_FALSE(offers(node_subject(1), "resume"));
  CHECK(offers(node_subject(3), "resume"));
  CHECK(offers(request_subject(87), "drop"));
  CHECK(offers(request_subject(87), "respond"));
  CHECK_FALSE(offers(request_subject(85), "drop"));  // answered long ago
  CHECK(offers({}, "kill"));
  CHECK(fault_choices(in, thread_subject(0)).empty());
  CHECK(fault_choices(in, node_subject(77)).empty());
}

}  // namespace
}  // namespace sendscope::ui
