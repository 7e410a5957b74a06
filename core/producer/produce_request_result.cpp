#include "core/producer/produce_request_result.h"

#include <algorithm>

#include "core/base/check.h"

namespace sendscope {

const Error& BatchErrors::of(std::int32_t index) const {
  if (by_index.empty()) return top_level;
  const auto found = by_index.find(index);
  if (found != by_index.end()) return found->second;
  return others ? *others : top_level;
}

void ProduceRequestResult::set(std::int64_t base_offset, std::int64_t log_append_time_ms,
                               std::optional<BatchErrors> errors) {
  SENDSCOPE_CHECK(!set_);
  base_offset_ = base_offset;
  log_append_time_ms_ = log_append_time_ms;
  errors_ = std::move(errors);
  set_ = true;
}

void ProduceRequestResult::set_parts(std::vector<Part> parts) {
  SENDSCOPE_CHECK(!completed() && !parts.empty());
  parts_ = std::move(parts);
}

void ProduceRequestResult::done() {
  SENDSCOPE_CHECK(set_);
  MutexLock lock(mutex_);
  completed_.store(true, std::memory_order_release);
  waiters_.wake_all();
}

const ProduceRequestResult::Part& ProduceRequestResult::part_of(std::int32_t index) const {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), index,
                                      [](std::int32_t i, const Part& part) { return i < part.first_index; });
  SENDSCOPE_CHECK(after != parts_.begin());
  return *(after - 1);
}

bool ProduceRequestResult::await(Waiter& waiter) {
  if (completed()) return true;
  MutexLock lock(mutex_);
  if (completed()) return true;
  if (!waiter.linked()) waiters_.push_back(waiter);
  return false;
}

void ProduceRequestResult::cancel(Waiter& waiter) {
  MutexLock lock(mutex_);
  if (waiter.linked()) waiters_.remove(waiter);
}

}  // namespace sendscope
