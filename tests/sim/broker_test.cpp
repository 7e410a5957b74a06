// A broker answers real wire bytes: versions, metadata, producer ids, order, malformed requests.
#include "sim/broker.h"

#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {

TEST_CASE("ApiVersions: ranges, the fallback for a version of the future, a bad software name") {
  BrokerFixture f;
  const ConnId conn = f.connect(1);
  const wire::ApiVersionsRequest request{"test", "1.0"};
  const auto answer = f.ask<wire::ApiVersionsResponse>(conn, request, 4);
  CHECK(answer.error_code == 0);
  REQUIRE(answer.api_keys.size() == api_rows().size());
  for (std::size_t i = 0; i < api_rows().size(); ++i) {
    const ApiRow& row = api_rows()[i];
    CHECK(answer.api_keys[i] == wire::ApiVersionRange{key_of(row.key), row.broker_min, row.broker_max});
  }
  CHECK(answer.api_keys[0] == wire::ApiVersionRange{0, 0, 13});

  std::vector<std::byte> future = wire::Frame::request(request, 4, 9, "x").flatten();
  store_big_endian<std::int16_t>(future.data() + 6, 9);
  f.write(conn, future);
  f.run_for(kNanosPerSecond);
  const auto fallback = f.take<wire::ApiVersionsResponse>(conn, 0);
  CHECK(fallback.error_code == code(ErrorCode::kUnsupportedVersion));
  CHECK(fallback.api_keys == std::vector<wire::ApiVersionRange>{{18, 0, 4}});

  const auto refused = f.ask<wire::ApiVersionsResponse>(conn, wire::ApiVersionsRequest{"-bad-", "1"}, 3);
  CHECK(refused.error_code == code(ErrorCode::kInvalidRequest));
  CHECK(f.client.disconnected.empty());
}

TEST_CASE("Metadata: nodes, leaders round-robin, stable topic ids, unknown and bad names") {
  BrokerFixture f;
  const ConnId conn = f.connect(2);
  wire::MetadataRequest request;
  request.topics.emplace();
  for (const char* name : {"orders", "nothing", "bad name"}) request.topics->push_back({{}, name});
  request.allow_auto_topic_creation = false;
  const auto answer = f.ask<wire::MetadataResponse>(conn, request, 13);
  REQUIRE(answer.brokers.size() == 3);
  CHECK(answer.brokers[1].host == "node-2");
  CHECK(answer.controller_id == 1);
  CHECK(answer.cluster_id->size() == 22);
  REQUIRE(answer.topics.size() == 3);
  const wire::MetadataTopic& orders = answer.topics[0];
  REQUIRE(orders.partitions.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(orders.partitions[i].leader_id == i + 1);
    CHECK(orders.partitions[i].replica_nodes.size() == 3);
    CHECK(orders.partitions[i].isr_nodes.size() == 3);
  }
  CHECK_FALSE(orders.topic_id.is_zero());
  CHECK(answer.topics[1].error_code == code(ErrorCode::kUnknownTopicOrPartition));
  CHECK(answer.topics[2].error_code == code(ErrorCode::kInvalidTopic));

  BrokerFixture again;
  const auto same = again.ask<wire::MetadataResponse>(again.connect(3), request, 13);
  CHECK(same.topics[0].topic_id == orders.topic_id);
  BrokerFixture other(base_scenario(), 2);
  const auto different = other.ask<wire::MetadataResponse>(other.connect(3), request, 13);
  CHECK(different.topics[0].topic_id != orders.topic_id);
}

TEST_CASE("Metadata of all topics, by id, and automatic creation a little later") {
  BrokerFixture f;
  const ConnId conn = f.connect(1);
  const auto all = f.ask<wire::MetadataResponse>(conn, wire::MetadataRequest{}, 12);
  REQUIRE(all.topics.size() == 1);
  wire::MetadataRequest by_id;
  by_id.topics.emplace();
  by_id.topics->push_back({all.topics[0].topic_id, std::nullopt});
  CHECK(f.ask<wire::MetadataResponse>(conn, by_id, 12).topics[0].name == "orders");
  by_id.topics->front().topic_id = {1, 2};
  CHECK(f.ask<wire::MetadataResponse>(conn, by_id, 12).topics[0].error_code ==
        code(ErrorCode::kUnknownTopicId));

  wire::MetadataRequest create;
  create.topics.emplace();
  create.topics->push_back({{}, "fresh"});
  CHECK(f.ask<wire::MetadataResponse>(conn, create, 9).topics[0].error_code ==
        code(ErrorCode::kUnknownTopicOrPartition));
  const auto later = f.ask<wire::MetadataResponse>(conn, create, 9);
  CHECK(later.topics[0].error_code == 0);
  CHECK(later.topics[0].partitions.size() == 1);
}

TEST_CASE("producer ids differ from each other on all brokers") {
  BrokerFixture f;
  std::set<std::int64_t> ids;
  for (const NodeId node : {1, 2, 3}) {
    const ConnId conn = f.connect(node);
    for (int i = 0; i < 3; ++i) {
      wire::InitProducerIdRequest request;
      request.transaction_timeout_ms = INT32_MAX;
      const auto answer = f.ask<wire::InitProducerIdResponse>(conn, request, 5);
      CHECK(answer.error_code == 0);
      CHECK(answer.producer_epoch == 0);
      ids.insert(answer.producer_id);
    }
  }
  CHECK(ids.size() == 9);
}

TEST_CASE("what cannot be read closes the connection without an answer") {
  BrokerFixture f;
  const auto closes = [&](const std::vector<std::byte>& bytes) {
    const ConnId conn = f.connect(1);
    f.write(conn, bytes);
    f.run_for(kNanosPerSecond);
    return f.client.disconnected.count(conn) == 1 && f.client.frames[conn].empty();
  };
  const auto good = wire::Frame::request(wire::MetadataRequest{}, 12, 0, "x").flatten();
  std::vector<std::byte> bytes = good;
  store_big_endian<std::int16_t>(bytes.data() + 4, 77);  // an api nobody knows
  CHECK(closes(bytes));
  bytes = good;
  store_big_endian<std::int16_t>(bytes.data() + 6, 99);  // a version nobody knows
  CHECK(closes(bytes));
  bytes = good;
  bytes.resize(bytes.size() - 2);  // a body that ends too early
  store_big_endian<std::int32_t>(bytes.data(), static_cast<std::int32_t>(bytes.size() - 4));
  CHECK(closes(bytes));
  CHECK(closes({std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}}));              // nothing at all
  CHECK(closes({std::byte{'G'}, std::byte{'E'}, std::byte{'T'}, std::byte{' '}}));      // not Kafka
  CHECK(closes({std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}}));  // a negative length
}

TEST_CASE("one request of a connection is in work at a time; the next begins when it is answered") {
  BrokerFixture f;
  const ConnId conn = f.connect(1);
  for (int i = 0; i < 3; ++i) f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
  const Nanos start = f.loop.now();
  f.run_for(kNanosPerSecond);
  std::vector<Event> room(10'000);
  room.resize(f.sink.drain(room));
  std::vector<Nanos> arrived, started, sent;
  for (const Event& event : room) {
    if (event.kind == EventKind::request_arrived) arrived.push_back(event.t);
    if (event.kind == EventKind::request_started) started.push_back(event.t);
    if (event.kind == EventKind::response_sent) sent.push_back(event.t);
  }
  REQUIRE(sent.size() == 3);
  CHECK(arrived[2] - start < 600 * kNanosPerMicro);
  for (int i = 0; i < 3; ++i) CHECK(sent[i] - started[i] == 100 * kNanosPerMicro);
  CHECK(started[1] == sent[0]);
  CHECK(started[2] == sent[1]);
}

TEST_CASE("a handler thread works on one request; the others wait for one") {
  Scenario scenario = base_scenario();
  scenario.cluster.config.num_io_threads = 2;
  scenario.cluster.nodes[0].service.other = Distribution::constant(10 * kNanosPerMilli);
  BrokerFixture f(scenario);
  std::vector<ConnId> conns;
  for (int i = 0; i < 4; ++i) conns.push_back(f.connect(1));
  for (const ConnId conn : conns) f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
  f.run_for(15 * kNanosPerMilli);
  std::size_t answered = 0;
  for (const ConnId conn : conns) answered += f.client.frames[conn].size();
  CHECK(answered == 2);
  f.run_for(15 * kNanosPerMilli);
  for (const ConnId conn : conns) CHECK(f.client.frames[conn].size() == 1);
}

TEST_CASE("a paused node takes bytes and answers nothing until it goes on") {
  BrokerFixture f;
  const ConnId conn = f.connect(1);
  f.broker(1).pause();
  f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
  const ConnId second = f.connect(1);
  f.run_for(2 * kNanosPerSecond);
  CHECK(f.client.connected.count(second) == 1);  // its kernel accepts all the same
  CHECK(f.client.frames[conn].empty());
  f.broker(1).resume();
  f.run_for(kNanosPerMilli);
  CHECK(f.client.frames[conn].size() == 1);
}

TEST_CASE("requests are any bytes: nothing that is sent brings a broker down") {
  BrokerFixture f;
  Prng prng(11);
  std::vector<std::vector<std::byte>> seeds;
  seeds.push_back(wire::Frame::request(wire::ApiVersionsRequest{"test", "1"}, 4, 0, "x").flatten());
  seeds.push_back(wire::Frame::request(wire::MetadataRequest{}, 12, 0, "x").flatten());
  const auto batch = make_batch(5);
  seeds.push_back(wire::Frame::request(produce_request(batch), 9, 0, "x").flatten());
  seeds.push_back(wire::Frame::request(wire::InitProducerIdRequest{}, 4, 0, "x").flatten());
  ConnId conn = f.connect(1);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<std::byte> bytes = seeds[prng.below(seeds.size())];
    for (std::uint64_t flips = prng.below(4); flips-- > 0;) {
      bytes[4 + prng.below(bytes.size() - 4)] = static_cast<std::byte>(prng.next_u32());
    }
    if (f.client.disconnected.count(conn) > 0) conn = f.connect(1);
    f.write(conn, bytes);
    f.run_for(3 * kNanosPerMilli);
  }
  CHECK(f.connect(1) != kNoConn);
  CHECK(f.broker(1).working());
}

}  // namespace sendscope::sim
