#include "core/base/bytes.h"

#include "core/base/varint.h"

namespace sendscope {

void ByteWriter::uuid(const Uuid& v) {
  integer(v.high);
  integer(v.low);
}

void ByteWriter::unsigned_varint(std::uint32_t v) {
  std::byte groups[kMaxVarintBytes];
  raw(Bytes(groups, put_unsigned_varint(groups, v)));
}

void ByteWriter::varint(std::int32_t v) { unsigned_varint(zigzag(v)); }

void ByteWriter::varlong(std::int64_t v) {
  std::byte groups[kMaxVarlongBytes];
  raw(Bytes(groups, put_varlong(groups, v)));
}

void ByteWriter::text(std::string_view text) {
  raw({reinterpret_cast<const std::byte*>(text.data()), text.size()});
}

void ByteWriter::external(Bytes bytes) {
  if (externals_ == nullptr) return raw(bytes);
  if (bytes.empty()) return;
  externals_->push_back({out_.size(), bytes});
  external_size_ += bytes.size();
}

void ByteWriter::patch_i32(std::size_t position, std::int32_t v) {
  SENDSCOPE_CHECK(position + 4 <= out_.size());
  store_big_endian(out_.data() + position, v);
}

bool ByteReader::need(std::size_t count) {
  if (problem_ != nullptr) return false;
  if (count <= remaining()) return true;
  fail("the bytes end too early");
  return false;
}

void ByteReader::fail(const char* problem) {
  if (problem_ == nullptr) problem_ = problem;
}

Error ByteReader::error() const {
  SENDSCOPE_CHECK(!ok());
  return Error(ErrorCode::kOutOfRange, "byte " + std::to_string(position_) + " of " +
                                           std::to_string(bytes_.size()) + ": " + problem_);
}

Uuid ByteReader::uuid() {
  const auto high = static_cast<std::uint64_t>(i64());
  const auto low = static_cast<std::uint64_t>(i64());
  return ok() ? Uuid{high, low} : Uuid{};
}

std::uint64_t ByteReader::groups(int most, const char* problem) {
  std::uint64_t value = 0;
  for (int i = 0; i < most; ++i) {
    if (!need(1)) return 0;
    const auto group = static_cast<std::uint64_t>(bytes_[position_++]);
    value |= (group & 0x7f) << (7 * i);
    if ((group & 0x80) == 0) return value;
  }
  fail(problem);
  return 0;
}

std::uint32_t ByteReader::unsigned_varint() {
  return static_cast<std::uint32_t>(groups(5, "a varint has more than 5 bytes"));
}

std::int32_t ByteReader::varint() { return unzigzag(unsigned_varint()); }

std::int64_t ByteReader::varlong() { return unzigzag(groups(10, "a varlong has more than 10 bytes")); }

Bytes ByteReader::raw(std::size_t count) {
  if (!need(count)) return {};
  const Bytes bytes = bytes_.subspan(position_, count);
  position_ += count;
  return bytes;
}

std::string_view ByteReader::text(std::size_t count) {
  const Bytes bytes = raw(count);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace sendscope
