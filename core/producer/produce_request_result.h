// What became of one batch, and the latch that everyone who waits for it stands at.
//
// Order of completion: set() stores the outcome, the batch runs its callbacks, done() opens the latch. So
// whoever passes the latch finds every callback of that batch run. A batch that is split opens its latch at
// once and hands over to the results of its parts: futures follow them, flush waits for them too.
// Source: Kafka ProduceRequestResult.
//
// Thread-safety: set(), set_parts() and done() from the sender's thread; the rest from any.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/base/waiter.h"
#include "core/producer/record.h"

namespace sendscope {

// Why the records of a failed batch failed.
struct BatchErrors {
  Error top_level;
  // Record errors of the broker (KIP-467). When there are any, records that are not in it got `others`.
  std::map<std::int32_t, Error> by_index;
  std::optional<Error> others;

  BatchErrors(Error error) : top_level(std::move(error)) {}
  const Error& of(std::int32_t index) const;
};

class ProduceRequestResult {
 public:
  // The records from `first_index` on (up to the next part's) live on in `result`, counted from 0 there.
  struct Part {
    std::int32_t first_index;
    std::shared_ptr<ProduceRequestResult> result;
  };

  explicit ProduceRequestResult(TopicPartition tp) : tp_(std::move(tp)) {}

  const TopicPartition& topic_partition() const { return tp_; }

  // REQUIRES: not set before
  void set(std::int64_t base_offset, std::int64_t log_append_time_ms, std::optional<BatchErrors> errors);
  void set_parts(std::vector<Part> parts);
  // Opens the latch and wakes everyone. REQUIRES: set() came before
  void done() EXCLUDES_LOCK(mutex_);

  // The own latch only. What follows may be read once this is true.
  bool completed() const { return completed_.load(std::memory_order_acquire); }
  std::int64_t base_offset() const { return base_offset_; }
  bool has_log_append_time() const { return log_append_time_ms_ != kNoTimestamp; }
  std::int64_t log_append_time_ms() const { return log_append_time_ms_; }
  const Error* error(std::int32_t index) const { return errors_ ? &errors_->of(index) : nullptr; }
  // Empty unless the batch was split.
  const std::vector<Part>& parts() const { return parts_; }
  // The part that took the record. REQUIRES: !parts().empty()
  const Part& part_of(std::int32_t index) const;

  // True when the latch is open; else the waiter now stands at it and is woken when it opens.
  bool await(Waiter& waiter) EXCLUDES_LOCK(mutex_);
  // Takes the waiter away, if it stands here.
  void cancel(Waiter& waiter) EXCLUDES_LOCK(mutex_);

 private:
  const TopicPartition tp_;
  bool set_ = false;
  std::int64_t base_offset_ = kNoOffset;
  std::int64_t log_append_time_ms_ = kNoTimestamp;
  std::optional<BatchErrors> errors_;
  std::vector<Part> parts_;
  std::atomic<bool> completed_{false};

  Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  WaitQueue waiters_ GUARDED_BY(mutex_);
};

using ResultPtr = std::shared_ptr<ProduceRequestResult>;

}  // namespace sendscope
