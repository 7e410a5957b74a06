// The layout of record batches with magic 2. Kafka: DefaultRecordBatch, DefaultRecord.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/base/types.h"
#include "core/wire/record_header.h"

namespace sendscope::wire {

inline constexpr std::size_t kLogOverhead = 12;          // base offset and length
inline constexpr std::size_t kRecordBatchOverhead = 61;  // the whole header of a batch
inline constexpr int kMaxRecordOverhead = 21;            // length 5, timestamp 10, offset 5, attributes 1
inline constexpr std::int8_t kMagicV2 = 2;

inline constexpr std::int64_t kNoProducerId = -1;
inline constexpr std::int16_t kNoProducerEpoch = -1;
inline constexpr std::int32_t kNoSequence = -1;
inline constexpr std::int32_t kNoPartitionLeaderEpoch = -1;
inline constexpr std::int64_t kNoRecordTimestamp = -1;

enum class TimestampType : std::int8_t { kCreateTime = 0, kLogAppendTime = 1 };

// Positions of the header's fields from the start of the batch.
namespace batch_at {
inline constexpr std::size_t kBaseOffset = 0;
inline constexpr std::size_t kLength = 8;
inline constexpr std::size_t kPartitionLeaderEpoch = 12;
inline constexpr std::size_t kMagic = 16;
inline constexpr std::size_t kCrc = 17;
inline constexpr std::size_t kAttributes = 21;
inline constexpr std::size_t kLastOffsetDelta = 23;
inline constexpr std::size_t kBaseTimestamp = 27;
inline constexpr std::size_t kMaxTimestamp = 35;
inline constexpr std::size_t kProducerId = 43;
inline constexpr std::size_t kProducerEpoch = 51;
inline constexpr std::size_t kBaseSequence = 53;
inline constexpr std::size_t kRecordCount = 57;
}  // namespace batch_at

// Bits of a batch's attributes.
inline constexpr std::int16_t kCodecMask = 0x07;
inline constexpr std::int16_t kTimestampTypeBit = 0x08;
inline constexpr std::int16_t kTransactionalBit = 0x10;
inline constexpr std::int16_t kControlBit = 0x20;

// Bytes of a record behind its length field.
std::size_t record_body_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                             const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                             std::span<const RecordHeader> headers);
// Bytes of a record with its length field.
std::size_t record_size(std::int32_t offset_delta, std::int64_t timestamp_delta,
                        const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                        std::span<const RecordHeader> headers);
// The most bytes the record takes, wherever it stands in whatever batch.
std::size_t record_size_upper_bound(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                                    std::span<const RecordHeader> headers);
// The most bytes a batch of this one record takes, uncompressed. Kafka: AbstractRecords
// .estimateSizeInBytesUpperBound; the size that max.request.size is compared with.
std::size_t batch_size_upper_bound(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                                   std::span<const RecordHeader> headers);

}  // namespace sendscope::wire
