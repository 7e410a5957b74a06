#include "core/conform/family.h"

#include <array>

#include "core/base/hex.h"

namespace sendscope::conform {

namespace {

constexpr std::array kFamilies = {
    Family{"batch", replay_batch},
    Family{"pool", replay_pool},
    Family{"partition", replay_partition},
    Family{"pipeline", replay_pipeline},
};

}  // namespace

std::int64_t number_of(const Json& json, const char* member, std::int64_t min, std::int64_t max) {
  const Json& value = json.at(member);
  const auto range = [&] { return " from " + std::to_string(min) + " to " + std::to_string(max); };
  const bool fits = value.is_number_integer() &&
                    !(value.is_number_unsigned() && value.get<std::uint64_t>() >> 63) &&
                    value.get<std::int64_t>() >= min && value.get<std::int64_t>() <= max;
  require(fits, std::string(member) + " = " + value.dump() + " is no whole number" + range());
  return value.get<std::int64_t>();
}

std::optional<std::vector<std::byte>> bytes_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const Json& digits = json.is_string() ? json : json.at("fill");
  std::optional<std::vector<std::byte>> pattern = from_hex(digits.get_ref<const std::string&>());
  require(pattern.has_value(), digits.dump() + " are no hex digits");
  if (json.is_string()) return pattern;
  require(!pattern->empty(), "a pattern must not be empty");
  std::vector<std::byte> bytes(static_cast<std::size_t>(number_of(json, "size", 0, 1 << 26)));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = (*pattern)[i % pattern->size()];
  return bytes;
}

std::span<const Family> families() { return kFamilies; }

const Family* find_family(std::string_view name) {
  for (const Family& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

}  // namespace sendscope::conform
