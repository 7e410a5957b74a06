// What the sender sends in one turn. Kafka: Sender.sendProducerData, sendProduceRequest,
// getExpiredInflightBatches, failExpiredBatches.
#include <algorithm>

#include "core/producer/sender_state.h"

namespace sendscope {

namespace {

// Transactions of version 1 must not be added to by the produce request itself (KIP-890).
constexpr std::int16_t kLastProduceOfV1 = 11;

}  // namespace

class Sender::State::ProduceHandler final : public RequestCompletionHandler {
 public:
  ProduceHandler(State& sender, std::vector<BatchPtr> batches, std::map<Uuid, std::string> topic_names)
      : sender_(sender), batches_(std::move(batches)), topic_names_(std::move(topic_names)) {}
  void on_complete(const ClientResponse& response) override {
    sender_.handle_produce_response(response, batches_, topic_names_);
  }

 private:
  State& sender_;
  const std::vector<BatchPtr> batches_;
  const std::map<Uuid, std::string> topic_names_;  // as known when it was sent
};

Millis Sender::State::send_producer_data(Nanos now) {
  const std::shared_ptr<const Cluster> cluster = parts.metadata.snapshot();
  const Millis now_ms = to_millis(now);
  parts.accumulator.ready(cluster, now, ready);
  if (!ready.unknown_leader_topics.empty()) {
    for (const std::string& topic : ready.unknown_leader_topics) parts.metadata.add(topic, now_ms);
    parts.metadata.request_update(false);
  }
  const Millis not_ready_delay = keep_connected_nodes(now);
  std::vector<NodeBatches> drained =
      parts.accumulator.drain(cluster, nodes, parts.config.max_request_size_bytes, now);
  for (const NodeBatches& node : drained)
    for (const BatchPtr& batch : node.batches) add_in_flight(batch, now);
  if (parts.config.guarantee_message_order()) {
    for (const NodeBatches& node : drained)
      for (const BatchPtr& batch : node.batches)
        parts.accumulator.mute_partition(batch->topic_partition(), now);
  }
  parts.accumulator.reset_next_batch_expiry_time();
  const std::vector<BatchPtr> expired_in_flight = take_expired_in_flight(now);
  fail_expired(parts.accumulator.expired_batches(now), true, now);
  fail_expired(expired_in_flight, false, now);
  parts.metrics.drained(drained, now_ms);

  Millis timeout_ms = std::min(ready.next_ready_check_delay_ms, not_ready_delay);
  const Millis expiry_ms = parts.accumulator.next_expiry_time_ms();
  if (expiry_ms != kForeverMillis) timeout_ms = std::min(timeout_ms, expiry_ms - now_ms);
  // A node is still ready though nothing of it could be drained: look again at once.
  timeout_ms = nodes.empty() ? std::max<Millis>(timeout_ms, 0) : 0;
  for (NodeBatches& node : drained)
    if (!node.batches.empty()) send_produce_request(node.node, std::move(node.batches), now);
  return timeout_ms;
}

// Leaves in `nodes` those that a request can go to now; returns how long the others take at least.
Millis Sender::State::keep_connected_nodes(Nanos now) {
  const std::shared_ptr<const Cluster> cluster = parts.metadata.snapshot();
  Millis delay = kForeverMillis;
  nodes.clear();
  for (const NodeId id : ready.ready_nodes) {
    const Node* node = cluster->find_node(id);
    const bool can_drain = node != nullptr && parts.client.ready(*node, now);
    parts.accumulator.update_node_latency_stats(id, to_millis(now), can_drain);
    if (can_drain) {
      nodes.push_back(id);
    } else {
      delay = std::min(delay, parts.client.poll_delay(id, now));
    }
  }
  return delay;
}

void Sender::State::add_in_flight(const BatchPtr& batch, Nanos now) {
  std::vector<BatchPtr>& batches = in_flight[batch->topic_partition()];
  SENDSCOPE_CHECK(batch->is_closed() && !batch->is_done() && !batch->on_the_wire());
  SENDSCOPE_CHECK(batches.empty() || !parts.config.guarantee_message_order());
  batches.push_back(batch);
  emit(EventKind::inflight_added, *batch, 0, 0, now);
}

void Sender::State::remove_in_flight(const BatchPtr& batch, Nanos now) {
  const auto found = in_flight.find(batch->topic_partition());
  if (found == in_flight.end()) return;
  const BatchPtr kept = batch;  // `batch` may be the very element that goes
  if (std::erase(found->second, kept) == 0) return;
  if (found->second.empty()) in_flight.erase(found);
  emit(EventKind::inflight_removed, *kept, 0, 0, now);
}

std::vector<BatchPtr> Sender::State::take_expired_in_flight(Nanos now) {
  const Millis now_ms = to_millis(now);
  const Millis timeout_ms = parts.accumulator.delivery_timeout_ms();
  std::vector<BatchPtr> expired;
  for (auto& [tp, batches] : in_flight) {
    // Only up to the first that has time left, although a retried batch may be older than those before it.
    for (const BatchPtr& batch : batches) {
      if (!batch->has_reached_delivery_timeout(timeout_ms, now_ms)) {
        parts.accumulator.maybe_update_next_batch_expiry_time(*batch);
        break;
      }
      SENDSCOPE_CHECK(!batch->is_done());
      expired.push_back(batch);
    }
  }
  for (const BatchPtr& batch : expired) remove_in_flight(batch, now);
  return expired;
}

void Sender::State::fail_expired(const std::vector<BatchPtr>& batches, bool deallocate_memory, Nanos now) {
  for (const BatchPtr& batch : batches) {
    const Millis age = to_millis(now) - batch->created_ms();
    emit(EventKind::batch_expired, *batch, static_cast<std::uint32_t>(age),
         static_cast<std::uint32_t>(batch->attempts()), now);
    const char* what = deallocate_memory ? " was not sent" : " was not answered";
    Error error(ErrorCode::kTimeout, std::to_string(batch->record_count()) + " record(s) for " +
                                         to_string(batch->topic_partition()) + " expired: " +
                                         std::to_string(age) + " ms after its creation the batch" + what);
    fail(batch, BatchErrors(std::move(error)), false, deallocate_memory, now);
    if (parts.transactions != nullptr && batch->in_retry())
      parts.transactions->mark_sequence_unresolved(*batch);
  }
}

void Sender::State::send_produce_request(NodeId node, std::vector<BatchPtr> batches, Nanos now) {
  wire::ProduceRequest body;
  body.acks = parts.config.acks;
  body.timeout_ms = parts.config.request_timeout_ms;
  VersionRange versions = all_versions(wire::ApiKey::kProduce);
  versions.latest = std::min(versions.latest, parts.config.profile->latest_produce);
  if (parts.transactions != nullptr && parts.transactions->is_transactional()) {
    body.transactional_id = parts.transactions->transactional_id();
    if (!parts.transactions->is_transaction_v2_enabled())
      versions.latest = std::min(versions.latest, kLastProduceOfV1);
  }
  std::map<Uuid, std::string> names;
  for (const BatchPtr& batch : batches) {
    const TopicPartition& tp = batch->topic_partition();
    SENDSCOPE_CHECK(!batch->on_the_wire() && !batch->deallocated());
    batch->set_on_the_wire(true);
    auto at = std::find_if(body.topics.begin(), body.topics.end(),
                           [&](const wire::ProduceTopicData& topic) { return topic.name == tp.topic; });
    if (at == body.topics.end()) {
      const auto cluster = parts.metadata.pin();
      const Topic* topic = cluster->find_topic(tp.topic);
      const Uuid id = topic != nullptr ? topic->id : Uuid{};
      if (!id.is_zero()) names[id] = tp.topic;
      at = body.topics.insert(body.topics.end(), {tp.topic, id, {}});
    }
    at->partitions.push_back({tp.partition, batch->records()});
  }
  ClientRequest request = parts.client.new_request(
      node, std::move(body), versions, now, parts.config.acks != 0, parts.config.request_timeout_ms,
      std::make_unique<ProduceHandler>(*this, batches, std::move(names)));
  const RequestId id = request.id;
  parts.client.send(std::move(request), now);
  if (!parts.sink.wants(EventKind::request_batch)) return;
  for (const BatchPtr& batch : batches)
    parts.sink.emit({now, EventKind::request_batch, parts.producer_index, batch->place(), id,
                     static_cast<std::uint32_t>(batch->id()),
                     static_cast<std::uint32_t>(batch->records().size())});
}

}  // namespace sendscope
