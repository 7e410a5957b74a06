// Links: time of flight, order, bandwidth, short writes, refusals, resets, cuts.
#include "sim/network.h"

#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

Scenario with_link(const LinkSpec& link) {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.cluster.nodes[0].link = link;
  return scenario;
}

LinkSpec plain(Nanos latency, std::uint64_t bandwidth = 0) {
  LinkSpec link;
  link.latency = Distribution::constant(latency);
  link.bandwidth = bandwidth;
  return link;
}

// A frame of `size` bytes in all that no broker understands at once: its length says more is to come.
std::vector<std::byte> beginning_of_large_frame(std::size_t size) {
  std::vector<std::byte> bytes(size);
  store_big_endian<std::int32_t>(bytes.data(), 50'000'000);
  return bytes;
}

}  // namespace

TEST_CASE("connecting takes a round trip") {
  BrokerFixture f(with_link(plain(3 * kNanosPerMilli)));
  const ConnId conn = f.connect(1);
  CHECK(f.client.connected[conn] == 6 * kNanosPerMilli);
}

TEST_CASE("an address nobody has refuses, a killed node refuses after a round trip") {
  BrokerFixture f(with_link(plain(3 * kNanosPerMilli)));
  const ConnId nowhere = f.client.transport.connect(9, {"elsewhere", 9092});
  f.run_for(1);
  CHECK(f.client.disconnected.count(nowhere) == 1);
  f.broker(1).kill();
  const Nanos start = f.loop.now();
  const ConnId dead = f.connect(1);
  CHECK(f.client.disconnected[dead] - start == 6 * kNanosPerMilli);
}

TEST_CASE("a message takes latency and size over bandwidth, each way") {
  // 8 Mbit/s is a byte a microsecond; ApiVersions takes 100 us of service.
  BrokerFixture f(with_link(plain(kNanosPerMilli, 8'000'000)));
  const ConnId conn = f.connect(1);
  const Nanos start = f.loop.now();
  const auto bytes = wire::Frame::request(wire::ApiVersionsRequest{"test", "1"}, 3, 0, "x").flatten();
  f.write(conn, bytes);
  Nanos answered = 0;
  while (answered == 0) {
    f.loop.step();
    f.client.poll(f.loop.now());
    if (!f.client.frames[conn].empty()) answered = f.loop.now();
  }
  const auto travelled = static_cast<Nanos>(bytes.size() + f.client.received[conn]) * kNanosPerMicro;
  CHECK(answered - start == 2 * kNanosPerMilli + 100 * kNanosPerMicro + travelled);
}

TEST_CASE("jitter never reorders: answers come in the order of the requests") {
  LinkSpec link = plain(kNanosPerMilli);
  link.jitter = Distribution::uniform(0, 5 * kNanosPerMilli);
  BrokerFixture f(with_link(link));
  const ConnId conn = f.connect(1);
  for (int i = 0; i < 50; ++i) {
    f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
    f.run_for(100 * kNanosPerMicro);
  }
  f.run_for(kNanosPerSecond);
  for (int i = 0; i < 50; ++i) {
    f.take<wire::ApiVersionsResponse>(conn, 3);
    CHECK(f.last_correlation == i);
  }
}

TEST_CASE("a slow link gives short writes, and says when there is room again") {
  Scenario scenario = with_link(plain(kNanosPerMilli, 8'000'000));
  scenario.cluster.config.socket_buffer = 10'000;
  BrokerFixture f(scenario);
  const ConnId conn = f.connect(1);
  const auto bytes = beginning_of_large_frame(50'000);
  std::size_t sent = f.write(conn, bytes);
  CHECK(sent == 10'000);
  CHECK(f.write(conn, Bytes(bytes).subspan(sent)) == 10'000);  // the first segment is on the wire
  sent += 10'000;
  CHECK(f.write(conn, Bytes(bytes).subspan(sent)) == 0);
  while (sent < bytes.size()) {
    const std::size_t before = f.client.writable;
    f.run_for(20 * kNanosPerMilli);
    REQUIRE(f.client.writable > before);
    sent += f.write(conn, Bytes(bytes).subspan(sent));
  }
  CHECK(f.loop.now() >= 40 * kNanosPerMilli);
}

TEST_CASE("a node that does not read fills its window: writes come up short until it goes on") {
  Scenario scenario = with_link(plain(kNanosPerMilli));
  scenario.cluster.config.socket_buffer = 20'000;
  BrokerFixture f(scenario);
  const ConnId conn = f.connect(1);
  f.broker(1).pause();
  std::size_t requests = 0;
  const auto bytes = wire::Frame::request(wire::ApiVersionsRequest{"test", "1"}, 3, 0, "x").flatten();
  for (int i = 0; i < 10'000 && f.write(conn, bytes) == bytes.size(); ++i) {
    ++requests;
    f.run_for(10 * kNanosPerMicro);
  }
  CHECK(requests < 3000);
  CHECK(requests * bytes.size() >= 20'000);
  CHECK(f.client.frames[conn].empty());
  f.broker(1).resume();
  f.run_for(5 * kNanosPerSecond);
  CHECK(f.client.frames[conn].size() >= requests);
  CHECK(f.client.writable == 1);
}

TEST_CASE("a kill resets connections; what was on the way up is lost") {
  BrokerFixture f(with_link(plain(3 * kNanosPerMilli)));
  const ConnId conn = f.connect(1);
  f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
  f.broker(1).kill();
  const Nanos start = f.loop.now();
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected[conn] - start == 3 * kNanosPerMilli);
  CHECK(f.client.frames[conn].empty());
  CHECK(f.cluster.network().connections() == 0);
}

TEST_CASE("a client that closes gets nothing more, and the node forgets it") {
  BrokerFixture f(with_link(plain(3 * kNanosPerMilli)));
  const ConnId conn = f.connect(1);
  f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
  f.client.transport.close(conn);
  f.run_for(kNanosPerSecond);
  CHECK(f.client.frames[conn].empty());
  CHECK(f.client.disconnected.count(conn) == 0);
  CHECK(f.cluster.network().connections() == 0);
}

TEST_CASE("connections that are over are forgotten, whoever ends them and however") {
  BrokerFixture f(with_link(plain(kNanosPerMilli)));
  for (int i = 0; i < 30; ++i) {
    const ConnId closed_by_client = f.connect(1);
    f.client.transport.close(closed_by_client);
    const ConnId closed_while_connecting = f.client.transport.connect(1, endpoint_of(1));
    f.client.transport.close(closed_while_connecting);
    const ConnId closed_by_node = f.connect(1);
    std::vector<std::byte> senseless(20, std::byte{0x7f});
    f.write(closed_by_node, senseless);
    f.client.transport.connect(9, {"elsewhere", 9092});
    f.run_for(20 * kNanosPerMilli);
    CHECK(f.client.disconnected.contains(closed_by_node));
    f.broker(1).disconnect_clients();
    f.run_for(20 * kNanosPerMilli);
    CHECK(f.cluster.network().connections() == 0);
  }
}

TEST_CASE("a client numbers its own connections: what others open changes nothing") {
  BrokerFixture f(with_link(plain(kNanosPerMilli)));
  TestClient other(f.cluster, 1);
  const ConnId first = other.transport.connect(1, endpoint_of(1));
  f.connect(1);
  f.connect(1);
  const ConnId second = other.transport.connect(1, endpoint_of(1));
  CHECK(first == make_id(1, 1));
  CHECK(second == make_id(1, 2));
}

TEST_CASE("a cut network swallows bytes; once healed they arrive") {
  BrokerFixture f(with_link(plain(3 * kNanosPerMilli)));
  const ConnId conn = f.connect(1);
  const std::size_t fault = f.fault({.action = PartitionNetwork{"clients", "1", false}});
  f.send(conn, wire::ApiVersionsRequest{"test", "1"}, 3);
  const ConnId second = f.connect(1);
  f.run_for(kNanosPerSecond);
  CHECK(f.client.frames[conn].empty());
  CHECK(f.client.connected.count(second) == 0);
  CHECK(f.client.disconnected.count(second) == 0);
  CHECK(f.cluster.faults().heal(fault).ok());
  f.run_for(50 * kNanosPerMilli);
  CHECK(f.client.frames[conn].size() == 1);
  CHECK(f.client.connected.count(second) == 1);
}

}  // namespace sendscope::sim
