// TransactionManager: the line of requests, and what their answers mean.
#include <algorithm>

#include "core/net/api_versions.h"
#include "core/net/client_request.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

namespace {

// While the transaction before is still being completed, the first AddPartitions is asked again this soon.
constexpr Millis kAddPartitionsRetryBackoffMs = 20;
constexpr std::int16_t kFirstInitProducerIdWithBump = 3;

bool asks_for_coordinator(ErrorCode error) {
  return error == ErrorCode::kNotCoordinator || error == ErrorCode::kCoordinatorNotAvailable;
}

bool is_fenced(ErrorCode error) {
  return error == ErrorCode::kProducerFenced || error == ErrorCode::kInvalidProducerEpoch;
}

Error unexpected(const char* api, ErrorCode error) {
  return Error(ErrorCode::kKafkaException, std::string("unexpected error in the answer to ") + api + ": " +
                                               std::string(error_row(error).text));
}

}  // namespace

// ---- the line

void TransactionManager::enqueue(const TxnRequestPtr& request) { pending_requests_.push(request); }

void TransactionManager::enqueue_again(const TxnRequestPtr& request, ErrorCode error) {
  request->is_retry = true;
  request->last_error = error;
  asked_.reset();
  enqueue(request);
}

void TransactionManager::enqueue_lookup(wire::CoordinatorType type, const std::string& key) {
  (type == wire::CoordinatorType::kGroup ? group_coordinator_ : transaction_coordinator_).reset();
  auto request = std::make_shared<TxnRequest>();
  request->body = wire::FindCoordinatorRequest{key, static_cast<std::int8_t>(type), {key}};
  request->priority = TxnPriority::kFindCoordinator;
  request->min_version = type == wire::CoordinatorType::kTransaction ? 1 : 0;
  request->max_version = api_row(ApiKey::kFindCoordinator).max_version;
  request->retry_backoff_ms = settings_.retry_backoff_ms;
  enqueue(request);
}

void TransactionManager::lookup_coordinator(const TxnRequest& request) {
  MutexLock lock(mutex_);
  enqueue_lookup(*request.coordinator, request.coordinator_key);
}

void TransactionManager::retry(const TxnRequestPtr& request) {
  MutexLock lock(mutex_);
  enqueue_again(request, request->last_error);
}

bool TransactionManager::fail_because_of_error_state(const TxnRequest& request) {
  if (!has_error()) return false;
  if (has_abortable_error() && request.is_find_coordinator()) return false;  // needed for the abort anyway
  request.result->fail(*last_error_);
  return true;
}

TxnRequestPtr TransactionManager::next_request(bool has_incomplete_batches) {
  MutexLock lock(mutex_);
  if (!new_partitions_.empty()) enqueue(add_partitions_request());
  if (pending_requests_.empty()) return nullptr;
  if (pending_requests_.front()->is_end_txn() && has_incomplete_batches) return nullptr;
  TxnRequestPtr request = pending_requests_.pop();
  if (fail_because_of_error_state(*request)) return nullptr;
  if (!request->is_end_txn() || transaction_started_) return asked_ = request;
  // Nothing was ever sent in this transaction: it ends here, without a request.
  request->result->done();
  if (!has_fatal_error()) complete_transaction();
  return asked_ = pending_requests_.empty() ? nullptr : pending_requests_.pop();
}

std::optional<TransactionManager::Asked> TransactionManager::asked() const {
  MutexLock lock(mutex_);
  const bool under_way = asked_ != nullptr && !asked_->result->is_completed();
  if (!under_way && pending_requests_.empty()) return std::nullopt;
  const TxnRequestPtr& request = under_way ? asked_ : pending_requests_.front();
  const ApiKey api =
      std::visit([](const auto& body) { return std::decay_t<decltype(body)>::kApi; }, request->body);
  return Asked{api, request->last_error};
}

bool TransactionManager::has_pending_requests() const {
  MutexLock lock(mutex_);
  return !pending_requests_.empty();
}

bool TransactionManager::has_in_flight_request() const {
  MutexLock lock(mutex_);
  return in_flight_correlation_id_ != -1;
}

void TransactionManager::set_in_flight_correlation_id(std::int32_t correlation_id) {
  MutexLock lock(mutex_);
  in_flight_correlation_id_ = correlation_id;
}

std::optional<wire::Coordinator> TransactionManager::coordinator(wire::CoordinatorType type) const {
  MutexLock lock(mutex_);
  return type == wire::CoordinatorType::kGroup ? group_coordinator_ : transaction_coordinator_;
}

void TransactionManager::handle_coordinator_ready() {
  MutexLock lock(mutex_);
  coordinator_supports_bumping_ = false;
  if (!transaction_coordinator_ || versions_ == nullptr) return;
  const std::optional<NodeApiVersions> node = versions_->find(transaction_coordinator_->node_id);
  if (!node) return;
  const std::optional<VersionRange> range = node->range(ApiKey::kInitProducerId);
  coordinator_supports_bumping_ = range && range->latest >= kFirstInitProducerIdWithBump;
}

void TransactionManager::fail_pending_requests(const Error& error) {
  MutexLock lock(mutex_);
  for (const TxnRequestPtr& request : pending_requests_.all()) fail_abortably(*request, error);
}

void TransactionManager::authentication_failed(const Error& error) {
  MutexLock lock(mutex_);
  for (const TxnRequestPtr& request : pending_requests_.all()) fail_fatally(*request, error);
}

void TransactionManager::close() {
  MutexLock lock(mutex_);
  const Error error(ErrorCode::kKafkaException, "the producer was closed forcefully");
  for (const TxnRequestPtr& request : pending_requests_.all()) fail_fatally(*request, error);
  if (pending_transition_) pending_transition_->result->fail(error);
}

// ---- outcomes

void TransactionManager::fail_fatally(const TxnRequest& request, const Error& error) {
  request.result->fail(error);
  transition_to_fatal(error);
}

void TransactionManager::fail_abortably(const TxnRequest& request, const Error& error) {
  request.result->fail(error);
  // A transition that is not allowed has made the manager's state fatal; there is nobody else to tell.
  static_cast<void>(transition_to_abortable(error, Caller::kSender));
}

void TransactionManager::lost_id_mapping(const TxnRequest& request) {
  const Error error(ErrorCode::kInvalidProducerIdMapping);
  if (settings_.profile.survives_lost_id_mapping) return fail_abortably_if_possible(request, error);
  fail_fatally(request, error);
}

void TransactionManager::fail_abortably_if_possible(const TxnRequest& request, const Error& error) {
  if (!can_handle_abortable_error()) return fail_fatally(request, error);
  if (client_bumps_epoch()) epoch_bump_required_ = true;
  fail_abortably(request, error);
}

void TransactionManager::complete_transaction() {
  const TxnState next = epoch_bump_required_ ? TxnState::kInitializing : TxnState::kReady;
  if (!transition(next, Caller::kSender)) return;
  last_error_.reset();
  epoch_bump_required_ = false;
  transaction_started_ = false;
  new_partitions_.clear();
  partitions_being_added_.clear();
  partitions_in_transaction_.clear();
}

void TransactionManager::handle_response(const TxnRequestPtr& request, const ClientResponse& response) {
  MutexLock lock(mutex_);
  if (response.correlation_id != in_flight_correlation_id_)
    return fail_fatally(*request,
                        Error(ErrorCode::kKafkaException, "more than one transactional request in flight"));
  in_flight_correlation_id_ = -1;
  asked_.reset();
  if (response.disconnected) {
    if (request->coordinator) enqueue_lookup(*request->coordinator, request->coordinator_key);
    return enqueue_again(request, ErrorCode::kNetworkException);
  }
  if (response.version_mismatch) return fail_fatally(*request, *response.version_mismatch);
  if (const auto* body = response.as<wire::FindCoordinatorResponse>()) return on_response(request, *body);
  if (const auto* body = response.as<wire::InitProducerIdResponse>()) return on_response(request, *body);
  if (const auto* body = response.as<wire::AddPartitionsToTxnResponse>()) return on_response(request, *body);
  if (const auto* body = response.as<wire::AddOffsetsToTxnResponse>()) return on_response(request, *body);
  if (const auto* body = response.as<wire::TxnOffsetCommitResponse>()) return on_response(request, *body);
  if (const auto* body = response.as<wire::EndTxnResponse>()) return on_response(request, *body);
  fail_fatally(*request,
               Error(ErrorCode::kKafkaException, "a transactional request failed for unknown reasons"));
}

// What most answers have in common: asking again, and being fenced. False: the caller decides.
bool TransactionManager::handle_common(const TxnRequestPtr& request, ErrorCode error) {
  if (asks_for_coordinator(error)) {
    enqueue_lookup(wire::CoordinatorType::kTransaction, settings_.transactional_id.value_or(""));
    enqueue_again(request, error);
  } else if (is_retriable(error)) {
    enqueue_again(request, error);
  } else if (is_fenced(error)) {
    fail_fatally(*request, Error(ErrorCode::kProducerFenced));
  } else {
    return false;
  }
  return true;
}

void TransactionManager::on_response(const TxnRequestPtr& request, const wire::FindCoordinatorResponse& r) {
  const auto& asked = std::get<wire::FindCoordinatorRequest>(request->body);
  if (r.coordinators.size() != 1)
    return fail_fatally(*request,
                        Error(ErrorCode::kIllegalState, "not exactly one coordinator in the answer"));
  const wire::Coordinator& answer = r.coordinators.front();
  const ErrorCode error = error_from_wire(answer.error_code);
  const bool group = asked.key_type == static_cast<std::int8_t>(wire::CoordinatorType::kGroup);
  if (error == ErrorCode::kNone) {
    (group ? group_coordinator_ : transaction_coordinator_) = answer;
    request->result->done();
  } else if (is_retriable(error)) {
    enqueue_again(request, error);
  } else if (error == ErrorCode::kTransactionalIdAuthorizationFailed) {
    fail_fatally(*request, Error(error));
  } else if (error == ErrorCode::kGroupAuthorizationFailed) {
    fail_abortably(*request, Error(error, "not authorized for group " + asked.key));
  } else if (error == ErrorCode::kTransactionAbortable) {
    fail_abortably(*request, Error(error));
  } else {
    fail_fatally(*request, unexpected("FindCoordinator", error));
  }
}

void TransactionManager::on_response(const TxnRequestPtr& request, const wire::InitProducerIdResponse& r) {
  const ErrorCode error = error_from_wire(r.error_code);
  if (error == ErrorCode::kNone) {
    set_id({r.producer_id, r.producer_epoch});
    if (!transition(TxnState::kReady, Caller::kSender)) return;
    if (request->is_epoch_bump()) reset_sequences();
    request->result->done();
  } else if (handle_common(request, error)) {
    return;
  } else if (error == ErrorCode::kTransactionalIdAuthorizationFailed ||
             error == ErrorCode::kClusterAuthorizationFailed || error == ErrorCode::kTransactionAbortable) {
    fail_abortably(*request, Error(error));
  } else {
    fail_fatally(*request, unexpected("InitProducerId", error));
  }
}

void TransactionManager::on_response(const TxnRequestPtr& request,
                                     const wire::AddPartitionsToTxnResponse& r) {
  request->retry_backoff_ms = settings_.retry_backoff_ms;
  bool failed = false;
  std::set<std::string> unauthorized;
  std::set<TopicPartition> answered;
  for (const wire::TopicPartitionErrors& topic : r.topics) {
    for (const wire::PartitionError& partition : topic.partitions) {
      answered.insert({topic.name, partition.partition_index});
      const ErrorCode error = error_from_wire(partition.error_code);
      if (error == ErrorCode::kNone) continue;
      if (error == ErrorCode::kConcurrentTransactions && partitions_in_transaction_.empty())
        request->retry_backoff_ms = std::min(kAddPartitionsRetryBackoffMs, request->retry_backoff_ms);
      if (handle_common(request, error)) return;
      switch (error) {
        case ErrorCode::kTransactionalIdAuthorizationFailed:
        case ErrorCode::kInvalidTxnState: return fail_fatally(*request, Error(error));
        case ErrorCode::kInvalidProducerIdMapping: return lost_id_mapping(*request);
        case ErrorCode::kUnknownProducerId: return fail_abortably_if_possible(*request, Error(error));
        case ErrorCode::kTransactionAbortable: return fail_abortably(*request, Error(error));
        case ErrorCode::kTopicAuthorizationFailed: unauthorized.insert(topic.name); break;
        default: failed = true;
      }
    }
  }
  for (const TopicPartition& tp : answered) partitions_being_added_.erase(tp);
  if (!unauthorized.empty()) {
    std::string names;
    for (const std::string& name : unauthorized) names += (names.empty() ? "" : ", ") + name;
    fail_abortably(*request,
                   Error(ErrorCode::kTopicAuthorizationFailed, "not authorized for topics: " + names));
  } else if (failed) {
    fail_abortably(
        *request, Error(ErrorCode::kKafkaException, "some partitions could not be added to the transaction"));
  } else {
    partitions_in_transaction_.insert(answered.begin(), answered.end());
    transaction_started_ = true;
    request->result->done();
  }
}

void TransactionManager::on_response(const TxnRequestPtr& request, const wire::AddOffsetsToTxnResponse& r) {
  const ErrorCode error = error_from_wire(r.error_code);
  if (error == ErrorCode::kNone) {
    enqueue(offset_commit_request(request->result, request->offsets, request->group));
    transaction_started_ = true;
    return;
  }
  if (handle_common(request, error)) return;
  switch (error) {
    case ErrorCode::kUnknownProducerId: return fail_abortably_if_possible(*request, Error(error));
    case ErrorCode::kTransactionalIdAuthorizationFailed:
    case ErrorCode::kInvalidTxnState: return fail_fatally(*request, Error(error));
    case ErrorCode::kInvalidProducerIdMapping: return lost_id_mapping(*request);
    case ErrorCode::kGroupAuthorizationFailed:
      return fail_abortably(*request, Error(error, "not authorized for group " + request->group.group_id));
    case ErrorCode::kTransactionAbortable: return fail_abortably(*request, Error(error));
    default: return fail_fatally(*request, unexpected("AddOffsetsToTxn", error));
  }
}

// Whether the answers behind this one still matter.
bool TransactionManager::on_offset_commit_error(const TxnRequestPtr& request, ErrorCode error) {
  switch (error) {
    case ErrorCode::kGroupAuthorizationFailed:
      fail_abortably(*request, Error(error, "not authorized for group " + request->coordinator_key));
      return false;
    case ErrorCode::kFencedInstanceId:
    case ErrorCode::kTransactionAbortable: fail_abortably(*request, Error(error)); return false;
    case ErrorCode::kUnknownMemberId:
    case ErrorCode::kIllegalGeneration:
      fail_abortably(*request,
                     Error(ErrorCode::kCommitFailed, "the consumer group went on without this member"));
      return false;
    case ErrorCode::kInvalidProducerEpoch:
    case ErrorCode::kProducerFenced: fail_fatally(*request, Error(ErrorCode::kProducerFenced)); return false;
    case ErrorCode::kTransactionalIdAuthorizationFailed:
    case ErrorCode::kUnsupportedForMessageFormat: fail_fatally(*request, Error(error)); return false;
    default:
      if (is_retriable(error)) return true;
      fail_fatally(*request, unexpected("TxnOffsetCommit", error));
      return false;
  }
}

void TransactionManager::on_response(const TxnRequestPtr& request, const wire::TxnOffsetCommitResponse& r) {
  bool looked_up = false;
  bool go_on = true;
  ErrorCode last_error = ErrorCode::kNone;
  for (const wire::TopicPartitionErrors& topic : r.topics) {
    for (const wire::PartitionError& partition : topic.partitions) {
      const ErrorCode error = error_from_wire(partition.error_code);
      if (!go_on) break;
      if (error != ErrorCode::kNone) last_error = error;
      if (error == ErrorCode::kNone) {
        pending_offset_commits_.erase({topic.name, partition.partition_index});
      } else if (asks_for_coordinator(error) || error == ErrorCode::kRequestTimedOut) {
        if (!looked_up) enqueue_lookup(wire::CoordinatorType::kGroup, request->coordinator_key);
        looked_up = true;
      } else {
        go_on = on_offset_commit_error(request, error);
      }
    }
  }
  if (request->result->is_completed()) {
    pending_offset_commits_.clear();
  } else if (pending_offset_commits_.empty()) {
    request->result->done();
  } else {
    enqueue_again(request, last_error);
  }
}

void TransactionManager::on_response(const TxnRequestPtr& request, const wire::EndTxnResponse& r) {
  const ErrorCode error = error_from_wire(r.error_code);
  if (error == ErrorCode::kNone) {
    if (r.producer_id != ProducerIdAndEpoch::kNoProducerId) {
      set_id({r.producer_id, r.producer_epoch});
      reset_sequences();
    }
    complete_transaction();
    request->result->done();
    return;
  }
  if (handle_common(request, error)) return;
  switch (error) {
    case ErrorCode::kTransactionalIdAuthorizationFailed:
    case ErrorCode::kInvalidTxnState: return fail_fatally(*request, Error(error));
    case ErrorCode::kInvalidProducerIdMapping: return lost_id_mapping(*request);
    case ErrorCode::kUnknownProducerId: return fail_abortably_if_possible(*request, Error(error));
    case ErrorCode::kTransactionAbortable:
      if (std::get<wire::EndTxnRequest>(request->body).committed || !settings_.profile.refused_abort_is_fatal)
        return fail_abortably(*request, Error(error));
      // An abort that must be aborted: no way out.
      return fail_fatally(*request,
                          Error(ErrorCode::kKafkaException, unexpected("EndTxn", error).message, error));
    default: return fail_fatally(*request, unexpected("EndTxn", error));
  }
}

}  // namespace sendscope
