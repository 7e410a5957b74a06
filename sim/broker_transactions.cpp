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

CoordinatorAnswer Broker::decide(const wire::RequestHeader& header, const Connection& c,
                                 const std::function<CoordinatorAnswer()>& operation) {
  const ActiveFault* fault =
      world_.faults.match(FaultVerb::kRespond, {id(), header.api_key, c.producer, MessageKind::kRequest, {}});
  if (fault != nullptr && !fault->spec.after_append) return {fault->spec.error, -1, -1, 0};
  CoordinatorAnswer answer = operation();
  if (fault != nullptr) answer.error = fault->spec.error;
  return answer;
}

void Broker::answer_after(ConnId conn, Connection& c, const wire::RequestHeader& header, wire::Frame frame,
                          Nanos after, Nanos now) {
  if (after == 0) {
    send(conn, c, header, frame, {}, now);
    return finish_request(conn, now);
  }
  c.phase = Phase::kWaiting;
  c.held = HeldAnswer{header, std::move(frame)};
  world_.loop.at(now + after, *this, kAnswerDue, conn);
}

bool Broker::handle_transactional(ConnId conn, Connection& c, const wire::RequestHeader& header,
                                  ByteReader& in, Nanos now) {
  switch (static_cast<wire::ApiKey>(header.api_key)) {
    case wire::ApiKey::kInitProducerId: handle_init_producer_id(conn, c, header, in, now); return true;
    case wire::ApiKey::kFindCoordinator: handle_find_coordinator(conn, c, header, in, now); return true;
    case wire::ApiKey::kAddPartitionsToTxn: handle_add_partitions(conn, c, header, in, now); return true;
    case wire::ApiKey::kAddOffsetsToTxn: handle_add_offsets(conn, c, header, in, now); return true;
    case wire::ApiKey::kEndTxn: handle_end_txn(conn, c, header, in, now); return true;
    case wire::ApiKey::kTxnOffsetCommit: handle_offset_commit(conn, c, header, in, now); return true;
    default: return false;
  }
}

void Broker::handle_init_producer_id(ConnId conn, Connection& c, const wire::RequestHeader& header,
                                     ByteReader& in, Nanos now) {
  const Result<wire::InitProducerIdRequest> request = wire::InitProducerIdRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  const CoordinatorAnswer answer = decide(header, c, [&]() -> CoordinatorAnswer {
    if (!request->transactional_id) return {ErrorCode::kNone, take_producer_id(), 0, 0};
    return world_.transactions->init_producer_id(
        id(), {*request->transactional_id, request->producer_id, request->producer_epoch},
        request->transaction_timeout_ms);
  });
  wire::InitProducerIdResponse response;
  response.error_code = wire_error(answer.error, header.version, 4);
  if (answer.error == ErrorCode::kNone) {
    response.producer_id = answer.producer_id;
    response.producer_epoch = answer.epoch;
  }
  answer_after(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id),
               answer.after, now);
}

void Broker::handle_find_coordinator(ConnId conn, Connection& c, const wire::RequestHeader& header,
                                     ByteReader& in, Nanos now) {
  const auto request = wire::FindCoordinatorRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  const bool several = header.version >= 4;
  std::vector<std::string> keys =
      several ? request->coordinator_keys : std::vector<std::string>{request->key};
  const ErrorCode injected = injected_error(header, c);
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
  answer_after(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id), 0,
               now);
}

void Broker::handle_add_partitions(ConnId conn, Connection& c, const wire::RequestHeader& header,
                                   ByteReader& in, Nanos now) {
  const auto request = wire::AddPartitionsToTxnRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
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
    answer = decide(header, c, [&] {
      return world_.transactions->add(id(), TransactionalProducer::of(*request), parts);
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
      errors.partitions.push_back({partition, wire_error(error, header.version, 2)});
    }
  }
  answer_after(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id),
               answer.after, now);
}

void Broker::handle_add_offsets(ConnId conn, Connection& c, const wire::RequestHeader& header, ByteReader& in,
                                Nanos now) {
  const auto request = wire::AddOffsetsToTxnRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  const CoordinatorAnswer answer = decide(header, c, [&] {
    return world_.transactions->add(id(), TransactionalProducer::of(*request), {{}, {request->group_id}});
  });
  wire::AddOffsetsToTxnResponse response;
  response.error_code = wire_error(answer.error, header.version, 2);
  answer_after(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id),
               answer.after, now);
}

void Broker::handle_end_txn(ConnId conn, Connection& c, const wire::RequestHeader& header, ByteReader& in,
                            Nanos now) {
  const auto request = wire::EndTxnRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  const bool bumps = header.version >= kBumpingEndTxn;
  const CoordinatorAnswer answer = decide(header, c, [&] {
    return world_.transactions->end(id(), TransactionalProducer::of(*request), request->committed, bumps);
  });
  wire::EndTxnResponse response;
  response.error_code = wire_error(answer.error, header.version, 2);
  if (bumps && answer.error == ErrorCode::kNone) {
    response.producer_id = answer.producer_id;
    response.producer_epoch = answer.epoch;
  }
  answer_after(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id),
               answer.after, now);
}

void Broker::handle_offset_commit(ConnId conn, Connection& c, const wire::RequestHeader& header,
                                  ByteReader& in, Nanos now) {
  const auto request = wire::TxnOffsetCommitRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  ErrorCode error = injected_error(header, c);
  if (error == ErrorCode::kNone && world_.transactions->coordinator_of(request->group_id) != id())
    error = ErrorCode::kNotCoordinator;
  // There are no members here: consumers are not simulated.
  if (error == ErrorCode::kNone && !request->member_id.empty()) error = ErrorCode::kUnknownMemberId;
  if (error == ErrorCode::kNone && request->generation_id >= 0) error = ErrorCode::kIllegalGeneration;
  if (error == ErrorCode::kNone && !c.verification) {
    return ask_coordinator(conn, c, request->transactional_id, header.version >= kImplicitOffsetsFrom, now);
  }
  if (error == ErrorCode::kNone) error = c.verification->group;
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
  const Nanos after = error == ErrorCode::kNone ? world_.transactions->write_time() : 0;
  answer_after(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id), after,
               now);
}

}  // namespace sendscope::sim
