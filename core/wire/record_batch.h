// Reads record batches that somebody else wrote, without trusting a byte of them.
// Kafka: DefaultRecordBatch, DefaultRecord.
#pragma once

#include <vector>

#include "core/base/bytes.h"
#include "core/wire/compression.h"
#include "core/wire/record_format.h"

namespace sendscope::wire {

// Decompressed records of one batch are refused above this size.
inline constexpr std::size_t kDefaultMaxUncompressed = 256u << 20;

struct RecordBatchHeader {
  std::int64_t base_offset = 0;
  std::int32_t length = 0;
  std::int32_t partition_leader_epoch = kNoPartitionLeaderEpoch;
  std::int8_t magic = kMagicV2;
  std::uint32_t crc = 0;
  std::int16_t attributes = 0;
  std::int32_t last_offset_delta = 0;
  std::int64_t base_timestamp = kNoRecordTimestamp;
  std::int64_t max_timestamp = kNoRecordTimestamp;
  std::int64_t producer_id = kNoProducerId;
  std::int16_t producer_epoch = kNoProducerEpoch;
  std::int32_t base_sequence = kNoSequence;
  std::int32_t record_count = 0;

  bool is_transactional() const { return (attributes & kTransactionalBit) != 0; }
  bool is_control() const { return (attributes & kControlBit) != 0; }
  bool has_producer_id() const { return producer_id > kNoProducerId; }
  TimestampType timestamp_type() const {
    return (attributes & kTimestampTypeBit) != 0 ? TimestampType::kLogAppendTime : TimestampType::kCreateTime;
  }
  // The codec's number; may be one that does not exist.
  int codec() const { return attributes & kCodecMask; }
};

// A view of one record; its bytes are those of the batch.
struct RecordView {
  std::int32_t offset_delta = 0;
  std::int64_t timestamp = kNoRecordTimestamp;
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  std::int32_t header_count = 0;
  Bytes header_bytes;    // checked: headers() cannot fail
  std::size_t size = 0;  // with its length field

  std::vector<RecordHeader> headers() const;
};

// One batch. It does not own its bytes.
class RecordBatchView {
 public:
  // Takes the first batch of `bytes`, which may hold more behind it. Checks that the header is whole, that
  // its magic is 2 and that the length it claims is there: kCorruptMessage otherwise (kInvalidRecord for
  // another magic). The CRC is not looked at.
  static Result<RecordBatchView> parse(Bytes bytes);

  const RecordBatchHeader& header() const { return header_; }
  // Of the whole batch.
  std::size_t size() const { return bytes_.size(); }
  Bytes bytes() const { return bytes_; }
  // What follows the header, compressed as it is.
  Bytes payload() const { return bytes_.subspan(kRecordBatchOverhead); }

  std::uint32_t computed_crc() const;
  bool crc_ok() const { return computed_crc() == header_.crc; }

  // The uncompressed bytes of the records. For a compressed batch `storage` takes them and must outlive what
  // is read from them. kCorruptMessage when the codec is unknown or does not take the bytes.
  Result<Bytes> record_bytes(std::vector<std::byte>& storage,
                             std::size_t max_size = kDefaultMaxUncompressed) const;

  // Everything a broker looks at: CRC, count against last offset delta, and every record with its offset
  // delta; no bytes left over. kCorruptMessage for a bad CRC, kInvalidRecord otherwise.
  Result<void> validate() const;

 private:
  RecordBatchView(Bytes bytes, const RecordBatchHeader& header) : bytes_(bytes), header_(header) {}

  Bytes bytes_;
  RecordBatchHeader header_;
};

// Goes through the records of a batch:
//   std::vector<std::byte> storage;
//   Result<Bytes> bytes = batch.record_bytes(storage);
//   RecordIterator it(batch.header(), *bytes);
//   while (it.next(record)) ...
//   if (!it.ok()) ...
class RecordIterator {
 public:
  RecordIterator(const RecordBatchHeader& header, Bytes record_bytes)
      : header_(header), bytes_(record_bytes), in_(record_bytes), left_(header.record_count) {}

  // False after the last record and at the first bad one.
  bool next(RecordView& record);
  bool ok() const { return in_.ok(); }
  // kInvalidRecord with the place. REQUIRES: !ok()
  Error error() const;
  // All records read and no bytes left behind them.
  bool at_end() const { return left_ <= 0 && in_.at_end(); }

 private:
  RecordBatchHeader header_;
  Bytes bytes_;
  ByteReader in_;
  std::int32_t left_;
};

}  // namespace sendscope::wire
