// What an expression can be worth: an integer, a boolean, a string, a duration, a size, or unknown (a live
// run cannot know a broker's log). Unknown is contagious, except where the rest decides: unknown and false is
// false.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/types.h"

namespace sendscope {

enum class ValueType : std::uint8_t { kUnknown, kInt, kBool, kString, kDuration, kSize };

// "integer", "duration", ...
std::string_view type_name(ValueType type);
constexpr bool is_number(ValueType type) {
  return type == ValueType::kInt || type == ValueType::kDuration || type == ValueType::kSize;
}

// A plain value; a string is a view into the string table, the expression or a literal of the program.
struct Value {
  ValueType type = ValueType::kUnknown;
  std::int64_t number = 0;  // integer; 0 or 1; nanoseconds; bytes
  std::string_view text;

  static constexpr Value unknown() { return {}; }
  static constexpr Value integer(std::int64_t v) { return {ValueType::kInt, v, {}}; }
  static constexpr Value boolean(bool v) { return {ValueType::kBool, v ? 1 : 0, {}}; }
  static constexpr Value string(std::string_view v) { return {ValueType::kString, 0, v}; }
  static constexpr Value duration(Nanos v) { return {ValueType::kDuration, v, {}}; }
  static constexpr Value size(std::int64_t v) { return {ValueType::kSize, v, {}}; }

  constexpr bool known() const { return type != ValueType::kUnknown; }
  constexpr bool is_true() const { return type == ValueType::kBool && number != 0; }
  constexpr bool is_false() const { return type == ValueType::kBool && number == 0; }
  bool operator==(const Value&) const = default;
};

// "12", "true", "'ready'", "5 ms", "16 KiB", "unknown".
std::string to_string(const Value& value);

}  // namespace sendscope
