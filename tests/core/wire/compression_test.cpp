#include "core/wire/compression.h"

#include "core/base/hex.h"
#include "core/base/prng.h"
#include "core/wire/compression_ratio_estimator.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::wire;

namespace {

constexpr CompressionType kCodecs[] = {CompressionType::kGzip, CompressionType::kSnappy,
                                       CompressionType::kLz4, CompressionType::kZstd};

std::vector<std::byte> text(std::size_t size, std::uint32_t letters) {
  Prng prng(size);
  std::vector<std::byte> bytes(size);
  for (std::byte& b : bytes) b = static_cast<std::byte>(prng.below(letters));
  return bytes;
}

}  // namespace

TEST_CASE("what is compressed comes back, small, large, regular, random") {
  for (const CompressionType type : kCodecs) {
    for (const std::size_t size : {1, 100, 32'768, 65'536, 65'537, 300'000}) {
      for (const std::uint32_t letters : {1u, 3u, 256u}) {
        const std::vector<std::byte> in = text(size, letters);
        std::vector<std::byte> packed;
        compress(Compression::of(type), in, packed);
        INFO(compression_name(type) << " " << size << " " << letters);
        if (letters == 1 && size > 100) CHECK(packed.size() < size / 10);
        const Result<std::vector<std::byte>> back = decompress(type, packed, size);
        if (!back) FAIL(back.error().message);
        CHECK(*back == in);
        CHECK_FALSE(decompress(type, packed, size - 1));
        packed.resize(packed.size() / 2);
        CHECK_FALSE(decompress(type, packed, size));
      }
    }
  }
}

TEST_CASE("the streams begin as Kafka's do") {
  const std::vector<std::byte> in = text(500, 4);
  const char* begins[] = {"1f8b08000000000000ff", "82534e41505059000000000100000001", "04224d18604082",
                          "28b52ffd00"};
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<std::byte> packed;
    compress(Compression::of(kCodecs[i]), in, packed);
    CHECK(to_hex(packed).rfind(begins[i], 0) == 0);
  }
}

TEST_CASE("codecs have Kafka's names and levels") {
  for (int i = 0; i < kCompressionTypes; ++i) {
    const auto type = static_cast<CompressionType>(i);
    CHECK(find_compression(compression_name(type)) == type);
  }
  CHECK_FALSE(find_compression("brotli"));
  CHECK(compression_levels(CompressionType::kLz4).max == 17);
  CHECK(default_compression_level(CompressionType::kZstd) == 3);
}

TEST_CASE("the ratio estimate rises fast and falls slowly, by topic and codec") {
  CompressionRatioEstimator estimator;
  const auto gzip = CompressionType::kGzip;
  CHECK(estimator.estimation("t", gzip) == 1.0f);
  CHECK(estimator.update("t", gzip, 0.5f) == 1.0f - 0.005f);
  CHECK(estimator.update("t", gzip, 0.994f) == 0.994f);
  CHECK(estimator.update("t", gzip, 0.995f) == 0.994f + 0.05f);
  CHECK(estimator.update("t", gzip, 1.5f) == 1.5f);
  CHECK(estimator.update("t", gzip, 1.5f) == 1.5f);
  CHECK(estimator.estimation("u", gzip) == 1.0f);
  CHECK(estimator.estimation("t", CompressionType::kZstd) == 1.0f);
  estimator.set("t", gzip, 1.25f);
  CHECK(estimator.estimation("t", gzip) == 1.25f);
}
