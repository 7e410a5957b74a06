// How message fields stand on the wire, once for writing and once for reading.
//
// A message's layout is one generic function, called with an Encoder or with a Decoder:
//   constexpr auto fields = [](auto& c, auto& m, int version) {
//     c(m.error_code);
//     c.array(m.topics, [&](auto& topic) { ... });
//     c.tags();
//   };
// Plain versions have strings and arrays with fixed-size lengths; flexible ones have compact lengths and a
// section of tagged fields at the end of every struct (KIP-482).
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

// A tagged field. `present` counts when writing: a field with its default value is left out.
template <typename Fields>
struct Tag {
  std::uint32_t number;
  bool present;
  Fields fields;  // called with a codec
};
template <typename Fields>
Tag(std::uint32_t, bool, Fields) -> Tag<Fields>;

// Longest string a message can carry.
inline constexpr std::size_t kMaxStringBytes = 32767;

class Encoder {
 public:
  static constexpr bool kDecodes = false;
  Encoder(ByteWriter& out, bool flexible) : out_(out), flexible_(flexible) {}

  void operator()(std::int8_t v) { out_.i8(v); }
  void operator()(std::int16_t v) { out_.i16(v); }
  void operator()(std::int32_t v) { out_.i32(v); }
  void operator()(std::int64_t v) { out_.i64(v); }
  void operator()(bool v) { out_.boolean(v); }
  void operator()(const Uuid& v) { out_.uuid(v); }
  // Longer strings than kMaxStringBytes are cut.
  void operator()(const std::string& v);
  void operator()(const std::optional<std::string>& v);
  // A record batch: foreign memory.
  void operator()(const std::optional<Bytes>& v);
  void operator()(const std::vector<std::int32_t>& v) {
    array(v, [this](std::int32_t element) { out_.i32(element); });
  }
  void operator()(const std::vector<std::string>& v) {
    array(v, [this](const std::string& element) { (*this)(element); });
  }

  template <typename T, typename Fields>
  void array(const std::vector<T>& elements, Fields fields) {
    count(elements.size());
    for (const T& element : elements) fields(element);
  }
  template <typename T, typename Fields>
  void array(const std::optional<std::vector<T>>& elements, Fields fields) {
    elements ? array(*elements, fields) : null_count();
  }

  // The end of a struct. Tags stand in ascending order.
  template <typename... Fields>
  void tags(const Tag<Fields>&... tags) {
    if (!flexible_) return;
    out_.unsigned_varint((0u + ... + (tags.present ? 1u : 0u)));
    (tag(tags), ...);
  }

 private:
  template <typename Fields>
  void tag(const Tag<Fields>& tag) {
    if (!tag.present) return;
    std::vector<std::byte> bytes;
    ByteWriter inner(bytes);
    Encoder encoder(inner, true);
    tag.fields(encoder);
    out_.unsigned_varint(tag.number);
    out_.unsigned_varint(static_cast<std::uint32_t>(bytes.size()));
    out_.raw(bytes);
  }
  void count(std::size_t n);
  void null_count();

  ByteWriter& out_;
  bool flexible_;
};

class Decoder {
 public:
  static constexpr bool kDecodes = true;
  Decoder(ByteReader& in, bool flexible) : in_(in), flexible_(flexible) {}

  void operator()(std::int8_t& v) { v = in_.i8(); }
  void operator()(std::int16_t& v) { v = in_.i16(); }
  void operator()(std::int32_t& v) { v = in_.i32(); }
  void operator()(std::int64_t& v) { v = in_.i64(); }
  void operator()(bool& v) { v = in_.boolean(); }
  void operator()(Uuid& v) { v = in_.uuid(); }
  void operator()(std::string& v);
  void operator()(std::optional<std::string>& v);
  // A view of what is read.
  void operator()(std::optional<Bytes>& v);
  void operator()(std::vector<std::int32_t>& v) {
    array(v, [this](std::int32_t& element) { element = in_.i32(); });
  }
  void operator()(std::vector<std::string>& v) {
    array(v, [this](std::string& element) { (*this)(element); });
  }

  // Memory follows the elements that really come, not the count that is claimed.
  template <typename T, typename Fields>
  void array(std::vector<T>& elements, Fields fields) {
    const std::optional<std::size_t> n = count();
    if (!n && in_.ok()) in_.fail("an array that must not be null is null");
    read(elements, n, fields);
  }
  template <typename T, typename Fields>
  void array(std::optional<std::vector<T>>& elements, Fields fields) {
    elements.reset();
    const std::optional<std::size_t> n = count();
    if (!n) return;
    elements.emplace();
    read(*elements, n, fields);
  }

  template <typename... Fields>
  void tags(const Tag<Fields>&... tags) {
    if (!flexible_) return;
    const std::uint32_t n = in_.unsigned_varint();
    for (std::uint32_t i = 0; i < n && in_.ok(); ++i) {
      [[maybe_unused]] const std::uint32_t number = in_.unsigned_varint();
      [[maybe_unused]] const Bytes bytes = in_.raw(in_.unsigned_varint());
      (tag(tags, number, bytes), ...);
    }
  }

 private:
  static constexpr std::size_t kReserve = 64;

  template <typename T, typename Fields>
  void read(std::vector<T>& elements, std::optional<std::size_t> n, Fields fields) {
    elements.clear();
    elements.reserve(std::min(n.value_or(0), kReserve));
    for (std::size_t i = 0; i < n.value_or(0) && in_.ok(); ++i) fields(elements.emplace_back());
  }
  template <typename Fields>
  void tag(const Tag<Fields>& tag, std::uint32_t number, Bytes bytes) {
    if (number != tag.number || !in_.ok()) return;
    ByteReader inner(bytes);
    Decoder decoder(inner, true);
    tag.fields(decoder);
    if (!inner.ok() || !inner.at_end()) in_.fail("a tagged field does not fill its size");
  }
  // nullopt: null, or the reader has failed.
  std::optional<std::size_t> count();
  std::optional<std::size_t> string_length();

  ByteReader& in_;
  bool flexible_;
};

// What a failed decode of this message returns: which message, which version, where.
Error decode_error(const ByteReader& in, ApiKey api, std::string_view what, std::int16_t version);

// A whole message by its layout.
template <typename Message, typename Fields>
void encode_fields(ByteWriter& out, const Message& message, std::int16_t version, const Fields& fields) {
  Encoder codec(out, is_flexible(Message::kApi, version));
  fields(codec, message, version);
}

// `what`: "request" or "response", for the error.
template <typename Message, typename Fields>
Result<Message> decode_fields(ByteReader& in, std::string_view what, std::int16_t version,
                              const Fields& fields) {
  Message message;
  Decoder codec(in, is_flexible(Message::kApi, version));
  fields(codec, message, version);
  if (!in.ok()) return decode_error(in, Message::kApi, what, version);
  return message;
}

}  // namespace sendscope::wire
