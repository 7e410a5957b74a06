// Durations and sizes as people write them: "250us", "1.5s", "16KiB". Integers inside: nanoseconds and bytes.
//
// A decimal fraction is taken exactly; what does not come out as a whole number of nanoseconds or bytes, or
// does not fit 63 bits, is an error that says what was expected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"

namespace sendscope {

// ns, us, ms, s, m, h.
Result<Nanos> parse_duration(std::string_view text);
// A length of time exactly, in the largest of s, ms, us and ns in which it is whole: "12500us".
std::string duration_text(Nanos time);
// B, kB, KiB, MB, MiB, GB, GiB.
Result<std::int64_t> parse_size(std::string_view text);

// The unit a literal ends with; empty when there is none ("250us" gives "us").
std::string_view unit_suffix(std::string_view text);
// kDuration for "ms", kSize for "KiB", kNone for anything else.
enum class UnitKind : std::uint8_t { kNone, kDuration, kSize };
UnitKind unit_kind(std::string_view unit);
// All units of a kind.
std::vector<std::string_view> unit_names(UnitKind kind);

// A decimal number ("1.5") times a factor, exactly. Errors: not a number, not whole, does not fit 63 bits.
Result<std::int64_t> scale_decimal(std::string_view number, std::int64_t factor);

}  // namespace sendscope
