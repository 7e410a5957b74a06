// Records of one partition that travel together: their bytes, their callbacks, and how often and since when
// they have been on their way. Source: Kafka ProducerBatch.
//
// Thread-safety: appending is guarded by the lock of the partition's queue while the batch stands in it; once
// drained it belongs to the sender's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/event/sink.h"
#include "core/producer/announcement.h"
#include "core/producer/buffer_pool.h"
#include "core/producer/interceptor.h"
#include "core/producer/produce_request_result.h"
#include "core/producer/producer_batch_fwd.h"
#include "core/producer/producer_id_and_epoch.h"
#include "core/producer/record.h"
#include "core/wire/compression_ratio_estimator.h"
#include "core/wire/memory_records_builder.h"
#include "core/wire/record_batch.h"

namespace sendscope {

class FutureRecordMetadata;

// A record as the accumulator takes it: serialized, its partition chosen or left open.
struct AppendRequest {
  std::string_view topic;
  PartitionId partition = kUnknownPartition;  // kUnknownPartition: the built-in sticky partitioner decides
  std::int64_t timestamp_ms = 0;
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  std::span<const RecordHeader> headers;
  Delivery delivery;
  RecordId record = 0;       // its order among the producer's records decides the order of forced aborts
  std::uint16_t thread = 0;  // actor of the events
  FutureRecordMetadata* future = nullptr;
  Announcement* announce = nullptr;  // told as soon as the append will not have to wait; null: told already
};

// What is kept of a record until its callback has run.
struct Thunk {
  Delivery delivery;
  RecordId record;
  std::int64_t timestamp_ms;
  std::int32_t key_size;  // -1: null
  std::int32_t value_size;
};

// Copies of headers, kept only for producers with interceptors.
struct StoredHeaders {
  explicit StoredHeaders(std::span<const RecordHeader> headers);
  std::vector<RecordHeader> views() const;

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> headers_;
};

// What all batches of one producer share; outlives them.
struct BatchEnvironment {
  EventSink& sink;
  std::uint16_t producer_index = 0;
  const Interceptors* interceptors = nullptr;  // null or empty: none
  bool acknowledges_with_headers = true;       // interceptors get the headers again
};

// What a batch is made of.
struct BatchParts {
  BatchId id = 0;
  const TopicPartition* tp = nullptr;  // outlives the batch
  PartitionIndex place = 0;
  Millis created_ms = 0;
  bool is_split_batch = false;
  Buffer buffer;
  wire::RecordsBuilderOptions options;
  std::vector<Thunk> thunks;  // empty; its capacity is used again
};

class ProducerBatch {
 public:
  enum class FinalState : std::uint8_t { kNone, kAborted, kFailed, kSucceeded };

  ProducerBatch(const BatchEnvironment& environment, BatchParts parts);
  ProducerBatch(const ProducerBatch&) = delete;
  ProducerBatch& operator=(const ProducerBatch&) = delete;

  BatchId id() const { return id_; }
  const TopicPartition& topic_partition() const { return *tp_; }
  PartitionIndex place() const { return place_; }
  const ResultPtr& result() const { return result_; }
  // Decides the order in which incomplete batches are aborted. REQUIRES: record_count() > 0
  RecordId first_record() const { return first_record_; }

  // ---- appending
  // kAppended, kNoRoom, or an error of the record (wire::append_error). Attaches the request's future.
  wire::AppendResult try_append(const AppendRequest& request, Millis now_ms);
  bool is_full() const { return builder_.is_full(); }
  // No more records from here on; the header is written by close(). Emits batch_closed the first time.
  void close_for_record_appends(Nanos now);
  // Throws the bytes away: nothing of it can be sent any more.
  void abort_record_appends(Nanos now);
  // Writes the header and teaches the estimator how well the records compressed. Nothing happens when closed.
  // `reset` of the producer state ends here.
  Result<void> close(wire::CompressionRatioEstimator& estimator, Nanos now);

  std::int32_t record_count() const { return builder_.record_count(); }
  std::size_t estimated_size_in_bytes() const { return builder_.estimated_size(); }
  float compression_ratio() const { return builder_.compression_ratio(); }
  bool is_compressed() const { return builder_.compression_type() != wire::CompressionType::kNone; }
  bool is_closed() const { return builder_.is_closed(); }
  bool is_writable() const { return !builder_.is_closed(); }
  bool is_split_batch() const { return is_split_batch_; }
  // The bytes to send. REQUIRES: is_closed()
  Bytes records() const { return builder_.records(); }
  // The largest upper bound of a record in it, the batch header included.
  std::size_t max_record_size() const { return builder_.largest_upper_bound(); }
  const wire::MemoryRecordsBuilder& builder() const { return builder_; }

  // ---- producer state
  bool has_sequence() const { return base_sequence() != kNoSequence; }
  std::int64_t producer_id() const { return builder_.producer_state().producer_id; }
  std::int16_t producer_epoch() const { return builder_.producer_state().epoch; }
  ProducerIdAndEpoch producer_id_and_epoch() const { return {producer_id(), producer_epoch()}; }
  std::int32_t base_sequence() const { return builder_.producer_state().base_sequence; }
  // base + records - 1, not wrapped (Kafka neither).
  std::int32_t last_sequence() const;
  bool is_transactional() const { return builder_.producer_state().transactional; }
  // True from reset_producer_state() to the next close().
  bool sequence_has_been_reset() const { return reopened_; }
  Result<void> set_producer_state(ProducerIdAndEpoch id, std::int32_t base_sequence, bool transactional);
  // After an epoch bump: same records, new state; close() must follow. The transactional flag stays. Nothing
  // happens to an aborted batch: it has no bytes left to send.
  void reset_producer_state(ProducerIdAndEpoch id, std::int32_t base_sequence);

  // ---- time and attempts
  Millis created_ms() const { return created_ms_; }
  std::int32_t attempts() const { return attempts_; }
  bool in_retry() const { return retry_; }
  // Kafka: waitedTimeMs, since creation or the last re-enqueue.
  Millis waited_ms(Millis now_ms) const { return now_ms > last_attempt_ms_ ? now_ms - last_attempt_ms_ : 0; }
  Millis queue_time_ms() const { return drained_ms_ - created_ms_; }
  void drained(Millis now_ms) { drained_ms_ = std::max(drained_ms_, now_ms); }
  void reenqueued(Millis now_ms);
  // A clock that went back has not reached it.
  bool has_reached_delivery_timeout(Millis delivery_timeout_ms, Millis now_ms) const {
    return delivery_timeout_ms <= now_ms - created_ms_;
  }
  // Remembers the leader epoch, and that it rose during this attempt.
  void maybe_update_leader_epoch(std::int32_t latest);
  // A leader with a newer epoch appeared since the last attempt: no need to back off.
  bool has_leader_changed_for_the_ongoing_retry() const {
    return attempts_ >= 1 && attempts_ == attempts_when_leader_last_changed_;
  }

  // ---- completion (sender's thread). Each: store the result, run interceptors and callbacks in the order of
  // the appends, open the latch. True when this call completed the batch; false when it was final before.
  bool complete(std::int64_t base_offset, std::int64_t log_append_time_ms, Nanos now);
  bool complete_exceptionally(BatchErrors errors, Nanos now);
  // REQUIRES: not done
  void abort(Error reason, Nanos now);
  bool is_done() const { return final_state() != FinalState::kNone; }
  FinalState final_state() const { return final_state_.load(std::memory_order_acquire); }

  // ---- split (Kafka: MESSAGE_TOO_LARGE)
  // Writes the header where reset_producer_state() has asked for it while the batch was on its way. Unlike
  // close() it teaches nobody and keeps sequence_has_been_reset(). REQUIRES: it was closed, and not aborted
  void rewrite_if_reset();
  // The children in order, closed for appends, over memory of their own; this batch's result hands over to
  // theirs and opens its latch, callbacks do not run. The children's ids count on from `last_id`.
  // REQUIRES: is_closed(), records in it
  std::vector<BatchPtr> split(std::size_t target_size, const wire::CompressionRatioEstimator& estimator,
                              std::atomic<BatchId>& last_id, Nanos now);

  // ---- memory (sender's thread)
  // A request that is not over yet refers to this memory.
  bool on_the_wire() const { return on_the_wire_; }
  void set_on_the_wire(bool on) { on_the_wire_ = on; }
  bool deallocated() const { return deallocated_; }
  std::size_t initial_capacity() const { return builder_.initial_capacity(); }

 private:
  friend class AppendAttempt;
  friend class RecordAccumulator;
  friend class IncompleteBatches;

  bool done(FinalState state, std::int64_t base_offset, std::int64_t log_append_time_ms,
            std::optional<BatchErrors> errors, Nanos now);
  void run_callbacks(std::int64_t base_offset, std::int64_t log_append_time_ms, const BatchErrors* errors,
                     Nanos now);
  void emit(EventKind kind, std::uint32_t a, std::uint32_t b, Nanos now) const;
  // The memory, for the pool; the batch must not be read any more.
  Buffer take_buffer();
  BatchPtr make_child(const wire::RecordView& first, std::size_t target_size,
                      const wire::CompressionRatioEstimator& estimator, std::atomic<BatchId>& last_id) const;
  bool take_over(const wire::RecordView& record, const Thunk& thunk);

  const BatchEnvironment& environment_;
  BatchId id_;  // set once, when it is opened
  const TopicPartition* const tp_;
  const PartitionIndex place_;
  const Millis created_ms_;
  const bool is_split_batch_;
  const wire::Compression compression_;
  Buffer buffer_;
  wire::MemoryRecordsBuilder builder_;
  std::vector<Thunk> thunks_;
  std::vector<StoredHeaders> headers_;  // one a record when there are interceptors
  RecordId first_record_ = 0;
  ResultPtr result_;
  std::atomic<FinalState> final_state_{FinalState::kNone};

  Millis last_attempt_ms_;
  Millis last_append_ms_;
  Millis drained_ms_ = 0;
  std::int32_t attempts_ = 0;
  std::int32_t attempts_when_leader_last_changed_ = 0;
  std::optional<std::int32_t> current_leader_epoch_;
  bool retry_ = false;
  bool reopened_ = false;
  bool on_the_wire_ = false;
  bool deallocated_ = false;
  bool told_closed_ = false;         // batch_closed was emitted
  bool told_ready_ = false;          // batch_ready was emitted in this attempt
  bool told_backoff_ = false;        // batch_backoff was emitted in this attempt
  std::size_t incomplete_slot_ = 0;  // guarded by the lock of IncompleteBatches
};

}  // namespace sendscope
