#include "core/wire/record_batch.h"

#include "core/base/crc32c.h"

namespace sendscope::wire {
namespace {

RecordBatchHeader read_header(ByteReader& in) {
  RecordBatchHeader h;
  h.base_offset = in.i64();
  h.length = in.i32();
  h.partition_leader_epoch = in.i32();
  h.magic = in.i8();
  h.crc = in.u32();
  h.attributes = in.i16();
  h.last_offset_delta = in.i32();
  h.base_timestamp = in.i64();
  h.max_timestamp = in.i64();
  h.producer_id = in.i64();
  h.producer_epoch = in.i16();
  h.base_sequence = in.i32();
  h.record_count = in.i32();
  return h;
}

std::optional<Bytes> read_nullable(ByteReader& in) {
  const std::int32_t length = in.varint();
  if (length == -1 && in.ok()) return std::nullopt;
  if (length < -1) in.fail("a length is below -1");
  return in.raw(length < 0 ? 0 : static_cast<std::size_t>(length));
}

RecordHeader read_record_header(ByteReader& in) {
  RecordHeader header;
  const std::int32_t key_size = in.varint();
  if (key_size < 0) in.fail("a header has no key");
  header.key = in.text(key_size < 0 ? 0 : static_cast<std::size_t>(key_size));
  header.value = read_nullable(in);
  return header;
}

Error corrupt(std::string message) { return Error(ErrorCode::kCorruptMessage, std::move(message)); }
Error invalid(std::string message) { return Error(ErrorCode::kInvalidRecord, std::move(message)); }

Result<void> validate_records(const RecordBatchHeader& header, Bytes bytes) {
  RecordIterator records(header, bytes);
  RecordView record;
  std::int32_t expected = 0;
  while (records.next(record)) {
    if (record.offset_delta != expected) {
      return invalid("record " + std::to_string(expected) + " has offset delta " +
                     std::to_string(record.offset_delta));
    }
    ++expected;
  }
  if (!records.ok()) return records.error();
  if (!records.at_end()) return invalid("bytes follow the last record of the batch");
  return {};
}

}  // namespace

Result<RecordBatchView> RecordBatchView::parse(Bytes bytes) {
  if (bytes.size() < kRecordBatchOverhead) {
    return corrupt("a record batch has at least 61 bytes; there are " + std::to_string(bytes.size()));
  }
  ByteReader in(bytes);
  const RecordBatchHeader header = read_header(in);
  if (header.magic != kMagicV2) {
    return invalid("the batch has magic " + std::to_string(header.magic) + "; only 2 is taken");
  }
  const std::int64_t size = std::int64_t{header.length} + static_cast<std::int64_t>(kLogOverhead);
  if (size < static_cast<std::int64_t>(kRecordBatchOverhead) ||
      size > static_cast<std::int64_t>(bytes.size())) {
    return corrupt("the batch claims " + std::to_string(size) + " bytes; there are " +
                   std::to_string(bytes.size()));
  }
  return RecordBatchView(bytes.first(static_cast<std::size_t>(size)), header);
}

std::uint32_t RecordBatchView::computed_crc() const { return crc32c(bytes_.subspan(batch_at::kAttributes)); }

Result<Bytes> RecordBatchView::record_bytes(std::vector<std::byte>& storage, std::size_t max_size) const {
  if (header_.codec() == 0) return payload();
  if (header_.codec() >= kCompressionTypes) {
    return corrupt("the batch names codec " + std::to_string(header_.codec()) + ", which does not exist");
  }
  const auto type = static_cast<CompressionType>(header_.codec());
  Result<std::vector<std::byte>> plain = decompress(type, payload(), max_size);
  if (!plain) return plain.error();
  storage = std::move(*plain);
  return Bytes(storage);
}

Result<void> RecordBatchView::validate() const {
  if (!crc_ok()) {
    return corrupt("the batch carries CRC " + std::to_string(header_.crc) + ", its bytes have " +
                   std::to_string(computed_crc()));
  }
  if (header_.record_count <= 0) {
    return invalid("the batch counts " + std::to_string(header_.record_count) + " records");
  }
  if (header_.last_offset_delta != header_.record_count - 1) {
    return invalid("the batch counts " + std::to_string(header_.record_count) +
                   " records, its last offset delta is " + std::to_string(header_.last_offset_delta));
  }
  std::vector<std::byte> storage;
  const Result<Bytes> bytes = record_bytes(storage);
  if (!bytes) return bytes.error();
  return validate_records(header_, *bytes);
}

bool RecordIterator::next(RecordView& record) {
  if (left_ <= 0 || !in_.ok()) return false;
  const std::size_t start = in_.position();
  const std::int32_t length = in_.varint();
  const std::size_t end = in_.position() + static_cast<std::size_t>(length);
  if (length < 0 || static_cast<std::size_t>(length) > in_.remaining()) {
    in_.fail("a record is longer than what is left");
    return false;
  }
  in_.i8();  // attributes: none are defined
  const auto delta = static_cast<std::uint64_t>(in_.varlong());
  record.offset_delta = in_.varint();
  record.timestamp =
      header_.timestamp_type() == TimestampType::kLogAppendTime
          ? header_.max_timestamp
          : static_cast<std::int64_t>(static_cast<std::uint64_t>(header_.base_timestamp) + delta);
  record.key = read_nullable(in_);
  record.value = read_nullable(in_);
  record.header_count = in_.varint();
  if (record.header_count < 0) in_.fail("a record has a negative number of headers");
  const std::size_t headers_at = in_.position();
  for (std::int32_t i = 0; i < record.header_count && in_.ok(); ++i) read_record_header(in_);
  if (in_.ok() && in_.position() != end) in_.fail("a record does not fill its length");
  if (!in_.ok()) return false;
  record.header_bytes = bytes_.subspan(headers_at, end - headers_at);
  record.size = end - start;
  --left_;
  return true;
}

Error RecordIterator::error() const {
  return Error(ErrorCode::kInvalidRecord, "record " + std::to_string(header_.record_count - left_) + " of " +
                                              std::to_string(header_.record_count) + ", " +
                                              in_.error().message);
}

std::vector<RecordHeader> RecordView::headers() const {
  std::vector<RecordHeader> headers;
  ByteReader in(header_bytes);
  for (std::int32_t i = 0; i < header_count; ++i) headers.push_back(read_record_header(in));
  return headers;
}

}  // namespace sendscope::wire
