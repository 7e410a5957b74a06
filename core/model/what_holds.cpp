#include "core/model/what_holds.h"

#include <algorithm>

namespace sendscope {
namespace {

Subject batch_of(BatchId id) { return {SubjectKind::kBatch, id}; }
Subject request_of(RequestId id) { return {SubjectKind::kRequest, id}; }
Subject node_of(NodeId node) { return {SubjectKind::kNode, static_cast<std::uint32_t>(node)}; }

// The batch of its partition that goes before it.
Subject earlier_batch(const PipelineModel& model, const BatchModel& batch) {
  const ProducerPartition* partition = model.producer_partition(batch.producer, batch.partition);
  if (partition == nullptr) return {};
  if (!partition->in_flight_batches.empty()) return batch_of(partition->in_flight_batches.front());
  const bool queued = !partition->deque.empty() && partition->deque.front() != batch.id;
  return queued ? batch_of(partition->deque.front()) : Subject{};
}

// The first request on the link for which `is` holds.
template <typename Is>
Subject first_in_flight(const PipelineModel& model, std::uint16_t producer, NodeId node, Is is) {
  const NodeLink* link = model.link(producer, node);
  if (link == nullptr) return {};
  for (const RequestId id : link->in_flight_requests) {
    const RequestModel* request = model.request(id);
    if (request != nullptr && is(*request)) return request_of(id);
  }
  return {};
}

}  // namespace

Subject what_holds(const PipelineModel& model, const BatchModel& batch, WaitCause cause) {
  const ProducerPartition* partition = model.producer_partition(batch.producer, batch.partition);
  const NodeId leader = partition == nullptr ? -1 : partition->leader;
  switch (cause) {
    case WaitCause::kMuted:
    case WaitCause::kEarlierBatches: return earlier_batch(model, batch);
    case WaitCause::kConnection: return leader < 0 ? Subject{} : node_of(leader);
    case WaitCause::kInFlightLimit:
      return first_in_flight(model, batch.producer, leader, [](const RequestModel&) { return true; });
    case WaitCause::kQueuedAtBroker:
      return first_in_flight(model, batch.producer, batch.node, [](const RequestModel& request) {
        return request.phase == RequestPhase::kInService || request.phase == RequestPhase::kQueued;
      });
    case WaitCause::kBehindLost:
      return first_in_flight(model, batch.producer, batch.node, [](const RequestModel& request) {
        return request.request_lost || request.response_lost;
      });
    case WaitCause::kToBroker:
    case WaitCause::kAtBroker:
    case WaitCause::kToProducer:
    case WaitCause::kAnswer:
    case WaitCause::kLost: return request_of(batch.request);
    default: return {};
  }
}

Subject who_has_memory(const PipelineModel& model, std::uint16_t thread) {
  if (thread >= model.threads.size()) return {};
  const ProducerModel* producer = model.producer(model.threads[thread].producer);
  if (producer == nullptr) return {};
  const auto& line = producer->pool.waiters;
  const auto place = std::find_if(line.begin(), line.end(),
                                  [&](const PoolWaiter& waiter) { return waiter.thread == thread; });
  if (place != line.end() && place != line.begin()) return {SubjectKind::kThread, (place - 1)->thread};
  return producer->incomplete_batches.empty() ? Subject{} : batch_of(producer->incomplete_batches.front());
}

}  // namespace sendscope
