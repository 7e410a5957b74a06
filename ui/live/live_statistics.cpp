#include "ui/live/live_statistics.h"

#include <sstream>

#include "core/event/narration.h"

namespace sendscope::ui {
namespace {

std::string per_second(std::uint64_t amount, Nanos elapsed) {
  if (elapsed <= 0) return "0";
  const double rate = static_cast<double>(amount) * 1e9 / static_cast<double>(elapsed);
  if (rate > 0 && rate < 10) {  // one digit more where it is most of the number
    const auto tenths = static_cast<std::int64_t>(rate * 10 + 0.5);
    return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10));
  }
  return format_count(static_cast<std::int64_t>(rate + 0.5));
}

// To three digits, as nobody needs a latency more exactly.
std::string rounded(Nanos t) {
  Nanos step = 1;
  while (t / step >= 1000) step *= 10;
  return format_duration((t + step / 2) / step * step);
}

}  // namespace

void LiveStatistics::acknowledged(const Acknowledgement& acknowledgement, Nanos latency, std::size_t bytes) {
  if (acknowledgement.error != nullptr) return failed(*acknowledgement.error);
  stored_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  latency_.add(latency);
}

void LiveStatistics::failed(const Error& error) {
  if (gives_up()) return;
  failed_.fetch_add(1, std::memory_order_relaxed);
  MutexLock lock(mutex_);
  ++errors_[std::string(error_row(error.code).java_class)];
  if (!first_error_.empty()) return;
  first_error_ = error.message;
  if (error.cause == ErrorCode::kNone) return;
  const ErrorRow& cause = error_row(error.cause);
  first_error_ += " Caused by " + std::string(cause.java_class) + ": " + std::string(cause.text);
}

std::map<std::string, std::uint64_t> LiveStatistics::errors() const {
  MutexLock lock(mutex_);
  return errors_;
}

std::string LiveStatistics::first_error() const {
  MutexLock lock(mutex_);
  return first_error_;
}

std::string LiveStatistics::summary(Nanos elapsed) const {
  std::ostringstream out;
  out << format_count(sent()) << (sent() == 1 ? " record in " : " records in ") << rounded(elapsed)
      << "; stored: " << per_second(stored(), elapsed) << " records/s, " << per_second(bytes(), elapsed)
      << " B/s\n";
  out << format_count(stored()) << " stored, " << format_count(failed()) << " failed";
  const std::uint64_t given_up = sent() - stored() - failed();
  if (given_up > 0) out << ", " << format_count(given_up) << " given up";
  out << '\n';
  for (const auto& [name, count] : errors()) {
    out << "  " << name << ": " << format_count(count) << '\n';
  }
  if (failed() > 0) out << "  first: " << first_error() << '\n';
  if (stored() > 0) {
    out << "latency p50 " << rounded(latency_.quantile(0.5)) << ", p99 " << rounded(latency_.quantile(0.99))
        << ", max " << rounded(latency_.largest()) << '\n';
  }
  return out.str();
}

}  // namespace sendscope::ui
