#include "ui/live/live_monitor.h"

#include <unistd.h>

#include <iostream>

#include "core/event/narration.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {
namespace {

constexpr Nanos kPumpEvery = 2 * kNanosPerMilli;
constexpr Nanos kProgressEvery = 200 * kNanosPerMilli;
constexpr Nanos kPatience = kNanosPerSecond;
constexpr const char* kClearLine = "\r\033[K";

}  // namespace

LiveMonitor::LiveMonitor(LiveRun& run)
    : run_(run), patience_(run), terminal_(isatty(STDERR_FILENO) != 0), parker_(run.clock()), thread_([this] {
        watch();
      }) {}

LiveMonitor::~LiveMonitor() {
  ending_ = true;
  parker_.wake();
  thread_.join();
  if (terminal_) std::cerr << kClearLine << std::flush;
}

void LiveMonitor::watch() {
  while (!ending_) {
    run_.pump();
    tell_news();
    const Nanos now = run_.clock().now();
    patience_.look(now);
    complain_about_silence(now);
    if (terminal_ && now - shown_ >= kProgressEvery) show_progress(now);
    parker_.park_until(now + kPumpEvery);
  }
}

void LiveMonitor::show_progress(Nanos now) {
  const LiveStatistics& statistics = run_.statistics();
  const std::uint64_t stored = statistics.stored();
  const double seconds = static_cast<double>(now - shown_) / 1e9;
  const auto rate = static_cast<std::int64_t>(static_cast<double>(stored - stored_then_) / seconds);
  std::cerr << kClearLine << format_count(statistics.sent()) << " sent, " << format_count(stored)
            << " stored (" << format_count(rate) << "/s), " << format_count(statistics.failed()) << " failed"
            << std::flush;
  shown_ = now;
  stored_then_ = stored;
}

void LiveMonitor::tell_news() {
  if (const std::string news = run_.news(); !news.empty()) tell(news);
}

// Somebody who waits for max.block.ms or delivery.timeout.ms should know for what.
void LiveMonitor::complain_about_silence(Nanos now) {
  const LiveStatistics& statistics = run_.statistics();
  const std::uint64_t stored = statistics.stored();
  const bool idle = stored > 0 && statistics.sent() <= stored + statistics.failed();
  if (idle || stored != stored_last_) {
    progressed_ = now;
    stored_last_ = stored;
    complained_ = false;
  }
  if (complained_ || now - progressed_ < kPatience) return;
  const std::vector<std::string> troubles = run_.producer().troubles();
  complained_ = !troubles.empty();
  for (const std::string& trouble : troubles) tell("nothing is being stored: " + trouble);
}

}  // namespace sendscope::ui
