// What becomes of the batches of a produce request. Kafka: Sender.handleProduceResponse, completeBatch,
// canRetry, failBatch, reenqueueBatch.
#include <algorithm>

#include "core/producer/sender_state.h"

namespace sendscope {

namespace {

std::string node_name(NodeId node) { return "node " + std::to_string(node); }

// nullptr when there is none, or it was taken before.
BatchPtr take_batch(std::vector<BatchPtr>& batches, std::string_view topic, PartitionId partition) {
  const auto found = std::find_if(batches.begin(), batches.end(), [&](const BatchPtr& batch) {
    const TopicPartition& tp = batch->topic_partition();
    return tp.partition == partition && tp.topic == topic;
  });
  if (found == batches.end()) return nullptr;
  const BatchPtr batch = std::move(*found);
  batches.erase(found);
  return batch;
}

// What the records get; the broker's words where it found some.
Error top_level_error(const ProducerBatch& batch, const PartitionVerdict& verdict) {
  switch (verdict.error) {
    case ErrorCode::kTopicAuthorizationFailed:
      return Error(verdict.error, "not authorized for topic " + batch.topic_partition().topic);
    case ErrorCode::kClusterAuthorizationFailed:
      return Error(verdict.error, "the producer is not authorized for idempotent sends");
    default: return Error(verdict.error, verdict.message);
  }
}

// KIP-467: the broker may name the records that are to blame.
BatchErrors batch_errors(const ProducerBatch& batch, const PartitionVerdict& verdict) {
  BatchErrors errors(top_level_error(batch, verdict));
  if (verdict.response == nullptr || verdict.response->record_errors.empty()) return errors;
  const std::vector<wire::ProduceRecordError>& records = verdict.response->record_errors;
  const ErrorCode code = records.size() == 1 ? verdict.error : ErrorCode::kInvalidRecord;
  const std::string text =
      verdict.message.empty() ? std::string(error_row(verdict.error).text) : verdict.message;
  for (const wire::ProduceRecordError& record : records)
    errors.by_index.insert_or_assign(record.batch_index, Error(code, record.message.value_or(text)));
  errors.others =
      Error(ErrorCode::kKafkaException, "the record was in one batch with records that are not valid");
  return errors;
}

bool brings_leader_hint(ErrorCode error) {
  return error == ErrorCode::kNotLeaderOrFollower || error == ErrorCode::kFencedLeaderEpoch;
}

}  // namespace

void Sender::State::handle_produce_response(const ClientResponse& response,
                                            const std::vector<BatchPtr>& batches,
                                            const std::map<Uuid, std::string>& topic_names) {
  PartitionVerdict verdict;
  if (response.timed_out) {
    verdict.error = ErrorCode::kRequestTimedOut;
    verdict.message = "disconnected from " + node_name(response.node) + " because a request timed out";
  } else if (response.disconnected) {
    verdict.error = ErrorCode::kNetworkException;
    verdict.message = "disconnected from " + node_name(response.node);
  } else if (response.version_mismatch) {
    verdict.error = ErrorCode::kUnsupportedVersion;
  } else if (const auto* body = response.as<wire::ProduceResponse>()) {
    handle_body(*body, response.node, batches, topic_names);
    return parts.client.metrics().produce_answered(response.node, response.latency_ms(),
                                                   to_millis(handled_at));
  }
  for (const BatchPtr& batch : batches) complete_batch(batch, verdict, nullptr);
}

// Kafka ends here at the first answer to what was not asked (deviation incomplete_response).
void Sender::State::handle_body(const wire::ProduceResponse& body, NodeId node, std::vector<BatchPtr> batches,
                                const std::map<Uuid, std::string>& topic_names) {
  LeaderHints hints;
  for (const wire::ProduceTopicResponse& topic : body.topics) {
    const auto named = topic.topic_id.is_zero() ? topic_names.end() : topic_names.find(topic.topic_id);
    const std::string& name = named == topic_names.end() ? topic.name : named->second;
    for (const wire::ProducePartitionResponse& partition : topic.partitions) {
      const BatchPtr batch = take_batch(batches, name, partition.index);
      if (batch == nullptr) continue;
      const PartitionVerdict verdict{error_from_wire(partition.error_code),
                                     partition.error_message.value_or(""), &partition};
      complete_batch(batch, verdict, &hints);
    }
  }
  for (const BatchPtr& batch : batches) {
    const PartitionVerdict unanswered{
        ErrorCode::kNetworkException,
        node_name(node) + " answered the request without a word on " + to_string(batch->topic_partition())};
    complete_batch(batch, unanswered, nullptr);
  }
  if (hints.empty()) return;
  std::vector<Node> nodes_named;
  for (const wire::NodeEndpoint& named : body.node_endpoints)
    if (named.node_id >= 0) nodes_named.push_back({named.node_id, named.host, named.port, named.rack});
  parts.metadata.update_leaders(hints, nodes_named, handled_at);
}

void Sender::State::complete_batch(const BatchPtr& batch, const PartitionVerdict& verdict,
                                   LeaderHints* hints) {
  SENDSCOPE_CHECK(batch->on_the_wire());
  batch->set_on_the_wire(false);
  if (verdict.error == ErrorCode::kMessageTooLarge && batch->record_count() > 1 && !batch->is_done()) {
    if (parts.transactions != nullptr) parts.transactions->remove_in_flight_batch(batch);
    parts.accumulator.split_and_reenqueue(batch, handled_at);
    parts.metrics.split(to_millis(handled_at));
    finish_batch(batch, handled_at);
    deallocate(batch, handled_at);
  } else if (verdict.error != ErrorCode::kNone) {
    handle_error(batch, verdict, hints);
  } else {
    succeed(batch, verdict);
  }
  if (parts.config.guarantee_message_order())
    parts.accumulator.unmute_partition(batch->topic_partition(), handled_at);
}

void Sender::State::handle_error(const BatchPtr& batch, const PartitionVerdict& verdict, LeaderHints* hints) {
  if (can_retry(*batch, verdict)) {
    reenqueue(batch, verdict.error);
  } else if (verdict.error == ErrorCode::kDuplicateSequenceNumber) {
    succeed(batch, verdict);  // stored before; where, the broker no longer knows
  } else {
    // Out of retries: nobody knows whether its sequences are used up, so they must not be given to others.
    fail(batch, batch_errors(*batch, verdict), batch->attempts() < parts.config.retries, true, handled_at);
  }
  if (!is_invalid_metadata(verdict.error)) return;
  if (hints != nullptr && brings_leader_hint(verdict.error)) {
    const wire::LeaderIdAndEpoch& leader = verdict.response->current_leader;
    if (leader.leader_id != -1 && leader.leader_epoch != -1)
      (*hints)[batch->topic_partition()] = {leader.leader_id, leader.leader_epoch};
  }
  parts.metadata.request_update(false);
}

bool Sender::State::can_retry(const ProducerBatch& batch, const PartitionVerdict& verdict) {
  if (batch.has_reached_delivery_timeout(parts.accumulator.delivery_timeout_ms(), to_millis(handled_at)) ||
      batch.attempts() >= parts.config.retries || batch.is_done())
    return false;
  if (parts.transactions == nullptr) return is_retriable(verdict.error);
  PartitionAnswer answer{verdict.error, verdict.base_offset(), -1};
  if (verdict.response != nullptr) answer.log_start_offset = verdict.response->log_start_offset;
  return parts.transactions->can_retry(answer, batch);
}

void Sender::State::reenqueue(const BatchPtr& batch, ErrorCode error) {
  last_retry_error.store(error, std::memory_order_relaxed);
  parts.accumulator.reenqueue(batch, handled_at);
  parts.metrics.retried(batch->topic_partition().topic, batch->record_count(), to_millis(handled_at));
  emit(EventKind::batch_retried, *batch, static_cast<std::uint32_t>(error),
       static_cast<std::uint32_t>(batch->attempts()), handled_at);
  remove_in_flight(batch, handled_at);
}

void Sender::State::succeed(const BatchPtr& batch, const PartitionVerdict& verdict) {
  last_retry_error.store(ErrorCode::kNone, std::memory_order_relaxed);
  const std::int64_t offset = verdict.base_offset();
  if (parts.transactions != nullptr) parts.transactions->handle_completed_batch(batch, offset);
  const std::int64_t append_time = verdict.response ? verdict.response->log_append_time_ms : kNoTimestamp;
  if (batch->complete(offset, append_time, handled_at)) finish_batch(batch, handled_at);
  deallocate(batch, handled_at);
}

void Sender::State::fail(const BatchPtr& batch, BatchErrors errors, bool adjust_sequences,
                         bool deallocate_memory, Nanos now) {
  parts.metrics.failed(batch->topic_partition().topic, batch->record_count(), to_millis(now));
  const Error top_level = errors.top_level;
  if (batch->complete_exceptionally(std::move(errors), now)) {
    // A state transition that is not allowed has made the manager's state fatal; the batch is done either
    // way.
    if (parts.transactions != nullptr)
      static_cast<void>(parts.transactions->handle_failed_batch(batch, top_level, adjust_sequences));
    finish_batch(batch, now);
  }
  if (deallocate_memory) deallocate(batch, now);
}

void Sender::State::finish_batch(const BatchPtr& batch, Nanos now) {
  remove_in_flight(batch, now);
  parts.accumulator.complete(batch, now);
}

void Sender::State::deallocate(const BatchPtr& batch, Nanos now) {
  // It cannot be on the wire here: the request that carried it has ended, or it was never sent.
  static_cast<void>(parts.accumulator.deallocate(batch, now));
}

}  // namespace sendscope
