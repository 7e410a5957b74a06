// NetworkClient among nodes that refuse, lie, go away or send nonsense.
#include "core/base/prng.h"
#include "core/net/network_client.h"
#include "tests/core/net/scripted.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::test;

namespace {

NetworkClientSettings trouble_settings(bool rebootstrap = true) {
  NetworkClientSettings result = usual_settings();
  result.request_timeout_ms = 1'000;
  result.rebootstrap = rebootstrap;
  result.rebootstrap_trigger_ms = 5'000;
  return result;
}

// Node 0 ready, metadata answered.
struct TroubleBench : ReadyBench {
  TroubleBench() : ReadyBench(trouble_settings(), {0, 1, 2}, {0}) {}
};

wire::ApiVersionsResponse refusal(ErrorCode error, std::int16_t latest = -1) {
  wire::ApiVersionsResponse response;
  response.error_code = static_cast<std::int16_t>(error);
  if (latest >= 0) response.api_keys = {{static_cast<std::int16_t>(ApiKey::kApiVersions), 0, latest}};
  return response;
}

// Answers an ApiVersions request in version 0, as a node does that does not know the version asked.
void answer_in_version_0(Bench& bench, NodeId node, const wire::ApiVersionsResponse& response) {
  const Request request = bench.take_oldest(node);
  bench.transport.receive(node, response_frame(response, 0, request.header.correlation_id));
}

// The node's ApiVersions answer leaves Metadata out.
void connect_without_metadata(Bench& bench, NodeId node) {
  bench.transport.accept(node);
  bench.turn();
  wire::ApiVersionsResponse versions = all_api_versions();
  std::erase_if(versions.api_keys, [](const wire::ApiVersionRange& range) { return range.api_key == 3; });
  bench.answer(node, versions);
  bench.turn();
}

}  // namespace

// ---- ApiVersions

TEST_CASE("a node that does not know the version of ApiVersions says which it does know") {
  Bench bench(trouble_settings());
  bench.transport.accept(-1);
  bench.turn();
  answer_in_version_0(bench, -1, refusal(ErrorCode::kUnsupportedVersion, 2));
  bench.turn();
  const Request second = bench.take_oldest(-1);
  CHECK(second.header.version == 2);
  bench.transport.receive(-1, response_frame(all_api_versions(), 2, second.header.correlation_id));
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kReady);
}

TEST_CASE("a node that does not even say that is asked in version 0, once") {
  Bench bench(trouble_settings());
  bench.transport.accept(-1);
  bench.turn();
  answer_in_version_0(bench, -1, refusal(ErrorCode::kUnsupportedVersion));
  bench.turn();
  CHECK(bench.requests(-1).at(0).header.version == 0);
  answer_in_version_0(bench, -1, refusal(ErrorCode::kUnsupportedVersion));
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kDisconnected);
  CHECK_FALSE(bench.transport.open(-1));
}

TEST_CASE("a node that advertises what it has just refused is not asked in circles") {
  Bench bench(trouble_settings());
  bench.transport.accept(-1);
  bench.turn();
  answer_in_version_0(bench, -1, refusal(ErrorCode::kUnsupportedVersion, 9));
  bench.turn();
  CHECK(bench.requests(-1).at(0).header.version == 0);
}

TEST_CASE("any other error of ApiVersions ends the connection") {
  Bench bench(trouble_settings());
  bench.transport.accept(-1);
  bench.turn();
  bench.answer(-1, refusal(ErrorCode::kClusterAuthorizationFailed));
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kDisconnected);
}

// ---- least loaded node

TEST_CASE("the least loaded node: idle, then least in flight, then connecting, then longest alone") {
  TroubleBench bench;
  const auto chosen = [&] { return bench.client.least_loaded_node(bench.now()).node->id; };
  bench.random.node_offset = 1;  // starts at node 1, which nobody has contacted
  CHECK(chosen() == 0);          // ready and idle wins from anywhere
  bench.send(0);
  CHECK(chosen() == 0);  // still better than connecting

  bench.client.ready(bench.node(1), bench.now());
  bench.make_ready(1);
  CHECK(chosen() == 1);
  bench.send(1);
  bench.send(1);
  CHECK(chosen() == 0);  // one in flight against two
  for (int i = 0; i < 4; ++i) bench.send(0);
  CHECK(chosen() == 1);

  for (int i = 0; i < 3; ++i) bench.send(1);
  CHECK(chosen() == 2);  // the others have no room
  bench.client.ready(bench.node(2), bench.now());
  CHECK(chosen() == 2);  // being connected
  bench.transport.cut(2);
  bench.client.finish_poll(bench.now());
  CHECK_FALSE(bench.client.least_loaded_node(bench.now()).node.has_value());
  CHECK(bench.client.least_loaded_node(bench.now()).connection_ready);
}

TEST_CASE("of nodes to connect the one left alone the longest is taken") {
  Bench bench(trouble_settings(), 3);
  for (const NodeId node : {-1, -2}) {  // the scan starts at -1
    bench.transport.cut(node);
    bench.turn();
    bench.advance(1'000);
    bench.turn();
  }
  CHECK(bench.transport.latest.contains(-3));
  bench.transport.cut(-3);
  bench.turn();
  bench.advance(1'000);
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kConnecting);
  CHECK(state(bench, -2) == ConnectionState::kDisconnected);
}

// ---- metadata and rebootstrap

TEST_CASE("while metadata is due no node is ready") {
  TroubleBench bench;
  bench.advance(100);
  bench.metadata.request_update(false);
  CHECK_FALSE(bench.client.ready(bench.node(0), bench.now()));
  bench.turn();
  CHECK(bench.client.ready(bench.node(0), bench.now()));  // it is under way
}

TEST_CASE("an answer without nodes, a lost one and a time-out are failed updates") {
  TroubleBench bench;
  bench.advance(100);
  bench.metadata.request_update(false);
  bench.turn();
  bench.answer(0, wire::MetadataResponse{});
  CHECK(bench.turn() == 100);
  CHECK(bench.events(EventKind::metadata_failed).size() == 1);
  bench.advance(100);
  bench.turn();
  CHECK(bench.requests(0).size() == 1);
  bench.transport.cut(0);
  CHECK(bench.turn() == 200);
  CHECK(bench.metadata.snapshot()->nodes().size() == 3);
}

TEST_CASE("with no usable node left the client starts over at once") {
  for (const bool rebootstrap : {true, false}) {
    NetworkClientSettings slow = trouble_settings(rebootstrap);
    slow.connections.reconnect_backoff_ms = slow.connections.reconnect_backoff_max_ms = 5'000;
    Bench bench(slow);
    bench.start({0, 1});
    for (const NodeId node : {0, 1}) {
      bench.client.ready(bench.node(node), bench.now());
      bench.transport.cut(node);
    }
    CHECK(bench.turn() == 100);
    bench.advance(100);
    bench.turn();
    CHECK(bench.metadata.snapshot()->is_bootstrap() == rebootstrap);
    // The bootstrap connection is still there.
    CHECK(bench.requests(-1).size() == (rebootstrap ? 1u : 0u));
  }
}

TEST_CASE("after long failure every connection is dropped and the client starts over") {
  TroubleBench bench;
  bench.advance(100);
  bench.metadata.request_update(false);
  bench.turn();  // the attempt starts here
  const Millis began = bench.now_ms;
  while (bench.now_ms - began < 5'000) {
    if (!bench.requests(0).empty()) bench.answer(0, wire::MetadataResponse{});
    bench.turn();
    bench.advance(100);
  }
  CHECK_FALSE(bench.metadata.snapshot()->is_bootstrap());
  bench.send(0);
  bench.advance(1);
  bench.turn();
  CHECK(bench.metadata.snapshot()->is_bootstrap());
  CHECK(state(bench, 0) == ConnectionState::kDisconnected);
  REQUIRE(bench.outcomes.size() == 1);
  CHECK(bench.outcomes[0].disconnected);
  CHECK_FALSE(bench.outcomes[0].timed_out);
}

TEST_CASE("a broker may demand to start over") {
  for (const bool rebootstrap : {true, false}) {
    Bench bench(trouble_settings(rebootstrap));
    bench.start({0});
    bench.advance(100);
    bench.metadata.request_update(false);
    bench.turn();
    if (state(bench, -1) == ConnectionState::kReady && !bench.transport.latest.contains(0))
      FAIL("node 0 is asked");
    bench.make_ready(0);
    wire::MetadataResponse response = cluster_of({0}, {"orders"}, 1);
    response.brokers.clear();
    response.error_code = static_cast<std::int16_t>(ErrorCode::kRebootstrapRequired);
    bench.answer(0, response);
    bench.turn();
    CHECK(bench.metadata.snapshot()->is_bootstrap() == rebootstrap);
  }
}

TEST_CASE("a node without a common version of Metadata is a fatal error for whoever waits") {
  Bench bench(trouble_settings());
  CountingWaiter waiter;
  CHECK_FALSE(*bench.metadata.update_arrived(1, waiter));
  connect_without_metadata(bench, -1);
  CHECK(waiter.woken == 1);
  CHECK(bench.metadata.update_arrived(1, waiter).error().code == ErrorCode::kUnsupportedVersion);
  bench.metadata.stop_waiting(waiter);
}

TEST_CASE("a node without a common version of Metadata is asked again after the backoff") {
  Bench bench(trouble_settings());
  connect_without_metadata(bench, -1);
  CHECK(bench.events(EventKind::metadata_failed).size() == 1);
  bench.transport.cut(-1);  // it is upgraded
  bench.turn();
  bench.advance(1'000);
  bench.turn();
  bench.make_ready(-1);
  bench.answer_metadata(-1, {0});
  bench.turn();
  CHECK(bench.metadata.snapshot()->nodes().size() == 1);
}

TEST_CASE("a node with an impossible port is a node that cannot be connected") {
  Bench bench(trouble_settings());
  bench.make_ready(-1);
  wire::MetadataResponse response = cluster_of({0}, {"orders"}, 1);
  response.brokers[0].port = 70'000;
  bench.answer(-1, response);
  bench.turn();
  CHECK_FALSE(bench.client.ready(bench.node(0), bench.now()));
  CHECK(bench.client.connection_failed(0));
}

// ---- nonsense

TEST_CASE("a response with another correlation id ends the connection; its requests may be retried") {
  TroubleBench bench;
  bench.send(0);
  bench.send(0);
  const Request first = bench.take_oldest(0);
  bench.transport.receive(0, response_frame(pid(1), first.header.version, first.header.correlation_id + 1));
  bench.turn();
  REQUIRE(bench.outcomes.size() == 2);
  CHECK(bench.outcomes[0].correlation_id == first.header.correlation_id);
  CHECK(bench.outcomes[0].disconnected);
  CHECK(bench.outcomes[0].why_disconnected.find("correlation id") != std::string::npos);
  CHECK_FALSE(bench.transport.open(0));
}

TEST_CASE("a response nobody asked for, an impossible length and cut bytes end the connection") {
  const auto survives = [](std::vector<std::byte> bytes, bool asked) {
    TroubleBench bench;
    if (asked) bench.send(0);
    bench.transport.receive(0, std::move(bytes));
    bench.turn();
    CHECK(bench.outcomes.size() == (bench.transport.open(0) || !asked ? 0u : 1u));
    return bench.transport.open(0);
  };
  CHECK_FALSE(survives(response_frame(pid(1), 5, 0), false));
  const auto length = [](std::int32_t value) {
    std::vector<std::byte> bytes(4);
    store_big_endian(bytes.data(), value);
    return bytes;
  };
  CHECK_FALSE(survives(length(-1), true));
  CHECK_FALSE(survives(length(INT32_MAX), true));
  CHECK_FALSE(survives(length(0), true));
  CHECK(survives(length(1'000), true));  // the rest may follow
}

namespace {

// A response of the right kind, as a rule damaged.
std::vector<std::byte> damaged_answer(const Request& request, Prng& prng) {
  const ResponseBody body = request.header.api_key == 18 ? ResponseBody(all_api_versions())
                            : request.header.api_key == 3
                                ? ResponseBody(cluster_of({0, 1, 2}, {"orders", "clicks"}, 3))
                                : ResponseBody(pid(5));
  std::vector<std::byte> frame = response_frame(body, request.header.version, request.header.correlation_id);
  for (std::uint64_t hits = prng.below(4); hits > 0; --hits) {
    // Seldom in the length: most damage should be read, not just waited for.
    const std::size_t first = prng.below(10) == 0 ? 0 : 4;
    frame[first + prng.below(frame.size() - first)] = static_cast<std::byte>(prng.next_u32());
  }
  if (prng.below(20) == 0) frame.resize(prng.below(frame.size() + 1));
  return frame;
}

std::size_t users_in_flight(const NetworkClient& client) {
  std::size_t count = 0;
  for (const auto& [node, queue] : client.in_flight().by_node()) {
    for (const InFlightRequest& request : queue) count += request.internal ? 0 : 1;
  }
  return count;
}

}  // namespace

TEST_CASE("an answer may be as large as its kind can be, and no larger") {
  const auto announce = [](Bench& bench, std::int32_t length) {
    std::vector<std::byte> bytes(4);
    store_big_endian(bytes.data(), length);
    bench.transport.receive(0, bytes);
    bench.turn();
  };
  constexpr std::int32_t kMegabyte = 1 << 20;
  TroubleBench small;
  small.send(0);
  small.turn();
  announce(small, kMegabyte);
  CHECK(small.transport.open(0));  // may be; what of it has come is all that takes memory
  TroubleBench large;
  large.send(0);
  large.turn();
  announce(large, kMegabyte + 1);
  CHECK_FALSE(large.transport.open(0));
  REQUIRE(large.outcomes.size() == 1);
  CHECK(large.outcomes[0].why_disconnected ==
        "the answer to InitProducerId: a frame claims 1048577 bytes; at most 1048576 are taken");
}

TEST_CASE("an answer to Metadata may be larger than others") {
  for (const std::int32_t length : {16 << 20, (16 << 20) + 1}) {
    Bench bench(trouble_settings());
    bench.make_ready(-1);
    REQUIRE_FALSE(bench.requests(-1).empty());
    std::vector<std::byte> bytes(4);
    store_big_endian(bytes.data(), length);
    bench.transport.receive(-1, bytes);
    bench.turn();
    CHECK(bench.transport.open(-1) == (length == 16 << 20));
  }
}

TEST_CASE("random damage to responses never crashes, hangs or leaves a request without an outcome") {
  Prng prng(17);
  int answered = 0;
  while (answered < 100'000) {
    Bench bench(trouble_settings());
    bench.sink.set_all_wanted(false);
    bench.make_ready(-1);
    bench.metadata.wanted = {"orders", "clicks"};
    std::size_t sent = 0;
    for (int step = 0; step < 200; ++step) {
      for (const auto& [node, conn] : std::map(bench.transport.latest)) {
        if (!bench.transport.open(node)) continue;
        if (bench.client.connections().is_connecting(node)) bench.transport.accept(node);
        for (int i = 0; i < 3 && bench.client.is_ready(node, bench.now()); ++i, ++sent) bench.send(node);
        bench.requests(node);
        while (bench.has_unanswered(node) && prng.below(3) != 0) {
          bench.transport.receive(node, damaged_answer(bench.take_oldest(node), prng));
          ++answered;
        }
      }
      bench.advance(static_cast<Millis>(prng.below(100)));
      bench.turn();
      if (const Node* known = bench.metadata.snapshot()->find_node(1))
        bench.client.ready(*known, bench.now());
    }
    REQUIRE(bench.outcomes.size() + users_in_flight(bench.client) == sent);
  }
}
