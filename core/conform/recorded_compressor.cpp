#include "core/conform/recorded_compressor.h"

#include <algorithm>

namespace sendscope::conform {

RecordedCompressor::Key RecordedCompressor::key_of(wire::CompressionType type, int level, Bytes records) {
  if (type == wire::CompressionType::kSnappy) level = 0;
  return {type, level, std::string(reinterpret_cast<const char*>(records.data()), records.size())};
}

void RecordedCompressor::learn(Bytes batch, int level) {
  const Result<wire::RecordBatchView> view = wire::RecordBatchView::parse(batch);
  if (!view || view->header().codec() == 0 || view->header().codec() >= wire::kCompressionTypes) return;
  std::vector<std::byte> storage;
  const Result<Bytes> records = view->record_bytes(storage);
  if (!records) return;
  const auto type = static_cast<wire::CompressionType>(view->header().codec());
  packed_.try_emplace(key_of(type, level, *records), view->payload().begin(), view->payload().end());
}

void RecordedCompressor::compress(const wire::Compression& compression, Bytes records,
                                  std::vector<std::byte>& out) {
  const wire::CompressionType type = compression.type;
  std::vector<std::byte> ours;
  wire::compress(compression, records, ours);
  Tally& tally = tallies_[static_cast<std::size_t>(type)];
  const auto known = packed_.find(key_of(type, compression.level, records));
  if (known != packed_.end() && known->second == ours) {
    ++tally.same;
  } else {
    ++(known == packed_.end() ? tally.unknown : tally.other);
    const Result<std::vector<std::byte>> back = wire::decompress(type, ours, records.size());
    if (!back || !std::equal(back->begin(), back->end(), records.begin(), records.end()))
      complaint_ = std::string(wire::compression_name(type)) + " does not unpack to what was packed";
  }
  const std::vector<std::byte>& chosen = known == packed_.end() ? ours : known->second;
  out.insert(out.end(), chosen.begin(), chosen.end());
}

}  // namespace sendscope::conform
