// Numbers, durations and sizes as people read them; declared in narration.h.
#include <array>

#include "core/event/event_texts.h"
#include "core/event/narration.h"

namespace sendscope {
namespace {

struct Scale {
  std::int64_t factor;
  std::string_view unit;
};

// value / factor with at most three decimals, cut off, trailing zeros left out.
std::string decimal(std::uint64_t value, std::uint64_t factor) {
  std::string out = format_count(static_cast<std::int64_t>(value / factor));
  const std::uint64_t thousandths = factor >= 1000 ? value % factor / (factor / 1000) : 0;
  if (thousandths == 0) return out;
  std::string digits = std::to_string(1000 + thousandths).substr(1);
  while (digits.back() == '0') digits.pop_back();
  return out + "." + digits;
}

}  // namespace

std::string format_count(std::int64_t value, std::string_view gap) {
  const bool negative = value < 0;
  std::string digits =
      std::to_string(negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
  if (digits.size() > 4) {
    for (std::size_t at = digits.size(); at > 3;) {
      at -= 3;
      digits.insert(at, gap);
    }
  }
  return negative ? "-" + digits : digits;
}

std::string format_duration(Nanos t) {
  if (t == kForever) return std::string(say(EventText::for_ever));
  if (t < 0) return "-" + format_duration(t == -kForever - 1 ? kForever - 1 : -t);
  constexpr std::array<Scale, 3> kScales = {Scale{kNanosPerSecond, " s"}, Scale{kNanosPerMilli, " ms"},
                                            Scale{kNanosPerMicro, " µs"}};
  constexpr Nanos kMinute = 60 * kNanosPerSecond;
  if (t >= 2 * kMinute && t % kMinute == 0) return format_count(t / kMinute) + " min";
  for (const Scale& scale : kScales) {
    if (t >= scale.factor) {
      return decimal(static_cast<std::uint64_t>(t), static_cast<std::uint64_t>(scale.factor)) +
             std::string(scale.unit);
    }
  }
  return std::to_string(t) + " ns";
}

std::string format_bytes(std::int64_t bytes) {
  constexpr std::int64_t kKibi = 1024;
  if (bytes > 0 && bytes % (kKibi * kKibi) == 0) return format_count(bytes / (kKibi * kKibi)) + " MiB";
  if (bytes > 0 && bytes % kKibi == 0) return format_count(bytes / kKibi) + " KiB";
  return format_count(bytes) + " B";
}

std::string format_time(Nanos t) {
  if (t < 0) return "-" + format_time(t == -kForever - 1 ? kForever : -t);
  return format_count(t / kNanosPerMilli) + "." +
         std::to_string(1000 + t % kNanosPerMilli / kNanosPerMicro).substr(1);
}

}  // namespace sendscope
