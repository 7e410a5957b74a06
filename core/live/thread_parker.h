// A thread as a Waiter: it sleeps until somebody wakes it or its time is over.
//
// Thread-safety: wake() from any thread, park_until() from the one that owns the parker. A wake-up that comes
// before park_until() is kept for it.
#pragma once

#include <condition_variable>
#include <mutex>

#include "core/base/waiter.h"
#include "core/live/clock.h"

namespace sendscope::live {

class ThreadParker final : public Waiter {
 public:
  explicit ThreadParker(const Clock& clock) : clock_(clock) {}

  void wake() noexcept override;
  void park_until(Nanos deadline);

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
};

}  // namespace sendscope::live
