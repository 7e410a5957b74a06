#include "core/producer/incomplete_batches.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/producer/producer_batch.h"

namespace sendscope {

void IncompleteBatches::add(const BatchPtr& batch) {
  MutexLock lock(mutex_);
  batch->incomplete_slot_ = batches_.size();
  batches_.push_back(batch);
}

void IncompleteBatches::remove(const BatchPtr& batch, Nanos now) {
  BatchPtr keeps_alive = batch;  // the caller's reference may be the one in the list
  MutexLock lock(mutex_);
  const std::size_t slot = keeps_alive->incomplete_slot_;
  SENDSCOPE_CHECK(slot < batches_.size() && batches_[slot] == keeps_alive);
  batches_.back()->incomplete_slot_ = slot;
  std::swap(batches_[slot], batches_.back());
  batches_.pop_back();
  sink_.emit(
      {now, EventKind::incomplete_removed, producer_index_, keeps_alive->place(), keeps_alive->id(), 0, 0});
}

std::vector<BatchPtr> IncompleteBatches::copy_all() const {
  std::vector<BatchPtr> copy;
  {
    MutexLock lock(mutex_);
    copy = batches_;
  }
  std::sort(copy.begin(), copy.end(), [](const BatchPtr& a, const BatchPtr& b) {
    return a->first_record() != b->first_record() ? a->first_record() < b->first_record() : a->id() < b->id();
  });
  return copy;
}

std::vector<ResultPtr> IncompleteBatches::request_results() const {
  std::vector<ResultPtr> results;
  MutexLock lock(mutex_);
  results.reserve(batches_.size());
  for (const BatchPtr& batch : batches_) results.push_back(batch->result());
  return results;
}

std::size_t IncompleteBatches::size() const {
  MutexLock lock(mutex_);
  return batches_.size();
}

}  // namespace sendscope
