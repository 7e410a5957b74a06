// Produce requests: the checks in Kafka's order and their codes, duplicates, acks, hints.
#include "core/base/crc32c.h"
#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

using Bytes8 = std::vector<std::byte>;

void mend_crc(Bytes8& batch) {
  const std::uint32_t crc = crc32c(Bytes(batch).subspan(wire::batch_at::kAttributes));
  store_big_endian<std::uint32_t>(batch.data() + wire::batch_at::kCrc, crc);
}

struct ProduceFixture : BrokerFixture {
  using BrokerFixture::BrokerFixture;
  ConnId conn = connect(1);

  wire::ProducePartitionResponse produce(const Bytes8& batch, std::int16_t acks = -1,
                                         std::int16_t version = 9, PartitionId partition = 0) {
    const auto answer = ask<wire::ProduceResponse>(conn, produce_request(batch, acks, partition), version);
    REQUIRE(answer.topics.size() == 1);
    REQUIRE(answer.topics[0].partitions.size() == 1);
    return answer.topics[0].partitions[0];
  }
  std::int64_t log_end(NodeId node, PartitionNumber p = 0) {
    return broker(node).replica(p).log.end_offset();
  }
};

}  // namespace

TEST_CASE("batches are appended at dense offsets and copied to every replica") {
  ProduceFixture f;
  for (const int records : {3, 2}) {
    const auto answer = f.produce(make_batch(records));
    CHECK(answer.error_code == 0);
    CHECK(answer.base_offset == (records == 3 ? 0 : 3));
    CHECK(answer.log_append_time_ms == -1);
    CHECK(answer.log_start_offset == 0);
  }
  for (const NodeId node : {1, 2, 3}) CHECK(f.log_end(node) == 5);
  CHECK(f.broker(1).replica(0).high_watermark == 5);
}

TEST_CASE("acks=all is answered when the replicas have it, acks=1 at once, acks=0 never") {
  const auto latency = [](std::int16_t acks) {
    ProduceFixture f;
    const auto batch = make_batch(1);
    f.send(f.conn, produce_request(batch, acks), 9);
    const Nanos start = f.loop.now();
    while (f.client.frames[f.conn].empty() && f.loop.now() - start < kNanosPerSecond) {
      f.loop.step();
      f.client.poll(f.loop.now());
      if (f.loop.size() == 0) break;
    }
    CHECK(f.log_end(1) == 1);
    return f.client.frames[f.conn].empty() ? kForever : f.loop.now() - start;
  };
  // Half a millisecond each way, 200 us of service; a fetch's answer and the next fetch for acks=all.
  CHECK(latency(1) / kNanosPerMicro == 1201);
  CHECK(latency(-1) / kNanosPerMicro == 2202);
  CHECK(latency(0) == kForever);
}

TEST_CASE("each check has its code, in Kafka's order") {
  Scenario scenario = base_scenario();
  scenario.cluster.topics[0].max_message_bytes = 1000;
  ProduceFixture f(scenario);
  const auto outcome = [&](const Bytes8& batch, std::int16_t acks = -1, PartitionId partition = 0) {
    return static_cast<ErrorCode>(f.produce(batch, acks, 9, partition).error_code);
  };
  const Bytes8 good = make_batch(2);
  CHECK(outcome(good, -1, 7) == ErrorCode::kUnknownTopicOrPartition);
  CHECK(outcome(good, -1, -1) == ErrorCode::kUnknownTopicOrPartition);
  CHECK(outcome({}) == ErrorCode::kInvalidRecord);
  CHECK(outcome(Bytes8(10)) == ErrorCode::kCorruptMessage);
  Bytes8 old = good;
  old[wire::batch_at::kMagic] = std::byte{1};
  CHECK(outcome(old) == ErrorCode::kInvalidRecord);
  Bytes8 two = good;
  two.insert(two.end(), good.begin(), good.end());
  CHECK(outcome(two) == ErrorCode::kInvalidRecord);
  CHECK(outcome(good, 5) == ErrorCode::kInvalidRequiredAcks);
  CHECK(outcome(good, -1, 1) == ErrorCode::kNotLeaderOrFollower);
  Bytes8 offset = good;
  store_big_endian<std::int64_t>(offset.data(), 5);
  CHECK(outcome(offset) == ErrorCode::kInvalidRecord);
  CHECK(outcome(make_batch(80)) == ErrorCode::kMessageTooLarge);
  Bytes8 flipped = good;
  flipped.back() ^= std::byte{1};
  CHECK(outcome(flipped) == ErrorCode::kCorruptMessage);
  Bytes8 count = good;
  store_big_endian<std::int32_t>(count.data() + wire::batch_at::kRecordCount, 3);
  mend_crc(count);
  CHECK(outcome(count) == ErrorCode::kInvalidRecord);
  Bytes8 control = good;
  store_big_endian<std::int16_t>(control.data() + wire::batch_at::kAttributes, 0x20);
  mend_crc(control);
  CHECK(outcome(control) == ErrorCode::kInvalidRecord);
  Bytes8 negative = make_batch(2, {7, 0, 0, false});
  store_big_endian<std::int32_t>(negative.data() + wire::batch_at::kBaseSequence, -1);
  mend_crc(negative);
  CHECK(outcome(negative) == ErrorCode::kInvalidRecord);
  CHECK(f.log_end(1) == 0);
  CHECK(outcome(good) == ErrorCode::kNone);
}

TEST_CASE("records: keys on a compacted topic, times ahead of the clock, broker time instead") {
  Scenario scenario = base_scenario();
  scenario.cluster.topics[0].compacted = true;
  ProduceFixture f(scenario);
  const auto refused = f.produce(make_batch(3));
  CHECK(refused.error_code == code(ErrorCode::kInvalidRecord));
  CHECK(refused.record_errors.size() == 3);
  CHECK(refused.error_message);
  CHECK(f.produce(make_batch(3, {}, true)).error_code == 0);
  const auto future = f.produce(make_batch(1, {}, true, 2 * 3'600'000));
  CHECK(future.error_code == code(ErrorCode::kInvalidTimestamp));

  scenario.cluster.topics[0].compacted = false;
  scenario.cluster.topics[0].log_append_time = true;
  ProduceFixture timed(scenario);
  const auto answer = timed.produce(make_batch(1, {}, false, 2 * 3'600'000));
  CHECK(answer.error_code == 0);
  CHECK(answer.log_append_time_ms >= 20);
}

TEST_CASE("a batch that comes twice is answered with the offset of the first time, once replicated") {
  ProduceFixture f;
  const Bytes8 first = make_batch(3, {7, 0, 0, false});
  const Bytes8 second = make_batch(2, {7, 0, 3, false});
  CHECK(f.produce(first).base_offset == 0);
  CHECK(f.produce(second).base_offset == 3);
  const auto again = f.produce(first);
  CHECK(again.error_code == 0);
  CHECK(again.base_offset == 0);
  CHECK(again.log_append_time_ms == 1);  // the cached timestamp, even with CreateTime
  CHECK(f.log_end(1) == 5);
  CHECK(f.produce(make_batch(1, {7, 0, 9, false})).error_code == code(ErrorCode::kOutOfOrderSequenceNumber));
  CHECK(f.produce(make_batch(1, {7, 1, 0, false})).error_code == 0);
  CHECK(f.produce(make_batch(1, {7, 0, 5, false})).error_code == code(ErrorCode::kInvalidProducerEpoch));
}

TEST_CASE("an error says who leads, from version 10 on (KIP-951)") {
  ProduceFixture f;
  const Bytes8 batch = make_batch(1);
  const auto request = produce_request(batch, -1, 2);
  const auto hint = f.ask<wire::ProduceResponse>(f.conn, request, 10);
  CHECK(hint.topics[0].partitions[0].error_code == code(ErrorCode::kNotLeaderOrFollower));
  CHECK(hint.topics[0].partitions[0].current_leader == wire::LeaderIdAndEpoch{3, 0});
  REQUIRE(hint.node_endpoints.size() == 1);
  CHECK(hint.node_endpoints[0].host == "node-3");
  const auto plain = f.ask<wire::ProduceResponse>(f.conn, request, 9);
  CHECK(plain.node_endpoints.empty());
}

TEST_CASE("from version 13 on topics go by id") {
  ProduceFixture f;
  const Bytes8 batch = make_batch(1);
  auto request = produce_request(batch);
  request.topics[0].topic_id = f.cluster.catalog().topics[0].id;
  const auto answer = f.ask<wire::ProduceResponse>(f.conn, request, 13);
  CHECK(answer.topics[0].topic_id == request.topics[0].topic_id);
  CHECK(answer.topics[0].partitions[0].error_code == 0);
  request.topics[0].topic_id = {1, 1};
  const auto unknown = f.ask<wire::ProduceResponse>(f.conn, request, 13);
  CHECK(unknown.topics[0].partitions[0].error_code == code(ErrorCode::kUnknownTopicId));
}

TEST_CASE("one partition's error does not touch its neighbours") {
  ProduceFixture f;
  const Bytes8 good = make_batch(1);
  Bytes8 bad = good;
  bad.back() ^= std::byte{1};
  auto request = produce_request(good);
  request.topics[0].partitions.push_back({0, Bytes(bad)});
  request.topics.push_back({"nothing", {}, {{0, Bytes(good)}}});
  const auto answer = f.ask<wire::ProduceResponse>(f.conn, request, 9);
  REQUIRE(answer.topics.size() == 2);
  CHECK(answer.topics[0].partitions[0].error_code == 0);
  CHECK(answer.topics[0].partitions[1].error_code == code(ErrorCode::kCorruptMessage));
  CHECK(answer.topics[1].partitions[0].error_code == code(ErrorCode::kUnknownTopicOrPartition));
}

TEST_CASE("acks=0: an error closes the connection") {
  ProduceFixture f;
  const Bytes8 batch = make_batch(1);
  f.send(f.conn, produce_request(batch, 0), 9);
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.empty());
  CHECK(f.client.frames[f.conn].empty());
  f.send(f.conn, produce_request(batch, 0, 1), 9);  // another node leads it
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.count(f.conn) == 1);
}

TEST_CASE("sabotaged brokers: no sequence check, no CRC check, the newest first, forgetting, not waiting") {
  const Bytes8 first = make_batch(1, {7, 0, 0, false});
  {
    ProduceFixture f(base_scenario(), 1, Sabotage{.skip_sequence_check = true});
    CHECK(f.produce(first).base_offset == 0);
    CHECK(f.produce(first).base_offset == 1);
  }
  {
    ProduceFixture f(base_scenario(), 1, Sabotage{.forget_append = true});
    for (int i = 0; i < 7; ++i) CHECK(f.produce(make_batch(1)).error_code == 0);
    CHECK(f.log_end(1) == 6);
  }
  {
    ProduceFixture f(base_scenario(), 1, Sabotage{.answer_newest_first = true});
    for (int i = 0; i < 3; ++i) f.send(f.conn, wire::ApiVersionsRequest{"test", "1"}, 3);
    f.run_for(kNanosPerSecond);
    std::vector<std::int32_t> order;
    for (int i = 0; i < 3; ++i) {
      f.take<wire::ApiVersionsResponse>(f.conn, 3);
      order.push_back(f.last_correlation);
    }
    CHECK(order != std::vector<std::int32_t>{0, 1, 2});
  }
  {
    ProduceFixture f(base_scenario(), 1, Sabotage{.skip_crc_check = true});
    Bytes8 bad = make_batch(1);
    bad[wire::batch_at::kCrc] ^= std::byte{1};
    CHECK(f.produce(bad).error_code == 0);
  }
}

}  // namespace sendscope::sim
