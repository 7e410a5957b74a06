// TransactionManager: what applications ask for. Every call leaves requests in line for the sender.
#include <algorithm>
#include <limits>

#include "core/net/api_versions.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

namespace {

constexpr std::int16_t kLastEndTxnOfV1 = 4;
constexpr std::int16_t kLastOffsetCommitOfV1 = 4;

std::int16_t latest(ApiKey api) { return api_row(api).max_version; }

}  // namespace

Result<void> TransactionManager::check_transactional() const {
  if (is_transactional()) return {};
  return Error(ErrorCode::kIllegalState, "transactional calls need transactional.id to be configured");
}

Result<void> TransactionManager::check_no_pending_call(const char* operation) {
  if (!pending_transition_) return {};
  if (pending_transition_->result->is_acked()) {
    pending_transition_.reset();
    return {};
  }
  return Error(ErrorCode::kIllegalState, std::string(operation) +
                                             "() is not possible: " + pending_transition_->operation +
                                             "() timed out before and must be called again first");
}

template <typename Start>
Result<TxnResultPtr> TransactionManager::cached(TxnState target, const char* operation, Start start) {
  if (Result<void> ok = check_transactional(); !ok) return ok.error();
  if (pending_transition_ && !pending_transition_->result->is_acked() && pending_transition_->state == target)
    return pending_transition_->result;
  if (Result<void> ok = check_no_pending_call(operation); !ok) return ok.error();
  Result<TxnResultPtr> result = start();
  if (result) pending_transition_ = PendingTransition{result.value(), target, operation};
  return result;
}

Result<void> TransactionManager::maybe_add_partition(const TopicPartition& tp) {
  if (!is_transactional() && !has_error()) return {};
  MutexLock lock(mutex_);
  if (Result<void> ok = maybe_fail_with_error(); !ok) return ok;
  if (Result<void> ok = check_no_pending_call("send"); !ok) return ok;
  if (!is_transactional()) return {};
  if (!id_.valid())
    return Error(ErrorCode::kIllegalState,
                 "send() to " + to_string(tp) + " before initTransactions() has completed");
  if (state() != TxnState::kInTransaction)
    return Error(ErrorCode::kIllegalState, "send() to " + to_string(tp) + " outside of a transaction");
  if (is_transaction_v2_enabled()) {
    partitions_[tp];
    partitions_in_transaction_.insert(tp);
    transaction_started_ = true;
  } else if (partitions_in_transaction_.count(tp) == 0 && partitions_being_added_.count(tp) == 0) {
    partitions_[tp];
    new_partitions_.insert(tp);
  }
  return {};
}

TxnRequestPtr TransactionManager::init_producer_id_request(ProducerIdAndEpoch current) const {
  wire::InitProducerIdRequest body;
  body.transactional_id = settings_.transactional_id;
  body.transaction_timeout_ms =
      is_transactional() ? settings_.transaction_timeout_ms : std::numeric_limits<std::int32_t>::max();
  body.producer_id = current.producer_id;
  body.producer_epoch = current.epoch;
  auto request = std::make_shared<TxnRequest>();
  request->body = std::move(body);
  request->priority = current.valid() ? TxnPriority::kEpochBump : TxnPriority::kInitProducerId;
  request->max_version = latest(ApiKey::kInitProducerId);
  request->retry_backoff_ms = settings_.retry_backoff_ms;
  if (is_transactional()) {
    request->coordinator = wire::CoordinatorType::kTransaction;
    request->coordinator_key = *settings_.transactional_id;
  }
  return request;
}

Result<TxnResultPtr> TransactionManager::initialize_transactions() {
  MutexLock lock(mutex_);
  if (Result<void> ok = maybe_fail_with_error(); !ok) return ok.error();
  return cached(TxnState::kInitializing, "initTransactions",
                [this]() REQUIRES_LOCK(mutex_) -> Result<TxnResultPtr> {
                  if (Result<void> ok = transition(TxnState::kInitializing, Caller::kApplication); !ok)
                    return ok.error();
                  TxnRequestPtr request = init_producer_id_request({});
                  enqueue(request);
                  return request->result;
                });
}

Result<void> TransactionManager::begin_transaction() {
  if (Result<void> ok = check_transactional(); !ok) return ok;
  MutexLock lock(mutex_);
  if (Result<void> ok = check_no_pending_call("beginTransaction"); !ok) return ok;
  if (Result<void> ok = maybe_fail_with_error(); !ok) return ok;
  return transition(TxnState::kInTransaction, Caller::kApplication);
}

Result<TxnResultPtr> TransactionManager::begin_commit() {
  MutexLock lock(mutex_);
  return cached(TxnState::kCommitting, "commitTransaction",
                [this]() REQUIRES_LOCK(mutex_) -> Result<TxnResultPtr> {
                  if (Result<void> ok = maybe_fail_with_error(); !ok) return ok.error();
                  if (Result<void> ok = transition(TxnState::kCommitting, Caller::kApplication); !ok)
                    return ok.error();
                  return begin_completing(true, Caller::kApplication);
                });
}

Result<TxnResultPtr> TransactionManager::begin_abort() {
  MutexLock lock(mutex_);
  return start_abort(Caller::kApplication);
}

Result<void> TransactionManager::begin_abort_at_close() {
  MutexLock lock(mutex_);
  Result<TxnResultPtr> result = start_abort(Caller::kSender);
  if (!result) return result.error();
  return {};
}

Result<TxnResultPtr> TransactionManager::start_abort(Caller caller) {
  return cached(TxnState::kAborting, "abortTransaction",
                [this, caller]() REQUIRES_LOCK(mutex_) -> Result<TxnResultPtr> {
                  if (state() != TxnState::kAbortable) {
                    if (Result<void> ok = maybe_fail_with_error(); !ok) return ok.error();
                  }
                  if (Result<void> ok = transition(TxnState::kAborting, caller); !ok) return ok.error();
                  new_partitions_.clear();  // nothing of them was sent
                  return begin_completing(false, caller);
                });
}

Result<TxnResultPtr> TransactionManager::begin_completing(bool commit, Caller caller) {
  if (!new_partitions_.empty()) enqueue(add_partitions_request());
  auto request = std::make_shared<TxnRequest>();
  request->body = wire::EndTxnRequest{*settings_.transactional_id, id_.producer_id, id_.epoch, commit};
  request->priority = TxnPriority::kEndTxn;
  request->coordinator = wire::CoordinatorType::kTransaction;
  request->coordinator_key = *settings_.transactional_id;
  // The transaction ends in the version it began with; the look at the feature decides about the next one.
  request->max_version = is_transaction_v2_enabled() ? latest(ApiKey::kEndTxn) : kLastEndTxnOfV1;
  request->retry_backoff_ms = settings_.retry_backoff_ms;
  sample_transaction_version(false);
  enqueue(request);
  if (!epoch_bump_required_) return request->result;
  // An id that was never got cannot be bumped: it is asked for as at the very first, before the end of the
  // transaction.
  if (!id_.valid()) {
    if (Result<void> ok = transition(TxnState::kInitializing, caller); !ok) return ok.error();
  }
  TxnRequestPtr bump = init_producer_id_request(id_);
  enqueue(bump);
  return bump->result;
}

TxnRequestPtr TransactionManager::add_partitions_request() {
  partitions_being_added_.insert(new_partitions_.begin(), new_partitions_.end());
  new_partitions_.clear();
  wire::AddPartitionsToTxnRequest body;
  body.transactional_id = *settings_.transactional_id;
  body.producer_id = id_.producer_id;
  body.producer_epoch = id_.epoch;
  for (const TopicPartition& tp : partitions_being_added_) {
    if (body.topics.empty() || body.topics.back().name != tp.topic) body.topics.push_back({tp.topic, {}});
    body.topics.back().partitions.push_back(tp.partition);
  }
  auto request = std::make_shared<TxnRequest>();
  request->body = std::move(body);
  request->priority = TxnPriority::kAddPartitionsOrOffsets;
  request->coordinator = wire::CoordinatorType::kTransaction;
  request->coordinator_key = *settings_.transactional_id;
  request->max_version = latest(ApiKey::kAddPartitionsToTxn);
  request->retry_backoff_ms = settings_.retry_backoff_ms;
  return request;
}

Result<TxnResultPtr> TransactionManager::send_offsets_to_transaction(const TxnOffsets& offsets,
                                                                     const ConsumerGroupMetadata& group) {
  if (Result<void> ok = check_transactional(); !ok) return ok.error();
  MutexLock lock(mutex_);
  if (Result<void> ok = check_no_pending_call("sendOffsetsToTransaction"); !ok) return ok.error();
  if (Result<void> ok = maybe_fail_with_error(); !ok) return ok.error();
  if (state() != TxnState::kInTransaction)
    return Error(ErrorCode::kIllegalState, "sendOffsetsToTransaction() outside of a transaction");
  TxnRequestPtr request;
  if (is_transaction_v2_enabled()) {
    request = offset_commit_request(nullptr, offsets, group);
    transaction_started_ = true;
  } else {
    request = std::make_shared<TxnRequest>();
    request->body =
        wire::AddOffsetsToTxnRequest{*settings_.transactional_id, id_.producer_id, id_.epoch, group.group_id};
    request->priority = TxnPriority::kAddPartitionsOrOffsets;
    request->coordinator = wire::CoordinatorType::kTransaction;
    request->coordinator_key = *settings_.transactional_id;
    request->max_version = latest(ApiKey::kAddOffsetsToTxn);
    request->retry_backoff_ms = settings_.retry_backoff_ms;
    request->offsets = offsets;
    request->group = group;
  }
  enqueue(request);
  return request->result;
}

TxnRequestPtr TransactionManager::offset_commit_request(TxnResultPtr result, const TxnOffsets& offsets,
                                                        const ConsumerGroupMetadata& group) {
  for (const auto& [tp, offset] : offsets) pending_offset_commits_[tp] = offset;
  wire::TxnOffsetCommitRequest body;
  body.transactional_id = *settings_.transactional_id;
  body.group_id = group.group_id;
  body.producer_id = id_.producer_id;
  body.producer_epoch = id_.epoch;
  body.generation_id = group.generation_id;
  body.member_id = group.member_id;
  body.group_instance_id = group.group_instance_id;
  for (const auto& [tp, offset] : pending_offset_commits_) {
    if (body.topics.empty() || body.topics.back().name != tp.topic) body.topics.push_back({tp.topic, {}});
    body.topics.back().partitions.push_back(
        {tp.partition, offset.offset, offset.leader_epoch, offset.metadata});
  }
  auto request = std::make_shared<TxnRequest>();
  if (result != nullptr) request->result = std::move(result);
  request->priority = TxnPriority::kAddPartitionsOrOffsets;
  request->coordinator = wire::CoordinatorType::kGroup;
  request->coordinator_key = group.group_id;
  request->min_version =
      group.member_id.empty() && group.generation_id < 0 && !group.group_instance_id ? 0 : 3;
  request->max_version =
      is_transaction_v2_enabled() ? latest(ApiKey::kTxnOffsetCommit) : kLastOffsetCommitOfV1;
  request->retry_backoff_ms = settings_.retry_backoff_ms;
  request->body = std::move(body);
  return request;
}

void TransactionManager::maybe_update_transaction_v2_enabled(bool on_initialization) {
  MutexLock lock(mutex_);
  sample_transaction_version(on_initialization);
}

void TransactionManager::sample_transaction_version(bool on_initialization) {
  if (versions_ == nullptr) return;
  const FinalizedFeatures features = versions_->finalized_features();
  if (features_epoch_ >= features.epoch) return;
  features_epoch_ = features.epoch;
  const bool before = is_transaction_v2_enabled();
  const bool after = settings_.profile.transactions_v2 && features.level("transaction.version") >= 2;
  v2_enabled_.store(after, std::memory_order_release);
  if (!on_initialization && !before && after) epoch_bump_required_ = true;
}

}  // namespace sendscope
