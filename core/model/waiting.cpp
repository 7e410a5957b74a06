#include "core/model/waiting.h"

#include "core/model/queries.h"

namespace sendscope {
namespace {

WaitCause on_the_way(const PipelineModel& model, const BatchModel& batch) {
  const RequestModel* request = model.request(batch.request);
  if (request == nullptr || !request->in_flight || request->sent < batch.drained) return WaitCause::kSender;
  if (model.run.live) return WaitCause::kAnswer;
  if (request->request_held || request->response_held) return WaitCause::kBehindLost;
  switch (request->phase) {
    case RequestPhase::kTravelling: return request->request_lost ? WaitCause::kLost : WaitCause::kToBroker;
    case RequestPhase::kQueued: return WaitCause::kQueuedAtBroker;
    case RequestPhase::kInService: return WaitCause::kAtBroker;
    default: return request->response_lost ? WaitCause::kLost : WaitCause::kToProducer;
  }
}

// In the deque, linger and backoff over: what keeps the sender from draining it. In the order in which the
// sender itself asks.
WaitCause in_the_deque(const PipelineModel& model, const WaitLimits& limits, const BatchModel& batch) {
  const ProducerPartition* partition = model.producer_partition(batch.producer, batch.partition);
  if (partition == nullptr) return WaitCause::kSender;
  if (partition->leader < 0) return WaitCause::kNoLeader;
  if (partition->muted) return WaitCause::kMuted;
  if (!partition->deque.empty() && partition->deque.front() != batch.id) return WaitCause::kEarlierBatches;
  const NodeLink* link = model.link(batch.producer, partition->leader);
  if (link == nullptr || link->state != ConnectionState::kReady) return WaitCause::kConnection;
  if (limits.in_flight && static_cast<std::int64_t>(link->in_flight_requests.size()) >= *limits.in_flight)
    return WaitCause::kInFlightLimit;
  // With sequences a retried batch goes only when no earlier one is on its way.
  const bool behind = batch.has_sequence() && !partition->in_flight_batches.empty() && batch.attempts > 0;
  return behind ? WaitCause::kEarlierBatches : WaitCause::kSender;
}

constexpr LatencySide kSides[] = {
#define WAIT_CAUSE(cause, side, words, brief, not_yet, look) LatencySide::side,
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
};

}  // namespace

LatencySide side_of(WaitCause cause) { return kSides[static_cast<std::size_t>(cause)]; }

WaitLimits wait_limits(const PipelineModel& model, const StringTable& strings, std::size_t producer) {
  WaitLimits limits;
  const auto linger = config_number(model, strings, producer, "linger.ms");
  if (linger && *linger >= 0) limits.linger = to_nanos(*linger);
  limits.in_flight = config_number(model, strings, producer, "max.in.flight.requests.per.connection");
  return limits;
}

Waiting waiting_of(const PipelineModel& model, const WaitLimits& limits, const BatchModel& batch, Nanos now) {
  Waiting out;
  out.attempt = batch.attempts;
  if (batch.completed >= 0) {
    out.cause = WaitCause::kCallbacks;
  } else if (batch.state == BatchState::kInFlight) {
    out.attempt = batch.attempts + 1;
    out.cause = on_the_way(model, batch);
  } else if (now < batch.backoff_until) {
    out.cause = WaitCause::kBackoff;
    out.until = batch.backoff_until;
  } else if (batch.attempts == 0 && batch.closed < 0 && batch.ready < 0) {
    const Nanos linger = linger_deadline(batch, limits.linger);
    out.cause = linger < 0 || now < linger ? WaitCause::kLinger : in_the_deque(model, limits, batch);
    if (now < linger) out.until = linger;
  } else {
    out.cause = in_the_deque(model, limits, batch);
  }
  return out;
}

}  // namespace sendscope
