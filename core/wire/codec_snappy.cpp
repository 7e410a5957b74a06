// Snappy in the framing of snappy-java, which Kafka uses: a header, then blocks with their length.
#include <snappy.h>

#include <algorithm>

#include "core/base/bytes.h"
#include "core/wire/codecs.h"

namespace sendscope::wire::codecs {
namespace {

constexpr std::size_t kSnappyBlock = 32u << 10;
constexpr int kSnappyMagic[] = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
constexpr std::size_t kSnappyHeader = 16;  // magic, version, lowest compatible version

const char* as_chars(const std::byte* p) { return reinterpret_cast<const char*>(p); }

bool has_header(Bytes in) {
  return in.size() >= kSnappyHeader && std::equal(std::begin(kSnappyMagic), std::end(kSnappyMagic), in.begin(),
                                            [](int a, std::byte b) { return a == static_cast<int>(b); });
}

const char* append_block(Bytes block, Output& out, std::size_t max_size) {
  std::size_t size = 0;
  if (!::snappy::GetUncompressedLength(as_chars(block.data()), block.size(), &size))
    return "a block is damaged";
  if (size > max_size - out.size()) return kTooLarge;
  // The length is only a claim until the block proves to hold it.
  if (!::snappy::IsValidCompressedBuffer(as_chars(block.data()), block.size())) return "a block is damaged";
  const std::size_t begin = out.size();
  out.resize(begin + size);
  char* to = reinterpret_cast<char*>(out.data() + begin);
  return ::snappy::RawUncompress(as_chars(block.data()), block.size(), to) ? nullptr : "a block is damaged";
}

}  // namespace

void snappy(Bytes in, Output& out) {
  ByteWriter writer(out);
  for (const int b : kSnappyMagic) writer.i8(static_cast<std::int8_t>(b));
  writer.i32(1);
  writer.i32(1);
  while (!in.empty()) {
    const Bytes block = in.first(std::min(in.size(), kSnappyBlock));
    in = in.subspan(block.size());
    const std::size_t length_at = out.size();
    writer.i32(0);
    const std::size_t begin = out.size();
    out.resize(begin + ::snappy::MaxCompressedLength(block.size()));
    std::size_t size = 0;
    ::snappy::RawCompress(as_chars(block.data()), block.size(), reinterpret_cast<char*>(out.data() + begin),
                          &size);
    out.resize(begin + size);
    writer.patch_i32(length_at, static_cast<std::int32_t>(size));
  }
}

const char* unsnappy(Bytes in, Output& out, std::size_t max_size) {
  if (!has_header(in)) return append_block(in, out, max_size);  // without framing, as other clients write it
  ByteReader reader(in.subspan(kSnappyHeader));
  while (!reader.at_end()) {
    const std::int32_t size = reader.i32();
    if (size < 0) return "a block has a negative length";
    const Bytes block = reader.raw(static_cast<std::size_t>(size));
    if (!reader.ok()) return "it is cut off";
    if (const char* problem = append_block(block, out, max_size)) return problem;
  }
  return nullptr;
}

}  // namespace sendscope::wire::codecs
