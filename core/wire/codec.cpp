#include "core/wire/codec.h"

namespace sendscope::wire {

void Encoder::operator()(const std::string& v) {
  const std::string_view text = std::string_view(v).substr(0, kMaxStringBytes);
  if (flexible_) {
    out_.unsigned_varint(static_cast<std::uint32_t>(text.size() + 1));
  } else {
    out_.i16(static_cast<std::int16_t>(text.size()));
  }
  out_.text(text);
}

void Encoder::operator()(const std::optional<std::string>& v) {
  if (v) return (*this)(*v);
  flexible_ ? out_.unsigned_varint(0) : out_.i16(-1);
}

void Encoder::operator()(const std::optional<Bytes>& v) {
  if (!v) return null_count();
  count(v->size());
  out_.external(*v);
}

void Encoder::count(std::size_t n) {
  flexible_ ? out_.unsigned_varint(static_cast<std::uint32_t>(n + 1))
            : out_.i32(static_cast<std::int32_t>(n));
}

void Encoder::null_count() { flexible_ ? out_.unsigned_varint(0) : out_.i32(-1); }

std::optional<std::size_t> Decoder::string_length() {
  if (!flexible_) {
    const std::int16_t length = in_.i16();
    if (length < 0 || !in_.ok()) return std::nullopt;
    return length;
  }
  const std::uint32_t length = in_.unsigned_varint();
  if (length == 0 || !in_.ok()) return std::nullopt;
  if (length - 1 <= kMaxStringBytes) return length - 1;
  in_.fail("a string has more than 32767 bytes");
  return std::nullopt;
}

void Decoder::operator()(std::string& v) {
  const std::optional<std::size_t> length = string_length();
  if (!length && in_.ok()) in_.fail("a string that must not be null is null");
  v = in_.text(length.value_or(0));
}

void Decoder::operator()(std::optional<std::string>& v) {
  v.reset();
  if (const std::optional<std::size_t> length = string_length()) v = in_.text(*length);
}

void Decoder::operator()(std::optional<Bytes>& v) {
  v.reset();
  if (const std::optional<std::size_t> length = count()) v = in_.raw(*length);
}

std::optional<std::size_t> Decoder::count() {
  std::optional<std::size_t> n;
  if (flexible_) {
    const std::uint32_t stored = in_.unsigned_varint();
    if (stored > 0) n = stored - 1;
  } else {
    const std::int32_t stored = in_.i32();
    if (stored >= 0) n = static_cast<std::size_t>(stored);
  }
  if (!in_.ok()) return std::nullopt;
  if (!n || *n <= in_.remaining()) return n;
  in_.fail("a length is larger than what is left");
  return std::nullopt;
}

Error decode_error(const ByteReader& in, ApiKey api, std::string_view what, std::int16_t version) {
  Error error = in.error();
  error.message = std::string(api_row(api).name) + " " + std::string(what) + " version " +
                  std::to_string(version) + ", " + error.message;
  return error;
}

}  // namespace sendscope::wire
