// What state the connection to each node is in, and when it may be tried again. Kafka:
// ClusterConnectionStates (reconnect backoff; connection setup time-out, KIP-601).
//
// A node is absent (never contacted, or removed), CONNECTING, CHECKING_API_VERSIONS, READY, DISCONNECTED or
// AUTHENTICATION_FAILED. The reconnect backoff starts over only at READY, not when TCP connects, so a broker
// that drops during ApiVersions backs off further and further. Which of a host's addresses is tried next is
// the transport's matter.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/event/event.h"
#include "core/net/cluster.h"
#include "core/net/exponential_backoff.h"

namespace sendscope {

struct ConnectionSettings {
  Millis reconnect_backoff_ms = 0;
  Millis reconnect_backoff_max_ms = 0;
  Millis setup_timeout_ms = 0;
  Millis setup_timeout_max_ms = 0;
};

struct NodeConnection {
  ConnectionState state = ConnectionState::kConnecting;
  std::string host;
  Millis last_attempt_ms = 0;
  Millis reconnect_backoff_ms = 0;
  Millis setup_timeout_ms = 0;
  std::int64_t failed_attempts = 0;  // since it was ready
  std::int64_t failed_connects = 0;  // in a row, before TCP was there
  Millis throttled_until_ms = 0;
  bool answered = false;  // since it was connected, a request other than ApiVersions
  std::optional<Error> authentication_error;

  bool is_disconnected() const {
    return state == ConnectionState::kDisconnected || state == ConnectionState::kAuthenticationFailed;
  }
  bool is_connected() const {
    return state == ConnectionState::kCheckingApiVersions || state == ConnectionState::kReady;
  }
};

class ClusterConnectionStates {
 public:
  ClusterConnectionStates(const ConnectionSettings& settings, RandomSource& random);

  // ---- questions; an absent node is neither connected nor disconnected
  // nullptr when absent.
  const NodeConnection* find(NodeId node) const;
  bool can_connect(NodeId node, Millis now_ms) const;
  bool is_ready(NodeId node, Millis now_ms) const;  // READY and not throttled
  bool is_connected(NodeId node) const;
  bool is_disconnected(NodeId node) const;
  bool is_connecting(NodeId node) const;
  bool is_preparing(NodeId node) const;  // connecting or checking
  // How long until connecting makes sense: 0 absent, the rest of the backoff when disconnected, the whole
  // setup time-out while connecting, else for ever.
  Millis connection_delay(NodeId node, Millis now_ms) const;
  // As connection_delay, but the rest of the throttle time for a throttled connection.
  Millis poll_delay(NodeId node, Millis now_ms) const;
  Millis throttle_delay(NodeId node, Millis now_ms) const;
  // In canonical order.
  std::vector<NodeId> nodes_past_setup_timeout(Millis now_ms) const;
  const std::map<NodeId, NodeConnection, NodeOrder>& all() const { return nodes_; }

  // ---- what happened. REQUIRES, except for connecting(): the node is not absent
  void connecting(NodeId node, Millis now_ms, const std::string& host);
  void checking_api_versions(NodeId node);
  void ready(NodeId node);
  // Returns whether it is the connection's first answer to a request other than ApiVersions.
  bool answered(NodeId node);
  void disconnected(NodeId node, Millis now_ms);
  // Follows disconnected(), so the failure counts twice.
  void authentication_failed(NodeId node, Millis now_ms, Error error);
  // Never moves the end of a throttle back.
  void throttle(NodeId node, Millis until_ms);
  // Makes the node absent: no backoff is left.
  void remove(NodeId node);

 private:
  NodeConnection& at(NodeId node);
  void back_off(NodeConnection& connection);
  void reset_setup_timeout(NodeConnection& connection);

  ExponentialBackoff reconnect_backoff_;
  ExponentialBackoff setup_timeout_;
  RandomSource& random_;
  std::map<NodeId, NodeConnection, NodeOrder> nodes_;
  std::set<NodeId, NodeOrder> connecting_;
};

}  // namespace sendscope
