#include "core/base/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace sendscope {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // Castagnoli, reflected
constexpr int kLanes = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, kLanes>;

// tables[k][b]: what byte b does to the checksum when k more bytes follow it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][b] = crc;
  }
  for (std::size_t k = 1; k < kLanes; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint32_t by_table(const std::byte* at, std::size_t size, std::uint32_t crc) {
  for (; size >= kLanes; size -= kLanes, at += kLanes) {
    std::uint32_t next = 0;
    for (int i = 0; i < kLanes; ++i) {
      const auto byte = static_cast<std::uint32_t>(at[i]);
      const std::uint32_t mixed = i < 4 ? byte ^ (crc >> (8 * i) & 0xff) : byte;
      next ^= kTables[static_cast<std::size_t>(kLanes - 1 - i)][mixed];
    }
    crc = next;
  }
  for (; size > 0; --size, ++at)
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<std::uint32_t>(*at)) & 0xff];
  return crc;
}

#if defined(__x86_64__)

// One crc32 instruction waits 3 cycles for the one before it, so long inputs run as three independent streams
// that are put together at the end. kShift moves a checksum over the bytes of one stream.
constexpr std::size_t kStream = 1024;

using ShiftTable = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr std::uint32_t shift_by_zeros(std::uint32_t crc, std::size_t bytes, const Tables& tables) {
  for (; bytes > 0; --bytes) crc = (crc >> 8) ^ tables[0][crc & 0xff];
  return crc;
}

// Shifting is linear: the images of the 32 single bits give those of all bytes in all positions.
constexpr ShiftTable make_shift_table() {
  ShiftTable table{};
  for (std::size_t lane = 0; lane < 4; ++lane) {
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const std::uint32_t image = shift_by_zeros(1u << (8 * lane + bit), kStream, kTables);
      for (std::size_t b = 0; b < 256; ++b) {
        if ((b >> bit & 1) != 0) table[lane][b] ^= image;
      }
    }
  }
  return table;
}

constexpr ShiftTable kShift = make_shift_table();

std::uint64_t shift(std::uint64_t crc) {
  return kShift[0][crc & 0xff] ^ kShift[1][crc >> 8 & 0xff] ^ kShift[2][crc >> 16 & 0xff] ^
         kShift[3][crc >> 24 & 0xff];
}

std::uint64_t load_word(const std::byte* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

__attribute__((target("sse4.2"))) std::uint32_t by_instruction(const std::byte* at, std::size_t size,
                                                               std::uint32_t start) {
  std::uint64_t crc = start;
  for (; size >= 3 * kStream; size -= 3 * kStream, at += 3 * kStream) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t i = 0; i < kStream; i += 8) {
      crc = _mm_crc32_u64(crc, load_word(at + i));
      second = _mm_crc32_u64(second, load_word(at + kStream + i));
      third = _mm_crc32_u64(third, load_word(at + 2 * kStream + i));
    }
    crc = shift(shift(crc) ^ second) ^ third;
  }
  for (; size >= 8; size -= 8, at += 8) crc = _mm_crc32_u64(crc, load_word(at));
  for (; size > 0; --size, ++at) {
    crc = _mm_crc32_u8(static_cast<std::uint32_t>(crc), static_cast<std::uint8_t>(*at));
  }
  return static_cast<std::uint32_t>(crc);
}

#endif

using Function = std::uint32_t (*)(const std::byte*, std::size_t, std::uint32_t);

Function best_function() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return by_instruction;
#endif
  return by_table;
}

}  // namespace

std::uint32_t crc32c(Bytes bytes, std::uint32_t previous) {
  static const Function function = best_function();
  return ~function(bytes.data(), bytes.size(), ~previous);
}

std::uint32_t crc32c_portable(Bytes bytes, std::uint32_t previous) {
  return ~by_table(bytes.data(), bytes.size(), ~previous);
}

}  // namespace sendscope
