#include "sim/distribution.h"

#include <array>
#include <bit>
#include <limits>

namespace sendscope::sim {
namespace {

// Wide products of fixed-point numbers.
__extension__ typedef unsigned __int128 Wide;
__extension__ typedef __int128 WideSigned;

constexpr std::int64_t kOne = std::int64_t{1} << 32;  // fixed point, 32 bits of fraction
constexpr std::int64_t kLn2 = 2'977'044'472;          // ln 2
constexpr std::int64_t kNormalP99 = 9'991'588'232;    // 2.32635: 99 % of normal draws lie below
constexpr std::int64_t kMost = std::int64_t{1} << 62;

// The binary logarithm of x > 0: the fraction's bits come one by one, by squaring.
std::int64_t log2_fixed(std::uint64_t x) {
  const int whole = std::bit_width(x) - 1;
  std::uint64_t mantissa =
      whole >= 62 ? x >> (whole - 62) : x << (62 - whole);  // in [1, 2), 62 bits of fraction
  std::int64_t result = static_cast<std::int64_t>(whole) << 32;
  for (int bit = 31; bit >= 0; --bit) {
    mantissa = static_cast<std::uint64_t>(static_cast<Wide>(mantissa) * mantissa >> 62);
    if (mantissa >> 63 != 0) {
      mantissa >>= 1;
      result |= std::int64_t{1} << bit;
    }
  }
  return result;
}

constexpr std::uint64_t square_root(Wide x) {
  Wide low = 0;
  Wide high = Wide{1} << 63;
  while (low < high) {
    const Wide middle = (low + high + 1) / 2;
    if (middle * middle <= x) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return static_cast<std::uint64_t>(low);
}

// kRoots[k] is 2 to the power of 2^-(k + 1), with 61 bits of fraction.
constexpr auto kRoots = [] {
  std::array<std::uint64_t, 32> roots{};
  std::uint64_t last = std::uint64_t{2} << 61;
  for (auto& root : roots) {
    root = square_root(static_cast<Wide>(last) << 61);
    last = root;
  }
  return roots;
}();

// x times 2 to the power of `exponent` (fixed point), at most kMost.
std::int64_t scale_exp2(std::int64_t x, std::int64_t exponent) {
  const std::int64_t whole = exponent >> 32;  // rounds down, also below zero
  const auto fraction = static_cast<std::uint32_t>(exponent);
  std::uint64_t factor = std::uint64_t{1} << 61;
  for (int k = 0; k < 32; ++k) {
    if ((fraction >> (31 - k) & 1) != 0) {
      factor =
          static_cast<std::uint64_t>(static_cast<Wide>(factor) * kRoots[static_cast<std::size_t>(k)] >> 61);
    }
  }
  Wide result = static_cast<Wide>(static_cast<std::uint64_t>(x)) * factor >> 61;
  if (whole < -126) return 0;
  if (whole < 0) {
    result >>= -whole;
  } else if (whole >= 62 || result > static_cast<Wide>(kMost) >> whole) {
    return kMost;
  } else {
    result <<= whole;
  }
  return static_cast<std::int64_t>(result);
}

std::int64_t draw_exponential(std::int64_t mean, Prng& prng) {
  const std::uint64_t u = static_cast<std::uint64_t>(prng.next_u32()) + 1;  // (0, 1] in units of 2^-32
  const std::int64_t halvings = (std::int64_t{32} << 32) - log2_fixed(u);
  const auto factor = static_cast<std::int64_t>(static_cast<WideSigned>(halvings) * kLn2 >> 32);
  return static_cast<std::int64_t>(static_cast<WideSigned>(mean) * factor >> 32);
}

// Twelve uniform draws add up to nearly a normal one; its tail ends at six sigma, which suits a simulation.
std::int64_t draw_lognormal(std::int64_t median, std::int64_t p99, Prng& prng) {
  std::int64_t normal = -6 * kOne;
  for (int i = 0; i < 12; ++i) normal += prng.next_u32();
  if (median <= 0 || p99 <= median) return median;
  const std::int64_t spread =
      log2_fixed(static_cast<std::uint64_t>(p99)) - log2_fixed(static_cast<std::uint64_t>(median));
  return scale_exp2(median, static_cast<std::int64_t>(static_cast<WideSigned>(spread) * normal / kNormalP99));
}

}  // namespace

std::int64_t Distribution::draw(Prng& prng) const {
  switch (kind) {
    case Kind::kConstant: return low;
    case Kind::kUniform:
      if (high <= low) return low;
      return low + static_cast<std::int64_t>(prng.below(static_cast<std::uint64_t>(high - low) + 1));
    case Kind::kExponential: return draw_exponential(low, prng);
    case Kind::kLognormal: return draw_lognormal(low, high, prng);
  }
  return low;
}

}  // namespace sendscope::sim
