#include "core/producer/config_secrets.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/base/nearest.h"
#include "core/producer/config_table.h"

namespace sendscope {
namespace {

constexpr std::string_view kSecretWords[] = {"pass",       "pwd",      "secret",        "token",
                                             "credential", "jaas",     "privatekey",    "apikey",
                                             "accesskey",  "userinfo", "authorization", "keypem"};

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
}

bool is_password(const detail::ConfigRow& row) { return row.type == detail::ConfigType::kPassword; }

// "client_secret=", "password: x" and "\"token\":\"x\"": the index behind the name and its sign; npos where
// no secret is named.
std::size_t end_of_secret_name(std::string_view text) {
  for (std::size_t sign = text.find_first_of("=:"); sign < text.size();
       sign = text.find_first_of("=:", sign + 1)) {
    const bool telling = text[sign] == '=' || text.substr(sign + 1, 1).find_first_of(" \"'") == 0;
    std::size_t end = sign;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '"' || text[end - 1] == '\'')) --end;
    std::size_t begin = end;
    while (begin > 0 && is_name_char(text[begin - 1])) --begin;
    if (telling && begin < end && is_secret_config_key(text.substr(begin, end - begin))) return sign + 1;
  }
  return std::string_view::npos;
}

// Where "user:password" begins before the last '@'; npos where there is none. What has no scheme has no
// spaces.
std::size_t begin_of_user_info(std::string_view text, std::size_t at) {
  const std::size_t scheme = text.find("://");
  if (scheme < at) return scheme + 3;
  const std::size_t space = text.substr(0, at).find_last_of(" \"'");
  const std::size_t begin = space == std::string_view::npos ? 0 : space + 1;
  return text.substr(begin, at - begin).find(':') == std::string_view::npos ? std::string_view::npos : begin;
}

}  // namespace

bool sounds_secret(std::string_view key) {
  if (const detail::ConfigRow* row = detail::find_config_row(key)) return is_password(*row);
  std::string letters;
  for (const char c : key) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                     [&](std::string_view word) { return letters.find(word) != std::string::npos; });
}

bool is_secret_config_key(std::string_view key) {
  if (sounds_secret(key)) return true;
  if (detail::find_config_row(key) != nullptr) return false;
  std::vector<std::string_view> names;
  for (const detail::ConfigRow& row : detail::config_rows()) names.push_back(row.name);
  const detail::ConfigRow* nearest = detail::find_config_row(nearest_word(key, names));
  return nearest != nullptr && is_password(*nearest);
}

std::string hide_secrets_in(std::string_view text) {
  if (text.find("PRIVATE KEY-----") != std::string_view::npos) return std::string(kHidden);
  std::string shown(text);
  if (const std::size_t at = shown.rfind('@'); at != std::string::npos) {
    const std::size_t begin = begin_of_user_info(shown, at);
    if (begin < at) shown.replace(begin, at - begin, kHidden);
  }
  if (const std::size_t end = end_of_secret_name(shown); end < shown.size())
    shown.replace(end, std::string::npos, kHidden);
  return shown;
}

std::string shown_config_value(std::string_view key, std::string_view value) {
  return is_secret_config_key(key) ? std::string(kHidden) : hide_secrets_in(value);
}

}  // namespace sendscope
