// How long a live run may wait. A producer may wait for ever, as Kafka's does: for a coordinator that is
// still loading, for a commit that is never answered. A command must not. Records that are not acknowledged a
// little after a signal, or delivery.timeout.ms after the end of the input, are given up; and whoever waits
// without a signal is told every ten seconds for what.
//
// Thread-safety: input_ended() and end_within() from any thread, look() from one.
#pragma once

#include <atomic>

#include "ui/live/live_run.h"

namespace sendscope::ui {

class Patience {
 public:
  explicit Patience(LiveRun& run) : run_(run) {}

  // Nothing more will be sent. Of several calls the first counts.
  void input_ended();
  // What is not acknowledged by then is given up. Of several calls the earliest end counts.
  void end_within(Nanos duration);
  // Gives up what is due, and prints what is waited for when that is due. Call it some times a second.
  void look(Nanos now);

 private:
  void give_up_when_due(Nanos now);
  void tell_what_is_waited_for(Nanos now);

  LiveRun& run_;
  std::atomic<Nanos> input_ended_{kForever};
  std::atomic<Nanos> end_{kForever};
  bool gave_up_ = false;
  std::uint64_t settled_then_ = 0;
  Nanos waits_since_ = 0;
  Nanos told_ = 0;
};

}  // namespace sendscope::ui
