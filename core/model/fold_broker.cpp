#include <algorithm>

#include "core/model/fold.h"

namespace sendscope {
namespace {

RequestModel* request_for(PipelineModel& model, const Event& event) {
  const RequestId id = event.subject;
  ProducerModel* producer = producer_for(model, producer_of_id(id));
  if (producer == nullptr) return nullptr;
  const auto at = producer->requests.find(id);
  return at == producer->requests.end() ? nullptr : &at->second;
}

// Where the connection of a request in flight stands; nullptr for one that was given up: its connection is
// another by now.
NodeLink* link_of(ProducerModel& producer, const RequestModel& request) {
  const auto link = producer.links.find(request.node);
  return link == producer.links.end() || !request.in_flight ? nullptr : &link->second;
}

// A lost message stops its direction of the connection: bytes arrive in their order or not at all.
void lose(ProducerModel& producer, RequestModel& request, bool response) {
  (response ? request.response_lost : request.request_lost) = true;
  NodeLink* link = link_of(producer, request);
  if (link == nullptr) return;
  (response ? link->responses_stuck : link->requests_stuck) = true;
  if (response) return;
  const auto& queue = link->in_flight_requests;
  auto behind = std::find(queue.begin(), queue.end(), request.id);
  while (behind != queue.end() && ++behind != queue.end()) {
    const auto at = producer.requests.find(*behind);
    if (at != producer.requests.end()) at->second.request_held = true;
  }
}

void move_on(RequestModel& request, RequestPhase phase) {
  if (request.phase < phase) request.phase = phase;
}

void fold_request(PipelineModel& model, const Event& event) {
  RequestModel* request = request_for(model, event);
  if (request == nullptr) return;
  ProducerModel& producer = model.producers[producer_of_id(request->id)];
  const bool response = static_cast<MessageKind>(event.a) == MessageKind::kResponse;
  switch (event.kind) {
    case EventKind::request_arrived:
      request->arrived = event.t;
      move_on(*request, RequestPhase::kQueued);
      break;
    case EventKind::request_started:
      request->started = event.t;
      move_on(*request, RequestPhase::kInService);
      break;
    case EventKind::response_sent:
      request->response_sent = event.t;
      request->response_bytes = event.b;
      if (const NodeLink* link = link_of(producer, *request)) request->response_held = link->responses_stuck;
      move_on(*request, RequestPhase::kResponseTravelling);
      break;
    case EventKind::message_lost: lose(producer, *request, response); break;
    case EventKind::message_delayed:
      (response ? request->response_delay_us : request->request_delay_us) = event.b;
      break;
    default: break;
  }
}

void append_log(PipelineModel& model, LogModel& log, const Event& event) {
  LogEntry entry;
  entry.base_offset = event.a;
  entry.request = event.subject;
  entry.records = event.b;
  if (const RequestModel* request = request_for(model, event)) {
    const auto carried =
        std::find_if(request->batches.begin(), request->batches.end(),
                     [&](const CarriedBatch& batch) { return batch.partition == event.place; });
    if (carried != request->batches.end() && carried->record_count == event.b) {
      entry.known = true;
      entry.producer = request->producer;
      entry.batch = carried->batch;
      entry.first_number = carried->first_number;
      entry.spans = carried->spans;
    }
  }
  log.append(event.actor, std::move(entry), event.t);
}

void judge(PipelineModel& model, const Event& event) {
  const bool judges = event.kind == EventKind::log_appended || event.kind == EventKind::log_duplicate ||
                      event.kind == EventKind::log_refused;
  RequestModel* request = judges ? request_for(model, event) : nullptr;
  if (request != nullptr) request->judged = true;
}

void fold_log(PipelineModel& model, LogModel& log, const Event& event) {
  const auto node = static_cast<NodeId>(event.actor);
  switch (event.kind) {
    case EventKind::log_appended: append_log(model, log, event); break;
    case EventKind::log_truncated: log.truncate(node, event.a); break;
    case EventKind::log_deleted: log.remove(node); break;
    case EventKind::replica_fetched: log.copy(node, static_cast<NodeId>(event.b), event.a); break;
    case EventKind::high_watermark: log.set_high_watermark(node, event.a); break;
    case EventKind::isr_changed: log.set_in_sync(event.subject, event.a); break;
    case EventKind::txn_appended:
      log.announce_transaction(node, static_cast<std::int64_t>(event.subject));
      break;
    case EventKind::txn_marker:
      log.append_marker(node, event.a, static_cast<std::int64_t>(event.subject),
                        static_cast<TxnMarker>(event.b) == TxnMarker::kCommit, event.t);
      break;
    case EventKind::stable_below: log.set_first_undecided(node, event.a); break;
    case EventKind::all_stable: log.set_first_undecided(node, -1); break;
    case EventKind::leader_elected: log.set_leader(static_cast<NodeId>(event.a), event.b, event.t); break;
    default: break;
  }
}

void coordinate(PipelineModel& model, const Event& event) {
  if (model.transactions.size() >= kMaxTransactions && !model.transactions.contains(event.a)) return;
  model.transactions[event.a] = {static_cast<NodeId>(event.place), static_cast<std::int64_t>(event.subject),
                                 event.actor, static_cast<TxnStage>(event.b), event.t};
}

void delete_topic(PipelineModel& model, StringId topic) {
  for (PartitionModel& partition : model.partitions) {
    if (partition.topic == topic) partition.log.abandon();
  }
}

}  // namespace

void fold_broker(PipelineModel& model, const Event& event) {
  switch (event.kind) {
    case EventKind::txn_coordinated: return coordinate(model, event);
    case EventKind::topic_deleted: return delete_topic(model, event.a);
    case EventKind::node_state: {
      const auto node = static_cast<NodeId>(event.place);
      if (node < 0 || (model.brokers.size() >= kMaxNodes && !model.brokers.contains(node))) return;
      BrokerModel& broker = model.brokers[node];
      broker.state = static_cast<NodeState>(event.a);
      broker.since = event.t;
      return;
    }
    case EventKind::request_arrived:
    case EventKind::request_started:
    case EventKind::response_sent:
    case EventKind::message_lost:
    case EventKind::message_delayed: return fold_request(model, event);
    default: break;
  }
  judge(model, event);
  if (event.place < model.partitions.size()) fold_log(model, model.partitions[event.place].log, event);
}

}  // namespace sendscope
