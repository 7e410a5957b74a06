#include "tests/core/net/scripted.h"

#include <algorithm>

#include "tests/support/catch.h"

namespace sendscope::test {

// ---- transport

ConnId ScriptedTransport::connect(NodeId node, const Endpoint& endpoint) {
  const ConnId conn = next_conn_++;
  connections[conn] = {node, endpoint, false, {}};
  latest[node] = conn;
  return conn;
}

void ScriptedTransport::close(ConnId conn) {
  connections.at(conn).closed = true;
  std::erase_if(events_, [conn](const Injected& event) { return event.conn == conn; });
}

std::size_t ScriptedTransport::write(ConnId conn, std::span<const Bytes> slices) {
  Connection& connection = connections.at(conn);
  REQUIRE_FALSE(connection.closed);
  std::size_t taken = 0;
  for (const Bytes slice : slices) {
    const Bytes part = slice.first(std::min(slice.size(), room - taken));
    connection.written.insert(connection.written.end(), part.begin(), part.end());
    taken += part.size();
  }
  return taken;
}

bool ScriptedTransport::next(TransportEvent& event) {
  if (events_.empty()) return false;
  current_ = std::move(events_.front().bytes);
  event = {events_.front().kind, events_.front().conn, current_};
  if (event.kind == TransportEventKind::kDisconnected) connections.at(event.conn).closed = true;
  events_.pop_front();
  return true;
}

void ScriptedTransport::inject(NodeId node, TransportEventKind kind, std::vector<std::byte> bytes) {
  events_.push_back({kind, latest.at(node), std::move(bytes)});
}

// ---- metadata

bool ListedMetadata::retain_topic(std::string_view topic, Millis) {
  return std::find(wanted.begin(), wanted.end(), topic) != wanted.end() ||
         std::find(new_topics.begin(), new_topics.end(), topic) != new_topics.end();
}

// ---- messages

wire::ApiVersionsResponse all_api_versions() {
  wire::ApiVersionsResponse response;
  for (const ApiRow& row : api_rows()) {
    response.api_keys.push_back({static_cast<std::int16_t>(row.key), row.min_version, row.max_version});
  }
  return response;
}

wire::MetadataResponse cluster_of(const std::vector<NodeId>& brokers, const std::vector<std::string>& topics,
                                  std::int32_t epoch) {
  wire::MetadataResponse response;
  for (const NodeId id : brokers) response.brokers.push_back({id, "broker" + std::to_string(id), 9092, {}});
  std::uint64_t topic_id = 1;
  for (const std::string& name : topics) {
    wire::MetadataTopic topic;
    topic.name = name;
    topic.topic_id = {7, topic_id++};
    std::int32_t partition = 0;
    for (const NodeId leader : brokers) {
      topic.partitions.push_back({0, partition++, leader, epoch, brokers, brokers, {}});
    }
    response.topics.push_back(topic);
  }
  return response;
}

std::vector<std::byte> response_frame(const ResponseBody& body, std::int16_t version,
                                      std::int32_t correlation_id) {
  return std::visit(
      [&](const auto& message) { return wire::Frame::response(message, version, correlation_id).flatten(); },
      body);
}

namespace {

template <typename Message>
RequestBody decode_body(ByteReader& in, std::int16_t version) {
  Result<Message> message = Message::decode(in, version);
  REQUIRE(message);
  return RequestBody(*std::move(message));
}

Request decode_request(Bytes payload) {
  ByteReader in(payload);
  Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  REQUIRE(header);
  const std::int16_t version = header->version;
  Request request{*header, {}, payload.size() + 4};
  switch (static_cast<ApiKey>(header->api_key)) {
    case ApiKey::kMetadata: request.body = decode_body<wire::MetadataRequest>(in, version); break;
    case ApiKey::kApiVersions: request.body = decode_body<wire::ApiVersionsRequest>(in, version); break;
    case ApiKey::kInitProducerId: request.body = decode_body<wire::InitProducerIdRequest>(in, version); break;
    case ApiKey::kProduce: request.body = decode_body<wire::ProduceRequest>(in, version); break;
    default: FAIL("a request no test sends");
  }
  return request;
}

class NotingHandler final : public RequestCompletionHandler {
 public:
  explicit NotingHandler(std::vector<ClientResponse>& outcomes) : outcomes_(outcomes) {}
  void on_complete(const ClientResponse& response) override { outcomes_.push_back(response); }

 private:
  std::vector<ClientResponse>& outcomes_;
};

}  // namespace

// ---- bench

NetworkClientSettings usual_settings() {
  NetworkClientSettings settings;
  settings.max_in_flight_per_node = 5;
  settings.request_timeout_ms = 30'000;
  settings.connections_max_idle_ms = 540'000;
  settings.connections = {50, 1'000, 10'000, 30'000};
  settings.rebootstrap = true;
  settings.rebootstrap_trigger_ms = 300'000;
  settings.metrics = {2, 30'000};
  return settings;
}

Bench::Bench(const NetworkClientSettings& settings, int bootstrap_nodes)
    : metadata(MetadataSettings{100, 1'000, 300'000}, {sink, random, settings.producer_index}),
      client(settings, {transport, metadata, api_versions, random, sink}) {
  metadata.wanted = {"orders"};
  std::vector<Endpoint> addresses;
  for (int i = 0; i < bootstrap_nodes; ++i) addresses.push_back({"seed" + std::to_string(i), 9092});
  metadata.bootstrap(addresses, now());
  client.begin_poll(kForeverMillis, now());
}

Millis Bench::turn() {
  client.finish_poll(now());
  NetworkClient::PollStart start;
  do {
    start = client.begin_poll(kForeverMillis, now());
  } while (!start.waits);
  return start.timeout_ms;
}

std::vector<Request> Bench::requests(NodeId id) {
  std::vector<Request> found;
  wire::FrameAssembler frames;
  frames.append(std::exchange(transport.connection(id).written, {}));
  for (;;) {
    const Result<std::optional<Bytes>> frame = frames.next();
    REQUIRE(frame);
    if (!*frame) break;
    found.push_back(decode_request(**frame));
    unanswered_[id].push_back(found.back());
  }
  REQUIRE(frames.pending() == 0);
  return found;
}

Request Bench::take_oldest(NodeId id) {
  auto& queue = unanswered_[id];
  if (queue.empty()) requests(id);
  REQUIRE_FALSE(queue.empty());
  Request oldest = std::move(queue.front());
  queue.pop_front();
  return oldest;
}

void Bench::make_ready(NodeId id) {
  unanswered_.erase(id);
  transport.accept(id);
  turn();
  answer(id, all_api_versions());
  turn();
}

void Bench::answer_metadata(NodeId id, const std::vector<NodeId>& brokers, std::int32_t epoch) {
  answer(id, cluster_of(brokers, metadata.wanted, epoch));
  turn();
}

void Bench::start(const std::vector<NodeId>& brokers) {
  make_ready(-1);
  answer_metadata(-1, brokers);
}

Node Bench::node(NodeId id) const {
  const Node* found = metadata.snapshot()->find_node(id);
  REQUIRE(found != nullptr);
  return *found;
}

ClientRequest Bench::request(NodeId id, bool expects_response, Millis timeout_ms) {
  return client.new_request(id, wire::InitProducerIdRequest{std::nullopt, 1000}, {0, 5}, now(),
                            expects_response, timeout_ms, std::make_unique<NotingHandler>(outcomes));
}

std::vector<Event> Bench::events(EventKind kind) {
  std::vector<Event> found;
  Event event;
  while (sink.drain({&event, 1}) == 1) {
    if (event.kind == kind) found.push_back(event);
  }
  return found;
}

}  // namespace sendscope::test
