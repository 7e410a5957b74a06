// A thread beside a live run that takes its events, shows a progress line on a terminal and sees to it that
// the run ends.
//
// Thread-safety: the owner constructs and destroys it.
#pragma once

#include <atomic>
#include <thread>

#include "core/live/thread_parker.h"
#include "ui/live/patience.h"

namespace sendscope::ui {

class LiveMonitor {
 public:
  // From now on the run's pump() is this thread's.
  explicit LiveMonitor(LiveRun& run);
  // Ends the thread; pump() is the owner's again.
  ~LiveMonitor();
  LiveMonitor(const LiveMonitor&) = delete;
  LiveMonitor& operator=(const LiveMonitor&) = delete;

  Patience& patience() { return patience_; }

 private:
  void watch();
  void show_progress(Nanos now);
  void tell_news();
  void complain_about_silence(Nanos now);

  LiveRun& run_;
  Patience patience_;
  const bool terminal_;
  Nanos shown_ = 0;
  std::uint64_t stored_then_ = 0;
  Nanos progressed_ = 0;  // when a record was stored last, or all that were sent were dealt with
  std::uint64_t stored_last_ = 0;
  bool complained_ = false;  // since then
  std::atomic<bool> ending_{false};
  live::ThreadParker parker_;
  std::thread thread_;
};

}  // namespace sendscope::ui
