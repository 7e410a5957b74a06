// Bytes as lower-case hexadecimal digits and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/types.h"

namespace sendscope {

std::string to_hex(Bytes bytes);
// nullopt when a character is no hexadecimal digit or their number is odd.
std::optional<std::vector<std::byte>> from_hex(std::string_view text);

// The bytes of a text, and the text that bytes hold.
inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace sendscope
