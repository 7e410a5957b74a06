// The idempotent half of TransactionManager: which sequences go to which batch, and what happens to them when
// batches fail, expire, or the epoch rises.
#include <algorithm>
#include <limits>

#include "core/producer/producer_batch.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

namespace {

const TxnPartition* find(const TxnPartitionMap& partitions, const TopicPartition& tp) {
  const auto found = partitions.find(tp);
  return found == partitions.end() ? nullptr : &found->second;
}

}  // namespace

void TransactionManager::tell_sequence(const TopicPartition& tp, const TxnPartition& partition) {
  if (!sink_.wants(EventKind::sequence_set)) return;
  const Nanos now = event_time_.load(std::memory_order_relaxed);
  sink_.emit({now, EventKind::sequence_set, producer_index_, sink_.partition(tp, now), 0,
              static_cast<std::uint32_t>(partition.next_sequence),
              static_cast<std::uint32_t>(partition.id.epoch)});
}

bool TransactionManager::has_stale_producer_id_and_epoch(const TopicPartition& tp) {
  MutexLock lock(mutex_);
  return partitions_[tp].id != id_;
}

void TransactionManager::maybe_update_producer_id_and_epoch(const TopicPartition& tp) {
  MutexLock lock(mutex_);
  TxnPartition& partition = partitions_[tp];
  if (partition.id != id_ && partition.in_flight().empty()) restart(tp, partition);
}

void TransactionManager::restart(const TopicPartition& tp, TxnPartition& partition) {
  partition.start_at_beginning(id_);
  tell_sequence(tp, partition);
}

bool TransactionManager::is_send_to_partition_allowed(const TopicPartition& tp) const {
  if (has_fatal_error()) return false;
  if (!is_transactional()) return true;
  MutexLock lock(mutex_);
  return partitions_in_transaction_.count(tp) != 0;
}

std::int32_t TransactionManager::sequence_number(const TopicPartition& tp) {
  MutexLock lock(mutex_);
  return partitions_[tp].next_sequence;
}

void TransactionManager::increment_sequence_number(const TopicPartition& tp, std::int32_t increment) {
  MutexLock lock(mutex_);
  TxnPartition& partition = partitions_[tp];
  partition.next_sequence = advance_sequence(partition.next_sequence, increment);
  tell_sequence(tp, partition);
}

void TransactionManager::add_in_flight_batch(const BatchPtr& batch) {
  SENDSCOPE_CHECK(batch->has_sequence());
  MutexLock lock(mutex_);
  partitions_[batch->topic_partition()].add(batch);
  sink_.emit({event_time_.load(std::memory_order_relaxed), EventKind::sequence_assigned, producer_index_,
              batch->place(), batch->id(), static_cast<std::uint32_t>(batch->base_sequence()),
              static_cast<std::uint32_t>(batch->producer_epoch())});
}

void TransactionManager::untrack(const BatchPtr& batch) {
  partitions_[batch->topic_partition()].remove(batch);
}

void TransactionManager::remove_in_flight_batch(const BatchPtr& batch) {
  MutexLock lock(mutex_);
  untrack(batch);
}

bool TransactionManager::has_inflight_batches(const TopicPartition& tp) {
  MutexLock lock(mutex_);
  return !partitions_[tp].in_flight().empty();
}

std::int32_t TransactionManager::first_in_flight_sequence(const TopicPartition& tp) {
  MutexLock lock(mutex_);
  const std::vector<BatchPtr>& batches = partitions_[tp].in_flight();
  return batches.empty() ? kNoSequence : batches.front()->base_sequence();
}

bool TransactionManager::has_unresolved_sequence(const TopicPartition& tp) const {
  MutexLock lock(mutex_);
  return unresolved_.count(tp) != 0;
}

void TransactionManager::request_idempotent_epoch_bump(const TopicPartition& tp) {
  epoch_bump_required_ = true;
  to_rewrite_.insert(tp);
}

void TransactionManager::bump_idempotent_epoch() {
  if (id_.epoch == std::numeric_limits<std::int16_t>::max()) {
    set_id({});
    static_cast<void>(transition(TxnState::kUninitialized, Caller::kSender));
  } else {
    ++id_.epoch;
    sink_.emit({event_time_.load(std::memory_order_relaxed), EventKind::epoch_bumped, producer_index_,
                kNoPlace, static_cast<std::uint64_t>(id_.producer_id), static_cast<std::uint32_t>(id_.epoch),
                0});
  }
  for (const TopicPartition& tp : to_rewrite_) {
    restart(tp, partitions_[tp]);
    resolve(tp);
  }
  to_rewrite_.clear();
  epoch_bump_required_ = false;
}

void TransactionManager::bump_idempotent_epoch_and_reset_id_if_needed() {
  if (is_transactional()) return;
  MutexLock lock(mutex_);
  if (epoch_bump_required_) bump_idempotent_epoch();
  if (state() == TxnState::kInitializing || id_.valid()) return;
  if (!transition(TxnState::kInitializing, Caller::kSender)) return;
  enqueue(init_producer_id_request({}));
}

void TransactionManager::reset_sequences() {
  partitions_.clear();
  while (!unresolved_.empty()) resolve(TopicPartition(unresolved_.begin()->first));
}

void TransactionManager::resolve(const TopicPartition& tp) {
  if (unresolved_.erase(tp) == 0) return;
  const Nanos now = event_time_.load(std::memory_order_relaxed);
  sink_.emit({now, EventKind::sequence_resolved, producer_index_, sink_.partition(tp, now), 0, 0, 0});
}

bool TransactionManager::is_next_sequence(const TopicPartition& tp, std::int32_t sequence) const {
  const TxnPartition* partition = find(partitions_, tp);
  const std::int32_t acked = partition == nullptr ? kNoSequence : partition->last_acked_sequence;
  return std::int64_t{sequence} - acked == 1;
}

bool TransactionManager::can_retry_unknown_producer(const PartitionAnswer& answer,
                                                    const ProducerBatch& batch) {
  const TopicPartition& tp = batch.topic_partition();
  if (answer.log_start_offset == -1) return true;    // not enough to judge: ask again
  if (batch.sequence_has_been_reset()) return true;  // judged when the batch before it came back
  const TxnPartition* partition = find(partitions_, tp);
  const std::int64_t acked_offset = partition == nullptr ? -1 : partition->last_acked_offset;
  if (acked_offset < answer.log_start_offset && is_transactional()) {
    restart(tp, partitions_[tp]);  // what the broker knew of us was deleted with the head of the log
    return true;
  }
  if (is_transactional()) return false;
  request_idempotent_epoch_bump(tp);
  return true;
}

bool TransactionManager::can_retry_out_of_order(const ProducerBatch& batch) {
  const TopicPartition& tp = batch.topic_partition();
  const auto unresolved = unresolved_.find(tp);
  const bool is_unresolved = unresolved != unresolved_.end();
  if (!is_unresolved && (batch.sequence_has_been_reset() || !is_next_sequence(tp, batch.base_sequence())))
    return true;  // a batch before it is still missing
  if (is_transactional()) return false;
  if (!is_unresolved || unresolved->second == batch.base_sequence()) request_idempotent_epoch_bump(tp);
  return true;
}

bool TransactionManager::can_retry(const PartitionAnswer& answer, const ProducerBatch& batch) {
  MutexLock lock(mutex_);
  bool retry = false;
  if (answer.error == ErrorCode::kUnknownProducerId) retry = can_retry_unknown_producer(answer, batch);
  if (answer.error == ErrorCode::kOutOfOrderSequenceNumber) retry = can_retry_out_of_order(batch);
  return retry || is_retriable(answer.error);
}

void TransactionManager::handle_completed_batch(const BatchPtr& batch, std::int64_t base_offset) {
  MutexLock lock(mutex_);
  const TopicPartition& tp = batch->topic_partition();
  const auto found = partitions_.find(tp);
  if (found != partitions_.end())
    found->second.last_acked_sequence = std::max(found->second.last_acked_sequence, batch->last_sequence());
  if (base_offset != -1 && (found != partitions_.end() || !is_transactional())) {
    TxnPartition& partition = partitions_[tp];
    partition.last_acked_offset =
        std::max(partition.last_acked_offset, base_offset + batch->record_count() - 1);
  }
  untrack(batch);
}

Result<void> TransactionManager::handle_failed_batch(const BatchPtr& batch, const Error& error,
                                                     bool adjust_sequences) {
  MutexLock lock(mutex_);
  if (Result<void> done = to_error_state(error, Caller::kSender); !done) return done;
  untrack(batch);
  if (has_fatal_error()) return {};
  const TopicPartition& tp = batch->topic_partition();
  const bool unknown_producer = error.code == ErrorCode::kUnknownProducerId;
  const bool out_of_order = error.code == ErrorCode::kOutOfOrderSequenceNumber || unknown_producer;
  if (!is_transactional() && (out_of_order || adjust_sequences)) {
    request_idempotent_epoch_bump(tp);
  } else if (unknown_producer) {
    partitions_.erase(tp);
    resolve(tp);
  } else if (adjust_sequences) {
    const auto found = partitions_.find(tp);
    if (found == partitions_.end()) return {};
    Result<void> closed = found->second.close_gap(batch->base_sequence(), batch->record_count());
    tell_sequence(tp, found->second);
    return closed;
  }
  return {};
}

void TransactionManager::mark_sequence_unresolved(const ProducerBatch& batch) {
  MutexLock lock(mutex_);
  const TopicPartition& tp = batch.topic_partition();
  const std::int32_t after = batch.last_sequence() + 1;
  const auto [at, added] = unresolved_.try_emplace(tp, after);
  at->second = std::max(at->second, after);
  if (!added) return;
  const Nanos now = event_time_.load(std::memory_order_relaxed);
  sink_.emit({now, EventKind::sequence_unresolved, producer_index_, batch.place(), 0, 0, 0});
}

Result<void> TransactionManager::maybe_resolve_sequences() {
  MutexLock lock(mutex_);
  for (auto at = unresolved_.begin(); at != unresolved_.end();) {
    const TopicPartition tp = at->first;
    ++at;
    TxnPartition& partition = partitions_[tp];
    if (!partition.in_flight().empty()) continue;
    Result<void> done;
    if (!is_next_sequence(tp, partition.next_sequence)) {
      if (!is_transactional()) {
        request_idempotent_epoch_bump(tp);
      } else {
        const std::string what = "nobody knows whether messages of " + to_string(tp) + " were stored; ";
        if (can_handle_abortable_error()) {
          if (client_bumps_epoch()) epoch_bump_required_ = true;
          done = transition_to_abortable(
              Error(ErrorCode::kKafkaException, what + "it is safe to abort and go on"), Caller::kSender);
        } else {
          transition_to_fatal(Error(ErrorCode::kKafkaException, what + "it is not safe to go on"));
        }
      }
    }
    if (!done) return done;
    resolve(tp);
  }
  return {};
}

TxnPartitionMap TransactionManager::partitions() const {
  MutexLock lock(mutex_);
  return partitions_;
}

std::map<TopicPartition, std::int32_t> TransactionManager::unresolved_sequences() const {
  MutexLock lock(mutex_);
  return unresolved_;
}

}  // namespace sendscope
