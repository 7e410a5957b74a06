#include "ui/live/delimiter.h"

#include <charconv>

namespace sendscope::ui {
namespace {

// The byte after a backslash at the front of `text`, which moves on behind it; false: none begins so.
bool read_escape(std::string_view& text, char& byte) {
  constexpr std::string_view kLetters = "tnr\\", kBytes = "\t\n\r\\";
  const std::size_t letter = text.size() > 1 ? kLetters.find(text[1]) : std::string_view::npos;
  if (letter != std::string_view::npos) {
    byte = kBytes[letter];
    text.remove_prefix(2);
    return true;
  }
  if (text.size() < 4 || text[1] != 'x') return false;
  unsigned value = 0;
  const char* const digits = text.data() + 2;
  if (std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2) return false;
  byte = static_cast<char>(value);
  text.remove_prefix(4);
  return true;
}

}  // namespace

Result<std::string> read_delimiter(std::string_view text) {
  const std::string_view whole = text;
  std::string bytes;
  while (!text.empty()) {
    char byte = text.front();
    if (byte != '\\') {
      text.remove_prefix(1);
    } else if (!read_escape(text, byte)) {
      return Error(ErrorCode::kInvalidInput,
                   "found \"" + std::string(whole) + "\"; a backslash begins \\t, \\n, \\r, \\\\ or \\xNN");
    }
    bytes += byte;
  }
  return bytes;
}

}  // namespace sendscope::ui
