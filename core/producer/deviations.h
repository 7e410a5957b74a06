// The table of deviations.def as data: where this producer differs from Kafka's on purpose.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sendscope {

enum class Deviation : std::uint8_t {
#define SENDSCOPE_DEVIATION(name, kafka, ours, why) name,
#include "core/producer/deviations.def"
#undef SENDSCOPE_DEVIATION
};

struct DeviationRow {
  Deviation id;
  std::string_view name;
  std::string_view kafka;  // what Kafka does
  std::string_view ours;   // what this producer does
  std::string_view why;
};

// In the order of the table.
std::span<const DeviationRow> deviations();
const DeviationRow& deviation_row(Deviation id);

}  // namespace sendscope
