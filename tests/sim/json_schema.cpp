#include "tests/sim/json_schema.h"

#include <map>
#include <regex>
#include <set>

namespace sendscope::testing {
namespace {

using Json = nlohmann::json;

class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  std::string check(const Json& schema, const Json& value, const std::string& path) {
    for (const auto& [keyword, rule] : schema.items()) {
      const std::string why = check_keyword(keyword, rule, schema, value, path);
      if (!why.empty()) return why;
    }
    return {};
  }

 private:
  static std::string at(const std::string& path, const std::string& what) {
    return (path.empty() ? "/" : path) + ": " + what;
  }

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return type == "null" && value.is_null();
  }

  bool matches(const std::string& pattern, const std::string& text) {
    auto found = patterns_.find(pattern);
    if (found == patterns_.end()) found = patterns_.emplace(pattern, std::regex(pattern)).first;
    return std::regex_search(text, found->second);
  }

  int count_matching(const Json& schemas, const Json& value, const std::string& path) {
    int matching = 0;
    for (const Json& schema : schemas) matching += check(schema, value, path).empty() ? 1 : 0;
    return matching;
  }

  std::string check_keyword(const std::string& keyword, const Json& rule, const Json& schema,
                            const Json& value, const std::string& path) {
    static const std::set<std::string> kNotes = {"$schema", "$defs", "title", "description"};
    if (kNotes.count(keyword) != 0) return {};
    if (keyword == "$ref") {
      const std::string pointer = rule.get<std::string>().substr(1);
      return check(root_.at(Json::json_pointer(pointer)), value, path);
    }
    if (keyword == "oneOf") {
      return count_matching(rule, value, path) == 1 ? "" : at(path, "not exactly one of the alternatives");
    }
    if (keyword == "anyOf")
      return count_matching(rule, value, path) > 0 ? "" : at(path, "none of the alternatives");
    if (keyword == "allOf") {
      return count_matching(rule, value, path) == static_cast<int>(rule.size()) ? ""
                                                                                : at(path, "not all rules");
    }
    if (keyword == "not") return check(rule, value, path).empty() ? at(path, "what is excluded") : "";
    if (keyword == "const") return value == rule ? "" : at(path, "not " + rule.dump());
    if (keyword == "enum") {
      return std::find(rule.begin(), rule.end(), value) != rule.end() ? ""
                                                                      : at(path, "none of " + rule.dump());
    }
    if (keyword == "type") return check_type(rule, value, path);
    if (value.is_object()) return check_object(keyword, rule, schema, value, path);
    if (value.is_array()) return check_array(keyword, rule, value, path);
    if (value.is_string() && keyword == "pattern") {
      return matches(rule.get<std::string>(), value.get<std::string>())
                 ? ""
                 : at(path, "does not match " + rule.dump());
    }
    if (value.is_number() && keyword == "minimum") return value >= rule ? "" : at(path, "too small");
    if (value.is_number() && keyword == "maximum") return value <= rule ? "" : at(path, "too large");
    return known(keyword) ? "" : at(path, "the schema uses '" + keyword + "'");
  }

  static bool known(const std::string& keyword) {
    static const std::set<std::string> kKnown = {"properties",    "required",      "additionalProperties",
                                                 "propertyNames", "minProperties", "maxProperties",
                                                 "items",         "minItems",      "maxItems",
                                                 "pattern",       "minimum",       "maximum"};
    return kKnown.count(keyword) != 0;
  }

  static std::string check_type(const Json& rule, const Json& value, const std::string& path) {
    if (rule.is_string()) return has_type(value, rule) ? "" : at(path, "not of type " + rule.dump());
    for (const Json& type : rule) {
      if (has_type(value, type)) return {};
    }
    return at(path, "not of type " + rule.dump());
  }

  std::string check_object(const std::string& keyword, const Json& rule, const Json& schema,
                           const Json& value, const std::string& path) {
    if (keyword == "required") {
      for (const Json& key : rule) {
        if (!value.contains(key.get<std::string>())) return at(path, "no " + key.dump());
      }
    } else if (keyword == "minProperties") {
      return value.size() >= rule.get<std::size_t>() ? "" : at(path, "too few members");
    } else if (keyword == "maxProperties") {
      return value.size() <= rule.get<std::size_t>() ? "" : at(path, "too many members");
    } else if (keyword == "properties" || keyword == "propertyNames" || keyword == "additionalProperties") {
      for (const auto& [key, member] : value.items()) {
        const std::string why = check_member(keyword, rule, schema, key, member, path + "/" + key);
        if (!why.empty()) return why;
      }
    } else if (!known(keyword)) {
      return at(path, "the schema uses '" + keyword + "'");
    }
    return {};
  }

  std::string check_member(const std::string& keyword, const Json& rule, const Json& schema,
                           const std::string& key, const Json& member, const std::string& path) {
    if (keyword == "properties") return rule.contains(key) ? check(rule[key], member, path) : "";
    if (keyword == "propertyNames") return check(rule, key, path);
    if (schema.contains("properties") && schema["properties"].contains(key)) return {};
    if (rule.is_boolean()) return rule.get<bool>() ? "" : at(path, "an unknown key");
    return check(rule, member, path);
  }

  std::string check_array(const std::string& keyword, const Json& rule, const Json& value,
                          const std::string& path) {
    if (keyword == "items") {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string why = check(rule, value[i], path + "/" + std::to_string(i));
        if (!why.empty()) return why;
      }
    } else if (keyword == "minItems") {
      return value.size() >= rule.get<std::size_t>() ? "" : at(path, "too few items");
    } else if (keyword == "maxItems") {
      return value.size() <= rule.get<std::size_t>() ? "" : at(path, "too many items");
    } else if (!known(keyword)) {
      return at(path, "the schema uses '" + keyword + "'");
    }
    return {};
  }

  const Json& root_;
  std::map<std::string, std::regex> patterns_;
};

}  // namespace

std::string violates(const nlohmann::json& schema, const nlohmann::json& value) {
  return Validator(schema).check(schema, value, "");
}

}  // namespace sendscope::testing
