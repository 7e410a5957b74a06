// Every batch from the moment it is opened until it is completed, queued or on its way.
// Source: Kafka IncompleteBatches.
//
// Thread-safety: any thread; one lock.
#pragma once

#include <vector>

#include "core/base/mutex.h"
#include "core/event/sink.h"
#include "core/producer/produce_request_result.h"
#include "core/producer/producer_batch_fwd.h"

namespace sendscope {

class IncompleteBatches {
 public:
  IncompleteBatches(EventSink& sink, std::uint16_t producer_index)
      : sink_(sink), producer_index_(producer_index) {}

  void add(const BatchPtr& batch) EXCLUDES_LOCK(mutex_);
  // Emits incomplete_removed. REQUIRES: the batch is in it (Java: IllegalStateException)
  void remove(const BatchPtr& batch, Nanos now) EXCLUDES_LOCK(mutex_);
  // In the order of their first records; Kafka's order is arbitrary.
  std::vector<BatchPtr> copy_all() const EXCLUDES_LOCK(mutex_);
  // Only what flush needs, so that it does not keep the memory of batches alive.
  std::vector<ResultPtr> request_results() const EXCLUDES_LOCK(mutex_);
  bool empty() const { return size() == 0; }
  std::size_t size() const EXCLUDES_LOCK(mutex_);

 private:
  EventSink& sink_;
  const std::uint16_t producer_index_;
  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::vector<BatchPtr> batches_ GUARDED_BY(mutex_);  // in no order; each batch knows its slot
};

}  // namespace sendscope
