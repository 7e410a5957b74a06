#include "core/wire/memory_records_builder.h"

#include <algorithm>
#include <cstring>

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "core/base/varint.h"
#include "core/wire/compression_ratio_estimator.h"

namespace sendscope::wire {
namespace {

std::byte* put_bytes(std::byte* out, const void* from, std::size_t size) {
  if (size > 0) std::memcpy(out, from, size);
  return out + size;
}

std::byte* put_nullable(std::byte* out, const std::optional<Bytes>& bytes) {
  if (!bytes) return put_varint(out, -1);
  out = put_varint(out, static_cast<std::int32_t>(bytes->size()));
  return put_bytes(out, bytes->data(), bytes->size());
}

}  // namespace

Error append_error(AppendResult result) {
  switch (result) {
    case AppendResult::kClosed: return Error(ErrorCode::kIllegalState, "the batch is closed for appends");
    case AppendResult::kNegativeTimestamp:
      return Error(ErrorCode::kIllegalArgument, "a record's timestamp must be at least 0, or -1 for none");
    default: return Error(ErrorCode::kIllegalArgument, "a batch holds at most 2147483647 records");
  }
}

MemoryRecordsBuilder::MemoryRecordsBuilder(MutableBytes buffer, const RecordsBuilderOptions& options)
    : options_(options), initial_capacity_(buffer.size()), data_(buffer.data()), capacity_(buffer.size()) {
  if (capacity_ < kRecordBatchOverhead) {
    position_ = 0;
    grow(kRecordBatchOverhead);
    position_ = kRecordBatchOverhead;
  }
}

std::size_t MemoryRecordsBuilder::estimated_bytes_written() const {
  if (options_.compression.type == CompressionType::kNone) return kRecordBatchOverhead + uncompressed_size_;
  // Kafka computes in 32-bit floats, and the result decides where batches end.
  const float estimate = static_cast<float>(uncompressed_size_) * options_.estimated_ratio *
                         CompressionRatioEstimator::kSafetyFactor;
  return kRecordBatchOverhead + static_cast<std::size_t>(estimate);
}

bool MemoryRecordsBuilder::has_room_for(std::int64_t timestamp, const std::optional<Bytes>& key,
                                        const std::optional<Bytes>& value,
                                        std::span<const RecordHeader> headers) const {
  if (is_full()) return false;
  if (record_count_ == 0) return true;
  const std::size_t size = record_size(record_count_, timestamp_delta(timestamp), key, value, headers);
  return options_.write_limit >= estimated_bytes_written() + size;
}

AppendResult MemoryRecordsBuilder::try_append(std::int64_t timestamp, const std::optional<Bytes>& key,
                                              const std::optional<Bytes>& value,
                                              std::span<const RecordHeader> headers) {
  if (is_full()) return AppendResult::kNoRoom;
  const std::size_t body = record_body_size(record_count_, timestamp_delta(timestamp), key, value, headers);
  if (record_count_ > 0) {
    const std::size_t size = static_cast<std::size_t>(varint_size(static_cast<std::int32_t>(body))) + body;
    if (options_.write_limit < estimated_bytes_written() + size) return AppendResult::kNoRoom;
  }
  return append_sized(timestamp, key, value, headers, body);
}

AppendResult MemoryRecordsBuilder::append(std::int64_t timestamp, const std::optional<Bytes>& key,
                                          const std::optional<Bytes>& value,
                                          std::span<const RecordHeader> headers) {
  return append_sized(timestamp, key, value, headers,
                      record_body_size(record_count_, timestamp_delta(timestamp), key, value, headers));
}

AppendResult MemoryRecordsBuilder::append_sized(std::int64_t timestamp, const std::optional<Bytes>& key,
                                                const std::optional<Bytes>& value,
                                                std::span<const RecordHeader> headers,
                                                std::size_t body_size) {
  if (timestamp < kNoRecordTimestamp) return AppendResult::kNegativeTimestamp;
  if (closed_for_appends_) return AppendResult::kClosed;
  if (record_count_ == INT32_MAX) return AppendResult::kTooMany;
  if (record_count_ == 0) base_timestamp_ = timestamp;

  const auto length = static_cast<std::int32_t>(body_size);
  const std::size_t size = static_cast<std::size_t>(varint_size(length)) + body_size;
  std::byte* const begin = reserve(size);
  std::byte* out = put_varint(begin, length);
  *out++ = std::byte{0};  // attributes: none are defined
  out = put_varlong(out, timestamp_delta(timestamp));
  out = put_varint(out, record_count_);
  const std::byte* const content = out;
  out = put_nullable(out, key);
  out = put_nullable(out, value);
  out = put_varint(out, static_cast<std::int32_t>(headers.size()));
  for (const RecordHeader& header : headers) {
    out = put_varint(out, static_cast<std::int32_t>(header.key.size()));
    out = put_bytes(out, header.key.data(), header.key.size());
    out = put_nullable(out, header.value);
  }

  SENDSCOPE_CHECK(out == begin + size);

  ++record_count_;
  uncompressed_size_ += size;
  largest_content_ = std::max(largest_content_, static_cast<std::size_t>(out - content));
  max_timestamp_ = std::max(max_timestamp_, timestamp);
  return AppendResult::kAppended;
}

// The place for the next `bytes` bytes of records: in the batch itself, or where they wait for the codec.
std::byte* MemoryRecordsBuilder::reserve(std::size_t bytes) {
  if (options_.compression.type != CompressionType::kNone) {
    const std::size_t needed = uncompressed_size_ + bytes;
    if (needed > uncompressed_.size()) uncompressed_.resize(std::max(needed, 2 * uncompressed_.size()));
    return uncompressed_.data() + uncompressed_size_;
  }
  if (bytes > capacity_ - position_) grow(bytes);
  std::byte* place = data_ + position_;
  position_ += bytes;
  return place;
}

void MemoryRecordsBuilder::grow(std::size_t needed) {
  std::vector<std::byte> larger(std::max(capacity_ + capacity_ / 10, position_ + needed));
  if (position_ > 0) std::memcpy(larger.data(), data_, position_);
  grown_ = std::move(larger);
  data_ = grown_.data();
  capacity_ = grown_.size();
}

void MemoryRecordsBuilder::close_for_appends() {
  if (closed_for_appends_) return;
  closed_for_appends_ = true;
  if (options_.compression.type == CompressionType::kNone || record_count_ == 0) return;
  std::vector<std::byte> compressed;
  const Compression& codec = options_.compression;
  const Bytes records = Bytes(uncompressed_).first(uncompressed_size_);
  codec.compressor != nullptr ? codec.compressor->compress(codec, records, compressed)
                              : compress(codec, records, compressed);
  uncompressed_ = {};
  if (compressed.size() > capacity_ - position_) grow(compressed.size());
  std::memcpy(data_ + position_, compressed.data(), compressed.size());
  position_ += compressed.size();
}

Result<void> MemoryRecordsBuilder::validate_producer_state() const {
  const ProducerState& state = options_.producer;
  if (state.producer_id == kNoProducerId) {
    if (!state.transactional) return {};
    return Error(ErrorCode::kIllegalArgument, "a transactional batch needs a producer id");
  }
  if (state.epoch == kNoProducerEpoch) {
    return Error(ErrorCode::kIllegalArgument, "a batch with a producer id needs an epoch");
  }
  if (state.base_sequence < 0) {
    return Error(ErrorCode::kIllegalArgument, "a batch with a producer id needs a sequence");
  }
  return {};
}

Result<void> MemoryRecordsBuilder::close() {
  if (aborted_) return Error(ErrorCode::kIllegalState, "the batch was aborted and cannot be closed");
  if (built_) return {};
  if (Result<void> valid = validate_producer_state(); !valid) return valid;
  close_for_appends();
  if (record_count_ > 0) {
    write_header();
    built_size_ = position_;
    actual_ratio_ =
        static_cast<float>(position_ - kRecordBatchOverhead) / static_cast<float>(uncompressed_size_);
  }
  built_ = true;
  return {};
}

void MemoryRecordsBuilder::write_header() {
  SENDSCOPE_CHECK(closed_for_appends_ && position_ > kRecordBatchOverhead && position_ <= capacity_);
  const bool append_time = options_.timestamp_type == TimestampType::kLogAppendTime;
  const ProducerState& state = options_.producer;
  auto attributes = static_cast<std::int16_t>(options_.compression.type);
  if (append_time) attributes |= kTimestampTypeBit;
  if (state.transactional) attributes |= kTransactionalBit;
  store_big_endian(data_ + batch_at::kBaseOffset, options_.base_offset);
  store_big_endian(data_ + batch_at::kLength, static_cast<std::int32_t>(position_ - kLogOverhead));
  store_big_endian(data_ + batch_at::kPartitionLeaderEpoch, kNoPartitionLeaderEpoch);
  store_big_endian(data_ + batch_at::kMagic, kMagicV2);
  store_big_endian(data_ + batch_at::kAttributes, attributes);
  store_big_endian(data_ + batch_at::kLastOffsetDelta, record_count_ - 1);
  store_big_endian(data_ + batch_at::kBaseTimestamp, base_timestamp_);
  store_big_endian(data_ + batch_at::kMaxTimestamp, append_time ? options_.log_append_time : max_timestamp_);
  store_big_endian(data_ + batch_at::kProducerId, state.producer_id);
  store_big_endian(data_ + batch_at::kProducerEpoch, state.epoch);
  store_big_endian(data_ + batch_at::kBaseSequence, state.base_sequence);
  store_big_endian(data_ + batch_at::kRecordCount, record_count_);
  const Bytes covered(data_ + batch_at::kAttributes, position_ - batch_at::kAttributes);
  store_big_endian(data_ + batch_at::kCrc, crc32c(covered));
}

void MemoryRecordsBuilder::abort() {
  closed_for_appends_ = true;
  aborted_ = true;
  uncompressed_ = {};
}

Result<void> MemoryRecordsBuilder::set_producer_state(const ProducerState& state) {
  if (built_) return Error(ErrorCode::kIllegalState, "the batch is closed; its producer state is written");
  options_.producer = state;
  return {};
}

Result<void> MemoryRecordsBuilder::reopen_and_rewrite_producer_state(const ProducerState& state) {
  if (aborted_) return Error(ErrorCode::kIllegalState, "the batch was aborted and cannot be opened again");
  built_ = false;
  options_.producer = state;
  return {};
}

Bytes MemoryRecordsBuilder::records() const {
  SENDSCOPE_CHECK(built_);
  return {data_, built_size_};
}

}  // namespace sendscope::wire
