// Backoff, connection states, requests in flight: each row of its rules by itself.
#include "core/net/cluster_connection_states.h"
#include "core/net/in_flight_requests.h"
#include "tests/core/net/scripted.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::test;

TEST_CASE("backoff doubles up to its cap") {
  NoChance random;
  const ExponentialBackoff backoff(100, 400);
  const std::vector<Millis> expected = {100, 200, 400, 400, 400};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(backoff.after(static_cast<std::int64_t>(i), random) == expected[i]);
  }
  CHECK(ExponentialBackoff(100, 1000).after(4, random) == 1000);
  CHECK(ExponentialBackoff(10'000, 30'000).after(5, random) == 30'000);
  // Kafka computes the last step in floating point and rounds down.
  CHECK(ExponentialBackoff(200, 1000).after(9, random) == 999);
  CHECK(ExponentialBackoff(0, 1000).after(3, random) == 0);
  CHECK(ExponentialBackoff(100, 1000).after(INT64_MAX, random) == 1000);
}

TEST_CASE("backoff scatters by a fifth, never above the cap, and not at all when it is constant") {
  NoChance random;
  const ExponentialBackoff backoff(100, 1000);
  random.jitter = INT32_MIN;
  CHECK(backoff.after(0, random) == 80);
  CHECK(backoff.after(9, random) == 800);
  random.jitter = INT32_MAX;
  CHECK(backoff.after(0, random) == 119);
  CHECK(backoff.after(9, random) == 1000);
  CHECK(ExponentialBackoff(100, 100).after(3, random) == 100);
  CHECK(ExponentialBackoff(500, 100).after(0, random) == 100);
}

namespace {

struct States {
  NoChance random;
  ClusterConnectionStates states{ConnectionSettings{50, 1000, 10'000, 30'000}, random};
};

}  // namespace

TEST_CASE("an absent node may be connected at once") {
  States s;
  CHECK(s.states.can_connect(1, 0));
  CHECK(s.states.connection_delay(1, 0) == 0);
  CHECK_FALSE(s.states.is_disconnected(1));
  CHECK_FALSE(s.states.is_connected(1));
}

TEST_CASE("a failed connect backs off, and waits longer for the next") {
  States s;
  s.states.connecting(1, 100, "a");
  CHECK(s.states.is_preparing(1));
  CHECK_FALSE(s.states.can_connect(1, 100));
  CHECK(s.states.connection_delay(1, 150) == 10'000);
  s.states.disconnected(1, 200);
  CHECK(s.states.connection_delay(1, 200) == 50);
  CHECK_FALSE(s.states.can_connect(1, 249));
  CHECK(s.states.can_connect(1, 250));
  CHECK(s.states.find(1)->setup_timeout_ms == 20'000);

  s.states.connecting(1, 250, "a");
  CHECK(s.states.find(1)->setup_timeout_ms == 20'000);
  s.states.disconnected(1, 300);
  CHECK(s.states.find(1)->reconnect_backoff_ms == 100);
  CHECK(s.states.find(1)->setup_timeout_ms == 30'000);

  s.states.connecting(1, 500, "b");  // another host: all is forgotten
  CHECK(s.states.find(1)->reconnect_backoff_ms == 50);
  CHECK(s.states.find(1)->setup_timeout_ms == 10'000);
  CHECK(s.states.find(1)->failed_attempts == 0);
}

TEST_CASE("a node without a host name has its time-outs as well") {
  States s;
  s.states.connecting(1, 0, "");
  CHECK(s.states.find(1)->setup_timeout_ms == 10'000);
  s.states.disconnected(1, 0);
  CHECK(s.states.connection_delay(1, 0) == 50);
}

TEST_CASE("the backoff starts over only when a node is ready") {
  States s;
  Millis now = 0;
  for (const Millis expected : {50, 100, 200, 400, 800, 1000, 1000}) {
    s.states.connecting(1, now, "a");
    s.states.checking_api_versions(1);
    CHECK(s.states.find(1)->setup_timeout_ms == 10'000);
    s.states.disconnected(1, now);
    CHECK(s.states.connection_delay(1, now) == expected);
    now += 2000;
  }
  s.states.connecting(1, now, "a");
  s.states.ready(1);
  CHECK(s.states.is_ready(1, now));
  CHECK(s.states.connection_delay(1, now) == kForeverMillis);
  s.states.disconnected(1, now);
  CHECK(s.states.connection_delay(1, now) == 50);
}

TEST_CASE("losing a connection starts its setup time-out over") {
  States s;
  s.states.connecting(1, 0, "a");
  s.states.disconnected(1, 0);
  s.states.connecting(1, 100, "a");
  s.states.ready(1);
  s.states.disconnected(1, 200);
  CHECK(s.states.find(1)->setup_timeout_ms == 10'000);
  CHECK(s.states.find(1)->failed_connects == 0);
}

TEST_CASE("a failed authentication counts twice and is forgotten when ready") {
  States s;
  s.states.connecting(1, 0, "a");
  s.states.disconnected(1, 10);
  s.states.authentication_failed(1, 10, Error(ErrorCode::kAuthentication, "no"));
  CHECK(s.states.find(1)->failed_attempts == 2);
  CHECK(s.states.connection_delay(1, 10) == 100);
  CHECK(s.states.is_disconnected(1));
  CHECK(s.states.find(1)->authentication_error.has_value());
  s.states.connecting(1, 200, "a");
  s.states.ready(1);
  CHECK_FALSE(s.states.find(1)->authentication_error.has_value());
}

TEST_CASE("setup time-outs are found strictly after their time, only while connecting") {
  States s;
  s.states.connecting(2, 0, "a");
  s.states.connecting(-1, 0, "b");
  CHECK(s.states.nodes_past_setup_timeout(10'000).empty());
  CHECK(s.states.nodes_past_setup_timeout(10'001) == std::vector<NodeId>{-1, 2});
  s.states.checking_api_versions(2);
  s.states.remove(-1);
  CHECK(s.states.nodes_past_setup_timeout(10'001).empty());
  CHECK(s.states.find(-1) == nullptr);
}

TEST_CASE("a throttled node is not ready; its throttle only ever grows") {
  States s;
  s.states.connecting(1, 0, "a");
  s.states.ready(1);
  s.states.throttle(1, 500);
  s.states.throttle(1, 300);
  CHECK_FALSE(s.states.is_ready(1, 499));
  CHECK(s.states.is_ready(1, 500));
  CHECK(s.states.throttle_delay(1, 200) == 300);
  CHECK(s.states.poll_delay(1, 200) == 300);
  CHECK(s.states.poll_delay(1, 600) == kForeverMillis);
  s.states.disconnected(1, 200);
  CHECK(s.states.poll_delay(1, 210) == 40);  // what counts for a lost node is its backoff
}

TEST_CASE("nodes have their states each by itself, and a node that is removed has none") {
  States s;
  s.states.connecting(1, 0, "a");
  s.states.ready(1);
  s.states.connecting(2, 0, "b");
  s.states.checking_api_versions(2);
  s.states.connecting(3, 0, "c");
  CHECK(s.states.is_ready(1, 0));
  CHECK_FALSE(s.states.is_ready(2, 0));
  CHECK((s.states.is_connected(1) && s.states.is_connected(2)) == !s.states.is_connected(3));
  CHECK_FALSE(s.states.is_preparing(1));
  CHECK(s.states.is_preparing(2));
  CHECK(s.states.is_preparing(3));
  CHECK(s.states.is_connecting(3));
  CHECK_FALSE(s.states.is_connecting(2));
  s.states.disconnected(1, 10);
  CHECK_FALSE(s.states.is_connected(1));
  CHECK_FALSE(s.states.is_preparing(1));
  CHECK(s.states.is_connected(2));
  CHECK_FALSE(s.states.can_connect(1, 10));
  s.states.remove(1);
  CHECK(s.states.can_connect(1, 10));
  CHECK(s.states.connection_delay(1, 10) == 0);
  CHECK_FALSE(s.states.is_disconnected(1));
}

TEST_CASE("a backoff without room to grow stays what it is") {
  NoChance random;
  ClusterConnectionStates states(ConnectionSettings{50, 50, 10'000, 30'000}, random);
  CHECK(states.connection_delay(1, 0) == 0);
  for (Millis now = 0; now < 5'000; now += 1'000) {
    states.connecting(1, now, "a");
    CHECK(states.connection_delay(1, now) == states.find(1)->setup_timeout_ms);
    states.disconnected(1, now);
    CHECK(states.connection_delay(1, now) == 50);
    CHECK(states.connection_delay(1, now + 20) == 30);
    CHECK(states.connection_delay(1, now + 60) == 0);
  }
  states.connecting(1, 6'000, "a");
  states.ready(1);
  CHECK(states.connection_delay(1, 6'000) == kForeverMillis);
}

namespace {

InFlightRequest in_flight(NodeId node, std::int32_t correlation, Millis sent_ms, Millis timeout_ms) {
  InFlightRequest request;
  request.request.node = node;
  request.request.correlation_id = correlation;
  request.request.timeout_ms = timeout_ms;
  request.sent_ms = sent_ms;
  request.written = true;
  return request;
}

}  // namespace

TEST_CASE("requests in flight leave first in, first out, each node by itself") {
  InFlightRequests requests(5);
  for (std::int32_t i = 0; i < 4; ++i) requests.add(in_flight(1, i, 0, 100));
  requests.add(in_flight(2, 9, 0, 100));
  CHECK(requests.count() == 5);
  CHECK(requests.complete_oldest(1).request.correlation_id == 0);
  CHECK(requests.newest(1)->request.correlation_id == 3);
  const std::vector<InFlightRequest> rest = requests.clear(1);
  REQUIRE(rest.size() == 3);
  CHECK(rest[0].request.correlation_id == 1);
  CHECK(rest[2].request.correlation_id == 3);
  CHECK(requests.count() == 1);
  CHECK(requests.count(1) == 0);
  CHECK(requests.oldest(1) == nullptr);
}

TEST_CASE("there is room while the newest is written and fewer than the limit are in flight") {
  InFlightRequests requests(2);
  CHECK(requests.can_send_more(1));
  requests.add(in_flight(1, 0, 0, 100));
  CHECK(requests.can_send_more(1));
  requests.newest(1)->written = false;
  CHECK_FALSE(requests.can_send_more(1));
  requests.newest(1)->written = true;
  requests.add(in_flight(1, 1, 0, 100));
  CHECK_FALSE(requests.can_send_more(1));
  requests.complete_oldest(1);
  CHECK(requests.can_send_more(1));
}

TEST_CASE("a request that expects no response is complete when it is written") {
  InFlightRequests requests(5);
  requests.add(in_flight(1, 0, 0, 100));
  requests.add(in_flight(1, 1, 0, 100));
  requests.newest(1)->request.expects_response = false;
  requests.newest(1)->written = false;
  CHECK(requests.complete_unanswered(1).empty());
  requests.newest(1)->written = true;
  const auto complete = requests.complete_unanswered(1);
  REQUIRE(complete.size() == 1);
  CHECK(complete[0].request.correlation_id == 1);
  CHECK(requests.count() == 1);
}

TEST_CASE("time spent throttled does not count as age") {
  InFlightRequests requests(5);
  requests.add(in_flight(3, 0, 1000, 100));
  requests.add(in_flight(1, 1, 1050, 100));
  CHECK(requests.nodes_with_timed_out(1100).empty());
  CHECK(requests.nodes_with_timed_out(1101) == std::vector<NodeId>{3});
  CHECK(requests.nodes_with_timed_out(1151) == std::vector<NodeId>{1, 3});
  requests.add_throttle_time(3, 500);
  CHECK(requests.nodes_with_timed_out(1600) == std::vector<NodeId>{1});
  CHECK(requests.nodes_with_timed_out(1601) == std::vector<NodeId>{1, 3});
}
