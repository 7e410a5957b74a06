// One pair of functions a codec, behind compression.h. Each writes the stream Kafka writes.
#pragma once

#include <optional>
#include <vector>

#include "core/base/types.h"

namespace sendscope::wire::codecs {

using Output = std::vector<std::byte>;

// Decompressors return nullptr, or a text with static lifetime that says what is wrong. They never write more
// than `max_size` bytes.
void gzip(int level, Bytes in, Output& out);
const char* gunzip(Bytes in, Output& out, std::size_t max_size);

void snappy(Bytes in, Output& out);
const char* unsnappy(Bytes in, Output& out, std::size_t max_size);

void lz4(int level, Bytes in, Output& out);
const char* unlz4(Bytes in, Output& out, std::size_t max_size);

void zstd(int level, Bytes in, Output& out);
const char* unzstd(Bytes in, Output& out, std::size_t max_size);

inline constexpr const char* kTooLarge = "it grows beyond the limit";

// Runs `step(MutableBytes room) -> bytes written` with ever more room at the end of `out`, until step says it
// is done by setting its flag, or the limit is passed. Returns false at the limit.
template <typename Step>
bool grow_until(Output& out, std::size_t max_size, bool& done, Step step) {
  constexpr std::size_t kChunk = 64u << 10;
  while (!done) {
    if (out.size() > max_size) return false;
    const std::size_t used = out.size();
    out.resize(used + kChunk);
    out.resize(used + step(MutableBytes(out).subspan(used)));
  }
  return out.size() <= max_size;
}

}  // namespace sendscope::wire::codecs
