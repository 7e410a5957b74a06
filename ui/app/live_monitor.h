// A thread beside a live run that takes its events, shows a progress line on a terminal and notices Ctrl-C.
//
// Thread-safety: the owner constructs and destroys it; interrupted() from any thread.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "core/live/thread_parker.h"
#include "ui/app/live_run.h"

namespace sendscope::ui {

// Keeps SIGINT and SIGTERM from ending the process, so that a monitor can take them. Call it before any other
// thread is started.
void hold_interrupts();

class LiveMonitor {
 public:
  // From now on the run's pump() is this thread's.
  explicit LiveMonitor(LiveRun& run);
  // Ends the thread; pump() is the owner's again.
  ~LiveMonitor();
  LiveMonitor(const LiveMonitor&) = delete;
  LiveMonitor& operator=(const LiveMonitor&) = delete;

  // Ctrl-C was pressed, or the process told to end. The next one ends the process at once.
  bool interrupted() const { return interrupted_.load(std::memory_order_relaxed); }

 private:
  void watch();
  void look_for_interrupt();
  void show_progress(Nanos now);
  void tell_news();
  void complain_about_silence(Nanos now);

  LiveRun& run_;
  const bool terminal_;
  Nanos shown_ = 0;
  std::uint64_t stored_then_ = 0;
  Nanos progressed_ = 0;  // when a record was stored last, or all that were sent were dealt with
  std::uint64_t stored_last_ = 0;
  bool complained_ = false;  // since then
  std::atomic<bool> interrupted_{false};
  std::atomic<bool> ending_{false};
  live::ThreadParker parker_;
  std::thread thread_;
};

}  // namespace sendscope::ui
