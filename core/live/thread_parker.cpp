#include "core/live/thread_parker.h"

namespace sendscope::live {

void ThreadParker::wake() noexcept {
  // Told with the lock held: the parker may die as soon as its thread has seen the flag.
  std::lock_guard lock(mutex_);
  woken_ = true;
  condition_.notify_one();
}

void ThreadParker::park_until(Nanos deadline) {
  std::unique_lock lock(mutex_);
  if (deadline == kForever) {
    condition_.wait(lock, [this] { return woken_; });
  } else {
    condition_.wait_until(lock, clock_.time_point(deadline), [this] { return woken_; });
  }
  woken_ = false;
}

}  // namespace sendscope::live
