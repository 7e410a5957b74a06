// Brokers look into compressed batches: every codec, bytes that are none, codecs that do not exist.
#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

std::vector<std::byte> compressed_batch(wire::CompressionType type, int records = 20) {
  std::vector<std::byte> memory(1 << 16);
  wire::RecordsBuilderOptions options;
  options.write_limit = memory.size();
  options.compression = wire::Compression::of(type);
  wire::MemoryRecordsBuilder builder(memory, options);
  const std::vector<std::byte> value(50, std::byte{'v'});
  for (int i = 0; i < records; ++i) {
    REQUIRE(builder.append(1, std::nullopt, Bytes(value), {}) == wire::AppendResult::kAppended);
  }
  REQUIRE(builder.close().ok());
  const Bytes bytes = builder.records();
  return {bytes.begin(), bytes.end()};
}

// Changes bytes behind the CRC and makes it right again.
void reseal(std::vector<std::byte>& batch) {
  const auto view = wire::RecordBatchView::parse(batch);
  REQUIRE(view.ok());
  store_big_endian(batch.data() + 17, view->computed_crc());
}

wire::ProducePartitionResponse stored(BrokerFixture& f, const std::vector<std::byte>& batch,
                                      std::int16_t version = 12) {
  const auto answer = f.ask<wire::ProduceResponse>(f.connect(1), produce_request(batch), version);
  return answer.topics.at(0).partitions.at(0);
}

}  // namespace

TEST_CASE("batches of every codec are looked into and stored; zstd from version 7 on") {
  BrokerFixture f;
  for (int codec = 1; codec < wire::kCompressionTypes; ++codec) {
    const auto batch = compressed_batch(static_cast<wire::CompressionType>(codec));
    CHECK(stored(f, batch).error_code == 0);
  }
  CHECK(f.broker(1).replica(0).log.end_offset() == 80);
  const auto zstd = compressed_batch(wire::CompressionType::kZstd);
  CHECK(stored(f, zstd, 6).error_code == code(ErrorCode::kUnsupportedCompressionType));
}

TEST_CASE("compressed bytes that are none are a corrupt message; a codec that does not exist is no such") {
  BrokerFixture f;
  for (int codec = 1; codec < wire::kCompressionTypes; ++codec) {
    auto batch = compressed_batch(static_cast<wire::CompressionType>(codec));
    for (std::size_t i = wire::kRecordBatchOverhead; i < batch.size(); ++i) batch[i] ^= std::byte{0x5a};
    CHECK(stored(f, batch).error_code == code(ErrorCode::kCorruptMessage));
    reseal(batch);
    CHECK(stored(f, batch).error_code == code(ErrorCode::kCorruptMessage));
  }
  auto unknown = make_batch(1);
  unknown[22] = std::byte{6};
  reseal(unknown);
  CHECK(stored(f, unknown).error_code == code(ErrorCode::kUnknownServerError));
  CHECK(f.broker(1).replica(0).log.end_offset() == 0);
}

TEST_CASE("the count in the header must be that of the compressed records") {
  BrokerFixture f;
  auto batch = compressed_batch(wire::CompressionType::kLz4, 3);
  store_big_endian<std::int32_t>(batch.data() + 23, 3);
  store_big_endian<std::int32_t>(batch.data() + 57, 4);
  reseal(batch);
  CHECK(stored(f, batch).error_code == code(ErrorCode::kInvalidRecord));
}

TEST_CASE("a topic's compression.type decides what the log stores, and that must fit, too") {
  const auto size_in = [](std::optional<wire::CompressionType> topic, wire::CompressionType sent,
                          std::int32_t limit = 0) {
    Scenario scenario = base_scenario();
    scenario.cluster.topics[0].compression = topic;
    scenario.cluster.topics[0].max_message_bytes = limit;
    BrokerFixture f(scenario);
    const auto answer = stored(f, compressed_batch(sent));
    const PartitionLog& log = f.broker(1).replica(0).log;
    if (answer.error_code != 0) {
      CHECK(answer.error_code == code(ErrorCode::kMessageTooLarge));
      CHECK(log.end_offset() == 0);
      return -1;
    }
    return log.begin()->bytes;
  };
  using enum wire::CompressionType;
  const int plain = size_in(std::nullopt, kNone);
  CHECK(plain == static_cast<int>(compressed_batch(kNone).size()));
  for (const wire::CompressionType codec : {kGzip, kSnappy, kLz4, kZstd}) {
    const int packed = static_cast<int>(compressed_batch(codec).size());
    CHECK(packed < plain);
    CHECK(size_in(std::nullopt, codec) == packed);
    CHECK(size_in(codec, codec) == packed);
    CHECK(size_in(codec, kNone) == packed);
    CHECK(size_in(codec, codec == kGzip ? kLz4 : kGzip) == packed);
    CHECK(size_in(kNone, codec) == plain);
    CHECK(size_in(kNone, codec, plain) == plain);
    CHECK(size_in(kNone, codec, plain - 1) ==
          -1);  // small enough as it came, too large as it would be stored
  }
}

TEST_CASE("a client's batch must not claim the broker's append time") {
  BrokerFixture f;
  auto batch = make_batch(2);
  batch[22] |= std::byte{8};
  reseal(batch);
  CHECK(stored(f, batch).error_code == code(ErrorCode::kInvalidTimestamp));
}

TEST_CASE("message.max.bytes can be set while brokers run") {
  BrokerFixture f;
  const auto batch = make_batch(20);
  CHECK(stored(f, batch).error_code == 0);
  f.cluster.world().config.message_max_bytes = 100;
  CHECK(stored(f, batch).error_code == code(ErrorCode::kMessageTooLarge));
}

}  // namespace sendscope::sim
