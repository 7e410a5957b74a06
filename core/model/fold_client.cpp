#include <algorithm>

#include "core/model/fold.h"

namespace sendscope {
namespace {

constexpr std::uint32_t kNoLimitMillis = 0xffffffff;

NodeLink* link_for(ProducerModel& producer, std::uint32_t place) {
  const auto node = static_cast<NodeId>(place);
  if (place == kNoPlace || (producer.links.size() >= kMaxNodes && !producer.links.contains(node)))
    return nullptr;
  NodeLink& link = producer.links[node];
  link.node = node;
  return &link;
}

void send_request(ProducerModel& producer, NodeLink& link, const Event& event) {
  const RequestId id = event.subject;
  const auto [at, added] = producer.requests.try_emplace(id);
  if (!added) return;
  RequestModel& request = at->second;
  request.id = id;
  request.producer = event.actor;
  request.node = link.node;
  request.api = event.a;
  request.bytes = event.b;
  request.sent = event.t;
  request.request_held = link.requests_stuck;
  link.in_flight_requests.push_back(id);
  producer.metrics.sent_request(event.b, event.t);
}

void carry_batch(ProducerModel& producer, const Event& event) {
  const RequestId id = event.subject;
  const auto request = producer.requests.find(id);
  BatchModel* batch = any_batch(producer, batch_beside(event.subject, event.a));
  if (request == producer.requests.end()) return;
  CarriedBatch carried{batch_beside(event.subject, event.a), event.place, event.b, 0, 0, {}};
  if (batch != nullptr) {
    batch->request = id;
    carried.first_number = batch->first_number;
    carried.record_count = batch->record_count;
    carried.spans = batch->spans;
  }
  request->second.batches.push_back(std::move(carried));
}

// What ended is remembered for a while. A request that was given up may still reach the broker and be stored:
// such a one is kept longer, but not for ever.
void prune_requests(ProducerModel& producer, bool live) {
  if (producer.ended_requests.size() > kEndedRequestsKept) {
    const RequestId id = producer.ended_requests.front();
    producer.ended_requests.pop_front();
    if (live || producer.requests.at(id).settled()) {
      producer.requests.erase(id);
    } else {
      producer.abandoned_requests.push_back(id);
    }
  }
  if (producer.abandoned_requests.size() > kAbandonedRequestsKept) {
    producer.requests.erase(producer.abandoned_requests.front());
    producer.abandoned_requests.pop_front();
  }
}

// A batch that expired in flight fails once more when its request does, and Kafka counts its records again
// (Sender.failBatch).
void count_failed_again(ProducerModel& producer, const RequestModel& request, Nanos t) {
  for (const CarriedBatch& carried : request.batches) {
    const BatchModel* batch = producer.batch(carried.batch);
    if (batch != nullptr && batch->completed >= 0) producer.metrics.failed_records(carried.record_count, t);
  }
}

void end_request(PipelineModel& model, ProducerModel& producer, NodeLink& link, const Event& event) {
  const RequestId id = event.subject;
  const auto at = producer.requests.find(id);
  std::deque<RequestId>& queue = link.in_flight_requests;
  const auto place = std::find(queue.begin(), queue.end(), id);
  if (place != queue.end()) queue.erase(place);
  if (at == producer.requests.end() || !at->second.in_flight) return;
  RequestModel& request = at->second;
  request.in_flight = false;
  request.ended = event.t;
  if (event.kind == EventKind::response_received) {
    request.phase = RequestPhase::kAnswered;
    request.response_bytes = event.b;
    producer.metrics.answered(request, event.b, event.t);
  } else {
    request.phase = RequestPhase::kFailed;
    request.error = static_cast<std::int16_t>(event.b);
    count_failed_again(producer, request, event.t);
  }
  producer.ended_requests.push_back(id);
  prune_requests(producer, model.run.live);
}

void set_connection(NodeLink& link, const Event& event) {
  link.state = static_cast<ConnectionState>(event.a);
  link.since = event.t;
  link.requests_stuck = link.responses_stuck = false;
  link.backoff_until =
      link.state == ConnectionState::kDisconnected && event.b > 0 ? after(event.t, to_nanos(event.b)) : -1;
}

void fold_link(PipelineModel& model, ProducerModel& producer, NodeLink& link, const Event& event) {
  switch (event.kind) {
    case EventKind::connection_state: set_connection(link, event); break;
    case EventKind::connection_lost: link.lost_because = static_cast<LossReason>(event.a); break;
    case EventKind::request_sent: send_request(producer, link, event); break;
    case EventKind::response_received:
    case EventKind::request_failed: end_request(model, producer, link, event); break;
    case EventKind::node_throttled: link.throttled_until = after(event.t, to_nanos(event.a)); break;
    case EventKind::metadata_requested:
      producer.metadata.requested = event.t;
      producer.metadata.requested_from = link.node;
      break;
    default: break;
  }
}

void learn_leader(PipelineModel& model, ProducerModel& producer, const Event& event) {
  ProducerPartition* partition = producer_partition_for(model, producer, event.place);
  if (partition == nullptr) return;
  const auto leader = static_cast<std::int32_t>(event.a);
  partition->leader = leader == kNoNode ? -1 : leader;
  partition->leader_epoch = static_cast<std::int32_t>(event.b);
}

void forget_leader(ProducerModel& producer, const Event& event) {
  const auto at = producer.partitions.find(event.place);
  if (at == producer.partitions.end()) return;
  at->second.leader = -1;
  at->second.leader_epoch = -1;
}

void wait(SenderModel& sender, const Event& event) {
  sender.waits_since = event.t;
  sender.waits_until = event.a == kNoLimitMillis ? kForever : after(event.t, to_nanos(event.a));
  sender.ready_nodes = event.b;
}

}  // namespace

void fold_client(PipelineModel& model, const Event& event) {
  ProducerModel* producer = producer_for(model, event.actor);
  if (producer == nullptr) return;
  switch (event.kind) {
    case EventKind::sender_waits: return wait(producer->sender, event);
    case EventKind::request_batch: return carry_batch(*producer, event);
    case EventKind::leader_known: return learn_leader(model, *producer, event);
    case EventKind::partition_forgotten: return forget_leader(*producer, event);
    case EventKind::topic_unavailable: return;  // the answer that says so is metadata_updated
    case EventKind::metadata_updated:
      producer->metadata.version = event.a;
      producer->metadata.nodes = event.b;
      producer->metadata.updated = event.t;
      producer->metadata.requested = -1;
      producer->metadata.error = 0;
      return;
    case EventKind::metadata_failed:
      producer->metadata.error = static_cast<std::int16_t>(event.a);
      producer->metadata.requested = -1;
      return;
    default: break;
  }
  NodeLink* link = link_for(*producer, event.place);
  if (link != nullptr) fold_link(model, *producer, *link, event);
}

void fold_transaction(PipelineModel& model, const Event& event) {
  ProducerModel* producer = producer_for(model, event.actor);
  if (producer == nullptr) return;
  switch (event.kind) {
    case EventKind::producer_id:
    case EventKind::epoch_bumped:
      producer->txn.pid = static_cast<std::int64_t>(event.subject);
      producer->txn.epoch = static_cast<std::int32_t>(event.a);
      return;
    case EventKind::txn_state: producer->txn.state = static_cast<TxnState>(event.a); return;
    default: break;
  }
  ProducerPartition* partition = producer_partition_for(model, *producer, event.place);
  if (partition == nullptr) return;
  if (event.kind == EventKind::sequence_set) {
    partition->next_sequence = event.a;
    partition->sequence_epoch = static_cast<std::int32_t>(event.b);
  } else {
    partition->unresolved = event.kind == EventKind::sequence_unresolved;
  }
}

}  // namespace sendscope
