// One replica's log, and what it remembers of idempotent producers.
#include "core/base/bytes.h"
#include "sim/partition_log.h"
#include "sim/producer_state.h"
#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

LogBatch batch(std::int32_t records, std::int32_t epoch = 0) {
  LogBatch b;
  b.records = records;
  b.leader_epoch = epoch;
  return b;
}

LogBatch sequenced(std::int32_t sequence, std::int32_t records, std::int16_t epoch = 0, std::int64_t id = 7) {
  LogBatch b = batch(records);
  b.producer_id = id;
  b.producer_epoch = epoch;
  b.base_sequence = sequence;
  return b;
}

}  // namespace

TEST_CASE(
    "a log keeps the bytes of its batches when it is told to, and cuts and forgets them with the batches") {
  std::vector<std::byte> bytes(61, std::byte{1});
  PartitionLog plain;
  plain.append(batch(3), bytes);
  CHECK(plain.bytes_of(plain.begin()).empty());
  PartitionLog log;
  log.keep_bytes();
  for (const int records : {3, 2, 5}) {
    bytes.back() = static_cast<std::byte>(records);
    log.append(batch(records, 7), bytes);
  }
  const Bytes second = log.bytes_of(log.find(4));
  REQUIRE(second.size() == bytes.size());
  CHECK(second.back() == std::byte{2});
  CHECK(load_big_endian<std::int64_t>(second.data()) == 3);
  CHECK(load_big_endian<std::int32_t>(second.data() + 12) == 7);
  log.truncate(5);
  log.append(batch(1, 8));  // a marker
  CHECK(log.bytes_of(log.find(5)).empty());
  log.forget_below(3, 1);
  CHECK(log.bytes_of(log.begin()).back() == std::byte{2});
}

TEST_CASE("a log is dense, finds batches by offset and cuts at a batch") {
  PartitionLog log;
  for (const int records : {3, 2, 5}) log.append(batch(records));
  CHECK(log.end_offset() == 10);
  CHECK(log.find(4)->base_offset == 3);
  CHECK(log.find(5)->base_offset == 5);
  CHECK(log.find(10) == log.end());
  log.truncate(7);  // inside the third batch
  CHECK(log.end_offset() == 5);
  log.append(batch(1));
  CHECK(log.end_offset() == 6);
  log.truncate(0);
  CHECK(log.end_offset() == 0);
  CHECK(log.begin() == log.end());
}

TEST_CASE("a log knows where each epoch ends") {
  PartitionLog log;
  log.append(batch(10, 0));
  log.append(batch(5, 2));
  log.begin_epoch(4);
  CHECK(log.end_of_epoch(0).start_offset == 10);
  CHECK(log.end_of_epoch(1).epoch == 0);
  CHECK(log.end_of_epoch(2).start_offset == 15);
  CHECK(log.end_of_epoch(9).epoch == 4);
  CHECK(log.end_of_epoch(-1).epoch == -1);
  log.truncate(10);
  CHECK(log.last_epoch() == 0);
}

TEST_CASE("old batches are forgotten, the newest are kept") {
  PartitionLog log;
  for (int i = 0; i < 100; ++i) log.append(batch(1));
  log.forget_below(90, 5);
  CHECK(log.kept() == 10);
  CHECK(log.end_offset() == 100);
  log.forget_below(100, 5);
  CHECK(log.kept() == 5);
}

TEST_CASE("without state any sequence is taken, afterwards only the next") {
  ProducerStates states;
  CHECK(states.judge(sequenced(17, 3)).error == ErrorCode::kNone);
  states.on_append(sequenced(17, 3));
  CHECK(states.judge(sequenced(20, 1)).error == ErrorCode::kNone);
  CHECK(states.judge(sequenced(21, 1)).error == ErrorCode::kOutOfOrderSequenceNumber);
  CHECK(states.judge(sequenced(19, 1)).error == ErrorCode::kOutOfOrderSequenceNumber);
}

TEST_CASE("the last five batches are known again, exactly; a sixth is not") {
  ProducerStates states;
  PartitionLog log;
  for (int i = 0; i < 6; ++i) {
    LogBatch b = sequenced(i * 2, 2);
    log.append(b);
    b.base_offset = i * 2;
    states.on_append(b);
  }
  const SequenceVerdict known = states.judge(sequenced(2, 2));
  CHECK(known.error == ErrorCode::kNone);
  REQUIRE(known.duplicate);
  CHECK(known.duplicate->base_offset == 2);
  CHECK(states.judge(sequenced(0, 2)).error == ErrorCode::kOutOfOrderSequenceNumber);
  CHECK(states.judge(sequenced(2, 1)).error == ErrorCode::kOutOfOrderSequenceNumber);  // other boundaries
  states.rebuild(log);
  CHECK(states.judge(sequenced(10, 2)).duplicate);
}

TEST_CASE("epochs: an older one is fenced, a newer one begins at zero and clears the five") {
  ProducerStates states;
  states.on_append(sequenced(0, 5, 3));
  CHECK(states.judge(sequenced(5, 1, 2)).error == ErrorCode::kInvalidProducerEpoch);
  CHECK(states.judge(sequenced(5, 1, 4)).error == ErrorCode::kOutOfOrderSequenceNumber);
  CHECK(states.judge(sequenced(0, 1, 4)).error == ErrorCode::kNone);
  states.on_append(sequenced(0, 1, 4));
  CHECK(states.judge(sequenced(0, 5, 3)).error == ErrorCode::kInvalidProducerEpoch);
  CHECK(states.judge(sequenced(1, 1, 4)).error == ErrorCode::kNone);
}

TEST_CASE("sequences go round after 2^31 - 1, also within a batch") {
  CHECK(add_sequence(2'147'483'647, 1) == 0);
  CHECK(add_sequence(2'147'483'645, 5) == 2);
  ProducerStates states;
  states.on_append(sequenced(2'147'483'645, 3));  // the last is 2147483647
  CHECK(states.judge(sequenced(0, 1)).error == ErrorCode::kNone);
  ProducerStates within;
  within.on_append(sequenced(2'147'483'646, 4));  // the last is 1
  CHECK(within.judge(sequenced(2, 1)).error == ErrorCode::kNone);
}

}  // namespace sendscope::sim
