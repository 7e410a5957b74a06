#include "core/net/network_client.h"

#include <algorithm>

#include "core/base/check.h"

namespace sendscope {

namespace {

constexpr Millis kNever = -kForeverMillis;
constexpr std::int32_t kMaxPort = 65'535;

MetadataUpdaterSettings updater_settings(const NetworkClientSettings& settings) {
  return {settings.request_timeout_ms, settings.connections.reconnect_backoff_ms, settings.rebootstrap,
          settings.rebootstrap_trigger_ms, settings.producer_index};
}

}  // namespace

NetworkClient::NetworkClient(const NetworkClientSettings& settings, const Environment& environment)
    : settings_(settings),
      metadata_(environment.metadata),
      api_versions_(environment.api_versions),
      random_(environment.random),
      sink_(environment.sink),
      metrics_(settings.metrics),
      channels_(environment.transport, settings.connections_max_idle_ms, metrics_),
      connections_(settings.connections, environment.random),
      in_flight_(settings.max_in_flight_per_node),
      updater_(updater_settings(settings), environment.metadata, *this, environment.sink) {}

NetworkClient::~NetworkClient() { channels_.close_all(to_millis(last_poll_)); }

// ---- nodes

bool NetworkClient::ready(const Node& node, Nanos now) {
  SENDSCOPE_CHECK(node.id != kNoNode);
  if (is_ready(node.id, now)) return true;
  if (can_connect(node.id, now)) connect_to(node, now);
  return false;
}

bool NetworkClient::is_ready(NodeId node, Nanos now) {
  return !updater_.is_update_due(now) && can_send(node, now);
}

bool NetworkClient::can_send(NodeId node, Nanos now) const {
  return connections_.is_ready(node, to_millis(now)) && channels_.is_ready(node) &&
         in_flight_.can_send_more(node);
}

bool NetworkClient::can_connect(NodeId node, Nanos now) const {
  return connections_.can_connect(node, to_millis(now));
}

Millis NetworkClient::connection_delay(NodeId node, Nanos now) const {
  return connections_.connection_delay(node, to_millis(now));
}

Millis NetworkClient::poll_delay(NodeId node, Nanos now) const {
  return connections_.poll_delay(node, to_millis(now));
}

Millis NetworkClient::throttle_delay(NodeId node, Nanos now) const {
  return connections_.throttle_delay(node, to_millis(now));
}

bool NetworkClient::connection_failed(NodeId node) const { return connections_.is_disconnected(node); }

std::optional<Error> NetworkClient::authentication_error(NodeId node) const {
  const NodeConnection* connection = connections_.find(node);
  return connection == nullptr ? std::nullopt : connection->authentication_error;
}

bool NetworkClient::has_ready_nodes(Nanos now) const {
  return std::any_of(connections_.all().begin(), connections_.all().end(),
                     [&](const auto& entry) { return connections_.is_ready(entry.first, to_millis(now)); });
}

// A ready node with nothing in flight is taken at once; else the ready one with the least in flight; else
// wait for one that is connecting (the last seen); else connect the one that was left alone the longest.
LeastLoadedNode NetworkClient::least_loaded_node(Nanos now) {
  const std::shared_ptr<const Cluster> cluster = metadata_.snapshot();
  const auto nodes = cluster->nodes();
  SENDSCOPE_CHECK(!nodes.empty());
  const Node* ready = nullptr;
  const Node* connecting = nullptr;
  const Node* connectable = nullptr;
  Millis connectable_since = 0;
  bool connection_ready = false;
  const std::size_t offset = random_.next_node_offset(static_cast<std::uint32_t>(nodes.size()));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[(offset + i) % nodes.size()];
    connection_ready |= connections_.is_ready(node.id, to_millis(now)) && channels_.is_ready(node.id);
    if (can_send(node.id, now)) {
      if (in_flight_.count(node.id) == 0) return {node, true};
      if (ready == nullptr || in_flight_.count(node.id) < in_flight_.count(ready->id)) ready = &node;
    } else if (connections_.is_preparing(node.id)) {
      connecting = &node;
    } else if (can_connect(node.id, now)) {
      const NodeConnection* connection = connections_.find(node.id);
      const Millis since = connection == nullptr ? kNever : connection->last_attempt_ms;
      if (connectable == nullptr || since < connectable_since) {
        connectable = &node;
        connectable_since = since;
      }
    }
  }
  const Node* chosen = ready != nullptr ? ready : connecting != nullptr ? connecting : connectable;
  if (chosen == nullptr) return {std::nullopt, connection_ready};
  return {*chosen, connection_ready};
}

void NetworkClient::connect_to(const Node& node, Nanos now) {
  connections_.connecting(node.id, to_millis(now), node.host);
  reports_.connecting(node, now);
  tell_connection(node.id, ConnectionState::kConnecting, now);
  if (node.port >= 0 && node.port <= kMaxPort) {
    channels_.connect(node.id, {node.host, static_cast<std::uint16_t>(node.port)}, to_millis(now));
    return;
  }
  connections_.disconnected(node.id, to_millis(now));
  reports_.lost(node.id, LossReason::kUnreachable, "there is no such port", now);
  tell_loss(node.id, LossReason::kUnreachable, now);
  updater_.node_lost(now);
}

// ---- requests

ClientRequest NetworkClient::new_request(NodeId node, RequestBody body, VersionRange versions, Nanos now,
                                         bool expects_response, Millis timeout_ms,
                                         std::unique_ptr<RequestCompletionHandler> handler) {
  const std::int32_t correlation_id = next_correlation_id_;
  next_correlation_id_ = correlation_id_after(correlation_id);
  ClientRequest request;
  request.id = request_id(settings_.producer_index, correlation_id);
  request.node = node;
  request.body = std::move(body);
  request.versions = versions;
  request.correlation_id = correlation_id;
  request.created_ms = to_millis(now);
  request.expects_response = expects_response;
  request.timeout_ms = timeout_ms;
  request.handler = std::move(handler);
  return request;
}

void NetworkClient::send(ClientRequest request, Nanos now) {
  SENDSCOPE_CHECK(active_ && can_send(request.node, now));
  send_in_best_version(std::move(request), false, now);
}

void NetworkClient::send_metadata_request(NodeId node, wire::MetadataRequest request, Nanos now) {
  VersionRange versions = all_versions(ApiKey::kMetadata);
  versions.latest = std::min(versions.latest, settings_.latest_metadata);
  send_in_best_version(
      new_request(node, std::move(request), versions, now, true, settings_.request_timeout_ms, nullptr), true,
      now);
}

void NetworkClient::send_in_best_version(ClientRequest request, bool internal, Nanos now) {
  std::int16_t version = request.versions.latest;
  if (const auto known = api_versions_.find(request.node)) {
    const Result<std::int16_t> usable = known->latest_usable(api_of(request.body), request.versions);
    if (!usable) {
      if (internal) {
        updater_.request_failed(ErrorCode::kUnsupportedVersion, usable.error(), now);
      } else {
        Outcome outcome = outcome_of(std::move(request), version, now);
        outcome.response.version_mismatch = usable.error();
        aborted_.push_back(std::move(outcome));
      }
      return;
    }
    version = *usable;
  }
  put_in_flight(std::move(request), version, internal, now);
}

void NetworkClient::put_in_flight(ClientRequest request, std::int16_t version, bool internal, Nanos now) {
  const NodeId node = request.node;
  wire::Frame frame = frame_of(request.body, version, request.correlation_id, settings_.client_id);
  InFlightRequest in_flight;
  in_flight.request = std::move(request);
  in_flight.version = version;
  in_flight.internal = internal;
  in_flight.sent_ms = to_millis(now);
  tell_request(EventKind::request_sent, in_flight, static_cast<std::uint32_t>(frame.size()), now);
  in_flight_.add(std::move(in_flight));
  InFlightRequest& sent = *in_flight_.newest(node);
  const std::optional<ApiKey> answer =
      sent.request.expects_response ? std::optional(api_of(sent.request.body)) : std::nullopt;
  sent.written = channels_.send(node, std::move(frame), answer, to_millis(now));
}

NetworkClient::Outcome NetworkClient::outcome_of(ClientRequest request, std::int16_t version, Nanos now) {
  Outcome outcome;
  outcome.response.id = request.id;
  outcome.response.node = request.node;
  outcome.response.api = api_of(request.body);
  outcome.response.version = version;
  outcome.response.correlation_id = request.correlation_id;
  outcome.response.created_ms = request.created_ms;
  outcome.response.received_ms = to_millis(now);
  outcome.handler = std::move(request.handler);
  return outcome;
}

// ---- closing

void NetworkClient::disconnect(NodeId node, Nanos now) {
  if (connections_.find(node) == nullptr || connections_.is_disconnected(node)) return;
  channels_.close(node, to_millis(now));
  api_versions_wanted_.erase(node);
  const Cause cause{LossReason::kClosedHere, ErrorCode::kDisconnect, false, "disconnected by the client"};
  cancel_in_flight(node, cause, &aborted_, now);
  connections_.disconnected(node, to_millis(now));
  reports_.left(node, now);
  tell_loss(node, cause.reason, now);
}

void NetworkClient::close(NodeId node, Nanos now) {
  channels_.close(node, to_millis(now));
  api_versions_wanted_.erase(node);
  const Cause cause{LossReason::kClosedHere, ErrorCode::kDisconnect, false, "closed by the client"};
  cancel_in_flight(node, cause, nullptr, now);
  if (connections_.find(node) != nullptr) {
    reports_.left(node, now);
    tell_loss(node, cause.reason, now);
  }
  connections_.remove(node);
  api_versions_.remove(node);
}

void NetworkClient::close() {
  if (!active_) return;
  active_ = false;
  channels_.close_all(to_millis(last_poll_));
  metrics_.at_rest(0, in_flight_.count());
  metadata_.close();
  for (const auto& [node, connection] : connections_.all()) {
    if (!connection.is_disconnected()) tell_connection(node, ConnectionState::kDisconnected, last_poll_);
  }
}

// ---- events

void NetworkClient::tell_connection(NodeId node, ConnectionState state, Nanos now) {
  const NodeConnection* connection = connections_.find(node);
  const bool backs_off = connection != nullptr && connection->is_disconnected();
  sink_.emit({.t = now,
              .kind = EventKind::connection_state,
              .actor = settings_.producer_index,
              .place = static_cast<std::uint32_t>(node),
              .a = static_cast<std::uint32_t>(state),
              .b = backs_off ? static_cast<std::uint32_t>(connection->reconnect_backoff_ms) : 0});
}

void NetworkClient::tell_loss(NodeId node, LossReason reason, Nanos now) {
  sink_.emit({.t = now,
              .kind = EventKind::connection_lost,
              .actor = settings_.producer_index,
              .place = static_cast<std::uint32_t>(node),
              .a = static_cast<std::uint32_t>(reason)});
  tell_connection(node, ConnectionState::kDisconnected, now);
}

void NetworkClient::tell_request(EventKind kind, const InFlightRequest& request, std::uint32_t b, Nanos now) {
  sink_.emit({.t = now,
              .kind = kind,
              .actor = settings_.producer_index,
              .place = static_cast<std::uint32_t>(request.request.node),
              .subject = request.request.id,
              .a = static_cast<std::uint32_t>(api_of(request.request.body)),
              .b = b});
}

}  // namespace sendscope
