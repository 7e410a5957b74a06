// The codecs of record batches. Kafka: CompressionType, Compression.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"

namespace sendscope::wire {

// The numbers are those in a batch's attributes.
enum class CompressionType : std::int8_t { kNone = 0, kGzip = 1, kSnappy = 2, kLz4 = 3, kZstd = 4 };

inline constexpr int kCompressionTypes = 5;

// "none", "gzip", "snappy", "lz4", "zstd": the values of compression.type.
std::string_view compression_name(CompressionType type);
std::optional<CompressionType> find_compression(std::string_view name);

// What is used where compression.<codec>.level is not set.
int default_compression_level(CompressionType type);
struct CompressionLevels {
  int min;
  int max;
};
// The range compression.<codec>.level may have. REQUIRES: gzip, lz4 or zstd
CompressionLevels compression_levels(CompressionType type);

struct Compression;

// Packs the records of batches. Thread-safety: compress() from any thread.
class Compressor {
 public:
  virtual ~Compressor() = default;
  // Appends the compressed form of `records` to `out`. REQUIRES: compression.type is not kNone
  virtual void compress(const Compression& compression, Bytes records, std::vector<std::byte>& out) = 0;
};

struct Compression {
  CompressionType type = CompressionType::kNone;
  int level = 0;                     // ignored by none and snappy
  Compressor* compressor = nullptr;  // null: compress() below. Outlives every batch

  static Compression of(CompressionType type) { return {type, default_compression_level(type)}; }
};

// Appends the compressed form of `records` to `out`. REQUIRES: compression.type is not kNone
void compress(const Compression& compression, Bytes records, std::vector<std::byte>& out);

// The records inside a compressed batch. Fails with kCorruptMessage on bytes the codec does not take, and
// when more than `max_size` bytes would come out.
Result<std::vector<std::byte>> decompress(CompressionType type, Bytes bytes, std::size_t max_size);

}  // namespace sendscope::wire
