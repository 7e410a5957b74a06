// A decimal number that is all of a text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace sendscope {

// A '-' only where T is signed; no '+', no space. Nothing: other text, or beyond T.
template <typename T>
std::optional<T> whole_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace sendscope
