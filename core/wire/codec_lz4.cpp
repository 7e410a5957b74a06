// LZ4 frames with independent blocks of 64 KiB and no checksum but the header's, as Kafka writes them.
#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>

#include <algorithm>
#include <memory>

#include "core/base/bytes.h"
#include "core/wire/codecs.h"

namespace sendscope::wire::codecs {
namespace {

constexpr std::size_t kLz4Block = 64u << 10;
constexpr int kFastLevel = 9;  // Kafka's default level stands for the fast compressor
constexpr std::uint32_t kStored = 0x80000000;
// Magic, flags (version 1, independent blocks), block size 64 KiB, checksum of flags and size.
constexpr int kLz4Header[] = {0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82};

void put_little_endian(std::byte* at, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::byte>(v >> (8 * i));
}

void append_block(int level, Bytes block, Output& out) {
  const std::size_t begin = out.size();
  const int most = LZ4_compressBound(static_cast<int>(block.size()));
  out.resize(begin + 4 + static_cast<std::size_t>(most));
  const char* from = reinterpret_cast<const char*>(block.data());
  char* to = reinterpret_cast<char*>(out.data() + begin + 4);
  const int from_size = static_cast<int>(block.size());
  const int written = level == kFastLevel ? LZ4_compress_default(from, to, from_size, most)
                                          : LZ4_compress_HC(from, to, from_size, most, level);
  auto size = static_cast<std::uint32_t>(written);
  if (size >= block.size()) {
    std::copy(block.begin(), block.end(), out.begin() + static_cast<std::ptrdiff_t>(begin) + 4);
    size = static_cast<std::uint32_t>(block.size());
    put_little_endian(out.data() + begin, size | kStored);
  } else {
    put_little_endian(out.data() + begin, size);
  }
  out.resize(begin + 4 + size);
}

}  // namespace

void lz4(int level, Bytes in, Output& out) {
  for (const int b : kLz4Header) out.push_back(static_cast<std::byte>(b));
  while (!in.empty()) {
    const Bytes block = in.first(std::min(in.size(), kLz4Block));
    in = in.subspan(block.size());
    append_block(level, block, out);
  }
  out.resize(out.size() + 4);  // a block of length 0 ends the frame
}

const char* unlz4(Bytes in, Output& out, std::size_t max_size) {
  LZ4F_dctx* raw = nullptr;
  SENDSCOPE_CHECK(!LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION)));
  const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(
      raw, LZ4F_freeDecompressionContext);
  bool done = false;
  bool whole = false;
  const bool fits = grow_until(out, max_size, done, [&](MutableBytes room) {
    std::size_t written = room.size();
    std::size_t taken = in.size();
    const std::size_t left =
        LZ4F_decompress(context.get(), room.data(), &written, in.data(), &taken, nullptr);
    if (LZ4F_isError(left)) {
      done = true;
      return std::size_t{0};
    }
    in = in.subspan(taken);
    whole = left == 0;
    done = whole || (taken == 0 && written == 0);
    return written;
  });
  if (!fits) return kTooLarge;
  return whole ? nullptr : "it is damaged or cut off";
}

}  // namespace sendscope::wire::codecs
