// The one table behind ProducerConfig: what each key is called, which values it takes and where they go.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/producer/config.h"

namespace sendscope::detail {

enum class ConfigType : std::uint8_t {
  kBoolean,
  kShort,
  kInt,
  kLong,
  kDouble,
  kString,
  kList,
  kClass,
  kPassword
};

// What a value must obey beyond its type. Numbers lie in [min, max] or equal `also`; texts are one of `words`
// (separated by '|').
struct ConfigRule {
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
  std::optional<std::int64_t> also;
  std::string_view words;
  bool ignore_case = false;
  bool not_empty = false;
};

// A value that is no text: reads it, and writes what is in force.
struct ConfigForm {
  void (*read)(ProducerConfig&, const std::string&);
  std::string (*write)(const ProducerConfig&);
};

// Where a value goes; monostate: known by name only.
using ConfigField = std::variant<std::monostate, std::int32_t ProducerConfig::*,
                                 std::int64_t ProducerConfig::*, bool ProducerConfig::*,
                                 std::string ProducerConfig::*, std::optional<std::string> ProducerConfig::*,
                                 std::vector<std::string> ProducerConfig::*, ConfigForm>;

struct ConfigRow {
  std::string_view name;
  ConfigType type;
  std::string_view default_value;
  ConfigRule rule;
  char importance;  // h, m, l
  ConfigField field;
  std::string_view doc;
};

inline constexpr std::string_view kNull = "null";
inline constexpr std::string_view kRequired = "(none)";

std::span<const ConfigRow> config_rows();
// nullptr when there is no such key.
const ConfigRow* find_config_row(std::string_view key);
std::string describe_rule(const ConfigRow& row);
// The value in force as text; kNull or kRequired where there is none; empty for a key known by name only.
std::string value_text(const ConfigRow& row, const ProducerConfig& config);

}  // namespace sendscope::detail
