#include "core/net/in_flight_requests.h"

#include <algorithm>
#include <iterator>

#include "core/base/check.h"

namespace sendscope {

void InFlightRequests::add(InFlightRequest request) {
  SENDSCOPE_CHECK(can_send_more(request.request.node));
  by_node_[request.request.node].push_back(std::move(request));
  ++total_;
}

InFlightRequest* InFlightRequests::newest(NodeId node) {
  const auto found = by_node_.find(node);
  return found == by_node_.end() || found->second.empty() ? nullptr : &found->second.back();
}

const InFlightRequest* InFlightRequests::oldest(NodeId node) const {
  const auto found = by_node_.find(node);
  return found == by_node_.end() || found->second.empty() ? nullptr : &found->second.front();
}

InFlightRequest InFlightRequests::complete_oldest(NodeId node) {
  SENDSCOPE_CHECK(count(node) > 0);
  auto& queue = by_node_.find(node)->second;
  InFlightRequest request = std::move(queue.front());
  queue.pop_front();
  --total_;
  return request;
}

std::vector<InFlightRequest> InFlightRequests::complete_unanswered(NodeId node) {
  std::vector<InFlightRequest> complete;
  const auto found = by_node_.find(node);
  if (found == by_node_.end()) return complete;
  auto& queue = found->second;
  for (auto request = queue.begin(); request != queue.end();) {
    if (request->request.expects_response || !request->written) {
      ++request;
      continue;
    }
    complete.push_back(std::move(*request));
    request = queue.erase(request);
  }
  total_ -= complete.size();
  return complete;
}

bool InFlightRequests::has_complete_unanswered() const {
  return std::any_of(by_node_.begin(), by_node_.end(), [](const auto& entry) {
    const auto& queue = entry.second;
    return !queue.empty() && queue.back().written && !queue.back().request.expects_response;
  });
}

std::vector<InFlightRequest> InFlightRequests::clear(NodeId node) {
  const auto found = by_node_.find(node);
  if (found == by_node_.end()) return {};
  std::vector<InFlightRequest> all(std::make_move_iterator(found->second.begin()),
                                   std::make_move_iterator(found->second.end()));
  total_ -= all.size();
  by_node_.erase(found);
  return all;
}

bool InFlightRequests::can_send_more(NodeId node) const {
  const auto found = by_node_.find(node);
  if (found == by_node_.end() || found->second.empty()) return true;
  return found->second.back().written && found->second.size() < static_cast<std::size_t>(max_per_node_);
}

std::size_t InFlightRequests::count(NodeId node) const {
  const auto found = by_node_.find(node);
  return found == by_node_.end() ? 0 : found->second.size();
}

void InFlightRequests::add_throttle_time(NodeId node, Millis throttle_ms) {
  const auto found = by_node_.find(node);
  if (found == by_node_.end()) return;
  for (InFlightRequest& request : found->second) request.throttled_ms += throttle_ms;
}

std::vector<NodeId> InFlightRequests::nodes_with_timed_out(Millis now_ms) const {
  std::vector<NodeId> nodes;
  for (const auto& [node, queue] : by_node_) {
    const bool late = std::any_of(queue.begin(), queue.end(), [now_ms](const InFlightRequest& request) {
      const Millis age = std::max<Millis>(now_ms - request.sent_ms, 0);
      return age - request.throttled_ms > request.request.timeout_ms;
    });
    if (late) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace sendscope
