#include "sim/scenario_schema_config.h"

#include <limits>
#include <string>
#include <vector>

#include "core/base/whole_number.h"
#include "core/producer/config_table.h"

namespace sendscope::sim {
namespace schema_config {
namespace {

using Json = nlohmann::ordered_json;
using detail::ConfigRow;
using detail::ConfigType;

// What a text may be written as.
const std::vector<std::string> kAnyText = {"string", "number", "boolean"};
// Blanks around a value are not part of it.
const std::string kBlank = "[ \\t-\\r]*";

Json matching(const std::string& pattern) {
  Json schema = Json::object();
  schema["type"] = "string";
  schema["pattern"] = "^" + kBlank + pattern + kBlank + "$";
  return schema;
}

Json any_of(const std::vector<Json>& choices) {
  Json schema = Json::object();
  schema["anyOf"] = choices;
  return schema;
}

Json types(const std::vector<std::string>& names) {
  Json schema = Json::object();
  schema["type"] = names;
  return schema;
}

std::vector<std::string> words_of(const ConfigRow& row) {
  std::vector<std::string> words;
  for (std::string_view left = row.rule.words; !left.empty();) {
    const std::size_t bar = std::min(left.find('|'), left.size());
    words.emplace_back(left.substr(0, bar));
    left.remove_prefix(std::min(bar + 1, left.size()));
  }
  return words;
}

// "true" in any case: [tT][rR][uU][eE]
std::string any_case(const std::string& word) {
  std::string pattern;
  for (const char c : word) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    pattern += letter ? std::string{'[', c, static_cast<char>(c ^ 0x20), ']'} : std::string(1, c);
  }
  return pattern;
}

Json boolean() {
  return any_of({types({"boolean"}), matching("(" + any_case("true") + "|" + any_case("false") + ")")});
}

// `low` and `high` are what the type holds.
Json number(const ConfigRow& row, std::int64_t low, std::int64_t high) {
  Json range = types({"integer"});
  range["minimum"] = row.rule.min.value_or(low);
  range["maximum"] = row.rule.max.value_or(high);
  std::vector<Json> choices = {range, matching("[+-]?[0-9]+")};
  if (row.rule.also) {
    choices.emplace_back(Json::object());
    choices.back()["const"] = *row.rule.also;
  }
  return any_of(choices);
}

// The words first, so that an editor offers them.
Json one_of_words(const ConfigRow& row) {
  Json values = Json::array();
  std::string pattern;
  for (const std::string& word : words_of(row)) {
    values.push_back(word);
    if (const auto whole = whole_number<int>(word)) values.push_back(*whole);
    pattern += (pattern.empty() ? "" : "|") + (row.rule.ignore_case ? any_case(word) : word);
  }
  Json offered = Json::object();
  offered["enum"] = values;
  return any_of({offered, matching("(" + pattern + ")")});
}

Json key_schema(const ConfigRow& row) {
  using Int = std::numeric_limits<std::int32_t>;
  using Long = std::numeric_limits<std::int64_t>;
  switch (row.type) {
    case ConfigType::kBoolean: return boolean();
    case ConfigType::kShort: return number(row, -32768, 32767);
    case ConfigType::kInt: return number(row, Int::min(), Int::max());
    case ConfigType::kLong: return number(row, Long::min(), Long::max());
    case ConfigType::kDouble: return types({"number", "string"});
    default: break;
  }
  if (!row.rule.words.empty()) return one_of_words(row);
  return types(kAnyText);
}

Json whole() {
  Json properties;
  for (const ConfigRow& row : detail::config_rows()) {
    Json key = key_schema(row);
    key["description"] = std::string(row.doc) + " Default: " + std::string(row.default_value) + ".";
    properties[std::string(row.name)] = std::move(key);
  }
  Json schema = Json::object();
  schema["type"] = "object";
  schema["description"] = "Kafka's own keys, with Kafka's own rules.";
  schema["properties"] = properties;
  schema["additionalProperties"] = types(kAnyText);
  return schema;
}

}  // namespace
}  // namespace schema_config

nlohmann::ordered_json producer_config_schema() { return schema_config::whole(); }

}  // namespace sendscope::sim
