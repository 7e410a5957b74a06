// Requests on their way and back, and a producer's connection to a node.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "core/base/types.h"
#include "core/model/batch_model.h"

namespace sendscope {

enum class RequestPhase : std::uint8_t {
#define REQUEST_PHASE(phase, words) phase,
#include "core/model/request_phases.def"
#undef REQUEST_PHASE
};
std::string_view request_phase_text(RequestPhase phase);

// One batch that a request carries: enough to know what the broker stores, however late it arrives.
struct CarriedBatch {
  BatchId batch = 0;
  PartitionIndex partition = 0;
  std::uint32_t bytes = 0;
  std::uint64_t first_number = 0;
  std::uint32_t record_count = 0;
  std::vector<ThreadSpan> spans;
  bool operator==(const CarriedBatch&) const = default;
};

struct RequestModel {
  RequestId id = 0;
  std::uint16_t producer = 0;
  NodeId node = 0;
  std::uint32_t api = 0;
  std::uint32_t bytes = 0;
  std::uint32_t response_bytes = 0;
  RequestPhase phase = RequestPhase::kTravelling;
  bool in_flight = true;  // NetworkClient.InFlightRequests has it
  // -1: has not happened. In a live run only sent, received and failed are known.
  Nanos sent = 0;
  Nanos arrived = -1;
  Nanos started = -1;
  Nanos response_sent = -1;
  Nanos ended = -1;  // answered or failed
  bool request_lost = false;
  bool response_lost = false;
  bool request_held = false;  // it is behind a lost one on its connection: it never arrives
  bool response_held = false;
  bool judged = false;                 // the broker has appended or refused what it carries
  std::uint32_t request_delay_us = 0;  // by a fault
  std::uint32_t response_delay_us = 0;
  std::int32_t error = 0;  // why it failed
  std::vector<CarriedBatch> batches;

  // Nothing more can happen to it, at the broker either.
  bool settled() const {
    return !in_flight && (request_lost || request_held || response_lost || response_sent >= 0);
  }
  bool operator==(const RequestModel&) const = default;
};

// A producer's connection to a node. Bootstrap addresses are nodes -1, -2, ...
struct NodeLink {
  NodeId node = 0;
  ConnectionState state = ConnectionState::kDisconnected;
  Nanos since = 0;
  Nanos backoff_until = -1;
  Nanos throttled_until = -1;
  LossReason lost_because = LossReason::kNone;  // the last time
  // A lost message has stopped this direction of the connection for good.
  bool requests_stuck = false;
  bool responses_stuck = false;
  // NetworkClient.InFlightRequests of this node: oldest first; the oldest is the one that completes next.
  std::deque<RequestId> in_flight_requests;
  bool operator==(const NodeLink&) const = default;
};

}  // namespace sendscope
