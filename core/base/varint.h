// Base-128 integers, low groups first. The signed ones map -1, 1, -2 to 1, 2, 3 (zig-zag) before they are cut
// into groups. An int takes at most 5 bytes, a long 10.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sendscope {

inline constexpr int kMaxVarintBytes = 5;
inline constexpr int kMaxVarlongBytes = 10;

constexpr std::uint32_t zigzag(std::int32_t v) {
  return (static_cast<std::uint32_t>(v) << 1) ^ static_cast<std::uint32_t>(v >> 31);
}
constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int32_t unzigzag(std::uint32_t v) {
  return static_cast<std::int32_t>((v >> 1) ^ (0u - (v & 1)));
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>((v >> 1) ^ (std::uint64_t{0} - (v & 1)));
}

// Number of bytes of an unsigned value.
constexpr int unsigned_varint_size(std::uint64_t v) {
  // Nearly all are short, and a branch foretold is quicker than counting leading zeros.
  int size = 1;
  for (; v >= 0x80; v >>= 7) ++size;
  return size;
}
constexpr int varint_size(std::int32_t v) { return unsigned_varint_size(zigzag(v)); }
constexpr int varlong_size(std::int64_t v) { return unsigned_varint_size(zigzag(v)); }

// Writes at `out` and returns the first byte behind. REQUIRES: room for what the size function says.
inline std::byte* put_unsigned_varint(std::byte* out, std::uint64_t v) {
  while (v >= 0x80) {
    *out++ = static_cast<std::byte>(v | 0x80);
    v >>= 7;
  }
  *out++ = static_cast<std::byte>(v);
  return out;
}
inline std::byte* put_varint(std::byte* out, std::int32_t v) { return put_unsigned_varint(out, zigzag(v)); }
inline std::byte* put_varlong(std::byte* out, std::int64_t v) { return put_unsigned_varint(out, zigzag(v)); }

}  // namespace sendscope
