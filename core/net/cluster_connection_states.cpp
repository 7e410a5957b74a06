#include "core/net/cluster_connection_states.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace sendscope {

ClusterConnectionStates::ClusterConnectionStates(const ConnectionSettings& settings, RandomSource& random)
    : reconnect_backoff_(settings.reconnect_backoff_ms, settings.reconnect_backoff_max_ms),
      setup_timeout_(settings.setup_timeout_ms, settings.setup_timeout_max_ms),
      random_(random) {}

const NodeConnection* ClusterConnectionStates::find(NodeId node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? nullptr : &found->second;
}

NodeConnection& ClusterConnectionStates::at(NodeId node) {
  const auto found = nodes_.find(node);
  SENDSCOPE_CHECK(found != nodes_.end());
  return found->second;
}

bool ClusterConnectionStates::can_connect(NodeId node, Millis now_ms) const {
  const NodeConnection* connection = find(node);
  if (connection == nullptr) return true;
  return connection->is_disconnected() &&
         now_ms - connection->last_attempt_ms >= connection->reconnect_backoff_ms;
}

bool ClusterConnectionStates::is_ready(NodeId node, Millis now_ms) const {
  const NodeConnection* connection = find(node);
  return connection != nullptr && connection->state == ConnectionState::kReady &&
         connection->throttled_until_ms <= now_ms;
}

bool ClusterConnectionStates::is_connected(NodeId node) const {
  const NodeConnection* connection = find(node);
  return connection != nullptr && connection->is_connected();
}

bool ClusterConnectionStates::is_disconnected(NodeId node) const {
  const NodeConnection* connection = find(node);
  return connection != nullptr && connection->is_disconnected();
}

bool ClusterConnectionStates::is_connecting(NodeId node) const {
  const NodeConnection* connection = find(node);
  return connection != nullptr && connection->state == ConnectionState::kConnecting;
}

bool ClusterConnectionStates::is_preparing(NodeId node) const {
  const NodeConnection* connection = find(node);
  return connection != nullptr && (connection->state == ConnectionState::kConnecting ||
                                   connection->state == ConnectionState::kCheckingApiVersions);
}

Millis ClusterConnectionStates::connection_delay(NodeId node, Millis now_ms) const {
  const NodeConnection* connection = find(node);
  if (connection == nullptr) return 0;
  if (connection->state == ConnectionState::kConnecting) return connection->setup_timeout_ms;
  if (!connection->is_disconnected()) return kForeverMillis;
  return std::max<Millis>(connection->reconnect_backoff_ms - (now_ms - connection->last_attempt_ms), 0);
}

Millis ClusterConnectionStates::throttle_delay(NodeId node, Millis now_ms) const {
  const NodeConnection* connection = find(node);
  return connection == nullptr ? 0 : std::max<Millis>(connection->throttled_until_ms - now_ms, 0);
}

Millis ClusterConnectionStates::poll_delay(NodeId node, Millis now_ms) const {
  const Millis throttled = throttle_delay(node, now_ms);
  return throttled > 0 && is_connected(node) ? throttled : connection_delay(node, now_ms);
}

std::vector<NodeId> ClusterConnectionStates::nodes_past_setup_timeout(Millis now_ms) const {
  std::vector<NodeId> late;
  for (const NodeId node : connecting_) {
    const NodeConnection* connection = find(node);
    if (now_ms - connection->last_attempt_ms > connection->setup_timeout_ms) late.push_back(node);
  }
  return late;
}

void ClusterConnectionStates::connecting(NodeId node, Millis now_ms, const std::string& host) {
  const auto [entry, added] = nodes_.try_emplace(node);
  NodeConnection& connection = entry->second;
  if (added || connection.host != host) {
    connection = NodeConnection{};
    connection.host = host;
    connection.reconnect_backoff_ms = reconnect_backoff_.after(0, random_);
    connection.setup_timeout_ms = setup_timeout_.after(0, random_);
  }
  connection.last_attempt_ms = now_ms;
  connection.state = ConnectionState::kConnecting;
  connection.answered = false;
  connecting_.insert(node);
}

void ClusterConnectionStates::checking_api_versions(NodeId node) {
  NodeConnection& connection = at(node);
  connection.state = ConnectionState::kCheckingApiVersions;
  reset_setup_timeout(connection);
  connecting_.erase(node);
}

void ClusterConnectionStates::ready(NodeId node) {
  NodeConnection& connection = at(node);
  connection.state = ConnectionState::kReady;
  connection.authentication_error.reset();
  connection.failed_attempts = 0;
  connection.reconnect_backoff_ms = reconnect_backoff_.after(0, random_);
  reset_setup_timeout(connection);
  connecting_.erase(node);
}

bool ClusterConnectionStates::answered(NodeId node) { return !std::exchange(at(node).answered, true); }

void ClusterConnectionStates::disconnected(NodeId node, Millis now_ms) {
  NodeConnection& connection = at(node);
  connection.last_attempt_ms = now_ms;
  back_off(connection);
  if (connection.state == ConnectionState::kConnecting) {
    ++connection.failed_connects;
    connection.setup_timeout_ms = setup_timeout_.after(connection.failed_connects, random_);
    connecting_.erase(node);
  } else {
    reset_setup_timeout(connection);
  }
  connection.state = ConnectionState::kDisconnected;
}

void ClusterConnectionStates::authentication_failed(NodeId node, Millis now_ms, Error error) {
  NodeConnection& connection = at(node);
  connection.authentication_error = std::move(error);
  connection.state = ConnectionState::kAuthenticationFailed;
  connection.last_attempt_ms = now_ms;
  back_off(connection);
}

void ClusterConnectionStates::throttle(NodeId node, Millis until_ms) {
  NodeConnection& connection = at(node);
  connection.throttled_until_ms = std::max(connection.throttled_until_ms, until_ms);
}

void ClusterConnectionStates::remove(NodeId node) {
  nodes_.erase(node);
  connecting_.erase(node);
}

void ClusterConnectionStates::back_off(NodeConnection& connection) {
  connection.reconnect_backoff_ms = reconnect_backoff_.after(connection.failed_attempts, random_);
  ++connection.failed_attempts;
}

void ClusterConnectionStates::reset_setup_timeout(NodeConnection& connection) {
  connection.failed_connects = 0;
  connection.setup_timeout_ms = setup_timeout_.after(0, random_);
}

}  // namespace sendscope
