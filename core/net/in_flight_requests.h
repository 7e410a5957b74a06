// The requests that were sent and are not answered, first in, first out per node. Kafka: InFlightRequests.
//
// A broker answers the requests of one connection in order, so a response always completes the oldest; a
// request that expects no response is complete when it is written, and is then the newest.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "core/net/client_request.h"
#include "core/net/cluster.h"

namespace sendscope {

struct InFlightRequest {
  ClientRequest request;
  std::int16_t version = 0;
  bool internal = false;  // the client's own: ApiVersions, Metadata
  Millis sent_ms = 0;
  Millis throttled_ms = 0;  // waited because the broker asked to; does not count as age
  bool written = false;     // all bytes are with the transport
};

class InFlightRequests {
 public:
  explicit InFlightRequests(std::int32_t max_per_node) : max_per_node_(max_per_node) {}

  // REQUIRES: can_send_more(its node)
  void add(InFlightRequest request);
  // nullptr when the node has none.
  InFlightRequest* newest(NodeId node);
  const InFlightRequest* oldest(NodeId node) const;
  // REQUIRES: count(node) > 0
  InFlightRequest complete_oldest(NodeId node);
  // Takes what is written and expects no response, oldest first. Such a request is the newest of its node.
  std::vector<InFlightRequest> complete_unanswered(NodeId node);
  // Whether complete_unanswered() would find any.
  bool has_complete_unanswered() const;
  // Takes all of a node, oldest first.
  std::vector<InFlightRequest> clear(NodeId node);

  // Nothing in flight, or the newest is written and fewer than the limit are.
  bool can_send_more(NodeId node) const;
  std::size_t count(NodeId node) const;
  std::size_t count() const { return total_; }
  void add_throttle_time(NodeId node, Millis throttle_ms);
  // The nodes with a request older than its time-out, in canonical order.
  std::vector<NodeId> nodes_with_timed_out(Millis now_ms) const;

  // Per node, oldest first; a node without requests may be absent.
  const std::map<NodeId, std::deque<InFlightRequest>, NodeOrder>& by_node() const { return by_node_; }

 private:
  std::int32_t max_per_node_;
  std::map<NodeId, std::deque<InFlightRequest>, NodeOrder> by_node_;  // front: oldest
  std::size_t total_ = 0;
};

}  // namespace sendscope
