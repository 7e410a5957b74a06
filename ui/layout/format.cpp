#include "ui/layout/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/event/event_texts.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

template <typename... Args>
std::string print(const char* format, Args... args) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, format, args...);
  return std::string(text,
                     static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof text) - 1)));
}

// Three significant digits of whole / part, without a useless ".0".
std::string three_digits(Nanos t, Nanos unit, const char* name) {
  const Nanos whole = t / unit;
  const Nanos tenth = t / (unit / 10) % 10;
  if (whole >= 100 || unit < 10 || (whole >= 10 && tenth == 0))
    return print("%lld %s", static_cast<long long>(whole), name);
  if (whole >= 10)
    return print("%lld.%lld %s", static_cast<long long>(whole), static_cast<long long>(tenth), name);
  const Nanos hundredths = t / (unit / 100) % 100;
  if (hundredths == 0) return print("%lld %s", static_cast<long long>(whole), name);
  if (hundredths % 10 == 0)
    return print("%lld.%lld %s", static_cast<long long>(whole), static_cast<long long>(tenth), name);
  return print("%lld.%02lld %s", static_cast<long long>(whole), static_cast<long long>(hundredths), name);
}

}  // namespace

std::string count_text(std::int64_t value) {
  const std::string digits = std::to_string(std::abs(value));
  std::string text = value < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += kThinGap;
    text += digits[i];
  }
  return text;
}

std::string clock_text(Nanos t) {
  const Nanos micros = std::max<Nanos>(t, 0) / kNanosPerMicro;
  const auto part = [&](Nanos unit, Nanos modulo) { return static_cast<long long>(micros / unit % modulo); };
  std::string text =
      print("%02lld:%02lld.%03lld", part(60'000'000, 100'000), part(1'000'000, 60), part(1000, 1000));
  return text + std::string(kThinGap) + print("%03lld", part(1, 1000));
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  if (whole <= 0 || part <= 0) return "0 %";
  const auto percent = std::llround(100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return percent == 0 ? "<1 %" : std::to_string(percent) + " %";
}

std::string short_duration(Nanos t) {
  if (t >= kForever) return std::string(say(EventText::for_ever));
  if (t < 0) return "-" + short_duration(-t);
  if (t < kNanosPerMicro) return print("%lld ns", static_cast<long long>(t));
  if (t < kNanosPerMilli) return three_digits(t, kNanosPerMicro, "\xc2\xb5s");
  if (t < kNanosPerSecond) return three_digits(t, kNanosPerMilli, "ms");
  if (t < 120 * kNanosPerSecond) return three_digits(t, kNanosPerSecond, "s");
  return print("%lld min", static_cast<long long>(t / (60 * kNanosPerSecond)));
}

std::string column_bytes(std::int64_t bytes, std::int64_t largest) {
  constexpr std::int64_t kKiB = 1024;
  if (largest < 10 * kKiB) return count_text(bytes) + " B";
  const std::int64_t whole = bytes / kKiB, tenths = bytes % kKiB * 10 / kKiB;
  const bool exact = bytes % kKiB == 0 || whole >= 1000;
  if (bytes > 0 && whole == 0 && tenths == 0) return "< 0.1 KiB";
  return count_text(whole) + (exact ? "" : "." + std::to_string(tenths)) + " KiB";
}

std::string millis_text(Nanos t) {
  const std::string whole = count_text(t / kNanosPerMilli);
  return whole + print(".%03lld", static_cast<long long>(std::abs(t) / kNanosPerMicro % 1000));
}

std::string speed_text(double speed) {
  if (speed <= 0) return said(Text::speed_max);
  if (speed >= 9.95) return print("%.0fx", speed);
  if (speed >= 0.995) return print("%.1fx", speed);
  if (speed >= 0.0995) return print("%.2fx", speed);
  return print("%.3gx", std::round(speed * 1000) / 1000);
}

std::string batch_label(BatchId batch) { return "#" + std::to_string(number_of(batch)); }
std::string record_label(RecordId record) { return "r" + std::to_string(number_of(record)); }
std::string request_label(RequestId request) { return std::to_string(number_of(request)); }

std::string node_label(NodeId node) {
  return node < 0 ? say(Text::bootstrap_number, std::to_string(-std::int64_t{node}))
                  : say(EventText::node, std::to_string(node));
}

std::string thread_words(ThreadState state) {
  return std::string(enum_words_alone(Unit::kThreadState, static_cast<std::uint64_t>(state)));
}

std::string error_word(std::int64_t error) {
  return std::string(error_row(static_cast<ErrorCode>(static_cast<std::int16_t>(error))).name);
}

std::string words_of(Unit unit, std::uint64_t value, const EventLog& log) {
  return format_field(unit, value, log.strings(), log.names());
}

std::string txn_call_words(std::uint32_t call) { return std::string(enum_name(Unit::kTxnCall, call)) + "()"; }

}  // namespace sendscope::ui
