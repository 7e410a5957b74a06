// Idempotence and transactions: the producer id, the sequence numbers of every partition, and the state
// machine of the transactional calls. Without a transactional id it works in idempotent mode; without
// idempotence there is no TransactionManager at all.
//
// Thread-safety: every method from any thread; one lock, a leaf. The accumulator calls the sequence methods
// with a partition's queue lock held. "Sender only" methods are for the thread that runs the Sender: there a
// forbidden state transition poisons the manager (fatal state), on other threads it is only an error. Source:
// Kafka TransactionManager, TxnPartitionMap; KIP-98, KIP-360, KIP-588, KIP-890.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/event/sink.h"
#include "core/producer/producer_batch_fwd.h"
#include "core/producer/producer_id_and_epoch.h"
#include "core/producer/transaction_manager_partitions.h"

namespace sendscope {

struct TransactionSettings {
  std::optional<std::string> transactional_id;  // none: idempotent mode
  std::int32_t transaction_timeout_ms = 60'000;
  Millis retry_backoff_ms = 100;
};

class TransactionManager {
 public:
  TransactionManager(TransactionSettings settings, EventSink& sink, std::uint16_t producer_index, Nanos now);
  ~TransactionManager();

  // The time that events of this manager carry; the sender sets it once a pass.
  void set_event_time(Nanos now) { event_time_.store(now, std::memory_order_relaxed); }

  // ---- state
  bool is_transactional() const { return settings_.transactional_id.has_value(); }
  TxnState state() const { return state_.load(std::memory_order_acquire); }
  bool is_completing() const;  // committing or aborting
  bool is_aborting() const { return state() == TxnState::kAborting; }
  bool has_error() const;  // abortable or fatal
  bool has_fatal_error() const { return state() == TxnState::kFatal; }
  bool has_abortable_error() const { return state() == TxnState::kAbortable; }
  bool has_ongoing_transaction() const;
  std::optional<Error> last_error() const EXCLUDES_LOCK(mutex_);

  // ---- the producer id
  ProducerIdAndEpoch producer_id_and_epoch() const EXCLUDES_LOCK(mutex_);
  bool has_producer_id() const { return producer_id_and_epoch().valid(); }
  // The partition's own id and epoch differ from the current ones, or it has none yet.
  bool has_stale_producer_id_and_epoch(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);
  // Restarts the partition at sequence 0 with the current id and epoch when it is stale and nothing of it is
  // in flight. Kafka: maybeUpdateProducerIdAndEpoch.
  void maybe_update_producer_id_and_epoch(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);

  // ---- sequences
  // Always true in idempotent mode (unless fatal); else: the partition is part of the transaction.
  bool is_send_to_partition_allowed(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);
  std::int32_t sequence_number(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  void increment_sequence_number(const TopicPartition& tp, std::int32_t increment) EXCLUDES_LOCK(mutex_);
  // REQUIRES: the batch has a sequence. Emits sequence_assigned.
  void add_in_flight_batch(const BatchPtr& batch) EXCLUDES_LOCK(mutex_);
  void remove_in_flight_batch(const BatchPtr& batch) EXCLUDES_LOCK(mutex_);
  bool has_inflight_batches(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);
  // The lowest base sequence in flight; kNoSequence when there is none.
  std::int32_t first_in_flight_sequence(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);
  bool has_unresolved_sequence(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);
  bool has_unresolved_sequences() const EXCLUDES_LOCK(mutex_);

  // ---- registering a record's partition (any application thread; the hot path takes no lock in idempotent
  // mode)
  Result<void> maybe_add_partition(const TopicPartition& tp);

 private:
  TransactionSettings settings_;
  EventSink& sink_;
  const std::uint16_t producer_index_;
  std::atomic<Nanos> event_time_;
  std::atomic<TxnState> state_{TxnState::kUninitialized};

  mutable Mutex mutex_;
  ProducerIdAndEpoch id_ GUARDED_BY(mutex_);
  TxnPartitionMap partitions_ GUARDED_BY(mutex_);
  std::map<TopicPartition, std::int32_t> unresolved_ GUARDED_BY(mutex_);
  std::optional<Error> last_error_ GUARDED_BY(mutex_);
};

}  // namespace sendscope
