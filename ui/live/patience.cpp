#include "ui/live/patience.h"

#include "ui/terminal/command_line.h"
#include "ui/terminal/interrupt.h"

namespace sendscope::ui {
namespace {

constexpr Nanos kAfterSignal = 2500 * kNanosPerMilli;
// The last records of the input expire by delivery.timeout.ms themselves, and should: they know why.
constexpr Nanos kAfterExpiry = 500 * kNanosPerMilli;
constexpr Nanos kTellEvery = 10 * kNanosPerSecond;

void keep_earlier(std::atomic<Nanos>& time, Nanos value) {
  Nanos known = time;
  while (value < known && !time.compare_exchange_weak(known, value)) {
  }
}

}  // namespace

void Patience::input_ended() { keep_earlier(input_ended_, run_.clock().now()); }

void Patience::end_within(Nanos duration) { keep_earlier(end_, time_after(run_.clock().now(), duration)); }

void Patience::look(Nanos now) {
  if (interrupt() != 0) end_within(kAfterSignal);
  if (!gave_up_) give_up_when_due(now);
  tell_what_is_waited_for(now);
}

void Patience::give_up_when_due(Nanos now) {
  const Millis timeout_ms = run_.producer().config().delivery_timeout_ms;
  const Nanos input_ended = input_ended_;
  const bool expired =
      input_ended != kForever && now >= time_after(input_ended, to_nanos(timeout_ms) + kAfterExpiry);
  if (now < end_ && !expired) return;
  const std::string why = now >= end_ ? ""
                                      : "delivery.timeout.ms (" + std::to_string(timeout_ms) +
                                            " ms) has passed since the end of the input; ";
  tell(why + "given up while waiting for " + run_.waits_for());
  gave_up_ = true;
  run_.give_up();
}

void Patience::tell_what_is_waited_for(Nanos now) {
  const LiveStatistics& statistics = run_.statistics();
  const std::uint64_t settled = statistics.stored() + statistics.failed();
  const bool waits = statistics.sent() > settled || run_.producer().is_blocked();
  if (!waits || settled != settled_then_ || gave_up_) {
    settled_then_ = settled;
    waits_since_ = told_ = now;
    return;
  }
  if (now - told_ < kTellEvery) return;
  told_ = now;
  tell("waiting for " + run_.waits_for() + " (" + std::to_string((now - waits_since_) / kNanosPerSecond) +
       " s so far)");
}

}  // namespace sendscope::ui
