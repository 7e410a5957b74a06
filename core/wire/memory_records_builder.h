// Builds one record batch in memory, byte for byte as Kafka's MemoryRecordsBuilder (magic 2).
//
// It writes into memory the caller owns and keeps; when that is too small, into a larger piece of its own.
// One record is always taken, however small the limit. What bounds a batch is the write limit, not the
// capacity.
//
// Thread-safety: none; the caller's lock (the partition's queue) guards it.
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/wire/compression.h"
#include "core/wire/record_format.h"

namespace sendscope::wire {

struct ProducerState {
  std::int64_t producer_id = kNoProducerId;
  std::int16_t epoch = kNoProducerEpoch;
  std::int32_t base_sequence = kNoSequence;
  bool transactional = false;
  bool operator==(const ProducerState&) const = default;
};

struct RecordsBuilderOptions {
  std::size_t write_limit = 0;
  Compression compression;
  float estimated_ratio = 1.0f;  // of the CompressionRatioEstimator, once, when the batch is opened
  TimestampType timestamp_type = TimestampType::kCreateTime;
  std::int64_t log_append_time = kNoRecordTimestamp;
  std::int64_t base_offset = 0;
  ProducerState producer;
};

enum class AppendResult : std::uint8_t {
  kAppended,
  kNoRoom,             // only try_append(): nothing happened
  kClosed,             // Java: IllegalStateException
  kNegativeTimestamp,  // Java: IllegalArgumentException
  kTooMany,            // Java: IllegalArgumentException; more records than an int counts
};

// What Java would have thrown. REQUIRES: not kAppended and not kNoRoom
Error append_error(AppendResult result);

class MemoryRecordsBuilder {
 public:
  // `buffer` stays the caller's and must live as long as the builder.
  MemoryRecordsBuilder(MutableBytes buffer, const RecordsBuilderOptions& options);
  MemoryRecordsBuilder(const MemoryRecordsBuilder&) = delete;
  MemoryRecordsBuilder& operator=(const MemoryRecordsBuilder&) = delete;

  // Closed for appends, or at the limit with at least one record.
  bool is_full() const {
    return closed_for_appends_ || (record_count_ > 0 && options_.write_limit <= estimated_bytes_written());
  }
  bool has_room_for(std::int64_t timestamp, const std::optional<Bytes>& key,
                    const std::optional<Bytes>& value, std::span<const RecordHeader> headers) const;

  // has_room_for() and append() in one.
  AppendResult try_append(std::int64_t timestamp, const std::optional<Bytes>& key,
                          const std::optional<Bytes>& value, std::span<const RecordHeader> headers);
  // Appends whether there is room or not, never kNoRoom.
  AppendResult append(std::int64_t timestamp, const std::optional<Bytes>& key,
                      const std::optional<Bytes>& value, std::span<const RecordHeader> headers);

  // Flushes the codec and gives its memory back; from here on only header fields may change. Idempotent.
  void close_for_appends();
  // Writes the header: the batch can be read. Nothing happens when it is closed. kIllegalState after abort(),
  // kIllegalArgument when the producer state does not hold together.
  Result<void> close();
  // Throws the records away; close() fails from here on.
  void abort();

  // kIllegalState when closed.
  Result<void> set_producer_state(const ProducerState& state);
  // Opens the header of a closed batch again and replaces the producer state in it; the records stay. A
  // close() must follow. kIllegalState when aborted.
  Result<void> reopen_and_rewrite_producer_state(const ProducerState& state);

  bool is_closed() const { return built_; }
  bool is_aborted() const { return aborted_; }
  bool is_closed_for_appends() const { return closed_for_appends_; }
  std::int32_t record_count() const { return record_count_; }
  const ProducerState& producer_state() const { return options_.producer; }
  CompressionType compression_type() const { return options_.compression.type; }
  std::int64_t base_timestamp() const { return base_timestamp_; }
  std::int64_t max_timestamp() const { return max_timestamp_; }
  // Offset of the last record. REQUIRES: record_count() > 0
  std::int64_t last_offset() const { return options_.base_offset + record_count_ - 1; }

  // While open a guess by the estimated ratio, exact once closed.
  std::size_t estimated_size() const { return built_ ? built_size_ : estimated_bytes_written(); }
  // Compressed over uncompressed size of the records; 1 until closed.
  float compression_ratio() const { return actual_ratio_; }
  std::size_t uncompressed_records_size() const { return uncompressed_size_; }
  // The largest batch_size_upper_bound() of its records; 0 without any.
  std::size_t largest_upper_bound() const {
    return record_count_ == 0 ? 0 : kRecordBatchOverhead + kMaxRecordOverhead + largest_content_;
  }

  // The finished batch, empty when it has no records; valid until the builder dies or is reopened.
  // REQUIRES: is_closed()
  Bytes records() const;

  // Of the caller's buffer.
  std::size_t initial_capacity() const { return initial_capacity_; }
  // Of the memory in use: larger than the initial one when the batch outgrew the caller's buffer.
  std::size_t buffer_capacity() const { return capacity_; }

 private:
  std::size_t estimated_bytes_written() const;
  std::int64_t timestamp_delta(std::int64_t timestamp) const {
    return record_count_ == 0 ? 0
                              : static_cast<std::int64_t>(static_cast<std::uint64_t>(timestamp) -
                                                          static_cast<std::uint64_t>(base_timestamp_));
  }
  AppendResult append_sized(std::int64_t timestamp, const std::optional<Bytes>& key,
                            const std::optional<Bytes>& value, std::span<const RecordHeader> headers,
                            std::size_t body_size);
  std::byte* reserve(std::size_t bytes);
  void grow(std::size_t needed);
  Result<void> validate_producer_state() const;
  void write_header();

  RecordsBuilderOptions options_;
  std::size_t initial_capacity_;
  std::byte* data_;       // the caller's memory, or grown_
  std::size_t capacity_;  // of data_
  std::size_t position_ = kRecordBatchOverhead;
  std::vector<std::byte> grown_;
  std::vector<std::byte> uncompressed_;  // with a codec: the records, until they are compressed

  std::int32_t record_count_ = 0;
  std::size_t uncompressed_size_ = 0;
  std::size_t largest_content_ = 0;  // of a record: key, value and headers with their lengths
  std::int64_t base_timestamp_ = kNoRecordTimestamp;
  std::int64_t max_timestamp_ = kNoRecordTimestamp;
  float actual_ratio_ = 1.0f;
  std::size_t built_size_ = 0;
  bool closed_for_appends_ = false;
  bool built_ = false;
  bool aborted_ = false;
};

}  // namespace sendscope::wire
