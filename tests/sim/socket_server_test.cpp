// A broker behind the seam of its sockets: clients that no scenario knows, over a network that is none.
#include "sim/socket_server.h"

#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

// Bytes are where they are going at once.
struct DirectSockets final : ServerSockets {
  void write(ConnId conn, Bytes bytes, Nanos) override {
    written[conn].insert(written[conn].end(), bytes.begin(), bytes.end());
  }
  void release(ConnId conn, std::size_t bytes) override { released[conn] += bytes; }
  void close(ConnId conn) override { closed.insert(conn); }
  void reset(ConnId conn) override { reset_ones.insert(conn); }

  std::map<ConnId, std::vector<std::byte>> written;
  std::map<ConnId, std::size_t> released;
  std::set<ConnId> closed, reset_ones;
};

// A broker more than the cluster has, with sockets of its own.
struct ForeignFixture : BrokerFixture {
  explicit ForeignFixture(Scenario of = base_scenario(1, 1, 1))
      : BrokerFixture(std::move(of)), foreign(cluster.world(), sockets, scenario.cluster.nodes[0], 0) {
    MetadataImage image;
    image.partitions.push_back(cluster.catalog().partitions[0].state);
    image.topics = {true};
    image.nodes = {true};
    foreign.on_registered(image, loop.now());
  }
  ConnId open(std::uint64_t number) {
    const ConnId conn = make_id(7, number);
    foreign.server().on_open(conn, {7, "stranger", static_cast<std::uint32_t>(number)}, loop.now());
    return conn;
  }
  std::vector<std::byte> versions(std::int32_t id) {
    return wire::Frame::request(wire::ApiVersionsRequest{"test", "1"}, 3, id, "stranger").flatten();
  }
  std::size_t frames(ConnId conn) {
    wire::FrameAssembler assembler;
    assembler.append(sockets.written[conn]);
    std::size_t count = 0;
    for (auto frame = assembler.next(); frame.ok() && *frame; frame = assembler.next()) ++count;
    return count;
  }

  DirectSockets sockets;
  Broker foreign;
};

}  // namespace

TEST_CASE("a broker serves two hundred connections of a client that no scenario names") {
  ForeignFixture f;
  std::vector<ConnId> conns;
  for (std::uint64_t i = 0; i < 200; ++i) conns.push_back(f.open(i + 1));
  std::size_t sent = 0;
  for (std::int32_t round = 0; round < 3; ++round) {
    for (const ConnId conn : conns) {
      const auto bytes = f.versions(round);
      sent += bytes.size();
      f.foreign.server().on_bytes(conn, bytes, f.loop.now());
    }
  }
  f.run_for(kNanosPerSecond);
  std::size_t released = 0;
  for (const ConnId conn : conns) {
    CHECK(f.frames(conn) == 3);
    released += f.sockets.released[conn];
  }
  CHECK(released == sent);  // nothing stays unread
}

TEST_CASE("what waits behind the request in hand stays unread until its turn") {
  ForeignFixture f;
  const ConnId conn = f.open(1);
  const auto bytes = f.versions(0);
  f.foreign.server().on_bytes(conn, bytes, f.loop.now());
  CHECK(f.sockets.released[conn] == bytes.size());
  f.foreign.server().on_bytes(conn, bytes, f.loop.now());
  CHECK(f.sockets.released[conn] == bytes.size());
  f.run_for(kNanosPerSecond);
  CHECK(f.sockets.released[conn] == 2 * bytes.size());
  CHECK(f.frames(conn) == 2);
}

TEST_CASE("bytes that are no request close the connection; a process that ends resets what is open") {
  ForeignFixture f;
  const ConnId senseless = f.open(1);
  const ConnId idle = f.open(2);
  f.foreign.server().on_bytes(senseless, std::vector<std::byte>(20, std::byte{0x7f}), f.loop.now());
  CHECK(f.sockets.closed == std::set<ConnId>{senseless});
  f.foreign.server().shut_down();
  CHECK(f.sockets.reset_ones == std::set<ConnId>{idle});
  CHECK_FALSE(f.foreign.server().listening());
}

TEST_CASE("a log that keeps its batches has what the producer sent, on the leader and on its followers") {
  Scenario scenario = base_scenario(3, 1, 3);
  scenario.cluster.config.keep_batches = true;
  BrokerFixture f(scenario);
  const ConnId conn = f.connect(1);
  for (const int records : {3, 4}) {
    const auto batch = make_batch(records);
    CHECK(f.ask<wire::ProduceResponse>(conn, produce_request(batch), 9).topics[0].partitions[0].error_code ==
          0);
  }
  for (NodeId node = 1; node <= 3; ++node) {
    const PartitionLog& log = f.broker(node).replica(0).log;
    const auto batch = wire::RecordBatchView::parse(log.bytes_of(log.find(5)));
    REQUIRE(batch.ok());
    CHECK(batch->header().base_offset == 3);
    CHECK(batch->header().record_count == 4);
    CHECK(batch->validate().ok());
  }
}

}  // namespace sendscope::sim
