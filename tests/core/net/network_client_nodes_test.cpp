// NetworkClient and its nodes: losing one of several, closing, throttling, starting over.
#include "core/net/network_client.h"
#include "tests/core/net/scripted.h"
#include "tests/support/catch.h"
#include "tests/support/dies.h"

using namespace sendscope;
using namespace sendscope::test;

namespace {

NetworkClientSettings nodes_settings() {
  NetworkClientSettings result = usual_settings();
  result.request_timeout_ms = 1'000;
  result.rebootstrap_trigger_ms = 3'000;
  return result;
}

// These nodes are ready, metadata has been answered.
struct NodesBench : ReadyBench {
  explicit NodesBench(const std::vector<NodeId>& ready) : ReadyBench(nodes_settings(), {0, 1, 2}, ready) {}
};

}  // namespace

TEST_CASE(
    "a connection lost while the node is asked for its versions is nobody's outcome; the backoff grows") {
  Bench bench(nodes_settings());
  Millis expected = 50;
  for (int i = 0; i < 4; ++i, expected *= 2) {
    bench.transport.accept(-1);
    bench.turn();
    REQUIRE(state(bench, -1) == ConnectionState::kCheckingApiVersions);
    REQUIRE(bench.client.in_flight_count(-1) == 1);
    if (i % 2 == 0) {
      bench.transport.cut(-1);
    } else {
      bench.client.disconnect(-1, bench.now());
    }
    bench.turn();
    CHECK(bench.outcomes.empty());
    CHECK(bench.client.in_flight_count(-1) == 0);
    CHECK(bench.client.connection_delay(-1, bench.now()) == expected);
    bench.advance(2'000);
    bench.turn();
    REQUIRE(state(bench, -1) == ConnectionState::kConnecting);
  }
}

TEST_CASE("a node that never says its versions is given up like any that does not answer") {
  Bench bench(nodes_settings());
  bench.transport.accept(-1);
  bench.turn();
  bench.advance(1'000);
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kCheckingApiVersions);
  bench.advance(1);
  bench.turn();
  CHECK(state(bench, -1) == ConnectionState::kDisconnected);
  CHECK_FALSE(bench.transport.open(-1));
  CHECK(bench.outcomes.empty());
}

TEST_CASE("closing a node drops what is in flight to it, without a word") {
  NodesBench bench({0});
  bench.send(0);
  bench.send(0);
  bench.client.close(0, bench.now());
  bench.turn();
  CHECK(bench.outcomes.empty());
  CHECK(bench.client.in_flight_count(0) == 0);
  CHECK_FALSE(bench.client.is_ready(0, bench.now()));
  CHECK_FALSE(bench.transport.open(0));
  CHECK(bench.api_versions.find(0) == std::nullopt);
}

TEST_CASE("a node closed while it is being connected leaves nothing behind") {
  NodesBench bench({});
  bench.client.ready(bench.node(1), bench.now());
  REQUIRE(bench.client.connections().is_connecting(1));
  bench.client.close(1, bench.now());
  CHECK_FALSE(bench.client.connections().is_connecting(1));
  CHECK(bench.client.connections().nodes_past_setup_timeout(bench.now_ms + 100'000).empty());
  bench.advance(20'000);
  bench.turn();
  CHECK(bench.client.connections().find(1) == nullptr);
  CHECK_FALSE(bench.client.ready(bench.node(1), bench.now()));  // begins anew
  CHECK(bench.client.connections().is_connecting(1));
}

TEST_CASE("a throttled node is not the least loaded one") {
  NodesBench bench({0, 1});
  bench.random.node_offset = 0;
  REQUIRE(bench.client.least_loaded_node(bench.now()).node->id == 0);
  bench.send(0);
  bench.answer(0, pid(1, 200));
  bench.turn();
  CHECK(bench.client.least_loaded_node(bench.now()).node->id == 1);
  bench.advance(200);
  CHECK(bench.client.least_loaded_node(bench.now()).node->id == 0);
}

TEST_CASE("somebody's own metadata request is answered to him, also with the loss of the connection") {
  NodesBench bench({0});
  const auto ask = [&] {
    ClientRequest request = bench.request(0);
    request.body = wire::MetadataRequest{};
    request.versions = all_versions(ApiKey::kMetadata);
    bench.client.send(std::move(request), bench.now());
  };
  const std::int32_t version = bench.metadata.update_version();
  ask();
  bench.answer(0, cluster_of({0}, {}, 1));
  bench.turn();
  REQUIRE(bench.outcomes.size() == 1);
  CHECK(bench.outcomes[0].as<wire::MetadataResponse>() != nullptr);
  ask();
  bench.transport.cut(0);
  bench.turn();
  REQUIRE(bench.outcomes.size() == 2);
  CHECK(bench.outcomes[1].disconnected);
  CHECK(bench.metadata.update_version() == version);
}

TEST_CASE("the loss of another node does not cost the metadata that is on its way") {
  NodesBench bench({0, 1});
  bench.advance(100);
  bench.metadata.request_update(false);
  bench.turn();
  REQUIRE(bench.requests(0).size() == 1);
  bench.transport.cut(1);
  bench.turn();
  CHECK(state(bench, 1) == ConnectionState::kDisconnected);
  const int answers = bench.metadata.answers;
  bench.answer_metadata(0, {0, 1});
  CHECK(bench.metadata.answers == answers + 1);
  CHECK(bench.metadata.snapshot()->nodes().size() == 2);
}

namespace {

// Every node connects and says its versions; metadata is answered with `answer`. Returns the times, since the
// beginning, at which the client started over.
std::vector<Millis> starts_within(Bench& bench, Millis duration_ms, const wire::MetadataResponse& answer) {
  std::vector<Millis> starts;
  bench.metadata.request_update(false);
  std::int32_t version = bench.metadata.update_version();
  for (Millis elapsed = 0; elapsed < duration_ms; elapsed += 10, bench.advance(10)) {
    bench.turn();
    if (bench.metadata.update_version() != version && bench.metadata.snapshot()->is_bootstrap())
      starts.push_back(elapsed);
    version = bench.metadata.update_version();
    for (const auto& [node, conn] : std::map(bench.transport.latest)) {
      if (!bench.transport.open(node)) continue;
      if (bench.client.connections().is_connecting(node)) bench.transport.accept(node);
      for (const Request& request : bench.requests(node)) {
        if (request.header.api_key == static_cast<std::int16_t>(ApiKey::kApiVersions)) {
          bench.answer(node, all_api_versions());
        } else {
          bench.answer(node, answer);
        }
      }
    }
  }
  return starts;
}

}  // namespace

TEST_CASE("without metadata the client starts over after the trigger time, and again after as long") {
  NodesBench failing({0});
  const std::vector<Millis> starts = starts_within(failing, 10'000, wire::MetadataResponse{});
  REQUIRE(starts.size() == 3);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const Millis waited = starts[i] - (i == 0 ? 0 : starts[i - 1]);
    CHECK(waited > 3'000);
    CHECK(waited < 3'300);
  }
  NodesBench answered({0});
  CHECK(starts_within(answered, 10'000, cluster_of({0, 1, 2}, {"orders"}, 1)).empty());
}

TEST_CASE("sending to a node that is not ready, and completing what is not in flight, break a precondition") {
  NodesBench bench({0});
  CHECK(testing::dies([&] { bench.send(1); }));
  CHECK_FALSE(testing::dies([&] { bench.send(0); }));
  CHECK(testing::dies([] { InFlightRequests(5).complete_oldest(1); }));
  CHECK(InFlightRequests(5).newest(1) == nullptr);  // asked for by whoever completes what needs no answer
}
