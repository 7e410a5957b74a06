// What one poll takes in, and what follows from it.
#include <algorithm>

#include "core/base/check.h"
#include "core/net/network_client.h"

namespace sendscope {

NetworkClient::PollStart NetworkClient::begin_poll(Millis timeout_ms, Nanos now) {
  SENDSCOPE_CHECK(active_);
  last_poll_ = now;
  wait_began_ = now;
  if (!aborted_.empty()) {
    run_handlers(std::exchange(aborted_, {}));
    return {false, 0, true};
  }
  const Millis metadata_timeout_ms = updater_.maybe_update(now);
  metrics_.at_rest(channels_.count(), in_flight_.count());
  return {true, std::min({timeout_ms, metadata_timeout_ms, settings_.request_timeout_ms}),
          channels_.has_arrivals() || in_flight_.has_complete_unanswered()};
}

void NetworkClient::finish_poll(Nanos now) {
  SENDSCOPE_CHECK(active_);
  metrics_.polled(std::max<Nanos>(now - wait_began_, 0), wait_began_ - last_poll_, to_millis(now));
  last_poll_ = now;
  const Channels::Arrivals arrivals = channels_.poll(to_millis(now));
  for (const NodeId node : arrivals.written) handle_written(node, now);
  for (const Channels::Received& received : arrivals.received)
    handle_frame(received.node, received.payload, now);
  for (const Channels::Lost& lost : arrivals.lost) {
    Cause cause{lost.reason, ErrorCode::kNetworkException, false, lost.words};
    if (cause.reason == LossReason::kClosedByPeer) cause.reason = closed_by_peer(lost.node);
    // Where the moment says it all, it is chance whether the end was orderly or a reset.
    if (cause.reason != lost.reason) cause.text.clear();
    process_disconnect(lost.node, cause, now);
  }
  // Connected is not yet ready: first the node says what it can do.
  for (const NodeId node : arrivals.connected) {
    if (channels_.is_ready(node)) api_versions_wanted_[node] = all_versions(ApiKey::kApiVersions).latest;
  }
  send_api_versions_requests(now);
  handle_setup_timeouts(now);
  handle_request_timeouts(now);
  handle_rebootstrap(now);
  run_handlers(std::exchange(outcomes_, {}));
}

void NetworkClient::run_handlers(std::vector<Outcome> outcomes) {
  for (const Outcome& outcome : outcomes) {
    if (outcome.handler) outcome.handler->on_complete(outcome.response);
  }
}

void NetworkClient::handle_written(NodeId node, Nanos now) {
  if (InFlightRequest* newest = in_flight_.newest(node)) newest->written = true;
  for (InFlightRequest& request : in_flight_.complete_unanswered(node)) {
    tell_request(EventKind::response_received, request, 0, now);
    outcomes_.push_back(outcome_of(std::move(request.request), request.version, now));
  }
}

// ---- responses

void NetworkClient::handle_frame(NodeId node, Bytes payload, Nanos now) {
  Result<ResponseBody> body = read_response(node, payload);
  if (!body) {
    const LossReason reason = is_echo(node, payload) ? LossReason::kEcho : LossReason::kMalformedResponse;
    const std::string words = reason == LossReason::kEcho ? "" : body.error().message;
    drop_connection(node, {reason, ErrorCode::kNetworkException, false, words}, now);
    return;
  }
  InFlightRequest request = in_flight_.complete_oldest(node);
  tell_request(EventKind::response_received, request,
               static_cast<std::uint32_t>(payload.size() + sizeof(std::int32_t)), now);
  handle_response(std::move(request), *std::move(body), now);
}

bool NetworkClient::is_echo(NodeId node, Bytes payload) const {
  const InFlightRequest* oldest = in_flight_.oldest(node);
  if (oldest == nullptr) return false;
  ByteReader in(payload);
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  return header && header->api_key == static_cast<std::int16_t>(api_of(oldest->request.body)) &&
         header->version == oldest->version && header->correlation_id == oldest->request.correlation_id &&
         header->client_id == settings_.client_id;
}

LossReason NetworkClient::closed_by_peer(NodeId node) const {
  const NodeConnection* connection = connections_.find(node);
  if (connection->state == ConnectionState::kConnecting) return LossReason::kClosedUnanswered;
  if (connection->state == ConnectionState::kCheckingApiVersions) return LossReason::kClosedUnanswered;
  const bool asked = in_flight_.count(node) > 0;
  return asked && !connection->answered ? LossReason::kClosedAtFirstRequest : LossReason::kClosedByPeer;
}

// Kafka throws where this fails, and goes on with a request nobody will ever complete. Here whoever does not
// keep to the protocol loses the connection, so that its requests are retried.
Result<ResponseBody> NetworkClient::read_response(NodeId node, Bytes payload) const {
  const InFlightRequest* oldest = in_flight_.oldest(node);
  const std::string who = "node " + std::to_string(node);
  if (oldest == nullptr) return Error(ErrorCode::kInvalidInput, who + " sent a response nobody asked for");
  const ApiKey api = api_of(oldest->request.body);
  const std::string what = who + "'s response to " + std::string(api_row(api).name);
  ByteReader in(payload);
  const Result<wire::ResponseHeader> header = wire::ResponseHeader::decode(in, api, oldest->version);
  if (!header) return Error(ErrorCode::kInvalidInput, what + " does not read: " + header.error().message);
  if (header->correlation_id != oldest->request.correlation_id) {
    return Error(ErrorCode::kInvalidInput,
                 what + " has correlation id " + std::to_string(header->correlation_id) +
                     "; the oldest request in flight has " + std::to_string(oldest->request.correlation_id));
  }
  Result<ResponseBody> body = decode_response(in, api, oldest->version);
  if (!body) return Error(ErrorCode::kInvalidInput, what + " does not read: " + body.error().message);
  return body;
}

void NetworkClient::handle_response(InFlightRequest request, ResponseBody body, Nanos now) {
  const NodeId node = request.request.node;
  const ApiKey api = api_of(request.request.body);
  if (api != ApiKey::kApiVersions && connections_.answered(node)) reports_.answered(node, now);
  const Millis throttle_ms = throttle_time_of(body);
  metrics_.throttled(throttle_ms, to_millis(now));
  if (throttle_ms > 0 && throttles_client(api, request.version)) throttle(node, throttle_ms, now);
  if (!request.internal) {
    outcomes_.push_back(outcome_of(std::move(request.request), request.version, now));
    outcomes_.back().response.body = std::move(body);
  } else if (const auto* metadata = std::get_if<wire::MetadataResponse>(&body)) {
    updater_.handle_response(*metadata, request.version, now);
  } else if (const auto* versions = std::get_if<wire::ApiVersionsResponse>(&body)) {
    handle_api_versions(node, request.version, *versions, now);
  }
}

void NetworkClient::throttle(NodeId node, Millis throttle_ms, Nanos now) {
  in_flight_.add_throttle_time(node, throttle_ms);
  connections_.throttle(node, to_millis(now) + throttle_ms);
  sink_.emit({.t = now,
              .kind = EventKind::node_throttled,
              .actor = settings_.producer_index,
              .place = static_cast<std::uint32_t>(node),
              .a = static_cast<std::uint32_t>(throttle_ms)});
}

// ---- ApiVersions

void NetworkClient::send_api_versions_requests(Nanos now) {
  for (auto wanted = api_versions_wanted_.begin(); wanted != api_versions_wanted_.end();) {
    const auto [node, version] = *wanted;
    if (!channels_.is_ready(node) || !in_flight_.can_send_more(node)) {
      ++wanted;
      continue;
    }
    connections_.checking_api_versions(node);
    reports_.checking(node, now);
    tell_connection(node, ConnectionState::kCheckingApiVersions, now);
    wire::ApiVersionsRequest body{settings_.software_name, settings_.software_version};
    put_in_flight(new_request(node, std::move(body), {version, version}, now, true,
                              settings_.request_timeout_ms, nullptr),
                  version, true, now);
    wanted = api_versions_wanted_.erase(wanted);
  }
}

void NetworkClient::handle_api_versions(NodeId node, std::int16_t version,
                                        const wire::ApiVersionsResponse& response, Nanos now) {
  const ErrorCode error = error_from_wire(response.error_code);
  if (error == ErrorCode::kNone) {
    api_versions_.update(node, response);
    connections_.ready(node);
    reports_.ready(node, now);
    tell_connection(node, ConnectionState::kReady, now);
  } else if (error == ErrorCode::kUnsupportedVersion && version > 0) {
    // The node may say what it does support (KIP-511). What it refused just now is not asked for again.
    const auto range = NodeApiVersions(response).range(ApiKey::kApiVersions);
    const std::int16_t latest = range ? range->latest : std::int16_t{0};
    api_versions_wanted_[node] = latest >= 0 && latest < version ? latest : std::int16_t{0};
  } else {
    drop_connection(node,
                    {LossReason::kVersionsRefused, ErrorCode::kNetworkException, false,
                     "ApiVersions failed: " + std::string(error_row(error).name)},
                    now);
  }
}

// ---- time-outs and losses

void NetworkClient::handle_setup_timeouts(Nanos now) {
  for (const NodeId node : connections_.nodes_past_setup_timeout(to_millis(now))) {
    drop_connection(
        node, {LossReason::kSetupTimeout, ErrorCode::kRequestTimedOut, true, "connecting took too long"},
        now);
  }
}

// One overdue request gives up the connection and all that is in flight on it: answers come in order, so
// whatever was sent after it would wait as well.
void NetworkClient::handle_request_timeouts(Nanos now) {
  for (const NodeId node : in_flight_.nodes_with_timed_out(to_millis(now))) {
    const bool checking = connections_.find(node)->state == ConnectionState::kCheckingApiVersions;
    const LossReason reason = checking ? LossReason::kSilent : LossReason::kRequestTimeout;
    drop_connection(node, {reason, ErrorCode::kRequestTimedOut, true, "a request was not answered in time"},
                    now);
  }
}

void NetworkClient::handle_rebootstrap(Nanos now) {
  if (!settings_.rebootstrap || !updater_.needs_rebootstrap(now)) return;
  const std::shared_ptr<const Cluster> cluster = metadata_.snapshot();
  for (const Node& node : cluster->nodes()) {
    if (!connections_.is_connecting(node.id) && !connections_.is_connected(node.id)) continue;
    drop_connection(node.id,
                    {LossReason::kStartsOver, ErrorCode::kNetworkException, false, "the client starts over"},
                    now);
  }
  updater_.rebootstrap(now);
}

void NetworkClient::drop_connection(NodeId node, const Cause& cause, Nanos now) {
  channels_.close(node, to_millis(now));
  process_disconnect(node, cause, now);
}

void NetworkClient::process_disconnect(NodeId node, const Cause& cause, Nanos now) {
  connections_.disconnected(node, to_millis(now));
  if (cause.reason == LossReason::kIdle || cause.reason == LossReason::kStartsOver) {
    reports_.left(node, now);
  } else {
    reports_.lost(node, cause.reason, cause.timed_out ? "" : cause.text, now);
  }
  tell_loss(node, cause.reason, now);
  api_versions_.remove(node);
  api_versions_wanted_.erase(node);
  cancel_in_flight(node, cause, &outcomes_, now);
  updater_.node_lost(now);
}

void NetworkClient::cancel_in_flight(NodeId node, const Cause& cause, std::vector<Outcome>* outcomes,
                                     Nanos now) {
  for (InFlightRequest& request : in_flight_.clear(node)) {
    tell_request(EventKind::request_failed, request, static_cast<std::uint32_t>(cause.error), now);
    if (request.internal) {
      if (api_of(request.request.body) == ApiKey::kMetadata) {
        updater_.request_failed(cause.error, std::nullopt, now);
      }
    } else if (outcomes != nullptr) {
      outcomes->push_back(outcome_of(std::move(request.request), request.version, now));
      outcomes->back().response.disconnected = true;
      outcomes->back().response.timed_out = cause.timed_out;
      outcomes->back().response.why_disconnected = cause.text;
    }
  }
}

}  // namespace sendscope
