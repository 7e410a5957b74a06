#include "core/producer/future_record_metadata.h"

#include "core/base/check.h"

namespace sendscope {

void FutureRecordMetadata::reset() {
  cancel();
  result_.reset();
  failure_.reset();
}

void FutureRecordMetadata::attach(ResultPtr result, std::int32_t index, std::int64_t timestamp_ms,
                                  std::int32_t key_size, std::int32_t value_size) {
  reset();
  result_ = std::move(result);
  index_ = index;
  timestamp_ms_ = timestamp_ms;
  key_size_ = key_size;
  value_size_ = value_size;
}

void FutureRecordMetadata::fail(Error error) {
  reset();
  failure_ = std::move(error);
}

// The parts of a result are set before its latch opens and never change after.
const ResultPtr& FutureRecordMetadata::resolve(std::int32_t& index) const {
  const ResultPtr* result = &result_;
  index = index_;
  while ((*result)->completed() && !(*result)->parts().empty()) {
    const ProduceRequestResult::Part& part = (*result)->part_of(index);
    index -= part.first_index;
    result = &part.result;
  }
  return *result;
}

bool FutureRecordMetadata::is_done() const {
  if (failure_) return true;
  if (!result_) return false;
  std::int32_t index = 0;
  return resolve(index)->completed();
}

Result<RecordMetadata> FutureRecordMetadata::get() const {
  SENDSCOPE_CHECK(is_done());
  if (failure_) return *failure_;
  std::int32_t index = 0;
  const ProduceRequestResult& result = *resolve(index);
  if (const Error* error = result.error(index)) return *error;
  RecordMetadata metadata;
  metadata.topic = result_->topic_partition().topic;
  metadata.partition = result.topic_partition().partition;
  if (result.base_offset() != kNoOffset) metadata.offset = result.base_offset() + index;
  metadata.timestamp_ms = result.has_log_append_time() ? result.log_append_time_ms() : timestamp_ms_;
  metadata.serialized_key_size = key_size_;
  metadata.serialized_value_size = value_size_;
  return metadata;
}

bool FutureRecordMetadata::await(Waiter& waiter) {
  SENDSCOPE_CHECK(valid());
  if (failure_) return true;
  std::int32_t index = 0;
  for (;;) {
    const ResultPtr& result = resolve(index);
    if (waiting_at_ != result) cancel();
    if (!result->await(waiter)) {
      waiting_at_ = result;
      waiter_ = &waiter;
      return false;
    }
    if (result->parts().empty()) break;  // else the latch opened for a split meanwhile
  }
  cancel();
  return true;
}

void FutureRecordMetadata::cancel() {
  if (waiting_at_) waiting_at_->cancel(*waiter_);
  waiting_at_.reset();
  waiter_ = nullptr;
}

}  // namespace sendscope
