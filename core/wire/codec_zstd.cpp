// Zstandard, as a stream whose length is not known beforehand: so the frame carries no content size.
#include <zstd.h>

#include <memory>

#include "core/base/check.h"
#include "core/wire/codecs.h"

namespace sendscope::wire::codecs {

void zstd(int level, Bytes in, Output& out) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  const std::size_t begin = out.size();
  out.resize(begin + ZSTD_compressBound(in.size()) + 64);
  ZSTD_outBuffer to{out.data() + begin, out.size() - begin, 0};
  ZSTD_inBuffer from{in.data(), in.size(), 0};
  // Ending in the same call would tell the library the length.
  while (from.pos < from.size) {
    SENDSCOPE_CHECK(!ZSTD_isError(ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_continue)));
  }
  ZSTD_inBuffer nothing{nullptr, 0, 0};
  // Java's stream is flushed before it is closed, which leaves an empty last block.
  SENDSCOPE_CHECK(ZSTD_compressStream2(context.get(), &to, &nothing, ZSTD_e_flush) == 0);
  SENDSCOPE_CHECK(ZSTD_compressStream2(context.get(), &to, &nothing, ZSTD_e_end) == 0);
  out.resize(begin + to.pos);
}

const char* unzstd(Bytes in, Output& out, std::size_t max_size) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  ZSTD_inBuffer from{in.data(), in.size(), 0};
  bool done = false;
  bool whole = false;
  const bool fits = grow_until(out, max_size, done, [&](MutableBytes room) {
    ZSTD_outBuffer to{room.data(), room.size(), 0};
    const std::size_t taken_before = from.pos;
    const std::size_t left = ZSTD_decompressStream(context.get(), &to, &from);
    if (ZSTD_isError(left)) {
      done = true;
      return std::size_t{0};
    }
    whole = left == 0;
    done = whole || (from.pos == taken_before && to.pos == 0);
    return to.pos;
  });
  if (!fits) return kTooLarge;
  return whole ? nullptr : "it is damaged or cut off";
}

}  // namespace sendscope::wire::codecs
