// Values of configuration keys: text to typed value, and the rule it must obey. Kafka: ConfigDef.
#include <algorithm>

#include "core/base/whole_number.h"
#include "core/producer/config_secrets.h"
#include "core/producer/config_table.h"

namespace sendscope {

namespace detail {

namespace {

std::string_view type_name(ConfigType type) {
  switch (type) {
    case ConfigType::kBoolean: return "boolean";
    case ConfigType::kShort: return "short";
    case ConfigType::kInt: return "int";
    case ConfigType::kLong: return "long";
    case ConfigType::kDouble: return "double";
    case ConfigType::kString: return "string";
    case ConfigType::kList: return "list";
    case ConfigType::kClass: return "class";
    case ConfigType::kPassword: return "password";
  }
  return {};
}

std::string_view importance_name(char importance) {
  return importance == 'h' ? "high" : importance == 'm' ? "medium" : "low";
}

}  // namespace

std::string describe_rule(const ConfigRow& row) {
  const ConfigRule& rule = row.rule;
  std::string text;
  if (!rule.words.empty()) {
    for (const char c : rule.words) text += c == '|' ? std::string(", ") : std::string(1, c);
    return "one of " + text + (rule.ignore_case ? " (upper or lower case)" : "");
  }
  if (rule.not_empty) return row.type == ConfigType::kList ? "at least one item" : "not empty";
  if (rule.min && rule.max) text = std::to_string(*rule.min) + " to " + std::to_string(*rule.max);
  if (rule.min && !rule.max) text = "at least " + std::to_string(*rule.min);
  if (rule.also) text += " or " + std::to_string(*rule.also);
  return text;
}

namespace {

std::string text_of(std::int64_t value) { return std::to_string(value); }
std::string text_of(std::int32_t value) { return std::to_string(value); }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(const std::string& value) { return value; }
std::string text_of(const std::optional<std::string>& value) { return value.value_or(""); }
std::string text_of(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ",") + value;
  return text;
}

struct ValueText {
  const ProducerConfig& config;

  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(const ConfigForm& form) const { return form.write(config); }
  template <typename Field>
  std::string operator()(Field field) const {
    return text_of(config.*field);
  }
};

}  // namespace

std::string value_text(const ConfigRow& row, const ProducerConfig& config) {
  std::string text = std::visit(ValueText{config}, row.field);
  const bool nothing = row.default_value == kNull || row.default_value == kRequired;
  return text.empty() && nothing ? std::string(row.default_value) : text;
}

}  // namespace detail

std::vector<ConfigKey> config_keys() {
  std::vector<ConfigKey> keys;
  for (const detail::ConfigRow& row : detail::config_rows()) {
    keys.push_back({row.name, detail::type_name(row.type), row.default_value, detail::describe_rule(row),
                    detail::importance_name(row.importance), row.doc});
  }
  return keys;
}

namespace {

bool is_host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '%' ||
         c == '.' || c == '_' || c == ':';
}

// Only an address of IPv6 has colons; its zone may have any letters.
bool may_have_colons(std::string_view host) {
  const std::string_view address = host.substr(0, host.find('%'));
  return std::count(address.begin(), address.end(), ':') >= 2 &&
         address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

}  // namespace

Result<HostAndPort> parse_host_and_port(std::string_view text) {
  const auto wrong = [&](const std::string& rule) {
    return Error(ErrorCode::kConfig, "bootstrap.servers: '" + hide_secrets_in(text) + "' " + rule);
  };
  // A protocol before it is not looked at: security.protocol says which one is spoken.
  const std::size_t protocol = text.find("://");
  std::string_view host = protocol == std::string_view::npos ? text : text.substr(protocol + 3);
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos) return wrong("is not host:port");
  const std::string_view port = host.substr(colon + 1);
  host = host.substr(0, colon);
  if (host.starts_with('[')) host.remove_prefix(1);
  if (host.ends_with(']')) host.remove_suffix(1);
  const bool has_colons = host.find(':') != std::string_view::npos;
  if (!std::all_of(host.begin(), host.end(), is_host_character) || (has_colons && !may_have_colons(host)))
    return wrong("is not host:port");
  if (host.empty()) return wrong("names no host");
  const auto number = whole_number<int>(port);
  if (!number || *number < 0 || *number > 65535) return wrong("has no port between 0 and 65535");
  return HostAndPort{std::string(host), static_cast<std::uint16_t>(*number)};
}

}  // namespace sendscope
