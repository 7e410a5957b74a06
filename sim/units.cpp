#include "sim/units.h"

#include <string>

#include "core/base/units.h"

namespace sendscope::sim {
namespace {

struct PerSecondUnit {
  std::string_view name;
  std::int64_t factor;
};

constexpr PerSecondUnit kRates[] = {{"/s", 1}, {"/ms", 1000}};
constexpr PerSecondUnit kBandwidths[] = {
    {"bit/s", 1},       {"kbit/s", 1000},          {"Mbit/s", 1'000'000},      {"Gbit/s", 1'000'000'000},
    {"B/s", 8},         {"kB/s", 8 * 1000},        {"KiB/s", 8 * 1024},        {"MB/s", 8 * 1'000'000},
    {"MiB/s", 8 << 20}, {"GB/s", 8'000'000'000LL}, {"GiB/s", 8LL * (1 << 30)},
};

template <std::size_t N>
Result<std::uint64_t> parse_per_second(std::string_view text, const PerSecondUnit (&units)[N],
                                       std::string_view expected) {
  const std::string_view suffix = unit_suffix(text);
  for (const PerSecondUnit& unit : units) {
    if (unit.name != suffix) continue;
    auto value = scale_decimal(text.substr(0, text.size() - suffix.size()), unit.factor);
    if (value && *value > 0) return static_cast<std::uint64_t>(*value);
  }
  return Error{ErrorCode::kInvalidInput,
               "'" + std::string(text) + "' is not right; expected " + std::string(expected)};
}

template <std::size_t N>
std::vector<std::string_view> names_of(const PerSecondUnit (&units)[N]) {
  std::vector<std::string_view> names;
  for (const PerSecondUnit& unit : units) names.push_back(unit.name);
  return names;
}

}  // namespace

std::vector<std::string_view> rate_units() { return names_of(kRates); }
std::vector<std::string_view> bandwidth_units() { return names_of(kBandwidths); }

Result<std::uint64_t> parse_rate(std::string_view text) {
  return parse_per_second(text, kRates, "a rate such as \"10000/s\"");
}

Result<std::uint64_t> parse_bandwidth(std::string_view text) {
  return parse_per_second(text, kBandwidths, "a bandwidth such as \"100Mbit/s\"");
}

}  // namespace sendscope::sim
