#include "core/conform/recorded_compressor.h"

#include "core/base/hex.h"
#include "core/wire/memory_records_builder.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::conform;

namespace {

std::vector<std::byte> batch_of(const wire::Compression& compression, const std::string& value) {
  std::vector<std::byte> memory(1'000);
  wire::RecordsBuilderOptions options;
  options.write_limit = memory.size();
  options.compression = compression;
  wire::MemoryRecordsBuilder builder(memory, options);
  builder.append(1, std::nullopt, as_bytes(value), {});
  REQUIRE(builder.close().ok());
  return {builder.records().begin(), builder.records().end()};
}

// Packs as another release of the codec might: with no effort at all.
class OtherRelease final : public wire::Compressor {
 public:
  void compress(const wire::Compression& compression, Bytes records, std::vector<std::byte>& out) override {
    wire::compress({compression.type, 0}, records, out);  // gzip: stored as it is
  }
};

}  // namespace

TEST_CASE("a batch that Kafka packed otherwise is packed as Kafka did, and counted") {
  OtherRelease kafkas;
  const std::string text = "words words words, and words about words; " + std::string(200, 'w');
  wire::Compression compression{wire::CompressionType::kGzip, 9};
  compression.compressor = &kafkas;
  const std::vector<std::byte> theirs = batch_of(compression, text);
  compression.compressor = nullptr;
  REQUIRE(batch_of(compression, text) != theirs);

  RecordedCompressor recorded;
  recorded.learn(theirs, 9);
  recorded.learn(batch_of(compression, "other"), 9);
  compression.compressor = &recorded;
  CHECK(batch_of(compression, text) == theirs);
  batch_of(compression, "other");
  batch_of(compression, "never seen");
  compression.level = 3;  // a level of its own
  batch_of(compression, text);
  const RecordedCompressor::Tally& tally = recorded.tallies()[1];
  CHECK(tally.same == 1);
  CHECK(tally.other == 1);
  CHECK(tally.unknown == 2);
  CHECK(recorded.complaint().empty());
}

TEST_CASE("nothing is learnt of what is no compressed batch") {
  RecordedCompressor recorded;
  std::vector<std::byte> broken = batch_of({wire::CompressionType::kZstd, 3}, "text");
  broken[70] ^= std::byte{0xff};
  recorded.learn(broken, 3);
  recorded.learn({}, 3);
  recorded.learn(batch_of({}, "text"), 0);
  batch_of({wire::CompressionType::kZstd, 3, &recorded}, "text");
  CHECK(recorded.tallies()[4].unknown == 1);
}
