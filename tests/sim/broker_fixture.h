// A simulated cluster that a test talks to with hand-made requests.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/wire/api_versions.h"
#include "core/wire/init_producer_id.h"
#include "core/wire/memory_records_builder.h"
#include "sim/cluster.h"
#include "tests/sim/sim_run.h"

namespace sendscope::sim {

struct TestClient final : TransportOwner {
  TestClient(Cluster& cluster, std::uint16_t index)
      : transport(cluster.network(), index, "p" + std::to_string(index + 1), *this) {}
  void on_network_activity(Nanos) override {}

  SimTransport transport;
  std::map<ConnId, wire::FrameAssembler> streams;
  std::map<ConnId, std::deque<std::vector<std::byte>>> frames;
  std::map<ConnId, Nanos> connected, disconnected;
  std::map<ConnId, std::size_t> received;
  std::size_t writable = 0;

  void poll(Nanos now) {
    TransportEvent event;
    while (transport.next(event)) {
      switch (event.kind) {
        case TransportEventKind::kConnected: connected[event.conn] = now; break;
        case TransportEventKind::kDisconnected: disconnected[event.conn] = now; break;
        case TransportEventKind::kWritable: ++writable; break;
        case TransportEventKind::kReceived: {
          received[event.conn] += event.bytes.size();
          wire::FrameAssembler& stream = streams[event.conn];
          stream.append(event.bytes);
          for (;;) {
            const auto frame = stream.next();
            if (!frame.ok() || !*frame) break;
            frames[event.conn].emplace_back((*frame)->begin(), (*frame)->end());
          }
        }
      }
    }
  }
};

struct BrokerFixture {
  explicit BrokerFixture(Scenario scenario_ = base_scenario(), std::uint64_t seed = 1, Sabotage sabotage = {})
      : scenario(std::move(scenario_)),
        cluster(loop, sink, scenario.cluster, scenario.faults, {"p1", "p2"}, seed, sabotage),
        client(cluster, 0) {
    cluster.start();
    cluster.faults().start();
  }

  // Lets time pass: everything due up to then happens.
  void run_for(Nanos duration) {
    const Nanos end = loop.now() + duration;
    while (loop.next_time() <= end) {
      loop.step();
      client.poll(loop.now());
      cluster.faults().sweep();
    }
    loop.advance(end);
  }
  ConnId connect(NodeId node) {
    const ConnId conn = client.transport.connect(node, endpoint_of(node));
    run_for(20 * kNanosPerMilli);
    return conn;
  }
  std::size_t write(ConnId conn, Bytes bytes) {
    const std::array<Bytes, 1> slices{bytes};
    return client.transport.write(conn, slices);
  }
  template <typename Request>
  void send(ConnId conn, const Request& request, std::int16_t version) {
    const auto bytes = wire::Frame::request(request, version, correlation++, "test").flatten();
    REQUIRE(write(conn, bytes) == bytes.size());
  }
  template <typename Response>
  Response take(ConnId conn, std::int16_t version) {
    REQUIRE(!client.frames[conn].empty());
    const std::vector<std::byte> bytes = std::move(client.frames[conn].front());
    client.frames[conn].pop_front();
    ByteReader in(bytes);
    const auto header = wire::ResponseHeader::decode(in, Response::kApi, version);
    REQUIRE(header.ok());
    last_correlation = header->correlation_id;
    auto response = Response::decode(in, version);
    if (!response.ok()) FAIL(response.error().message);
    CHECK(in.at_end());
    return *response;
  }
  template <typename Response, typename Request>
  Response ask(ConnId conn, const Request& request, std::int16_t version, Nanos wait = 100 * kNanosPerMilli) {
    send(conn, request, version);
    run_for(wait);
    return take<Response>(conn, version);
  }

  const Partition& partition(PartitionNumber p) const { return cluster.catalog().partitions[p]; }
  Broker& broker(NodeId node) { return cluster.world().broker(node); }
  std::size_t fault(FaultSpec spec) {
    const Result<void> checked = cluster.faults().check(spec);
    if (!checked.ok()) FAIL(checked.error().message);
    return cluster.faults().begin(spec);
  }

  Scenario scenario;
  EventSink sink{1u << 18};
  Loop loop;
  Cluster cluster;
  TestClient client;
  std::int32_t correlation = 0;
  std::int32_t last_correlation = -1;
};

// A batch of `records` values of 10 bytes.
inline std::vector<std::byte> make_batch(int records, wire::ProducerState state = {}, bool with_key = false,
                                         std::int64_t timestamp_ms = 1) {
  std::vector<std::byte> memory(1 << 16);
  wire::RecordsBuilderOptions options;
  options.write_limit = memory.size();
  options.producer = state;
  wire::MemoryRecordsBuilder builder(memory, options);
  const std::vector<std::byte> value(10, std::byte{'v'});
  for (int i = 0; i < records; ++i) {
    const std::optional<Bytes> key = with_key ? std::optional<Bytes>(value) : std::nullopt;
    REQUIRE(builder.append(timestamp_ms, key, Bytes(value), {}) == wire::AppendResult::kAppended);
  }
  REQUIRE(builder.close().ok());
  const Bytes bytes = builder.records();
  return {bytes.begin(), bytes.end()};
}

inline wire::ProduceRequest produce_request(const std::vector<std::byte>& batch, std::int16_t acks = -1,
                                            PartitionId partition = 0) {
  wire::ProduceRequest request;
  request.acks = acks;
  request.timeout_ms = 30'000;
  request.topics.push_back({"orders", {}, {{partition, Bytes(batch)}}});
  return request;
}

inline std::int16_t code(ErrorCode error) { return static_cast<std::int16_t>(error); }

}  // namespace sendscope::sim
