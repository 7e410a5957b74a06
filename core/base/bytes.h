// Big-endian writing and safe reading of byte strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"
#include "core/base/uuid.h"

namespace sendscope {

// Stores and loads at an address, most significant byte first.
template <typename Int>
inline void store_big_endian(std::byte* at, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    at[i] = static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * (sizeof(Int) - 1 - i)));
  }
}
template <typename Int>
inline Int load_big_endian(const std::byte* at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i) value = value << 8 | static_cast<std::uint64_t>(at[i]);
  return static_cast<Int>(value);
}

// Foreign memory that belongs into a byte string behind its first `position` own bytes, without being copied.
struct ExternalBytes {
  std::size_t position = 0;
  Bytes bytes;
};

// Appends to a vector the caller owns. With a list of externals, external() only notes the place.
class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::byte>& out, std::vector<ExternalBytes>* externals = nullptr)
      : out_(out), externals_(externals) {}

  void i8(std::int8_t v) { out_.push_back(static_cast<std::byte>(v)); }
  void i16(std::int16_t v) { integer(v); }
  void u16(std::uint16_t v) { integer(v); }
  void i32(std::int32_t v) { integer(v); }
  void u32(std::uint32_t v) { integer(v); }
  void i64(std::int64_t v) { integer(v); }
  void boolean(bool v) { i8(v ? 1 : 0); }
  void uuid(const Uuid& v);
  void unsigned_varint(std::uint32_t v);
  void varint(std::int32_t v);
  void varlong(std::int64_t v);
  void raw(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view text);
  // Like raw(), but the memory may stay where it is; it must then live as long as the result is used.
  void external(Bytes bytes);

  // Own and external bytes in `out` since it was empty.
  std::size_t size() const { return out_.size() + external_size_; }
  // Overwrites 4 own bytes. REQUIRES: they have been written.
  void patch_i32(std::size_t position, std::int32_t v);

 private:
  template <typename Int>
  void integer(Int v) {
    const std::size_t at = out_.size();
    out_.resize(at + sizeof(Int));
    store_big_endian(out_.data() + at, v);
  }

  std::vector<std::byte>& out_;
  std::vector<ExternalBytes>* externals_;
  std::size_t external_size_ = 0;
};

// Reads a byte string somebody else wrote. The first thing that does not fit makes the reader fail for good:
// from then on every read gives zero or nothing, so that callers may check once at the end. It never throws
// and never allocates by a length it has read.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  std::int8_t i8() { return integer<std::int8_t>(); }
  std::int16_t i16() { return integer<std::int16_t>(); }
  std::uint16_t u16() { return integer<std::uint16_t>(); }
  std::int32_t i32() { return integer<std::int32_t>(); }
  std::uint32_t u32() { return integer<std::uint32_t>(); }
  std::int64_t i64() { return integer<std::int64_t>(); }
  bool boolean() { return i8() != 0; }
  Uuid uuid();
  std::uint32_t unsigned_varint();
  std::int32_t varint();
  std::int64_t varlong();
  // A view of the next `count` bytes; empty when there are fewer (the reader has failed then).
  Bytes raw(std::size_t count);
  std::string_view text(std::size_t count);

  bool ok() const { return problem_ == nullptr; }
  // Makes the reader fail here, unless it has failed before. `problem` is a text with static lifetime.
  void fail(const char* problem);
  // kOutOfRange with the place and the problem. REQUIRES: !ok()
  Error error() const;

  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }
  bool at_end() const { return remaining() == 0; }

 private:
  template <typename Int>
  Int integer() {
    if (!need(sizeof(Int))) return 0;
    const Int v = load_big_endian<Int>(bytes_.data() + position_);
    position_ += sizeof(Int);
    return v;
  }
  bool need(std::size_t count);
  std::uint64_t groups(int most, const char* problem);

  Bytes bytes_;
  std::size_t position_ = 0;
  const char* problem_ = nullptr;
};

}  // namespace sendscope
