#include "core/producer/transaction_manager.h"

namespace sendscope {

namespace {

bool transition_allowed(TxnState from, TxnState to) {
  using enum TxnState;
  switch (to) {
    case kUninitialized: return from == kReady || from == kAbortable;
    case kInitializing: return from == kUninitialized || from == kCommitting || from == kAborting;
    case kReady: return from == kInitializing || from == kCommitting || from == kAborting;
    case kInTransaction: return from == kReady;
    case kPreparedTransaction: return from == kInTransaction || from == kInitializing;
    case kCommitting: return from == kInTransaction || from == kPreparedTransaction;
    case kAborting: return from == kInTransaction || from == kPreparedTransaction || from == kAbortable;
    case kAbortable:
      return from == kInTransaction || from == kCommitting || from == kAbortable || from == kInitializing;
    case kFatal: return true;
  }
  return false;
}

bool is_fatal_for_any_mode(ErrorCode code) {
  switch (code) {
    case ErrorCode::kClusterAuthorizationFailed:
    case ErrorCode::kTransactionalIdAuthorizationFailed:
    case ErrorCode::kProducerFenced:
    case ErrorCode::kUnsupportedVersion:
    case ErrorCode::kInvalidProducerIdMapping: return true;
    default: return false;
  }
}

std::string state_name(TxnState state) {
  return std::string(enum_name(Unit::kTxnState, static_cast<std::uint64_t>(state)));
}

}  // namespace

TransactionManager::TransactionManager(TransactionSettings settings, const ApiVersions* versions,
                                       EventSink& sink, std::uint16_t producer_index, Nanos now)
    : settings_(std::move(settings)),
      versions_(versions),
      sink_(sink),
      producer_index_(producer_index),
      event_time_(now) {}

bool TransactionManager::is_completing() const {
  const TxnState now = state();
  return now == TxnState::kCommitting || now == TxnState::kAborting;
}

bool TransactionManager::has_error() const {
  const TxnState now = state();
  return now == TxnState::kAbortable || now == TxnState::kFatal;
}

bool TransactionManager::has_ongoing_transaction() const {
  const TxnState now = state();
  return now == TxnState::kInTransaction || now == TxnState::kCommitting || now == TxnState::kAborting ||
         now == TxnState::kAbortable;
}

std::optional<Error> TransactionManager::last_error() const {
  MutexLock lock(mutex_);
  return last_error_;
}

ProducerIdAndEpoch TransactionManager::producer_id_and_epoch() const {
  MutexLock lock(mutex_);
  return id_;
}

void TransactionManager::set_state(TxnState state) {
  state_.store(state, std::memory_order_release);
  sink_.emit({event_time_.load(std::memory_order_relaxed), EventKind::txn_state, producer_index_, kNoPlace, 0,
              static_cast<std::uint32_t>(state), 0});
}

void TransactionManager::set_id(ProducerIdAndEpoch id) {
  id_ = id;
  sink_.emit({event_time_.load(std::memory_order_relaxed), EventKind::producer_id, producer_index_, kNoPlace,
              static_cast<std::uint64_t>(id.producer_id), static_cast<std::uint32_t>(id.epoch), 0});
}

Result<void> TransactionManager::transition(TxnState target, Caller caller, const Error* error) {
  const TxnState from = state();
  if (!transition_allowed(from, target)) {
    Error invalid(ErrorCode::kIllegalState,
                  "the transaction manager cannot go from " + state_name(from) + " to " + state_name(target));
    if (caller == Caller::kSender) {
      last_error_ = invalid;
      set_state(TxnState::kFatal);
    }
    return invalid;
  }
  if (target == TxnState::kFatal || target == TxnState::kAbortable) {
    last_error_ = *error;
  } else {
    last_error_.reset();
  }
  set_state(target);
  return {};
}

void TransactionManager::transition_to_fatal(const Error& error) {
  static_cast<void>(transition(TxnState::kFatal, Caller::kSender, &error));  // allowed from every state
  if (pending_transition_) pending_transition_->result->fail(error);
}

Result<void> TransactionManager::transition_to_abortable(const Error& error, Caller caller) {
  if (state() == TxnState::kAborting) return {};  // it is being aborted already
  return transition(TxnState::kAbortable, caller, &error);
}

Result<void> TransactionManager::to_error_state(const Error& error, Caller caller) {
  const bool survives =
      error.code == ErrorCode::kInvalidProducerIdMapping && settings_.profile.survives_lost_id_mapping;
  if (is_fatal_for_any_mode(error.code) && !survives) {
    transition_to_fatal(error);
    return {};
  }
  if (!is_transactional()) return {};
  // Retries are over: all that is left of this transaction is to abort it.
  const bool wrap = settings_.profile.wraps_last_error &&
                    (is_retriable(error.code) || error.code == ErrorCode::kInvalidTxnState);
  if (client_bumps_epoch() && !is_completing()) epoch_bump_required_ = true;
  if (!wrap) return transition_to_abortable(error, caller);
  return transition_to_abortable(
      Error(ErrorCode::kTransactionAbortable, "the transaction cannot go on: " + error.message, error.code),
      caller);
}

Result<void> TransactionManager::maybe_transition_to_error_state(const Error& error) {
  MutexLock lock(mutex_);
  return to_error_state(error, Caller::kApplication);
}

Result<void> TransactionManager::transition_to_uninitialized(const Error& error) {
  MutexLock lock(mutex_);
  Result<void> done = transition(TxnState::kUninitialized, Caller::kSender);
  if (!done) return done;
  if (pending_transition_) pending_transition_->result->fail(error);
  last_error_.reset();
  return {};
}

Result<void> TransactionManager::maybe_fail_with_error() const {
  if (!has_error() || !last_error_) return {};
  const Error& last = *last_error_;
  switch (last.code) {
    case ErrorCode::kProducerFenced:
    case ErrorCode::kInvalidProducerEpoch: return Error(last.code, last.message);
    case ErrorCode::kIllegalState:
      return Error(ErrorCode::kIllegalState, "not possible after an earlier mistake: " + last.message,
                   last.code);
    default:
      return Error(ErrorCode::kKafkaException, "the producer is in an error state: " + last.message,
                   last.code);
  }
}

}  // namespace sendscope
