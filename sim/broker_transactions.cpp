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
#include "sim/broker.h"

namespace sendscope::sim {
namespace {

constexpr std::int64_t kProducerIdBlock = 1000;
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

std::int64_t Broker::take_producer_id() {
  const std::int64_t id = next_producer_id_++;
  if (next_producer_id_ % kProducerIdBlock == 0) {
    next_producer_id_ += kProducerIdBlock * static_cast<std::int64_t>(world_.spec.nodes.size() - 1);
  }
  return id;
}

std::optional<PartitionNumber> Broker::find_partition(const std::string& topic, PartitionId partition) const {
  const auto found = world_.catalog.topic_by_name.find(topic);
  if (found == world_.catalog.topic_by_name.end() || !knows(found->second)) return std::nullopt;
  const auto& partitions = world_.catalog.topics[found->second].partitions;
  if (partition < 0 || static_cast<std::size_t>(partition) >= partitions.size()) return std::nullopt;
  return partitions[static_cast<std::size_t>(partition)];
}

CoordinatorAnswer Broker::decide(const Call& call, const std::function<CoordinatorAnswer()>& operation) {
  const ActiveFault* fault = respond_fault(call, {});
  if (fault != nullptr && !fault->spec.after_append) return {fault->spec.error, -1, -1, 0};
  CoordinatorAnswer answer = operation();
  if (fault != nullptr) answer.error = fault->spec.error;
  return answer;
}

template <typename Response>
void Broker::answer_after(const Call& call, const Response& response, Nanos after) {
  wire::Frame frame = wire::Frame::response(response, call.header.version, call.header.correlation_id);
  if (after == 0) {
    send(call.conn, call.c, call.header, frame, {}, call.now);
    return finish_request(call.conn, call.now);
  }
  call.c.phase = Phase::kWaiting;
  call.c.held = HeldAnswer{call.header, std::move(frame)};
  world_.loop.at(call.now + after, *this, kAnswerDue, call.conn);
}

bool Broker::handle_transactional(const Call& call) {
  switch (static_cast<ApiKey>(call.header.api_key)) {
    case ApiKey::kInitProducerId: handle_init_producer_id(call); return true;
    case ApiKey::kFindCoordinator: handle_find_coordinator(call); return true;
    case ApiKey::kAddPartitionsToTxn: handle_add_partitions(call); return true;
    case ApiKey::kAddOffsetsToTxn: handle_add_offsets(call); return true;
    case ApiKey::kEndTxn: handle_end_txn(call); return true;
    case ApiKey::kTxnOffsetCommit: handle_offset_commit(call); return true;
    default: return false;
  }
}

void Broker::handle_init_producer_id(const Call& call) {
  const Result<wire::InitProducerIdRequest> request =
      wire::InitProducerIdRequest::decode(call.in, call.header.version);
  if (!request) return close_connection(call.conn);
  const CoordinatorAnswer answer = decide(call, [&]() -> CoordinatorAnswer {
    if (!request->transactional_id) return {ErrorCode::kNone, take_producer_id(), 0, 0};
    return world_.transactions->init_producer_id(
        id(), {*request->transactional_id, request->producer_id, request->producer_epoch},
        request->transaction_timeout_ms);
  });
  wire::InitProducerIdResponse response;
  response.error_code = wire_error(answer.error, call.header.version, 4);
  tell_producer(answer, response);
  answer_after(call, response, answer.after);
}

void Broker::handle_find_coordinator(const Call& call) {
  const auto request = wire::FindCoordinatorRequest::decode(call.in, call.header.version);
  if (!request) return close_connection(call.conn);
  const bool several = call.header.version >= 4;
  std::vector<std::string> keys =
      several ? request->coordinator_keys : std::vector<std::string>{request->key};
  const ErrorCode injected = injected_error(call);
  wire::FindCoordinatorResponse response;
  for (const std::string& key : keys) {
    wire::Coordinator coordinator;
    if (several) coordinator.key = key;
    const NodeId node = world_.transactions->coordinator_of(key, image_.nodes);
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
  answer_after(call, response, 0);
}

void Broker::handle_add_partitions(const Call& call) {
  const auto request = wire::AddPartitionsToTxnRequest::decode(call.in, call.header.version);
  if (!request) return close_connection(call.conn);
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
    answer = decide(
        call, [&] { return world_.transactions->add(id(), TransactionalProducer::of(*request), parts); });
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
  answer_after(call, response, answer.after);
}

void Broker::handle_add_offsets(const Call& call) {
  const auto request = wire::AddOffsetsToTxnRequest::decode(call.in, call.header.version);
  if (!request) return close_connection(call.conn);
  const CoordinatorAnswer answer = decide(call, [&] {
    return world_.transactions->add(id(), TransactionalProducer::of(*request), {{}, {request->group_id}});
  });
  wire::AddOffsetsToTxnResponse response;
  response.error_code = wire_error(answer.error, call.header.version, 2);
  answer_after(call, response, answer.after);
}

void Broker::handle_end_txn(const Call& call) {
  const auto request = wire::EndTxnRequest::decode(call.in, call.header.version);
  if (!request) return close_connection(call.conn);
  const bool bumps = call.header.version >= kBumpingEndTxn;
  const CoordinatorAnswer answer = decide(call, [&] {
    return world_.transactions->end(id(), TransactionalProducer::of(*request), request->committed, bumps);
  });
  wire::EndTxnResponse response;
  response.error_code = wire_error(answer.error, call.header.version, 2);
  if (bumps) tell_producer(answer, response);
  answer_after(call, response, answer.after);
}

void Broker::handle_offset_commit(const Call& call) {
  const auto request = wire::TxnOffsetCommitRequest::decode(call.in, call.header.version);
  if (!request) return close_connection(call.conn);
  ErrorCode error = injected_error(call);
  if (error == ErrorCode::kNone && world_.transactions->coordinator_of(request->group_id) != id())
    error = ErrorCode::kNotCoordinator;
  // There are no members here: consumers are not simulated.
  if (error == ErrorCode::kNone && !request->member_id.empty()) error = ErrorCode::kUnknownMemberId;
  if (error == ErrorCode::kNone && request->generation_id >= 0) error = ErrorCode::kIllegalGeneration;
  if (error == ErrorCode::kNone && !call.c.verification) {
    return ask_coordinator(call, request->transactional_id, call.header.version >= kImplicitOffsetsFrom);
  }
  if (error == ErrorCode::kNone) error = call.c.verification->group;
  wire::TxnOffsetCommitResponse response;
  for (const wire::TxnOffsetTopic& topic : request->topics) {
    wire::TopicPartitionErrors& errors = response.topics.emplace_back();
    errors.name = topic.name;
    for (const wire::TxnOffsetPartition& part : topic.partitions) {
      const auto found = find_partition(topic.name, part.partition_index);
      ErrorCode own = error;
      if (own == ErrorCode::kNone && !found) own = ErrorCode::kUnknownTopicOrPartition;
      if (own == ErrorCode::kNone) {
        world_.transactions->offsets().put_pending(request->group_id, request->producer_id, *found,
                                                   part.committed_offset);
      }
      errors.partitions.push_back({part.partition_index, static_cast<std::int16_t>(own)});
    }
  }
  const Nanos after = error == ErrorCode::kNone ? world_.transactions->write_time(request->group_id) : 0;
  answer_after(call, response, after);
}

}  // namespace sendscope::sim
