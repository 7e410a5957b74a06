#include "core/wire/record_batch.h"

#include "core/base/hex.h"
#include "core/wire/memory_records_builder.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::wire;

namespace {

std::vector<std::byte> sample(CompressionType type = CompressionType::kNone) {
  std::vector<std::byte> buffer(2000);
  RecordsBuilderOptions options;
  options.write_limit = 2000;
  options.compression = Compression::of(type);
  MemoryRecordsBuilder builder(buffer, options);
  const RecordHeader headers[] = {{"a", as_bytes("x")}, {"a", std::nullopt}, {"", Bytes{}}};
  REQUIRE(builder.append(10, as_bytes("key"), as_bytes("value"), headers) == AppendResult::kAppended);
  REQUIRE(builder.append(11, std::nullopt, Bytes{}, {}) == AppendResult::kAppended);
  REQUIRE(builder.append(9, as_bytes(""), std::nullopt, {}) == AppendResult::kAppended);
  REQUIRE(builder.close());
  const Bytes bytes = builder.records();
  return {bytes.begin(), bytes.end()};
}

void patch_crc(std::vector<std::byte>& batch) {
  const RecordBatchView view = *RecordBatchView::parse(batch);
  store_big_endian(batch.data() + batch_at::kCrc, view.computed_crc());
}

}  // namespace

TEST_CASE("records and headers come back, null and empty apart, in every codec") {
  for (int codec = 0; codec < kCompressionTypes; ++codec) {
    const std::vector<std::byte> bytes = sample(static_cast<CompressionType>(codec));
    const Result<RecordBatchView> batch = RecordBatchView::parse(bytes);
    REQUIRE(batch);
    CHECK(batch->validate());
    CHECK(batch->header().codec() == codec);
    std::vector<std::byte> storage;
    const Result<Bytes> plain = batch->record_bytes(storage);
    REQUIRE(plain);
    RecordIterator records(batch->header(), *plain);
    RecordView record;
    REQUIRE(records.next(record));
    CHECK(as_text(*record.key) == "key");
    CHECK(as_text(*record.value) == "value");
    CHECK(record.timestamp == 10);
    const std::vector<RecordHeader> headers = record.headers();
    REQUIRE(headers.size() == 3);
    CHECK(headers[0].key == "a");
    CHECK(as_text(*headers[0].value) == "x");
    CHECK_FALSE(headers[1].value.has_value());
    CHECK(headers[2].value->empty());
    REQUIRE(records.next(record));
    CHECK_FALSE(record.key.has_value());
    CHECK(record.value->empty());
    REQUIRE(records.next(record));
    CHECK(record.key->empty());
    CHECK_FALSE(record.value.has_value());
    CHECK(record.timestamp == 9);
    CHECK_FALSE(records.next(record));
    CHECK(records.ok());
    CHECK(records.at_end());
  }
}

TEST_CASE("a batch may be followed by others, but not be cut") {
  std::vector<std::byte> bytes = sample();
  const std::size_t size = bytes.size();
  bytes.resize(size + 5);
  CHECK(RecordBatchView::parse(bytes)->size() == size);
  bytes.resize(size - 1);
  CHECK(RecordBatchView::parse(bytes).error().code == ErrorCode::kCorruptMessage);
  bytes.resize(60);
  CHECK(RecordBatchView::parse(bytes).error().code == ErrorCode::kCorruptMessage);
}

TEST_CASE("a batch is checked from its magic to its last record") {
  std::vector<std::byte> flipped = sample();
  flipped.back() ^= std::byte{1};
  CHECK(RecordBatchView::parse(flipped)->validate().error().code == ErrorCode::kCorruptMessage);

  std::vector<std::byte> old = sample();
  old[batch_at::kMagic] = std::byte{1};
  CHECK(RecordBatchView::parse(old).error().code == ErrorCode::kInvalidRecord);

  std::vector<std::byte> miscounted = sample();
  store_big_endian(miscounted.data() + batch_at::kRecordCount, std::int32_t{2});
  patch_crc(miscounted);
  CHECK(RecordBatchView::parse(miscounted)->validate().error().code == ErrorCode::kInvalidRecord);
  store_big_endian(miscounted.data() + batch_at::kLastOffsetDelta, std::int32_t{1});
  patch_crc(miscounted);
  CHECK(RecordBatchView::parse(miscounted)->validate().error().message ==
        "bytes follow the last record of the batch");

  std::vector<std::byte> codec = sample();
  codec[batch_at::kAttributes + 1] = std::byte{7};
  patch_crc(codec);
  CHECK(RecordBatchView::parse(codec)->validate().error().code == ErrorCode::kCorruptMessage);

  std::vector<std::byte> record = sample();
  record[kRecordBatchOverhead] = std::byte{0x7e};  // the first record claims 63 bytes
  patch_crc(record);
  const Result<void> refused = RecordBatchView::parse(record)->validate();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.rfind("record 0 of 3, byte ", 0) == 0);
}
