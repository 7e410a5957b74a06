#include "core/producer/transaction_manager_requests.h"

#include <utility>

namespace sendscope {

void TransactionalRequestResult::done() {
  MutexLock lock(mutex_);
  completed_ = true;
  waiters_.wake_all();
}

void TransactionalRequestResult::fail(const Error& error) {
  MutexLock lock(mutex_);
  error_ = error;
  completed_ = true;
  waiters_.wake_all();
}

bool TransactionalRequestResult::is_completed() const {
  MutexLock lock(mutex_);
  return completed_;
}

std::optional<Error> TransactionalRequestResult::error() const {
  MutexLock lock(mutex_);
  return error_;
}

void TransactionalRequestResult::acknowledge() {
  MutexLock lock(mutex_);
  acked_ = true;
}

bool TransactionalRequestResult::is_acked() const {
  MutexLock lock(mutex_);
  return acked_;
}

bool TransactionalRequestResult::wait(Waiter& waiter) {
  MutexLock lock(mutex_);
  if (completed_) return false;
  if (!waiter.linked()) waiters_.push_back(waiter);
  return true;
}

void TransactionalRequestResult::stop_waiting(Waiter& waiter) {
  MutexLock lock(mutex_);
  if (waiter.linked()) waiters_.remove(waiter);
}

void TxnRequestQueue::push(TxnRequestPtr request) {
  heap_.push_back(std::move(request));
  for (std::size_t child = heap_.size() - 1; child > 0;) {
    const std::size_t parent = (child - 1) / 2;
    if (heap_[child]->priority >= heap_[parent]->priority) break;
    std::swap(heap_[child], heap_[parent]);
    child = parent;
  }
}

TxnRequestPtr TxnRequestQueue::pop() {
  TxnRequestPtr first = std::move(heap_.front());
  TxnRequestPtr last = std::move(heap_.back());
  heap_.pop_back();
  if (heap_.empty()) return first;
  std::size_t hole = 0;
  for (;;) {
    std::size_t child = 2 * hole + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child]->priority > heap_[child + 1]->priority) ++child;
    if (last->priority <= heap_[child]->priority) break;
    heap_[hole] = std::move(heap_[child]);
    hole = child;
  }
  heap_[hole] = std::move(last);
  return first;
}

}  // namespace sendscope
