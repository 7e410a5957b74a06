#include "sim/scenario_text.h"

#include <nlohmann/json.hpp>

#include "core/producer/config_secrets.h"
#include "sim/located_json.h"

namespace sendscope::sim {
namespace {

// The value furthest along the path, and how many keys lead to it.
struct Place {
  const JsonValue* value;
  std::size_t depth;
};

Place nearest(const JsonValue& root, const JsonPath& path) {
  Place place{&root, 0};
  while (place.depth < path.size()) {
    const JsonValue* next = place.value->find(path[place.depth]);
    if (next == nullptr) break;
    place = {next, place.depth + 1};
  }
  return place;
}

// What precedes the first thing of a line, when the byte at `at` is that; else nothing.
std::string_view indent_before(std::string_view text, std::size_t at) {
  const std::size_t line = text.rfind('\n', at) + 1;  // the first line begins at 0
  const std::string_view before = text.substr(line, at - line);
  return before.find_first_not_of(" \t") == std::string_view::npos ? before : std::string_view{};
}

bool breaks_lines(std::string_view text, std::size_t from, std::size_t to) {
  return text.substr(from, to - from).find('\n') != std::string_view::npos;
}

// Adds a member or an item behind the last one of an object or a list. first: where its first one begins.
std::string with_appended(const std::string& text, const JsonValue& around, std::size_t first,
                          std::size_t last_end, const std::string& added) {
  std::string out = text;
  const std::size_t bracket = around.end - 1;
  if (!breaks_lines(text, around.begin, first)) return out.insert(last_end, ", " + added);
  const std::string line = "\n" + std::string(indent_before(text, first)) + added;
  if (!breaks_lines(text, last_end, bracket)) return out.insert(last_end, "," + line);
  // A comment behind the last one stays beside it.
  const std::size_t place = text.find_last_not_of(" \t\r\n", bracket - 1) + 1;
  out.insert(place, line);
  return out.insert(last_end, ",");
}

std::string with_member(const std::string& text, const JsonValue& object, const std::string& member) {
  if (object.members.empty())
    return std::string(text).replace(object.begin, object.end - object.begin, "{ " + member + " }");
  return with_appended(text, object, object.members.front().begin, object.members.back().value.end, member);
}

// Objects around a value: of the keys from `depth` on.
std::string nested(const JsonPath& path, std::size_t depth, const std::string& value) {
  if (depth == path.size()) return value;
  const std::string inner = nested(path, depth + 1, value);
  const std::string member = json_string(path[depth]) + ": " + inner;
  return "{ " + member + " }";
}

Result<std::string> put(const std::string& text, const JsonValue& root, const JsonPath& path,
                        const std::string& value) {
  const Place place = nearest(root, path);
  const JsonValue& at = *place.value;
  if (place.depth == path.size()) return std::string(text).replace(at.begin, at.end - at.begin, value);
  if (at.kind != JsonValue::Kind::kObject)
    return Error(ErrorCode::kInvalidInput, at.path + ": found " + at.describe() + "; expected an object");
  return with_member(text, at, json_string(path[place.depth]) + ": " + nested(path, place.depth + 1, value));
}

Result<JsonValue> parsed(const std::string& text) {
  JsonResult json = parse_located_json(text, "");
  if (!json.problems.empty()) return Error(ErrorCode::kInvalidInput, to_string(json.problems.front()));
  return std::move(json.value);
}

}  // namespace

Result<std::string> with_value(const std::string& text, const JsonPath& path, const std::string& value) {
  const auto root = parsed(text);
  if (!root) return root.error();
  return put(text, *root, path, value);
}

Result<std::string> with_item(const std::string& text, const JsonPath& path, const std::string& item) {
  const auto root = parsed(text);
  if (!root) return root.error();
  const Place place = nearest(*root, path);
  const JsonValue& list = *place.value;
  if (place.depth < path.size()) return put(text, *root, path, "[\n    " + item + "\n  ]");
  if (list.kind != JsonValue::Kind::kArray)
    return Error(ErrorCode::kInvalidInput, list.path + ": found " + list.describe() + "; expected a list");
  if (list.items.empty()) return put(text, *root, path, "[\n    " + item + "\n  ]");
  return with_appended(text, list, list.items.front().begin, list.items.back().end, item);
}

namespace {

// From the last to the first, so that the places of those before stay true.
void hide_secrets(const JsonValue& value, std::string& text) {
  for (auto item = value.items.rbegin(); item != value.items.rend(); ++item) hide_secrets(*item, text);
  for (auto member = value.members.rbegin(); member != value.members.rend(); ++member)
    hide_secrets(member->value, text);
  const bool whole = value.kind != JsonValue::Kind::kObject && value.kind != JsonValue::Kind::kArray;
  if (value.secret && whole) text.replace(value.begin, value.end - value.begin, json_string(kHidden));
}

}  // namespace

std::string without_secrets(const std::string& text) {
  std::string out = text;
  if (const auto root = parsed(text)) hide_secrets(*root, out);
  return out;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sendscope::sim
