// A NetworkClient over a transport that a test writes and reads by hand, with chance switched off.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/event/sink.h"
#include "core/net/network_client.h"

namespace sendscope::test {

class NoChance final : public RandomSource {
 public:
  std::int32_t next_partition_draw() override { return 0; }
  std::int32_t next_jitter_draw() override { return jitter; }
  std::uint32_t next_node_offset(std::uint32_t bound) override { return node_offset % bound; }

  std::int32_t jitter = 0;
  std::uint32_t node_offset = 0;
};

class CountingWaiter final : public Waiter {
 public:
  void wake() noexcept override { ++woken; }
  int woken = 0;
};

// Keeps what is written and closed; delivers what the test injects.
class ScriptedTransport final : public Transport {
 public:
  ConnId connect(NodeId node, const Endpoint& endpoint) override;
  void close(ConnId conn) override;
  std::size_t write(ConnId conn, std::span<const Bytes> slices) override;
  bool next(TransportEvent& event) override;

  // ---- the test's side; a node stands for its latest connection
  void accept(NodeId node) { inject(node, TransportEventKind::kConnected); }
  void cut(NodeId node) { inject(node, TransportEventKind::kDisconnected); }
  void writable(NodeId node) { inject(node, TransportEventKind::kWritable); }
  void receive(NodeId node, std::vector<std::byte> bytes) {
    inject(node, TransportEventKind::kReceived, std::move(bytes));
  }

  struct Connection {
    NodeId node;
    Endpoint endpoint;
    bool closed = false;
    std::vector<std::byte> written;  // what no test has taken yet
  };
  bool open(NodeId node) const { return latest.contains(node) && !connections.at(latest.at(node)).closed; }
  Connection& connection(NodeId node) { return connections.at(latest.at(node)); }

  std::map<ConnId, Connection> connections;
  std::map<NodeId, ConnId> latest;
  std::size_t room = SIZE_MAX;  // how much one call of write() takes

 private:
  struct Injected {
    TransportEventKind kind;
    ConnId conn;
    std::vector<std::byte> bytes;
  };
  void inject(NodeId node, TransportEventKind kind, std::vector<std::byte> bytes = {});

  std::deque<Injected> events_;
  std::vector<std::byte> current_;
  ConnId next_conn_ = 1;
};

// Metadata of topics that a test lists.
class ListedMetadata final : public Metadata {
 public:
  using Metadata::Metadata;

  std::vector<std::string> wanted;
  std::vector<std::string> new_topics;
  int answers = 0;

 protected:
  bool retain_topic(std::string_view topic, Millis) override;
  std::vector<std::string> topics_for_full_query() override { return wanted; }
  std::vector<std::string> topics_for_partial_query() override { return new_topics; }
  void answered(const wire::MetadataResponse&, Nanos) override { ++answers; }
};

struct Request {
  wire::RequestHeader header;
  RequestBody body;
  std::size_t frame_size = 0;
};

// What the tests of the client have where they say nothing else.
NetworkClientSettings usual_settings();

// Everything around one NetworkClient. Time goes in milliseconds from kStart.
class Bench {
 public:
  static constexpr Millis kStart = 1'000'000;

  explicit Bench(const NetworkClientSettings& settings = usual_settings(), int bootstrap_nodes = 1);

  Nanos now() const { return to_nanos(now_ms); }
  // finish_poll of the last begin_poll, then the next begin_poll. Returns its time-out.
  Millis turn();
  void advance(Millis ms) { now_ms += ms; }

  // The requests written to a node since the last look.
  std::vector<Request> requests(NodeId node);
  // Answers the oldest unanswered request that requests() has seen.
  template <typename Response>
  void answer(NodeId node, const Response& response);
  // Takes the oldest unanswered request that requests() has seen.
  Request take_oldest(NodeId node);
  bool has_unanswered(NodeId node) const {
    return unanswered_.contains(node) && !unanswered_.at(node).empty();
  }

  // Connects a node and answers ApiVersions, then lets one turn pass.
  void make_ready(NodeId node);
  // Answers the metadata request under way at `node` with this cluster; the bench's topics on it.
  void answer_metadata(NodeId node, const std::vector<NodeId>& brokers, std::int32_t epoch = 1);
  // Ready with bootstrap node -1, then told of these brokers.
  void start(const std::vector<NodeId>& brokers);
  Node node(NodeId id) const;

  // A request whose outcome is noted in `outcomes`.
  ClientRequest request(NodeId node, bool expects_response = true, Millis timeout_ms = 1000);
  void send(NodeId node) { client.send(request(node), now()); }

  // Takes all events of a kind that were told since the last call for any kind.
  std::vector<Event> events(EventKind kind);

  Millis now_ms = kStart;
  NoChance random;
  EventSink sink;
  ScriptedTransport transport;
  ListedMetadata metadata;
  ApiVersions api_versions;
  NetworkClient client;
  std::vector<ClientResponse> outcomes;

 private:
  std::map<NodeId, std::deque<Request>> unanswered_;
};

inline ConnectionState state(const Bench& bench, NodeId node) {
  return bench.client.connections().find(node)->state;
}

// `nodes` are known from an answer to Metadata, and those of `ready` are connected.
struct ReadyBench : Bench {
  ReadyBench(const NetworkClientSettings& settings, const std::vector<NodeId>& nodes,
             const std::vector<NodeId>& ready)
      : Bench(settings) {
    start(nodes);
    for (const NodeId id : ready) {
      client.ready(node(id), now());
      make_ready(id);
    }
  }
};

inline wire::InitProducerIdResponse pid(std::int64_t id, std::int32_t throttle_ms = 0) {
  return {throttle_ms, 0, id, 0};
}

wire::ApiVersionsResponse all_api_versions();
wire::MetadataResponse cluster_of(const std::vector<NodeId>& brokers, const std::vector<std::string>& topics,
                                  std::int32_t epoch);
std::vector<std::byte> response_frame(const ResponseBody& body, std::int16_t version,
                                      std::int32_t correlation_id);

template <typename Response>
void Bench::answer(NodeId to, const Response& response) {
  const Request request = take_oldest(to);
  transport.receive(to, response_frame(response, request.header.version, request.header.correlation_id));
}

}  // namespace sendscope::test
