#include "core/model/log_model.h"

#include "tests/core/model/support.h"

namespace sendscope {
namespace {

// Sends one record by the thread in a batch and a request of the same number.
void send_in_flight(Script& script, std::uint16_t thread, std::uint32_t number) {
  script.open(number, 0);
  script.send(thread, number, 0, number);
  script.drain(number, 0, 1);
  script.request(number, 0, number);
}

TEST_CASE("the log knows order by thread, first copies only") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 3; ++number) send_in_flight(script, 0, number);
  script.append_log(1, 0, 1, 0, 1);
  CHECK(script.holds("partition('orders-0').log.in_order and partition('orders-0').log.size == 1"));
  script.append_log(1, 0, 3, 1, 1);
  CHECK(script.holds("partition('orders-0').log.in_order"));
  script.append_log(1, 0, 2, 2, 1);
  CHECK(script.holds("not partition('orders-0').log.in_order and partition('orders-0').log.duplicates == 0"));
}

std::vector<LogSegment> segments(Script& script, NodeId node) {
  const PipelineModel model = script.model();
  const LogModel& log = model.partitions[0].log;
  return log.segments(*log.replica(node));
}

TEST_CASE("the end of a log tells its batches in their order there, and which came late or twice") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 3; ++number) send_in_flight(script, 0, number);
  std::int64_t offset = 0;
  for (const std::uint32_t request : {1u, 3u, 2u, 2u}) {
    script.append_log(1, 0, request, static_cast<std::uint32_t>(offset), 1);
    ++offset;
  }
  const bool everywhere = GENERATE(false, true);  // then the entries are folded into the common prefix
  if (everywhere) {
    script.fetch(2, 0, 4);
    script.watermark(1, 0, 4);
    CHECK(script.model().partitions[0].log.common_end == 4);
  }
  std::vector<BatchId> batches;
  std::vector<LogStanding> standings;
  for (const LogSegment& segment : segments(script, 1)) {
    CHECK(segment.base_offset == static_cast<std::int64_t>(batches.size()));
    batches.push_back(segment.batch);
    standings.push_back(segment.standing);
  }
  CHECK(batches == std::vector<BatchId>{1, 3, 2, 2});
  CHECK(standings == std::vector<LogStanding>{LogStanding::kInOrder, LogStanding::kInOrder,
                                              LogStanding::kOutOfOrder, LogStanding::kRepeated});
  if (everywhere) CHECK(segments(script, 2) == segments(script, 1));
}

TEST_CASE("of a long log the last batches are told, wherever they are kept, and none that is cut off") {
  Script script;
  script.at(1 * kMs);
  const auto count = static_cast<std::uint32_t>(kSegmentsKept) + 9;
  for (std::uint32_t number = 1; number <= count; ++number) {
    send_in_flight(script, 0, number);
    script.append_log(1, 0, number, number - 1, 1);
    if (number == count - 3) {
      script.fetch(2, 0, number);
      script.watermark(1, 0, number);
    }
  }
  std::vector<LogSegment> told = segments(script, 1);
  REQUIRE(told.size() == kSegmentsKept);
  CHECK(told.back().batch == count);
  CHECK(told.front().batch == count - kSegmentsKept + 1);
  CHECK(segments(script, 2).back().batch == count - 3);
  script.emit({.kind = EventKind::log_truncated, .actor = 1, .place = 0, .a = count - 2});
  CHECK(segments(script, 1).back().batch == count - 2);
}

TEST_CASE("batches of different threads may overtake each other") {
  Script script;
  script.at(1 * kMs);
  send_in_flight(script, 0, 1);
  send_in_flight(script, 1, 2);
  script.append_log(1, 0, 2, 0, 1);
  script.append_log(1, 0, 1, 1, 1);
  CHECK(script.holds("partition('orders-0').log.in_order"));
}

TEST_CASE("a second copy is a duplicate, and does not spoil the order") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 2; ++number) send_in_flight(script, 0, number);
  script.append_log(1, 0, 1, 0, 1);
  script.append_log(1, 0, 2, 1, 1);
  script.tell(EventKind::request_failed, 1, 1, 0, static_cast<std::uint32_t>(ErrorCode::kNetworkException));
  script.request(3, 0, 1);
  script.append_log(1, 0, 3, 2, 1);
  CHECK(script.holds("partition('orders-0').log.in_order and partition('orders-0').log.duplicates == 1"));
  script.request(4, 0, 1);
  script.append_log(1, 0, 4, 3, 1);
  CHECK(script.holds("partition('orders-0').log.duplicates == 1 and partition('orders-0').log.size == 4"));
}

TEST_CASE("acked records that a new leader does not have are missing, and back when the log is") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 3; ++number) send_in_flight(script, 0, number);
  for (std::uint32_t number = 1; number <= 3; ++number) {
    script.append_log(1, 0, number, number - 1, 1);
    script.complete(number, 0, number, number);
    if (number == 2) script.fetch(2, 0, 2);
  }
  script.watermark(1, 0, 2);
  CHECK(script.holds(
      "partition('orders-0').log.missing == 0 and partition('orders-0').log.high_watermark == 2"));
  PipelineModel model = script.model();
  CHECK(model.partitions[0].log.common_end == 2);
  CHECK(model.partitions[0].log.replica(1)->tail.size() == 1);

  script.elect(0, 2, 2);
  CHECK(script.holds("partition('orders-0').log.missing == 1 and partition('orders-0').log.size == 2"));
  script.elect(0, 1, 3);
  CHECK(script.holds("partition('orders-0').log.missing == 0 and partition('orders-0').log.size == 3"));
  script.elect(0, 2, 4);
  script.emit({.kind = EventKind::log_truncated, .actor = 1, .place = 0, .a = 2});
  script.elect(0, 1, 5);
  CHECK(script.holds("partition('orders-0').log.missing == 1 and partition('orders-0').log.size == 2"));
}

TEST_CASE("logs that went different ways are told apart until one is cut back") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 4; ++number) send_in_flight(script, 0, number);
  script.append_log(1, 0, 1, 0, 1);
  script.fetch(2, 0, 1);
  script.watermark(1, 0, 1);
  script.append_log(1, 0, 2, 1, 1);  // only on node 1
  script.elect(0, 2, 2);
  script.append_log(2, 0, 3, 1, 1);  // the same offset on node 2
  script.append_log(2, 0, 4, 2, 1);
  script.watermark(2, 0, 3);
  CHECK(script.holds("partition('orders-0').log.size == 3 and partition('orders-0').log.in_order"));
  CHECK(script.model().partitions[0].log.common_end == 1);
  script.emit({.kind = EventKind::log_truncated, .actor = 1, .place = 0, .a = 1});
  script.fetch(1, 0, 3);
  const PipelineModel model = script.model();
  CHECK(model.partitions[0].log.exact);
  CHECK(model.partitions[0].log.common_end == 3);
  CHECK(model.partitions[0].log.common_content == model.partitions[0].log.leader_content);
}

TEST_CASE("what a follower copies comes from the leader it knows, who may be one no more") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 2; ++number) send_in_flight(script, 0, number);
  script.append_log(1, 0, 1, 0, 1);
  script.emit({.kind = EventKind::leader_elected, .place = 0, .a = 2, .b = 2});
  script.fetch(2, 0, 1);  // still from node 1; then node 2 learns that it leads
  script.append_log(2, 0, 2, 1, 1);
  script.complete(1, 0, 1, 1);
  CHECK(script.holds("partition('orders-0').log.missing == 0 and partition('orders-0').log.size == 2"));
  CHECK(script.model().partitions[0].log.replica(2)->tail.size() == 2);
}

TEST_CASE("the same batch stored by two leaders at one offset is not common to their logs") {
  Script script;
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 2; ++number) send_in_flight(script, 0, number);
  script.append_log(1, 0, 1, 0, 1);
  script.fetch(2, 0, 1);
  script.watermark(1, 0, 1);
  script.elect(0, 2, 2);
  script.request(9, 0, 2);  // batch 2 again, to the new leader
  script.append_log(2, 0, 9, 1, 1);
  script.watermark(2, 0, 2);
  script.append_log(1, 0, 2, 1, 1);  // the old leader does not know yet
  CHECK(script.model().partitions[0].log.common_end == 1);
  script.emit({.kind = EventKind::log_truncated, .actor = 1, .place = 0, .a = 1});
  script.fetch(1, 0, 2);
  CHECK(script.model().partitions[0].log.exact);
  CHECK(script.model().partitions[0].log.common_end == 2);
}

TEST_CASE("a leader nobody has heard of begins with an empty log") {
  LogModel log;
  log.replicas.reserve(4);  // so that nothing moves when another is added in front
  log.set_leader(2, 0, 0);
  LogEntry entry;
  entry.known = true;
  entry.records = 3;
  log.append(2, entry, 1);
  log.append(
      2,
      [&] {
        LogEntry again = entry;
        again.base_offset = 3;
        return again;
      }(),
      2);
  CHECK(log.leader_content.duplicates() == 3);
  log.set_leader(1, 1, 3);
  CHECK(log.size() == 0);
  CHECK(log.leader_content.duplicates() == 0);
}

TEST_CASE("entries without records do not multiply when they are copied to and fro") {
  LogModel log;
  LogEntry nothing;
  log.append(1, nothing, 0);
  log.append(2, nothing, 0);
  for (int i = 0; i < 25; ++i) {
    log.copy(1, 2, 0);
    log.copy(2, 1, 0);
  }
  REQUIRE(log.replicas.size() <= 2);
  for (const ReplicaLog& replica : log.replicas) CHECK(replica.tail.size() <= 1);
}

TEST_CASE("without a leader the last one's log counts; who leads is told") {
  Script script;
  script.at(1 * kMs);
  send_in_flight(script, 0, 1);
  script.append_log(1, 0, 1, 0, 1);
  script.elect(0, static_cast<std::uint32_t>(-1), 2);
  CHECK(script.holds("partition('orders-0').log.size == 1"));
  CHECK(led_by(script.model(), 1).empty());
  script.elect(0, 1, 3);
  CHECK(led_by(script.model(), 1) == std::vector<PartitionIndex>{0});
}

TEST_CASE("what was under way when events went missing does not stand there for ever") {
  Script script;
  script.at(1 * kMs);
  send_in_flight(script, 0, 1);
  script.send(0, 2, 1, 2);
  REQUIRE(script.model().producers[0].batches.size() >= 1);
  script.emit({.kind = EventKind::events_lost, .subject = 12});
  const PipelineModel& model = script.model();
  const ProducerModel& producer = model.producers[0];
  CHECK(model.run.events_lost == 12);
  CHECK(producer.batches.empty());
  CHECK(producer.incomplete_batches.empty());
  CHECK(script.holds(
      "batches.incomplete == 0 and partition('orders-0').inflight == 0 and node(1).inflight == 0"));
  CHECK(script.holds("partition('orders-1').queued == 0"));
}

TEST_CASE("who leads in a live run is what metadata told the producer") {
  Script script;
  script.emit({.kind = EventKind::run_started, .place = 1, .a = script.word("live")});
  REQUIRE(script.model().run.live);
  CHECK(led_by(script.model(), 2) == std::vector<PartitionIndex>{1});
  script.tell(EventKind::leader_known, 1, 0, 1, 2);
  CHECK(led_by(script.model(), 2).empty());
  CHECK(led_by(script.model(), 1) == std::vector<PartitionIndex>{0, 1});
}

TEST_CASE("a request that was given up may still be stored") {
  Script script;
  script.at(1 * kMs);
  send_in_flight(script, 0, 1);
  script.tell(EventKind::request_failed, 1, 1, 0, static_cast<std::uint32_t>(ErrorCode::kRequestTimedOut));
  for (std::uint32_t number = 2; number < 2000; ++number) {
    script.tell(EventKind::request_sent, 1, number, 3, 30);
    script.tell(EventKind::response_sent, 1, number, 3, 30);
    script.tell(EventKind::response_received, 1, number, 3, 30);
  }
  script.append_log(1, 0, 1, 0, 1);
  script.complete(1, 0, 1, 1);
  CHECK(script.holds(
      "partition('orders-0').log.size == 1 and partition('orders-0').log.missing == 0 and acked == 1"));
}

// Records 1 and 2, on nodes 1 and 2, for good.
void store_two(Script& script) {
  script.at(1 * kMs);
  for (std::uint32_t number = 1; number <= 2; ++number) {
    send_in_flight(script, 0, number);
    script.append_log(1, 0, number, number - 1, 1);
  }
  script.fetch(2, 0, 2);
  script.watermark(1, 0, 2);
}

TEST_CASE("a log that is cut to nothing is known to be empty, whatever all had") {
  Script script;
  store_two(script);
  CHECK(script.model().partitions[0].log.common_end == 2);
  script.elect(0, 2, 2);  // an empty one that leads, say
  script.emit({.kind = EventKind::log_truncated, .actor = 2, .place = 0, .a = 0});
  CHECK(script.holds("partition('orders-0').log.size == 0 and partition('orders-0').log.committed == 0"));
  send_in_flight(script, 0, 3);
  script.append_log(2, 0, 3, 0, 1);
  CHECK(script.holds("partition('orders-0').log.size == 1 and partition('orders-0').log.committed == 1"));
  script.elect(0, 1, 3);
  CHECK(script.holds("partition('orders-0').log.size == 2 and partition('orders-0').log.committed == 2"));
  script.elect(0, 2, 4);
  script.emit({.kind = EventKind::log_truncated, .actor = 1, .place = 0, .a = 0});
  script.fetch(1, 0, 1);
  script.watermark(2, 0, 1);
  const PipelineModel model = script.model();
  CHECK(model.partitions[0].log.exact);
  CHECK(model.partitions[0].log.common_end == 1);
  CHECK(script.holds("partition('orders-0').log.size == 1 and partition('orders-0').log.duplicates == 0"));
}

TEST_CASE("a topic that is deleted leaves no leader and no log; made again, it begins from nothing") {
  Script script;
  store_two(script);
  script.emit({.kind = EventKind::topic_deleted, .a = script.word("orders"), .b = 2});
  const LogModel gone = script.model().partitions[0].log;
  CHECK(gone.leader == -1);
  CHECK(gone.in_sync_count == 0);
  CHECK(script.model().partitions[1].log.leader == -1);
  CHECK(script.holds("partition('orders-0').log.size == 0"));
  script.emit({.kind = EventKind::log_deleted, .actor = 1, .place = 0});
  // Made again before node 2 has heard of the end of the old one.
  script.elect(0, 2, 0);
  script.emit({.kind = EventKind::isr_changed, .actor = 2, .place = 0, .subject = 0b110, .a = 2});
  CHECK(script.holds("partition('orders-0').log.size == 0"));
  script.emit({.kind = EventKind::log_deleted, .actor = 2, .place = 0});
  send_in_flight(script, 0, 3);
  script.append_log(2, 0, 3, 0, 1);
  CHECK(script.holds("partition('orders-0').log.size == 1 and partition('orders-0').log.in_order"));
  script.fetch(1, 0, 1);
  script.watermark(2, 0, 1);
  const LogModel fresh = script.model().partitions[0].log;
  CHECK(fresh.exact);
  CHECK(fresh.common_end == 1);
  CHECK(fresh.replicas.size() == 2);
}

TEST_CASE("a log that is cut below what all had, but not to nothing, is unknown from then on") {
  Script script;
  store_two(script);
  script.emit({.kind = EventKind::log_truncated, .actor = 1, .place = 0, .a = 1});
  CHECK(script.value("partition('orders-0').log.in_order") == Value::unknown());
  CHECK(script.value("partition('orders-1').log.in_order") == Value::boolean(true));
}

}  // namespace
}  // namespace sendscope
