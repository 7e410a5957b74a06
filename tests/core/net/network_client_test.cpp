// NetworkClient over a transport played by hand: connecting, sending, completing, giving up.
#include "core/net/network_client.h"

#include "tests/core/net/scripted.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::test;

namespace {

NetworkClientSettings client_settings() {
  NetworkClientSettings result = usual_settings();
  result.client_id = "me";
  result.request_timeout_ms = 1'000;
  result.producer_index = 2;
  return result;
}

// Node 0 is ready, and all there is.
struct OneNodeBench : ReadyBench {
  OneNodeBench() : ReadyBench(client_settings(), {0}, {0}) {}
};

std::int64_t pid_of(const ClientResponse& response) {
  return response.as<wire::InitProducerIdResponse>()->producer_id;
}

}  // namespace

TEST_CASE("from the bootstrap address to metadata: connect, ApiVersions, Metadata") {
  Bench bench(client_settings());
  CHECK(bench.transport.open(-1));
  CHECK(bench.transport.connection(-1).endpoint == Endpoint{"seed0", 9092});
  CHECK(state(bench, -1) == ConnectionState::kConnecting);
  CHECK(bench.turn() == 50);  // reconnect.backoff.ms while a connection is being made

  bench.transport.accept(-1);
  CHECK(bench.turn() == 1'000);  // request.timeout.ms at most
  CHECK(state(bench, -1) == ConnectionState::kCheckingApiVersions);
  const std::vector<Request> first = bench.requests(-1);
  REQUIRE(first.size() == 1);
  CHECK(first[0].header.version == 4);
  CHECK(first[0].header.correlation_id == 0);
  CHECK(first[0].header.client_id == "me");
  CHECK(std::get<wire::ApiVersionsRequest>(first[0].body).client_software_name == "sendscope");

  bench.answer(-1, all_api_versions());
  CHECK(bench.turn() == 1'000);
  CHECK(state(bench, -1) == ConnectionState::kReady);
  const std::vector<Request> second = bench.requests(-1);
  REQUIRE(second.size() == 1);
  CHECK(second[0].header.version == 13);
  CHECK(second[0].header.correlation_id == 1);
  const auto& body = std::get<wire::MetadataRequest>(second[0].body);
  REQUIRE(body.topics->size() == 1);
  CHECK(body.topics->at(0).name == "orders");
  CHECK(body.allow_auto_topic_creation);

  bench.answer_metadata(-1, {0, 1});
  CHECK(bench.metadata.snapshot()->nodes().size() == 2);
  CHECK(bench.client.in_flight_count() == 0);
}

TEST_CASE("a node is connected when somebody wants it") {
  Bench bench(client_settings());
  bench.start({0, 1});
  CHECK_FALSE(bench.client.ready(bench.node(1), bench.now()));
  CHECK(bench.transport.open(1));
  CHECK_FALSE(bench.client.ready(bench.node(1), bench.now()));
  CHECK(bench.client.poll_delay(1, bench.now()) == 10'000);
  bench.make_ready(1);
  CHECK(bench.client.ready(bench.node(1), bench.now()));
  CHECK(bench.client.has_ready_nodes(bench.now()));
}

TEST_CASE("responses complete the oldest request, handlers run in order") {
  OneNodeBench bench;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(bench.client.is_ready(0, bench.now()));
    bench.send(0);
  }
  CHECK_FALSE(bench.client.is_ready(0, bench.now()));  // max.in.flight.requests.per.connection
  CHECK(bench.requests(0).size() == 5);
  for (int i = 0; i < 5; ++i) {
    bench.answer(0, pid(100 + i));
    bench.turn();
    REQUIRE(bench.outcomes.size() == static_cast<std::size_t>(i) + 1);
    CHECK(pid_of(bench.outcomes.back()) == 100 + i);
    CHECK(bench.outcomes.back().id == request_id(2, bench.outcomes.back().correlation_id));
  }
  CHECK(bench.client.in_flight_count() == 0);
}

TEST_CASE("one connection gives one response a poll, and says that there are more") {
  OneNodeBench bench;
  for (int i = 0; i < 3; ++i) bench.send(0);
  for (int i = 0; i < 3; ++i) bench.answer(0, pid(i));
  bench.client.finish_poll(bench.now());
  CHECK(bench.outcomes.size() == 1);
  CHECK(bench.client.begin_poll(500, bench.now()).at_once);
  bench.client.finish_poll(bench.now());
  bench.client.begin_poll(500, bench.now());
  bench.client.finish_poll(bench.now());
  CHECK(bench.outcomes.size() == 3);
  const NetworkClient::PollStart start = bench.client.begin_poll(500, bench.now());
  CHECK_FALSE(start.at_once);
  CHECK(start.timeout_ms == 500);
}

TEST_CASE("responses that came before the connection was lost still count") {
  OneNodeBench bench;
  for (int i = 0; i < 3; ++i) bench.send(0);
  for (int i = 0; i < 2; ++i) bench.answer(0, pid(i));
  bench.transport.cut(0);
  bench.turn();
  CHECK(bench.outcomes.size() == 1);
  bench.turn();
  CHECK(bench.outcomes.size() == 2);
  CHECK(state(bench, 0) == ConnectionState::kReady);
  bench.turn();
  REQUIRE(bench.outcomes.size() == 3);
  CHECK(bench.outcomes[2].disconnected);
  CHECK_FALSE(bench.outcomes[2].timed_out);
  CHECK(state(bench, 0) == ConnectionState::kDisconnected);
}

TEST_CASE("a response may come in pieces") {
  OneNodeBench bench;
  bench.send(0);
  const Request request = bench.take_oldest(0);
  for (const std::byte byte : response_frame(pid(7), request.header.version, request.header.correlation_id)) {
    CHECK(bench.outcomes.empty());
    bench.transport.receive(0, {byte});
    bench.turn();
  }
  REQUIRE(bench.outcomes.size() == 1);
  CHECK(pid_of(bench.outcomes[0]) == 7);
}

TEST_CASE("a short write goes on when there is room, and holds back the next request") {
  OneNodeBench bench;
  bench.transport.room = 9;
  bench.send(0);
  CHECK_FALSE(bench.client.is_ready(0, bench.now()));
  for (int i = 0; i < 100 && !bench.client.is_ready(0, bench.now()); ++i) {
    bench.transport.writable(0);
    bench.turn();
  }
  CHECK(bench.client.is_ready(0, bench.now()));
  CHECK(bench.requests(0).size() == 1);
}

TEST_CASE("batch memory goes to the transport where it lies") {
  OneNodeBench bench;
  std::vector<std::byte> batch(100, std::byte{1});
  wire::ProduceRequest produce;
  produce.topics = {{"orders", {7, 1}, {{0, Bytes(batch)}}}};
  bench.transport.room = 60;
  bench.client.send(
      bench.client.new_request(0, produce, all_versions(ApiKey::kProduce), bench.now(), true, 1000, nullptr),
      bench.now());
  batch.back() = std::byte{2};  // only pieces that are not yet written can show this
  bench.transport.room = SIZE_MAX;
  bench.transport.writable(0);
  bench.turn();
  CHECK(bench.transport.connection(0).written.size() > 100);
  CHECK(bench.transport.connection(0).written.back() != std::byte{1});
}

TEST_CASE("a request without response is complete in the poll after it was written") {
  OneNodeBench bench;
  bench.client.send(bench.request(0, false), bench.now());
  CHECK(bench.outcomes.empty());
  CHECK(bench.client.begin_poll(500, bench.now()).at_once);
  bench.turn();
  REQUIRE(bench.outcomes.size() == 1);
  CHECK_FALSE(bench.outcomes[0].body.has_value());
  CHECK_FALSE(bench.outcomes[0].disconnected);
  CHECK(bench.client.in_flight_count() == 0);
}

TEST_CASE("a version the node lacks is told at the next poll, without waiting and without sending") {
  Bench bench(client_settings());
  bench.start({0});
  bench.client.ready(bench.node(0), bench.now());
  bench.transport.accept(0);
  bench.turn();
  wire::ApiVersionsResponse versions = all_api_versions();
  for (auto& range : versions.api_keys) {
    if (range.api_key == static_cast<std::int16_t>(ApiKey::kInitProducerId)) range.max_version = 2;
  }
  bench.answer(0, versions);
  bench.turn();
  ClientRequest request = bench.request(0);
  request.versions = {3, 5};
  bench.client.send(std::move(request), bench.now());
  CHECK(bench.client.in_flight_count() == 0);
  CHECK_FALSE(bench.client.begin_poll(500, bench.now()).waits);
  REQUIRE(bench.outcomes.size() == 1);
  CHECK(bench.outcomes[0].version_mismatch->code == ErrorCode::kUnsupportedVersion);
  CHECK(bench.client.begin_poll(500, bench.now()).waits);
  bench.send(0);
  CHECK(bench.requests(0).at(0).header.version == 2);  // the latest both know
}

TEST_CASE("throttling holds back the node and stretches the time-outs of what is in flight") {
  OneNodeBench bench;
  bench.send(0);
  bench.send(0);
  bench.answer(0, pid(1, 300));
  bench.turn();
  CHECK_FALSE(bench.client.is_ready(0, bench.now()));
  CHECK(bench.client.throttle_delay(0, bench.now()) == 300);
  CHECK(bench.client.poll_delay(0, bench.now()) == 300);
  CHECK(bench.events(EventKind::node_throttled).size() == 1);
  bench.advance(300);
  bench.turn();
  CHECK(bench.client.is_ready(0, bench.now()));
  bench.advance(1'000);
  bench.turn();
  CHECK(bench.outcomes.size() == 1);
  bench.advance(1);
  bench.turn();
  CHECK(bench.outcomes.size() == 2);
  CHECK(bench.outcomes[1].timed_out);
}

TEST_CASE("versions that do not throttle the client leave the node ready") {
  CHECK_FALSE(throttles_client(ApiKey::kProduce, 5));
  CHECK(throttles_client(ApiKey::kProduce, 6));
  CHECK_FALSE(throttles_client(ApiKey::kInitProducerId, 0));
  CHECK(throttles_client(ApiKey::kInitProducerId, 1));
  CHECK_FALSE(throttles_client(ApiKey::kFindCoordinator, 1));
}

TEST_CASE("an overdue request gives up its connection and everything on it, oldest first") {
  Bench bench(client_settings());
  bench.start({0, 1});
  for (const NodeId node : {0, 1}) {
    bench.client.ready(bench.node(node), bench.now());
    bench.make_ready(node);
  }
  bench.send(0);
  bench.advance(400);
  bench.send(0);
  bench.send(1);
  bench.send(0);
  bench.advance(600);
  bench.turn();
  CHECK(bench.outcomes.empty());
  bench.advance(1);
  bench.turn();
  REQUIRE(bench.outcomes.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(bench.outcomes[i].disconnected);
    CHECK(bench.outcomes[i].timed_out);
    CHECK(bench.outcomes[i].node == 0);
    if (i > 0) CHECK(bench.outcomes[i].correlation_id > bench.outcomes[i - 1].correlation_id);
  }
  CHECK_FALSE(bench.transport.open(0));
  CHECK(bench.transport.open(1));
  CHECK(bench.client.connection_failed(0));
  CHECK(bench.client.in_flight_count(0) == 0);
  CHECK(bench.client.in_flight_count(1) == 2);  // its own, and metadata, which the loss has asked for
  CHECK_FALSE(bench.client.is_ready(0, bench.now()));
  CHECK(bench.api_versions.find(0) == std::nullopt);
}

TEST_CASE("a connection that takes too long is given up, and backed off") {
  Bench bench(client_settings());
  bench.advance(10'000);
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kConnecting);
  bench.advance(1);
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kDisconnected);
  CHECK_FALSE(bench.transport.open(-1));
  CHECK(bench.client.connection_delay(-1, bench.now()) == 50);
}

TEST_CASE("a refused connection is tried again after the backoff") {
  Bench bench(client_settings());
  bench.transport.cut(-1);
  CHECK(bench.turn() == 100);  // the update that could not be asked for has failed
  CHECK(state(bench, -1) == ConnectionState::kDisconnected);
  bench.advance(100);
  CHECK(bench.turn() == 50);
  CHECK(state(bench, -1) == ConnectionState::kConnecting);
  CHECK(bench.transport.open(-1));
}

TEST_CASE("disconnect() tells at the next poll and does not extend a backoff; close() forgets") {
  OneNodeBench bench;
  bench.send(0);
  bench.client.disconnect(0, bench.now());
  CHECK(bench.outcomes.empty());
  CHECK_FALSE(bench.transport.open(0));
  bench.advance(20);
  bench.client.disconnect(0, bench.now());
  CHECK(bench.client.connection_delay(0, bench.now()) == 30);
  CHECK_FALSE(bench.client.begin_poll(500, bench.now()).waits);
  CHECK(bench.outcomes.at(0).disconnected);

  bench.client.close(0, bench.now());
  CHECK(bench.client.connection_delay(0, bench.now()) == 0);
  CHECK(bench.client.connections().find(0) == nullptr);
}

TEST_CASE("closing the client closes every connection and the metadata") {
  OneNodeBench bench;
  bench.send(0);
  bench.client.close();
  CHECK_FALSE(bench.transport.open(0));
  CHECK_FALSE(bench.transport.open(-1));
  CHECK(bench.metadata.is_closed());
  CHECK(bench.outcomes.empty());
  CHECK_FALSE(bench.client.active());
}

TEST_CASE("an idle connection is closed, one a poll, the longest unused first") {
  NetworkClientSettings idle = client_settings();
  idle.connections_max_idle_ms = 5'000;
  Bench bench(idle);
  bench.start({0});
  bench.client.ready(bench.node(0), bench.now());
  bench.advance(10);
  bench.make_ready(0);
  bench.advance(5'000);
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kDisconnected);
  CHECK(state(bench, 0) == ConnectionState::kReady);
  bench.answer_metadata(0, {0});  // which the loss has asked for
  bench.advance(5'000);
  bench.turn();
  CHECK(state(bench, 0) == ConnectionState::kReady);
  bench.advance(1);
  bench.turn();
  CHECK(state(bench, 0) == ConnectionState::kDisconnected);
}

TEST_CASE("correlation ids leave out what SASL keeps for itself") {
  CHECK(correlation_id_after(0) == 1);
  CHECK(correlation_id_after(INT32_MAX - 9) == INT32_MAX - 8);
  CHECK(correlation_id_after(INT32_MAX - 8) == INT32_MIN);
  CHECK(correlation_id_after(INT32_MIN) == INT32_MIN + 1);
  CHECK(correlation_id_after(-1) == 0);
}
