// Rates and bandwidths as scenarios write them. Durations and sizes are in core/base/units.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sendscope::sim {

// "10000/s" or "10/ms": whole things a second, at least 1.
Result<std::uint64_t> parse_rate(std::string_view text);
// "100Mbit/s", "1MB/s": bits a second, at least 1.
Result<std::uint64_t> parse_bandwidth(std::string_view text);

// The units that may end them: "/s", "Mbit/s".
std::vector<std::string_view> rate_units();
std::vector<std::string_view> bandwidth_units();

}  // namespace sendscope::sim
