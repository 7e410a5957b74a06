// What a broker answers as coordinator of transactions and of groups. The decisions are those of the
// TransactionCoordinator; here they get their wire form.
#include <algorithm>

#include "core/base/bytes.h"
#include "core/wire/add_offsets_to_txn.h"
#include "core/wire/add_partitions_to_txn.h"
#include "core/wire/end_txn.h"
#include "core/wire/find_coordinator.h"
#include "core/wire/init_producer_id.h"
#include "core/wire/txn_offset_commit.h"
#include "sim/kafka_apis.h"
#include "sim/world.h"

namespace sendscope::sim {
namespace {

constexpr std::int16_t kBumpingEndTxn = 5;

// Clients of old versions know only the older of the two errors for being fenced.
std::int16_t wire_error(ErrorCode error, std::int16_t version, std::int16_t fenced_from) {
  if (error == ErrorCode::kProducerFenced && version < fenced_from) error = ErrorCode::kInvalidProducerEpoch;
  return static_cast<std::int16_t>(error);
}

// What InitProducerId and an EndTxn that raises the epoch are answered.
template <typename Response>
void tell_producer(const CoordinatorAnswer& answer, Response& response) {
  if (answer.error != ErrorCode::kNone) return;
  response.producer_id = answer.producer_id;
  response.producer_epoch = answer.epoch;
}

}  // namespace

CoordinatorAnswer KafkaApis::decide(const Call& call, const std::function<CoordinatorAnswer()>& operation) {
  const Respond* fault = respond_fault(call, {});
  if (fault != nullptr && !fault->after_append) return {fault->error, -1, -1, 0};
  CoordinatorAnswer answer = operation();
  if (fault != nullptr) answer.error = fault->error;
  return answer;
}

KafkaApis::Outcome KafkaApis::handle_init_producer_id(const Call& call) {
  const Result<wire::InitProducerIdRequest> request =
      wire::InitProducerIdRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  const CoordinatorAnswer answer = decide(call, [&]() -> CoordinatorAnswer {
    if (!request->transactional_id) return {ErrorCode::kNone, parts_.producer_ids.take(), 0, 0};
    return parts_.transactions.init_producer_id(
        parts_.node, {*request->transactional_id, request->producer_id, request->producer_epoch},
        request->transaction_timeout_ms);
  });
  wire::InitProducerIdResponse response;
  response.error_code = wire_error(answer.error, call.header.version, 4);
  tell_producer(answer, response);
  return reply(call, response, answer.after);
}

KafkaApis::Outcome KafkaApis::handle_find_coordinator(const Call& call) {
  const auto request = wire::FindCoordinatorRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  const bool several = call.header.version >= 4;
  std::vector<std::string> keys =
      several ? request->coordinator_keys : std::vector<std::string>{request->key};
  const ErrorCode injected = injected_error(call);
  wire::FindCoordinatorResponse response;
  for (const std::string& key : keys) {
    wire::Coordinator coordinator;
    if (several) coordinator.key = key;
    const NodeId node = parts_.transactions.coordinator_of(key, parts_.image.nodes);
    ErrorCode error = injected;
    if (error == ErrorCode::kNone && (request->key_type < 0 || request->key_type > 1))
      error = ErrorCode::kInvalidRequest;
    if (error == ErrorCode::kNone && node == kNoLeader) error = ErrorCode::kCoordinatorNotAvailable;
    coordinator.error_code = static_cast<std::int16_t>(error);
    if (error == ErrorCode::kNone) {
      const Endpoint endpoint = endpoint_of(node);
      coordinator.node_id = node;
      coordinator.host = endpoint.host;
      coordinator.port = endpoint.port;
    }
    response.coordinators.push_back(std::move(coordinator));
  }
  return reply(call, response);
}

KafkaApis::Outcome KafkaApis::handle_add_partitions(const Call& call) {
  const auto request = wire::AddPartitionsToTxnRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  TransactionParts parts;
  bool unknown = false;
  for (const wire::AddPartitionsTopic& topic : request->topics) {
    for (const std::int32_t partition : topic.partitions) {
      const auto found = find_partition(topic.name, partition);
      unknown = unknown || !found;
      if (found) parts.partitions.push_back(*found);
    }
  }
  CoordinatorAnswer answer;
  if (!unknown) {
    answer = decide(call, [&] {
      return parts_.transactions.add(parts_.node, TransactionalProducer::of(*request), parts);
    });
  }
  wire::AddPartitionsToTxnResponse response;
  for (const wire::AddPartitionsTopic& topic : request->topics) {
    wire::TopicPartitionErrors& errors = response.topics.emplace_back();
    errors.name = topic.name;
    for (const std::int32_t partition : topic.partitions) {
      // One that is unknown fails all: the others are not even tried.
      ErrorCode error = answer.error;
      if (unknown) {
        error = find_partition(topic.name, partition) ? ErrorCode::kOperationNotAttempted
                                                      : ErrorCode::kUnknownTopicOrPartition;
      }
      errors.partitions.push_back({partition, wire_error(error, call.header.version, 2)});
    }
  }
  return reply(call, response, answer.after);
}

KafkaApis::Outcome KafkaApis::handle_add_offsets(const Call& call) {
  const auto request = wire::AddOffsetsToTxnRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  const CoordinatorAnswer answer = decide(call, [&] {
    return parts_.transactions.add(parts_.node, TransactionalProducer::of(*request),
                                   {{}, {request->group_id}});
  });
  wire::AddOffsetsToTxnResponse response;
  response.error_code = wire_error(answer.error, call.header.version, 2);
  return reply(call, response, answer.after);
}

KafkaApis::Outcome KafkaApis::handle_end_txn(const Call& call) {
  const auto request = wire::EndTxnRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  const bool bumps = call.header.version >= kBumpingEndTxn;
  const CoordinatorAnswer answer = decide(call, [&] {
    return parts_.transactions.end(parts_.node, TransactionalProducer::of(*request), request->committed,
                                   bumps);
  });
  wire::EndTxnResponse response;
  response.error_code = wire_error(answer.error, call.header.version, 2);
  if (bumps) tell_producer(answer, response);
  return reply(call, response, answer.after);
}

KafkaApis::Outcome KafkaApis::handle_offset_commit(const Call& call) {
  const auto request = wire::TxnOffsetCommitRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  ErrorCode error = injected_error(call);
  if (error == ErrorCode::kNone && parts_.transactions.coordinator_of(request->group_id) != parts_.node)
    error = ErrorCode::kNotCoordinator;
  // There are no members here: consumers are not simulated.
  if (error == ErrorCode::kNone && !request->member_id.empty()) error = ErrorCode::kUnknownMemberId;
  if (error == ErrorCode::kNone && request->generation_id >= 0) error = ErrorCode::kIllegalGeneration;
  if (error == ErrorCode::kNone && !call.work.verification) {
    return ask_coordinator(call, request->transactional_id, call.header.version >= kImplicitOffsetsFrom);
  }
  if (error == ErrorCode::kNone) error = call.work.verification->group;
  wire::TxnOffsetCommitResponse response;
  for (const wire::TxnOffsetTopic& topic : request->topics) {
    wire::TopicPartitionErrors& errors = response.topics.emplace_back();
    errors.name = topic.name;
    for (const wire::TxnOffsetPartition& part : topic.partitions) {
      const auto found = find_partition(topic.name, part.partition_index);
      ErrorCode own = error;
      if (own == ErrorCode::kNone && !found) own = ErrorCode::kUnknownTopicOrPartition;
      if (own == ErrorCode::kNone) {
        parts_.transactions.offsets().put_pending(request->group_id, request->producer_id, *found,
                                                  part.committed_offset);
      }
      errors.partitions.push_back({part.partition_index, static_cast<std::int16_t>(own)});
    }
  }
  const Nanos after = error == ErrorCode::kNone ? parts_.transactions.write_time(request->group_id) : 0;
  return reply(call, response, after);
}

}  // namespace sendscope::sim
