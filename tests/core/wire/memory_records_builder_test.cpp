#include "core/wire/memory_records_builder.h"

#include "core/base/hex.h"
#include "core/wire/record_batch.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::wire;

namespace {

// A batch that Kafka's own builder wrote; the inputs are in the test below.
constexpr const char* kKafkaBatch =
    "000000000000000000000159ffffffff02d7c997850000000000020000018bcfe445f10000018bcfe447540000000006bd92d100"
    "1d"
    "0000000000000003f20200000002e23ef2a35219a28c7a88243bc0a69d5ea09175aca64f0181330dd55f9afc08096206026b440e"
    "ac"
    "18abd190c5f5f3860a3b806aed14c8cfac0b66488774a5f6490686ab1e55e3251074726163652d69643003b4210b9d320a957e49"
    "f9"
    "eb2b2a5d3e37362b00ea965dca1074726163652d69648201ecd351a2bed45f9da7c74927de0eff4e5f2e0bf732df99d708a213f5"
    "94"
    "63503af5ba296c8620560d8f766fc2d0eefaf28fbc3ebfb6e0557722ad8878d67d20bac51e00ca04020110498c9a660967329000"
    "b6"
    "0100c60504010104026b9a01137425717a39b5d9cd1f191df6247c9fd3388bda9173dee4bc526297e032c21882f41f7a46949d56"
    "52"
    "144a685a8cfceead08b0030535bbe63a38def3b6a209c259f9c3a27bf8a637d549ea0a89026b01";

std::vector<std::byte> bytes_of(std::string_view hex) { return from_hex(hex).value(); }

RecordsBuilderOptions limit(std::size_t bytes) {
  RecordsBuilderOptions options;
  options.write_limit = bytes;
  return options;
}

const std::optional<Bytes> kNull;

}  // namespace

TEST_CASE("a batch has the bytes Kafka gives it") {
  const auto key = bytes_of("e2");
  const auto value = bytes_of("f2a35219a28c7a88243bc0a69d5ea09175aca64f0181330dd55f9afc080962");
  const auto h1 = bytes_of("0eac18abd190c5f5f3860a3b806aed14c8cfac0b66488774a5f6490686ab1e55e325");
  const auto h2 = bytes_of("03b4210b9d320a957e49f9eb2b2a5d3e37362b00ea965dca");
  const auto h3 = bytes_of(
      "ecd351a2bed45f9da7c74927de0eff4e5f2e0bf732df99d708a213f59463503af5ba296c8620560d8f766fc2d0eefaf28fbc3e"
      "bfb6e0"
      "557722ad8878d67d20bac5");
  const auto h4 = bytes_of(
      "137425717a39b5d9cd1f191df6247c9fd3388bda9173dee4bc526297e032c21882f41f7a46949d5652144a685a8cfceead08b0"
      "030535"
      "bbe63a38def3b6a209c259f9c3a27bf8a637d549ea0a89");
  const std::vector<std::byte> too_large(1900);
  const auto value2 = bytes_of("498c9a6609673290");
  const RecordHeader first[] = {{"k", Bytes(h1)}, {"trace-id", Bytes(h2)}, {"trace-id", Bytes(h3)}};
  const RecordHeader third[] = {{"k", Bytes(h4)}, {"k", std::nullopt}};

  std::vector<std::byte> buffer(500);
  RecordsBuilderOptions options = limit(500);
  options.producer = {113087185, 29, 0, false};
  MemoryRecordsBuilder builder(buffer, options);
  CHECK(builder.estimated_size() == 61);
  CHECK(builder.try_append(1699999925745, Bytes(key), Bytes(value), first) == AppendResult::kAppended);
  CHECK(builder.estimated_size() == 248);
  CHECK_FALSE(builder.has_room_for(1699999925769, kNull, Bytes(too_large), {}));
  CHECK(builder.try_append(1699999925769, kNull, Bytes(too_large), {}) == AppendResult::kNoRoom);
  CHECK(builder.try_append(1699999926038, kNull, Bytes(value2), {}) == AppendResult::kAppended);
  CHECK(builder.estimated_size() == 264);
  CHECK(builder.try_append(1699999926100, kNull, kNull, third) == AppendResult::kAppended);
  CHECK(builder.estimated_size() == 357);
  REQUIRE(builder.close());
  CHECK(to_hex(builder.records()) == kKafkaBatch);
  CHECK(builder.records().data() == buffer.data());
  CHECK(builder.compression_ratio() == 1.0f);

  // The rewrite after an epoch bump and back gives the same bytes again.
  REQUIRE(builder.reopen_and_rewrite_producer_state({113087185, 30, 5, false}));
  CHECK_FALSE(builder.is_closed());
  REQUIRE(builder.close());
  CHECK(to_hex(builder.records()) != kKafkaBatch);
  CHECK(RecordBatchView::parse(builder.records())->validate());
  REQUIRE(builder.reopen_and_rewrite_producer_state({113087185, 29, 0, false}));
  REQUIRE(builder.close());
  CHECK(to_hex(builder.records()) == kKafkaBatch);
}

TEST_CASE("one record is taken whatever the limit, and outgrows the buffer") {
  std::vector<std::byte> buffer(10);
  const std::vector<std::byte> value(1000, std::byte{7});
  MemoryRecordsBuilder builder(buffer, limit(0));
  CHECK_FALSE(builder.is_full());
  CHECK(builder.has_room_for(5, kNull, Bytes(value), {}));
  CHECK(builder.try_append(5, kNull, Bytes(value), {}) == AppendResult::kAppended);
  CHECK(builder.is_full());
  CHECK(builder.try_append(5, kNull, kNull, {}) == AppendResult::kNoRoom);
  CHECK(builder.initial_capacity() == 10);
  CHECK(builder.buffer_capacity() > 1000);
  REQUIRE(builder.close());
  const Result<RecordBatchView> batch = RecordBatchView::parse(builder.records());
  REQUIRE(batch);
  CHECK(batch->validate());
  CHECK(batch->header().record_count == 1);
}

TEST_CASE("no record, no bytes") {
  std::vector<std::byte> buffer(100);
  MemoryRecordsBuilder builder(buffer, limit(100));
  REQUIRE(builder.close());
  CHECK(builder.records().empty());
  CHECK(builder.estimated_size() == 0);
  CHECK(builder.set_producer_state({1, 0, 0, false}).error().code == ErrorCode::kIllegalState);
}

TEST_CASE("base and maximum timestamps: the first record's, the largest one") {
  std::vector<std::byte> buffer(500);
  MemoryRecordsBuilder builder(buffer, limit(500));
  for (const std::int64_t t : {50, 20, 90, -1}) {
    CHECK(builder.try_append(t, kNull, kNull, {}) == AppendResult::kAppended);
  }
  CHECK(builder.append(-2, kNull, kNull, {}) == AppendResult::kNegativeTimestamp);
  CHECK(append_error(AppendResult::kNegativeTimestamp).code == ErrorCode::kIllegalArgument);
  REQUIRE(builder.close());
  const RecordBatchView batch = *RecordBatchView::parse(builder.records());
  CHECK(batch.header().base_timestamp == 50);
  CHECK(batch.header().max_timestamp == 90);
  RecordIterator records(batch.header(), batch.payload());
  RecordView record;
  std::vector<std::int64_t> timestamps;
  while (records.next(record)) timestamps.push_back(record.timestamp);
  CHECK(timestamps == std::vector<std::int64_t>{50, 20, 90, -1});
  CHECK(records.at_end());
}

TEST_CASE("where the log sets the time, the batch carries that; the records keep theirs in the deltas") {
  std::vector<std::byte> buffer(500);
  RecordsBuilderOptions options = limit(500);
  options.timestamp_type = TimestampType::kLogAppendTime;
  options.log_append_time = 999;
  MemoryRecordsBuilder builder(buffer, options);
  for (const std::int64_t t : {5, 70, 6}) {
    CHECK(builder.append(t, kNull, kNull, {}) == AppendResult::kAppended);
  }
  REQUIRE(builder.close());
  const RecordBatchView batch = *RecordBatchView::parse(builder.records());
  CHECK(batch.validate());
  CHECK(batch.header().timestamp_type() == TimestampType::kLogAppendTime);
  CHECK(batch.header().max_timestamp == 999);
  CHECK(batch.header().base_timestamp == 5);
  CHECK(builder.last_offset() == 2);
}

TEST_CASE("a builder without room appends all the same when it is told to") {
  std::vector<std::byte> buffer(100);
  const std::vector<std::byte> value(30);
  MemoryRecordsBuilder builder(buffer, limit(100));
  CHECK(builder.append(1, kNull, Bytes(value), {}) == AppendResult::kAppended);
  CHECK_FALSE(builder.is_full());
  CHECK_FALSE(builder.has_room_for(2, kNull, Bytes(value), {}));
  CHECK(builder.append(2, kNull, Bytes(value), {}) == AppendResult::kAppended);
  CHECK(builder.is_full());
  CHECK(builder.append(3, kNull, Bytes(value), {}) == AppendResult::kAppended);
  REQUIRE(builder.close());
  const RecordBatchView batch = *RecordBatchView::parse(builder.records());
  CHECK(batch.validate());
  CHECK(batch.header().record_count == 3);
  CHECK(batch.header().max_timestamp == 3);
}

TEST_CASE("the size is a growing guess while records come, and exact once the batch is closed") {
  const auto codec = static_cast<CompressionType>(GENERATE(range(0, kCompressionTypes)));
  std::vector<std::byte> buffer(10'000);
  RecordsBuilderOptions options = limit(10'000);
  options.compression = Compression::of(codec);
  MemoryRecordsBuilder builder(buffer, options);
  const std::vector<std::byte> value(100, std::byte{3});
  std::size_t guess = builder.estimated_size();
  CHECK(guess == kRecordBatchOverhead);
  for (int i = 0; i < 50; ++i) {
    CHECK(builder.try_append(i, kNull, Bytes(value), {}) == AppendResult::kAppended);
    CHECK(builder.estimated_size() > guess);
    guess = builder.estimated_size();
  }
  REQUIRE(builder.close());
  CHECK(builder.estimated_size() == builder.records().size());
  if (codec == CompressionType::kNone) {
    CHECK(builder.estimated_size() == guess);
    CHECK(builder.compression_ratio() == 1.0f);
  } else {
    CHECK(builder.estimated_size() < guess);
    CHECK(builder.compression_ratio() < 0.5f);
  }
}

TEST_CASE("what a closed or aborted batch still does") {
  std::vector<std::byte> buffer(500);
  MemoryRecordsBuilder closed(buffer, limit(500));
  CHECK(closed.try_append(1, kNull, kNull, {}) == AppendResult::kAppended);
  closed.close_for_appends();
  CHECK(closed.is_full());
  CHECK_FALSE(closed.is_closed());
  CHECK(closed.append(1, kNull, kNull, {}) == AppendResult::kClosed);
  CHECK(closed.set_producer_state({9, -1, 0, false}));
  CHECK(closed.close().error().code == ErrorCode::kIllegalArgument);
  CHECK(closed.set_producer_state({9, 0, -1, false}));
  CHECK(closed.close().error().code == ErrorCode::kIllegalArgument);
  CHECK(closed.set_producer_state({-1, -1, -1, true}));
  CHECK(closed.close().error().code == ErrorCode::kIllegalArgument);
  CHECK(closed.set_producer_state({9, 0, 4, true}));
  CHECK(closed.close());
  CHECK(RecordBatchView::parse(closed.records())->header().is_transactional());

  MemoryRecordsBuilder aborted(buffer, limit(500));
  CHECK(aborted.try_append(1, kNull, kNull, {}) == AppendResult::kAppended);
  aborted.abort();
  CHECK(aborted.is_full());
  CHECK(aborted.append(2, kNull, kNull, {}) == AppendResult::kClosed);
  CHECK(aborted.try_append(2, kNull, kNull, {}) == AppendResult::kNoRoom);
  CHECK(aborted.close().error().code == ErrorCode::kIllegalState);
  CHECK(aborted.reopen_and_rewrite_producer_state({}).error().code == ErrorCode::kIllegalState);
}

TEST_CASE("sizes are foretold") {
  const auto key = bytes_of("0102");
  const RecordHeader headers[] = {{"h", std::nullopt}};
  CHECK(record_size_upper_bound(kNull, kNull, {}) == 21 + 3);
  CHECK(batch_size_upper_bound(Bytes(key), kNull, headers) == 61 + 21 + (1 + 2) + 1 + 1 + (1 + 1 + 1));
  CHECK(record_size(0, 0, kNull, kNull, {}) == 7);
  const std::vector<std::byte> value(100);
  std::vector<std::byte> buffer(5000);
  MemoryRecordsBuilder builder(buffer, limit(5000));
  std::size_t expected = kRecordBatchOverhead;
  for (int i = 0; i < 40; ++i) {
    expected += record_size(i, 3 * i, Bytes(key), Bytes(value), headers);
    CHECK(builder.append(100 + 3 * i, Bytes(key), Bytes(value), headers) == AppendResult::kAppended);
    CHECK(builder.estimated_size() == expected);
  }
}
