#include "core/wire/compression.h"

#include "core/wire/codecs.h"

namespace sendscope::wire {
namespace {

struct Row {
  std::string_view name;
  int default_level;
  CompressionLevels levels;
  const char* (*decompress)(Bytes, codecs::Output&, std::size_t);
};

constexpr Row kRows[kCompressionTypes] = {
    {"none", 0, {0, 0}, nullptr},
    {"gzip", -1, {1, 9}, codecs::gunzip},
    {"snappy", 0, {0, 0}, codecs::unsnappy},
    {"lz4", 9, {1, 17}, codecs::unlz4},
    {"zstd", 3, {-131072, 22}, codecs::unzstd},
};

const Row& row(CompressionType type) { return kRows[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view compression_name(CompressionType type) { return row(type).name; }

std::optional<CompressionType> find_compression(std::string_view name) {
  for (int i = 0; i < kCompressionTypes; ++i) {
    if (kRows[i].name == name) return static_cast<CompressionType>(i);
  }
  return std::nullopt;
}

int default_compression_level(CompressionType type) { return row(type).default_level; }

CompressionLevels compression_levels(CompressionType type) { return row(type).levels; }

void compress(const Compression& compression, Bytes records, std::vector<std::byte>& out) {
  switch (compression.type) {
    case CompressionType::kNone: SENDSCOPE_CHECK(false); break;
    case CompressionType::kGzip: codecs::gzip(compression.level, records, out); break;
    case CompressionType::kSnappy: codecs::snappy(records, out); break;
    case CompressionType::kLz4: codecs::lz4(compression.level, records, out); break;
    case CompressionType::kZstd: codecs::zstd(compression.level, records, out); break;
  }
}

Result<std::vector<std::byte>> decompress(CompressionType type, Bytes bytes, std::size_t max_size) {
  if (type == CompressionType::kNone) return std::vector<std::byte>(bytes.begin(), bytes.end());
  std::vector<std::byte> out;
  const char* problem = row(type).decompress(bytes, out, max_size);
  if (problem == nullptr) return out;
  return Error(ErrorCode::kCorruptMessage,
               "the batch's " + std::string(row(type).name) + " data cannot be read: " + problem);
}

}  // namespace sendscope::wire
