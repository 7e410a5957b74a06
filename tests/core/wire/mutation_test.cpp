// Random damage: whatever bytes arrive, reading them ends, with a message or with an error. Run under the
// address sanitizer this also proves that nothing is read out of bounds.
#include "core/base/hex.h"
#include "core/base/prng.h"
#include "core/wire/memory_records_builder.h"
#include "core/wire/record_batch.h"
#include "tests/core/wire/messages.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::wire;

namespace {

constexpr std::size_t kMaxUncompressed = 1u << 20;

void damage(std::vector<std::byte>& bytes, std::size_t from, Prng& prng) {
  for (std::uint64_t hits = 1 + prng.below(4); hits > 0 && bytes.size() > from; --hits) {
    const std::size_t at = from + prng.below(bytes.size() - from);
    switch (prng.below(5)) {
      case 0: bytes[at] = static_cast<std::byte>(prng.next_u32()); break;
      case 1: bytes[at] ^= static_cast<std::byte>(1u << prng.below(8)); break;
      case 2: bytes[at] = std::byte{0xff}; break;
      case 3: bytes.resize(at); break;
      default:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), 1 + prng.below(4), std::byte{0x80});
    }
  }
}

std::vector<std::byte> sample_batch(CompressionType type) {
  std::vector<std::byte> buffer(4000);
  RecordsBuilderOptions options;
  options.write_limit = 4000;
  options.compression = Compression::of(type);
  MemoryRecordsBuilder builder(buffer, options);
  const RecordHeader headers[] = {{"trace", as_bytes("0123456789")}, {"", std::nullopt}};
  for (int i = 0; i < 8; ++i) {
    REQUIRE(builder.append(i, as_bytes("key"), as_bytes("some value"), headers) == AppendResult::kAppended);
  }
  REQUIRE(builder.close());
  return {builder.records().begin(), builder.records().end()};
}

// Reads all there is; returns whether everything was in order.
bool read_batch(const std::vector<std::byte>& bytes) {
  const Result<RecordBatchView> batch = RecordBatchView::parse(bytes);
  if (!batch) return false;
  std::vector<std::byte> storage;
  const Result<Bytes> plain = batch->record_bytes(storage, kMaxUncompressed);
  if (!plain) return false;
  RecordIterator records(batch->header(), *plain);
  RecordView record;
  std::size_t headers = 0;
  while (records.next(record)) headers += record.headers().size();
  return records.ok() && headers <= bytes.size() + plain->size();
}

}  // namespace

TEST_CASE("100,000 damaged frames are read or refused") {
  Prng prng(2026);
  int refused = 0;
  constexpr int kRounds = 100'000;
  for (int i = 0; i < kRounds; ++i) {
    KafkaFrame frame = kafka_frames()[prng.below(kafka_frames().size())];
    damage(frame.bytes, 4, prng);
    refused += !rewrite(frame);
  }
  CHECK(refused > kRounds / 4);
  CHECK(refused < kRounds);
}

TEST_CASE("40,000 damaged record batches are read or refused") {
  Prng prng(7);
  std::vector<std::vector<std::byte>> samples;
  for (int codec = 0; codec < kCompressionTypes; ++codec) {
    samples.push_back(sample_batch(static_cast<CompressionType>(codec)));
    REQUIRE(read_batch(samples.back()));
  }
  int refused = 0;
  constexpr int kRounds = 40'000;
  for (int i = 0; i < kRounds; ++i) {
    std::vector<std::byte> bytes = samples[prng.below(samples.size())];
    // Mostly behind the header, where a damaged CRC would hide everything else.
    damage(bytes, prng.below(4) == 0 ? 0 : batch_at::kAttributes, prng);
    refused += !read_batch(bytes);
  }
  CHECK(refused > kRounds / 4);
  CHECK(refused < kRounds);
}
