#include "core/conform/transcript.h"

namespace sendscope::conform {

namespace {

constexpr std::size_t kLongestLine = 300;

std::string shorten(std::string text) {
  if (text.size() > kLongestLine)
    text = text.substr(0, kLongestLine) + "... (" + std::to_string(text.size()) + " characters)";
  return text;
}

std::string where_they_part(const std::string& expected, const std::string& got) {
  std::size_t i = 0;
  while (i < expected.size() && i < got.size() && expected[i] == got[i]) ++i;
  return i > 40 ? " (from character " + std::to_string(i) + ")" : "";
}

}  // namespace

std::string to_string(const Difference& difference) {
  return difference.file + ":" + std::to_string(difference.line) + ": " + difference.op + ": " +
         difference.what + ": Kafka gave " + shorten(difference.expected) + ", we gave " +
         shorten(difference.got);
}

void Report::differs(const std::string& what, std::string expected, std::string got) {
  if (full()) return;
  Difference difference;
  difference.file = transcript_.file;
  difference.profile = transcript_.family + "/" + transcript_.profile;
  if (line_ != nullptr) {
    difference.line = line_->number;
    difference.op = std::string(line_->op());
  }
  difference.what = what + where_they_part(expected, got);
  difference.expected = std::move(expected);
  difference.got = std::move(got);
  differences_.push_back(std::move(difference));
}

void Report::packed(const RecordedCompressor& compressor) {
  packed_ = compressor.tallies();
  if (!compressor.complaint().empty()) differs("compression", "the records", compressor.complaint());
}

bool Report::compare(const std::string& what, const Json& expected, const Json& got) {
  if (expected == got) return true;
  if (expected.is_object() && got.is_object()) {
    bool equal = true;
    for (const auto& [key, value] : expected.items()) {
      const auto found = got.find(key);
      equal = compare(what + "." + key, value, found == got.end() ? Json() : *found) && equal;
    }
    return equal;
  }
  if (expected.is_array() && got.is_array() && expected.size() == got.size()) {
    bool equal = true;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      equal = compare(what + "[" + std::to_string(i) + "]", expected[i], got[i]) && equal;
    }
    return equal;
  }
  differs(what, expected.dump(), got.dump());
  return false;
}

}  // namespace sendscope::conform
