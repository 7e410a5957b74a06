#include "core/event/value.h"

#include "core/event/narration.h"

namespace sendscope {

std::string_view type_name(ValueType type) {
  switch (type) {
    case ValueType::kUnknown: return "unknown";
    case ValueType::kInt: return "integer";
    case ValueType::kBool: return "boolean";
    case ValueType::kString: return "string";
    case ValueType::kDuration: return "duration";
    case ValueType::kSize: return "size";
  }
  return {};
}

std::string to_string(const Value& value) {
  switch (value.type) {
    case ValueType::kUnknown: return "unknown";
    case ValueType::kInt: return std::to_string(value.number);
    case ValueType::kBool: return value.number != 0 ? "true" : "false";
    case ValueType::kString: return "'" + std::string(value.text) + "'";
    case ValueType::kDuration: return format_duration(value.number);
    case ValueType::kSize: return format_bytes(value.number);
  }
  return {};
}

}  // namespace sendscope
