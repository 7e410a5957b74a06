// JSON that knows where it stands: every value carries its line, column and key path, so that whoever reads
// it can say exactly what is wrong with it.
//
// Comments (// and /* */) are allowed. Text comes from outside: it is bounded in size and depth, and nothing
// in it crashes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sendscope::sim {

// One thing that is wrong, and where. Lines and columns count from 1; a column is a byte of its line.
struct Problem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string path;          // "faults[0].respond.error"; empty at the top
  std::string found;         // may be empty
  std::string expected;      // what would be right
  std::string message = {};  // instead of the two: what is wrong, in words

  bool operator==(const Problem&) const = default;
};

// "lesson.json:3:7: faults[0].at: found \"5 parsecs\"; expected a duration such as \"5ms\""
std::string to_string(const Problem& problem);
std::string to_string(const std::vector<Problem>& problems);  // one a line

struct JsonMember;

struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kBoolean, kInteger, kReal, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  int line = 0;
  int column = 0;
  std::size_t begin = 0, end = 0;  // its bytes in the text
  std::string path;

  bool secret = false;  // its key, or that of its list, sounds like a password's: it is never quoted
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;  // a string's value; a number as it was written
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // in the order written

  const JsonValue* find(std::string_view key) const;  // null when there is no such member
  // The value as a person would point at it: "the string \"x\"", "the number 5", "an object"; without
  // secrets.
  std::string describe() const;
};

struct JsonMember {
  std::string key;
  int line = 0;  // of the key
  int column = 0;
  std::size_t begin = 0;  // likewise: its first byte in the text
  JsonValue value;
};

inline constexpr std::size_t kMaxJsonBytes = 4u << 20;
inline constexpr int kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonMembers = 4096;  // of one object

// The problem of a text that is no JSON is reported as the only one.
struct JsonResult {
  JsonValue value;
  std::vector<Problem> problems;
};
JsonResult parse_located_json(std::string_view text, const std::string& file);

}  // namespace sendscope::sim
