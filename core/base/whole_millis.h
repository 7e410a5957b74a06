// When a wait that ran out is seen to have run out by rules that compare whole milliseconds.
//
// Kafka's time-outs are over when more than their value has passed (InFlightRequests.hasExpiredRequest:
// now - sent > timeout), and its poll waits for that very value. A wait that ended on the dot would find the
// two equal and wait for all of it once more. Java's never does: Selector.select takes whole milliseconds of
// the kernel, which rounds up, and its thread must be scheduled then.
#pragma once

#include "core/base/types.h"

namespace sendscope {

// The first whole millisecond after `t`; for ever stays for ever.
constexpr Nanos next_whole_milli(Nanos t) {
  return t == kForever ? kForever : time_after(t - t % kNanosPerMilli, kNanosPerMilli);
}

}  // namespace sendscope
