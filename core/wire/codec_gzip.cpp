// GZIP (RFC 1952), with the header Java's GZIPOutputStream writes.
#include <zlib.h>

#include "core/base/bytes.h"
#include "core/wire/codecs.h"

namespace sendscope::wire::codecs {
namespace {

constexpr int kRawWindow = -15;
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;

Bytef* as_zlib(const std::byte* p) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(p)); }

void put_little_endian(Output& out, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(v >> (8 * i)));
}

}  // namespace

void gzip(int level, Bytes in, Output& out) {
  // Magic, deflate, no flags, no time, no extra flags, unknown system: zlib's own header would differ.
  for (const int b : {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}) out.push_back(static_cast<std::byte>(b));
  z_stream stream{};
  SENDSCOPE_CHECK(deflateInit2(&stream, level, Z_DEFLATED, kRawWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) ==
                  Z_OK);
  stream.next_in = as_zlib(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  const std::size_t begin = out.size();
  out.resize(begin + deflateBound(&stream, static_cast<uLong>(in.size())));
  stream.next_out = as_zlib(out.data() + begin);
  stream.avail_out = static_cast<uInt>(out.size() - begin);
  SENDSCOPE_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(begin + stream.total_out);
  deflateEnd(&stream);
  put_little_endian(out,
                    static_cast<std::uint32_t>(crc32(0, as_zlib(in.data()), static_cast<uInt>(in.size()))));
  put_little_endian(out, static_cast<std::uint32_t>(in.size()));
}

const char* gunzip(Bytes in, Output& out, std::size_t max_size) {
  z_stream stream{};
  SENDSCOPE_CHECK(inflateInit2(&stream, kGzipWindow) == Z_OK);
  stream.next_in = as_zlib(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  bool done = false;
  int status = Z_OK;
  const bool fits = grow_until(out, max_size, done, [&](MutableBytes room) {
    stream.next_out = as_zlib(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    status = inflate(&stream, Z_NO_FLUSH);
    done = status != Z_OK;
    return room.size() - stream.avail_out;
  });
  inflateEnd(&stream);
  if (!fits) return kTooLarge;
  return status == Z_STREAM_END ? nullptr : "it is damaged or cut off";
}

}  // namespace sendscope::wire::codecs
