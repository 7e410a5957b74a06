// The only way an application thread waits inside the core. (A live I/O thread waits in its transport.)
//
// A Waiter is a caller-owned node in one FIFO queue at a time. The queue's owner calls wake() under the lock
// that guards the queue; wake() must be cheap and must not call back into that owner. It is a hint: whoever
// was woken looks again and may queue up anew. Live code parks a thread on it, the simulation suspends a
// virtual thread, the picture draws it.
//
// Thread-safety: a WaitQueue and the links of the waiters in it are guarded by its owner's lock.
// Invariant: a waiter is unlinked before it is destroyed; dying linked aborts.
#pragma once

#include <cstddef>

#include "core/base/check.h"

namespace sendscope {

class WaitQueue;

class Waiter {
 public:
  Waiter() = default;
  virtual ~Waiter() { SENDSCOPE_CHECK(queue_ == nullptr); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  virtual void wake() noexcept = 0;

  bool linked() const { return queue_ != nullptr; }

 private:
  friend class WaitQueue;
  WaitQueue* queue_ = nullptr;
  Waiter* previous_ = nullptr;
  Waiter* next_ = nullptr;
};

class WaitQueue {
 public:
  WaitQueue() = default;
  ~WaitQueue() { SENDSCOPE_CHECK(front_ == nullptr); }
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  bool empty() const { return front_ == nullptr; }
  std::size_t size() const { return size_; }
  Waiter* front() const { return front_; }
  bool is_front(const Waiter& waiter) const { return front_ == &waiter; }
  // Who stands behind; null: nobody. REQUIRES: waiter is linked in this queue
  Waiter* next(const Waiter& waiter) const { return waiter.next_; }

  // REQUIRES: !waiter.linked()
  void push_back(Waiter& waiter);
  // REQUIRES: waiter is linked in this queue
  void remove(Waiter& waiter);
  // Wakes the first waiter, which stays in line. Nothing happens when the line is empty.
  void wake_front() noexcept;
  // Wakes everyone in line, first come first served; all stay in line.
  void wake_all() noexcept;

 private:
  Waiter* front_ = nullptr;
  Waiter* back_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace sendscope
