#include "core/base/waiter.h"

namespace sendscope {

void WaitQueue::push_back(Waiter& waiter) {
  SENDSCOPE_CHECK(!waiter.linked());
  waiter.queue_ = this;
  waiter.previous_ = back_;
  waiter.next_ = nullptr;
  (back_ != nullptr ? back_->next_ : front_) = &waiter;
  back_ = &waiter;
  ++size_;
}

void WaitQueue::remove(Waiter& waiter) {
  SENDSCOPE_CHECK(waiter.queue_ == this);
  (waiter.previous_ != nullptr ? waiter.previous_->next_ : front_) = waiter.next_;
  (waiter.next_ != nullptr ? waiter.next_->previous_ : back_) = waiter.previous_;
  waiter.queue_ = nullptr;
  waiter.previous_ = nullptr;
  waiter.next_ = nullptr;
  --size_;
}

void WaitQueue::wake_front() noexcept {
  if (front_ != nullptr) front_->wake();
}

void WaitQueue::wake_all() noexcept {
  for (Waiter* waiter = front_; waiter != nullptr;) {
    Waiter* next = waiter->next_;
    waiter->wake();
    waiter = next;
  }
}

}  // namespace sendscope
