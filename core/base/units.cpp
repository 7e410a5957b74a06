#include "core/base/units.h"

#include <limits>

namespace sendscope {
namespace {

struct UnitRow {
  std::string_view name;
  UnitKind kind;
  std::int64_t factor;
};

constexpr UnitRow kUnits[] = {
    {"ns", UnitKind::kDuration, 1},
    {"us", UnitKind::kDuration, kNanosPerMicro},
    {"ms", UnitKind::kDuration, kNanosPerMilli},
    {"s", UnitKind::kDuration, kNanosPerSecond},
    {"m", UnitKind::kDuration, 60 * kNanosPerSecond},
    {"h", UnitKind::kDuration, 3600 * kNanosPerSecond},
    {"B", UnitKind::kSize, 1},
    {"kB", UnitKind::kSize, 1000},
    {"KiB", UnitKind::kSize, 1024},
    {"MB", UnitKind::kSize, 1'000'000},
    {"MiB", UnitKind::kSize, 1 << 20},
    {"GB", UnitKind::kSize, 1'000'000'000},
    {"GiB", UnitKind::kSize, 1 << 30},
};

const UnitRow* find_unit(std::string_view name) {
  for (const UnitRow& row : kUnits) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error not_a(std::string_view what, std::string_view text, std::string_view expected) {
  return {ErrorCode::kInvalidInput, "'" + std::string(text) + "' is not a " + std::string(what) +
                                        "; expected " + std::string(expected)};
}

Result<std::int64_t> parse_with(std::string_view text, UnitKind kind, std::string_view what,
                                std::string_view expected) {
  const std::string_view suffix = unit_suffix(text);
  const UnitRow* unit = find_unit(suffix);
  if (unit == nullptr || unit->kind != kind) return not_a(what, text, expected);
  auto value = scale_decimal(text.substr(0, text.size() - suffix.size()), unit->factor);
  if (!value) return not_a(what, text, expected);
  return value;
}

}  // namespace

std::string_view unit_suffix(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && !is_digit(text[begin - 1]) && text[begin - 1] != '.') --begin;
  return text.substr(begin);
}

UnitKind unit_kind(std::string_view unit) {
  const UnitRow* row = find_unit(unit);
  return row == nullptr ? UnitKind::kNone : row->kind;
}

std::vector<std::string_view> unit_names(UnitKind kind) {
  std::vector<std::string_view> names;
  for (const UnitRow& row : kUnits) {
    if (row.kind == kind) names.push_back(row.name);
  }
  return names;
}

// Works on mantissa and number of decimals, so that nothing is rounded: 1.25 KiB is 125 * 1024 / 100.
Result<std::int64_t> scale_decimal(std::string_view number, std::int64_t factor) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  const Error error{ErrorCode::kInvalidInput, "'" + std::string(number) + "' is not a number that fits"};
  const std::size_t point = number.find('.');
  const std::size_t decimals = point == std::string_view::npos ? 0 : number.size() - point - 1;
  if (number.empty() || point == 0 || (point != std::string_view::npos && decimals == 0)) return error;
  std::int64_t mantissa = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i == point) continue;
    if (!is_digit(number[i]) || mantissa > (kMax - 9) / 10) return error;
    mantissa = mantissa * 10 + (number[i] - '0');
  }
  for (std::size_t i = 0; i < decimals; ++i) {
    for (const std::int64_t prime : {2, 5}) {
      if (mantissa % prime == 0) {
        mantissa /= prime;
      } else if (factor % prime == 0) {
        factor /= prime;
      } else {
        return error;
      }
    }
  }
  if (mantissa > kMax / factor) return error;
  return mantissa * factor;
}

Result<Nanos> parse_duration(std::string_view text) {
  return parse_with(text, UnitKind::kDuration, "duration",
                    "a number and ns, us, ms, s, m or h, such as \"5ms\"");
}

std::string duration_text(Nanos time) {
  if (time % kNanosPerSecond == 0) return std::to_string(time / kNanosPerSecond) + "s";
  if (time % kNanosPerMilli == 0) return std::to_string(time / kNanosPerMilli) + "ms";
  if (time % kNanosPerMicro == 0) return std::to_string(time / kNanosPerMicro) + "us";
  return std::to_string(time) + "ns";
}

Result<std::int64_t> parse_size(std::string_view text) {
  return parse_with(text, UnitKind::kSize, "size",
                    "a number and B, kB, KiB, MB, MiB, GB or GiB, such as \"16KiB\"");
}

}  // namespace sendscope
