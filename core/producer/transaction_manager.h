// Idempotence and transactions: the producer id, the sequence numbers of every partition, and the state
// machine of the transactional calls. Without a transactional id it works in idempotent mode; without
// idempotence there is no TransactionManager at all.
//
// Thread-safety: every method from any thread unless its section says otherwise; one lock. No lock is held by
// its callers. Under its own the manager takes those of results, of ApiVersions and of the sink's strings.
// A forbidden state transition asked for by the sender's thread is fatal; on an application's thread it is
// only an error and changes nothing. Source: Kafka TransactionManager, TxnPartitionMap; KIP-98, KIP-360,
// KIP-588, KIP-890.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/event/sink.h"
#include "core/producer/producer_batch_fwd.h"
#include "core/producer/producer_id_and_epoch.h"
#include "core/producer/profile.h"
#include "core/producer/transaction_manager_partitions.h"
#include "core/producer/transaction_manager_requests.h"

namespace sendscope {

struct ClientResponse;
class ApiVersions;

struct TransactionSettings {
  std::optional<std::string> transactional_id;  // none: idempotent mode
  std::int32_t transaction_timeout_ms = 0;
  Millis retry_backoff_ms = 0;
  Profile profile = newest_profile();
};

// What the manager needs to know of a partition's answer to judge a failed batch.
struct PartitionAnswer {
  ErrorCode error = ErrorCode::kNone;
  std::int64_t base_offset = -1;
  std::int64_t log_start_offset = -1;
};

class TransactionManager {
 public:
  // `versions` (what the brokers can do) may be null: then nobody supports anything beyond the basics.
  TransactionManager(TransactionSettings settings, const ApiVersions* versions, EventSink& sink,
                     std::uint16_t producer_index, Nanos now);

  // The time that events of this manager carry; the sender sets it once a pass.
  void set_event_time(Nanos now) { event_time_.store(now, std::memory_order_relaxed); }

  // ---- state
  bool is_transactional() const { return settings_.transactional_id.has_value(); }
  const std::optional<std::string>& transactional_id() const { return settings_.transactional_id; }
  TxnState state() const { return state_.load(std::memory_order_acquire); }
  bool is_completing() const;  // committing or aborting
  bool is_aborting() const { return state() == TxnState::kAborting; }
  bool has_error() const;  // abortable or fatal
  bool has_fatal_error() const { return state() == TxnState::kFatal; }
  bool has_abortable_error() const { return state() == TxnState::kAbortable; }
  bool has_ongoing_transaction() const;
  bool is_transaction_v2_enabled() const { return v2_enabled_.load(std::memory_order_acquire); }
  std::optional<Error> last_error() const EXCLUDES_LOCK(mutex_);

  // ---- the producer id
  ProducerIdAndEpoch producer_id_and_epoch() const EXCLUDES_LOCK(mutex_);
  bool has_producer_id() const { return producer_id_and_epoch().valid(); }
  // The partition's own id and epoch differ from the current ones, or it has none yet.
  bool has_stale_producer_id_and_epoch(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  // Restarts the partition at sequence 0 with the current id and epoch when it is stale and nothing of it is
  // in flight. Kafka: maybeUpdateProducerIdAndEpoch.
  void maybe_update_producer_id_and_epoch(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  // Idempotent mode, top of a turn: raises the epoch if somebody asked for it (without a request: the epoch
  // is the client's to raise until it is exhausted), and asks for a producer id when there is none.
  void bump_idempotent_epoch_and_reset_id_if_needed() EXCLUDES_LOCK(mutex_);

  // ---- sequences (drain)
  // Idempotent mode: true unless fatal. Else also: the partition is part of the transaction.
  bool is_send_to_partition_allowed(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);
  std::int32_t sequence_number(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  void increment_sequence_number(const TopicPartition& tp, std::int32_t increment) EXCLUDES_LOCK(mutex_);
  // REQUIRES: the batch has a sequence. Emits sequence_assigned.
  void add_in_flight_batch(const BatchPtr& batch) EXCLUDES_LOCK(mutex_);
  void remove_in_flight_batch(const BatchPtr& batch) EXCLUDES_LOCK(mutex_);
  bool has_inflight_batches(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  // The lowest base sequence in flight; kNoSequence when there is none.
  std::int32_t first_in_flight_sequence(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  bool has_unresolved_sequence(const TopicPartition& tp) const EXCLUDES_LOCK(mutex_);

  // ---- sequences (answers; sender only)
  // May ask for an epoch bump or restart the partition, as the kind of error demands. Kafka: canRetry.
  bool can_retry(const PartitionAnswer& answer, const ProducerBatch& batch) EXCLUDES_LOCK(mutex_);
  void handle_completed_batch(const BatchPtr& batch, std::int64_t base_offset) EXCLUDES_LOCK(mutex_);
  Result<void> handle_failed_batch(const BatchPtr& batch, const Error& error, bool adjust_sequences)
      EXCLUDES_LOCK(mutex_);
  // The batch expired after it had been put back for a retry: nobody knows whether the broker has it.
  void mark_sequence_unresolved(const ProducerBatch& batch) EXCLUDES_LOCK(mutex_);
  Result<void> maybe_resolve_sequences() EXCLUDES_LOCK(mutex_);

  // ---- application calls
  // Registers the partition of a record that send() has queued. No lock in idempotent mode without error.
  Result<void> maybe_add_partition(const TopicPartition& tp) EXCLUDES_LOCK(mutex_);
  // send() failed with an ApiException.
  Result<void> maybe_transition_to_error_state(const Error& error) EXCLUDES_LOCK(mutex_);
  Result<TxnResultPtr> initialize_transactions() EXCLUDES_LOCK(mutex_);
  Result<void> begin_transaction() EXCLUDES_LOCK(mutex_);
  Result<TxnResultPtr> begin_commit() EXCLUDES_LOCK(mutex_);
  Result<TxnResultPtr> begin_abort() EXCLUDES_LOCK(mutex_);
  Result<TxnResultPtr> send_offsets_to_transaction(const TxnOffsets& offsets,
                                                   const ConsumerGroupMetadata& group) EXCLUDES_LOCK(mutex_);
  // Looks at the feature transaction.version anew if the brokers told of one since the last look.
  void maybe_update_transaction_v2_enabled(bool on_initialization) EXCLUDES_LOCK(mutex_);

  // ---- requests (sender only)
  // The request to send now, out of the queue; null: none, or it was failed because of an error state.
  TxnRequestPtr next_request(bool has_incomplete_batches) EXCLUDES_LOCK(mutex_);
  void retry(const TxnRequestPtr& request) EXCLUDES_LOCK(mutex_);
  void lookup_coordinator(const TxnRequest& request) EXCLUDES_LOCK(mutex_);
  std::optional<wire::Coordinator> coordinator(wire::CoordinatorType type) const EXCLUDES_LOCK(mutex_);
  void handle_coordinator_ready() EXCLUDES_LOCK(mutex_);
  bool has_in_flight_request() const EXCLUDES_LOCK(mutex_);
  void set_in_flight_correlation_id(std::int32_t correlation_id) EXCLUDES_LOCK(mutex_);
  bool has_pending_requests() const EXCLUDES_LOCK(mutex_);
  void handle_response(const TxnRequestPtr& request, const ClientResponse& response) EXCLUDES_LOCK(mutex_);
  void fail_pending_requests(const Error& error) EXCLUDES_LOCK(mutex_);
  void authentication_failed(const Error& error) EXCLUDES_LOCK(mutex_);
  Result<void> transition_to_uninitialized(const Error& error) EXCLUDES_LOCK(mutex_);
  // Begins to abort on behalf of a closing producer.
  Result<void> begin_abort_at_close() EXCLUDES_LOCK(mutex_);
  void close() EXCLUDES_LOCK(mutex_);

  // ---- for observers
  // The request that waits for its answer, or else the first in line: what it is, and what it was last
  // answered with. Nothing when nothing is asked.
  struct Asked {
    ApiKey api;
    ErrorCode last_error;
  };
  std::optional<Asked> asked() const EXCLUDES_LOCK(mutex_);
  TxnPartitionMap partitions() const EXCLUDES_LOCK(mutex_);
  std::map<TopicPartition, std::int32_t> unresolved_sequences() const EXCLUDES_LOCK(mutex_);

 private:
  enum class Caller : std::uint8_t { kApplication, kSender };
  struct PendingTransition {
    TxnResultPtr result;
    TxnState state;
    const char* operation;
  };

  // transaction_manager.cpp: state and id
  Result<void> transition(TxnState target, Caller caller, const Error* error = nullptr) REQUIRES_LOCK(mutex_);
  void transition_to_fatal(const Error& error) REQUIRES_LOCK(mutex_);
  Result<void> transition_to_abortable(const Error& error, Caller caller) REQUIRES_LOCK(mutex_);
  Result<void> to_error_state(const Error& error, Caller caller) REQUIRES_LOCK(mutex_);
  void set_state(TxnState state) REQUIRES_LOCK(mutex_);
  void set_id(ProducerIdAndEpoch id) REQUIRES_LOCK(mutex_);
  Result<void> maybe_fail_with_error() const REQUIRES_LOCK(mutex_);
  bool can_handle_abortable_error() const REQUIRES_LOCK(mutex_) {
    return coordinator_supports_bumping_ || is_transaction_v2_enabled();
  }
  bool client_bumps_epoch() const REQUIRES_LOCK(mutex_) {
    return coordinator_supports_bumping_ && !is_transaction_v2_enabled();
  }

  // transaction_manager_sequences.cpp
  void restart(const TopicPartition& tp, TxnPartition& partition) REQUIRES_LOCK(mutex_);
  void request_idempotent_epoch_bump(const TopicPartition& tp) REQUIRES_LOCK(mutex_);
  void bump_idempotent_epoch() REQUIRES_LOCK(mutex_);
  void reset_sequences() REQUIRES_LOCK(mutex_);
  void resolve(const TopicPartition& tp) REQUIRES_LOCK(mutex_);
  bool is_next_sequence(const TopicPartition& tp, std::int32_t sequence) const REQUIRES_LOCK(mutex_);
  bool can_retry_unknown_producer(const PartitionAnswer& answer, const ProducerBatch& batch)
      REQUIRES_LOCK(mutex_);
  bool can_retry_out_of_order(const ProducerBatch& batch) REQUIRES_LOCK(mutex_);
  void untrack(const BatchPtr& batch) REQUIRES_LOCK(mutex_);
  void tell_sequence(const TopicPartition& tp, const TxnPartition& partition) REQUIRES_LOCK(mutex_);

  // transaction_manager_calls.cpp: application calls
  Result<void> check_transactional() const;
  Result<void> check_no_pending_call(const char* operation) REQUIRES_LOCK(mutex_);
  template <typename Start>
  Result<TxnResultPtr> cached(TxnState state, const char* operation, Start start) REQUIRES_LOCK(mutex_);
  Result<TxnResultPtr> start_abort(Caller caller) REQUIRES_LOCK(mutex_);
  Result<TxnResultPtr> begin_completing(bool commit, Caller caller) REQUIRES_LOCK(mutex_);
  void sample_transaction_version(bool on_initialization) REQUIRES_LOCK(mutex_);
  TxnRequestPtr init_producer_id_request(ProducerIdAndEpoch current) const REQUIRES_LOCK(mutex_);
  TxnRequestPtr add_partitions_request() REQUIRES_LOCK(mutex_);
  TxnRequestPtr offset_commit_request(TxnResultPtr result, const TxnOffsets& offsets,
                                      const ConsumerGroupMetadata& group) REQUIRES_LOCK(mutex_);

  // transaction_manager_responses.cpp
  bool fail_because_of_error_state(const TxnRequest& request) REQUIRES_LOCK(mutex_);
  void enqueue_lookup(wire::CoordinatorType type, const std::string& key) REQUIRES_LOCK(mutex_);
  void enqueue(const TxnRequestPtr& request) REQUIRES_LOCK(mutex_);
  void enqueue_again(const TxnRequestPtr& request, ErrorCode error) REQUIRES_LOCK(mutex_);
  void fail_fatally(const TxnRequest& request, const Error& error) REQUIRES_LOCK(mutex_);
  void fail_abortably(const TxnRequest& request, const Error& error) REQUIRES_LOCK(mutex_);
  void fail_abortably_if_possible(const TxnRequest& request, const Error& error) REQUIRES_LOCK(mutex_);
  // INVALID_PRODUCER_ID_MAPPING.
  void lost_id_mapping(const TxnRequest& request) REQUIRES_LOCK(mutex_);
  bool handle_common(const TxnRequestPtr& request, ErrorCode error) REQUIRES_LOCK(mutex_);
  void complete_transaction() REQUIRES_LOCK(mutex_);
  bool on_offset_commit_error(const TxnRequestPtr& request, ErrorCode error) REQUIRES_LOCK(mutex_);
  void on_response(const TxnRequestPtr& request, const wire::FindCoordinatorResponse& r)
      REQUIRES_LOCK(mutex_);
  void on_response(const TxnRequestPtr& request, const wire::InitProducerIdResponse& r) REQUIRES_LOCK(mutex_);
  void on_response(const TxnRequestPtr& request, const wire::AddPartitionsToTxnResponse& r)
      REQUIRES_LOCK(mutex_);
  void on_response(const TxnRequestPtr& request, const wire::AddOffsetsToTxnResponse& r)
      REQUIRES_LOCK(mutex_);
  void on_response(const TxnRequestPtr& request, const wire::TxnOffsetCommitResponse& r)
      REQUIRES_LOCK(mutex_);
  void on_response(const TxnRequestPtr& request, const wire::EndTxnResponse& r) REQUIRES_LOCK(mutex_);

  const TransactionSettings settings_;
  const ApiVersions* versions_;
  EventSink& sink_;
  const std::uint16_t producer_index_;
  std::atomic<Nanos> event_time_;
  std::atomic<TxnState> state_{TxnState::kUninitialized};
  std::atomic<bool> v2_enabled_{false};

  mutable Mutex mutex_ ACQUIRED_BEFORE(lock_order::leaves);
  std::optional<Error> last_error_ GUARDED_BY(mutex_);
  ProducerIdAndEpoch id_ GUARDED_BY(mutex_);
  TxnPartitionMap partitions_ GUARDED_BY(mutex_);
  // Partition -> the sequence after the last one nobody knows the fate of.
  std::map<TopicPartition, std::int32_t> unresolved_ GUARDED_BY(mutex_);
  std::set<TopicPartition> to_rewrite_ GUARDED_BY(mutex_);  // restarted at the next epoch bump
  bool epoch_bump_required_ GUARDED_BY(mutex_) = false;     // Kafka: clientSideEpochBumpRequired

  TxnRequestQueue pending_requests_ GUARDED_BY(mutex_);
  TxnRequestPtr asked_ GUARDED_BY(mutex_);  // taken out of the line, neither answered nor put back
  std::int32_t in_flight_correlation_id_ GUARDED_BY(mutex_) = -1;
  std::optional<wire::Coordinator> transaction_coordinator_ GUARDED_BY(mutex_);
  std::optional<wire::Coordinator> group_coordinator_ GUARDED_BY(mutex_);
  bool coordinator_supports_bumping_ GUARDED_BY(mutex_) = false;
  std::int64_t features_epoch_ GUARDED_BY(mutex_) = -1;
  std::optional<PendingTransition> pending_transition_ GUARDED_BY(mutex_);
  bool transaction_started_ GUARDED_BY(mutex_) = false;
  std::set<TopicPartition> new_partitions_ GUARDED_BY(mutex_);
  std::set<TopicPartition> partitions_being_added_ GUARDED_BY(mutex_);
  std::set<TopicPartition> partitions_in_transaction_ GUARDED_BY(mutex_);
  TxnOffsets pending_offset_commits_ GUARDED_BY(mutex_);
};

}  // namespace sendscope
