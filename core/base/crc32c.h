// CRC-32C (Castagnoli), the checksum of record batches. Uses the processor's instruction where it has one.
#pragma once

#include <cstdint>

#include "core/base/types.h"

namespace sendscope {

// crc32c(b, crc32c(a)) is the checksum of a followed by b.
std::uint32_t crc32c(Bytes bytes, std::uint32_t previous = 0);

// The same by table, on every processor; for tests and comparisons.
std::uint32_t crc32c_portable(Bytes bytes, std::uint32_t previous = 0);

}  // namespace sendscope
