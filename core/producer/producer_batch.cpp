#include "core/producer/producer_batch.h"

#include <algorithm>

#include "core/producer/future_record_metadata.h"

namespace sendscope {

namespace {

std::int32_t size_of(const std::optional<Bytes>& bytes) {
  return bytes ? static_cast<std::int32_t>(bytes->size()) : -1;
}

std::uint32_t field(std::size_t value) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(value, 0xffffffff));
}

std::uint32_t field(ErrorCode code) { return static_cast<std::uint32_t>(static_cast<std::int32_t>(code)); }

}  // namespace

StoredHeaders::StoredHeaders(std::span<const RecordHeader> headers) {
  headers_.reserve(headers.size());
  for (const RecordHeader& header : headers) {
    std::optional<std::string> value;
    if (header.value) {
      value.emplace(reinterpret_cast<const char*>(header.value->data()), header.value->size());
    }
    headers_.emplace_back(header.key, std::move(value));
  }
}

std::vector<RecordHeader> StoredHeaders::views() const {
  std::vector<RecordHeader> views;
  views.reserve(headers_.size());
  for (const auto& [key, value] : headers_) {
    RecordHeader header{key, std::nullopt};
    if (value) header.value = std::as_bytes(std::span(*value));
    views.push_back(header);
  }
  return views;
}

ProducerBatch::ProducerBatch(const BatchEnvironment& environment, BatchParts parts)
    : environment_(environment),
      id_(parts.id),
      tp_(parts.tp),
      place_(parts.place),
      created_ms_(parts.created_ms),
      is_split_batch_(parts.is_split_batch),
      compression_(parts.options.compression),
      buffer_(std::move(parts.buffer)),
      builder_(buffer_.bytes(), parts.options),
      thunks_(std::move(parts.thunks)),
      result_(std::make_shared<ProduceRequestResult>(*tp_)),
      last_attempt_ms_(created_ms_),
      last_append_ms_(created_ms_) {}

void ProducerBatch::emit(EventKind kind, std::uint32_t a, std::uint32_t b, Nanos now) const {
  environment_.sink.emit({now, kind, environment_.producer_index, place_, id_, a, b});
}

// ---- appending

wire::AppendResult ProducerBatch::try_append(const AppendRequest& request, Millis now_ms) {
  const wire::AppendResult appended =
      builder_.try_append(request.timestamp_ms, request.key, request.value, request.headers);
  if (appended != wire::AppendResult::kAppended) return appended;
  const Thunk thunk{request.delivery, request.record, request.timestamp_ms, size_of(request.key),
                    size_of(request.value)};
  if (thunks_.empty()) first_record_ = request.record;
  if (environment_.interceptors != nullptr && !environment_.interceptors->empty()) {
    headers_.emplace_back(request.headers);
  }
  if (request.future != nullptr) {
    request.future->attach(result_, static_cast<std::int32_t>(thunks_.size()), thunk.timestamp_ms,
                           thunk.key_size, thunk.value_size);
  }
  thunks_.push_back(thunk);
  last_append_ms_ = now_ms;
  return appended;
}

void ProducerBatch::close_for_record_appends(Nanos now) {
  builder_.close_for_appends();
  if (told_closed_) return;
  told_closed_ = true;
  emit(EventKind::batch_closed, static_cast<std::uint32_t>(record_count()), field(estimated_size_in_bytes()),
       now);
}

void ProducerBatch::abort_record_appends(Nanos now) {
  close_for_record_appends(now);
  builder_.abort();
}

// Kafka teaches the estimator at every close, also at that of a batch which is sent again.
Result<void> ProducerBatch::close(wire::CompressionRatioEstimator& estimator, Nanos now) {
  if (Result<void> closed = builder_.close(); !closed) return closed;
  close_for_record_appends(now);
  if (is_compressed()) {
    estimator.update(tp_->topic, compression_.type, builder_.compression_ratio());
  }
  reopened_ = false;
  return {};
}

void ProducerBatch::rewrite_if_reset() {
  const Result<void> closed = builder_.close();
  SENDSCOPE_CHECK(closed.ok());
}

// ---- producer state

std::int32_t ProducerBatch::last_sequence() const {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(base_sequence()) +
                                   static_cast<std::uint32_t>(record_count()) - 1);
}

Result<void> ProducerBatch::set_producer_state(ProducerIdAndEpoch id, std::int32_t base_sequence,
                                               bool transactional) {
  return builder_.set_producer_state({id.producer_id, id.epoch, base_sequence, transactional});
}

void ProducerBatch::reset_producer_state(ProducerIdAndEpoch id, std::int32_t base_sequence) {
  reopened_ = true;
  static_cast<void>(builder_.reopen_and_rewrite_producer_state(
      {id.producer_id, id.epoch, base_sequence, is_transactional()}));
}

// ---- attempts

void ProducerBatch::reenqueued(Millis now_ms) {
  SENDSCOPE_CHECK(!is_done());
  ++attempts_;
  last_attempt_ms_ = std::max(last_append_ms_, now_ms);
  last_append_ms_ = std::max(last_append_ms_, now_ms);
  retry_ = true;
  told_ready_ = false;
  told_backoff_ = false;
}

void ProducerBatch::maybe_update_leader_epoch(std::int32_t latest) {
  if (current_leader_epoch_ && *current_leader_epoch_ >= latest) return;
  attempts_when_leader_last_changed_ = attempts_;
  current_leader_epoch_ = latest;
}

// ---- completion

bool ProducerBatch::complete(std::int64_t base_offset, std::int64_t log_append_time_ms, Nanos now) {
  return done(FinalState::kSucceeded, base_offset, log_append_time_ms, std::nullopt, now);
}

bool ProducerBatch::complete_exceptionally(BatchErrors errors, Nanos now) {
  return done(FinalState::kFailed, kNoOffset, kNoTimestamp, std::move(errors), now);
}

void ProducerBatch::abort(Error reason, Nanos now) {
  const bool first = done(FinalState::kAborted, kNoOffset, kNoTimestamp, BatchErrors(std::move(reason)), now);
  SENDSCOPE_CHECK(first);
}

// Kafka: ProducerBatch.done. Whatever comes after the first outcome is ignored: late responses to expired or
// aborted batches, and nonsense from a broker that answers for a partition twice.
bool ProducerBatch::done(FinalState state, std::int64_t base_offset, std::int64_t log_append_time_ms,
                         std::optional<BatchErrors> errors, Nanos now) {
  FinalState none = FinalState::kNone;
  if (!final_state_.compare_exchange_strong(none, state, std::memory_order_acq_rel)) return false;
  SENDSCOPE_CHECK(thunks_.size() == static_cast<std::size_t>(record_count()));
  if (!errors && base_offset != kNoOffset) {
    emit(EventKind::batch_stored, static_cast<std::uint32_t>(base_offset),
         static_cast<std::uint32_t>(base_offset >> 32), now);
  }
  emit(EventKind::batch_completed, field(errors ? errors->top_level.code : ErrorCode::kNone),
       static_cast<std::uint32_t>(record_count()), now);
  result_->set(base_offset, log_append_time_ms, errors);
  run_callbacks(base_offset, log_append_time_ms, errors ? &*errors : nullptr, now);
  emit(EventKind::latch_released, 0, 0, now);
  result_->done();
  return true;
}

void ProducerBatch::run_callbacks(std::int64_t base_offset, std::int64_t log_append_time_ms,
                                  const BatchErrors* errors, Nanos now) {
  const bool tell = environment_.sink.wants(EventKind::record_completed);
  Acknowledgement acknowledgement;
  RecordMetadata& metadata = acknowledgement.metadata;
  metadata.topic = tp_->topic;
  metadata.partition = tp_->partition;
  std::int32_t index = 0;
  for (const Thunk& thunk : thunks_) {
    if (errors != nullptr) {
      acknowledgement.error = &errors->of(index);
    } else {
      metadata.offset = base_offset == kNoOffset ? kNoOffset : base_offset + index;
      metadata.timestamp_ms = log_append_time_ms != kNoTimestamp ? log_append_time_ms : thunk.timestamp_ms;
      metadata.serialized_key_size = thunk.key_size;
      metadata.serialized_value_size = thunk.value_size;
    }
    if (tell) {
      const ErrorCode code = errors != nullptr ? acknowledgement.error->code : ErrorCode::kNone;
      environment_.sink.emit({now, EventKind::record_completed, environment_.producer_index, place_,
                              thunk.record, field(code), static_cast<std::uint32_t>(metadata.offset)});
    }
    if (!headers_.empty()) {
      intercept_acknowledgement(*environment_.interceptors, acknowledgement,
                                environment_.acknowledges_with_headers
                                    ? headers_[static_cast<std::size_t>(index)].views()
                                    : std::span<const RecordHeader>());
    }
    if (thunk.delivery.fn != nullptr) thunk.delivery.fn(thunk.delivery.context, acknowledgement);
    ++index;
  }
  thunks_.clear();
  headers_.clear();
}

// Memory that the batch outgrew is gone; the pool takes its size back and keeps nothing (Kafka drops the
// grown buffer and credits the first one's size).
Buffer ProducerBatch::take_buffer() {
  SENDSCOPE_CHECK(!on_the_wire_);
  if (builder_.buffer_capacity() != builder_.initial_capacity()) {
    buffer_ = {};
    return Buffer{nullptr, builder_.buffer_capacity(), false};
  }
  return std::move(buffer_);
}

}  // namespace sendscope
