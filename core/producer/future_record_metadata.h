// What send() returns: one record's outcome, to be looked at or waited for. A small value that the caller
// keeps; it follows the record when its batch is split. Source: Kafka FutureRecordMetadata,
// KafkaProducer.FutureFailure.
//
// Thread-safety: one future belongs to one thread; the batch it speaks of may complete on another.
#pragma once

#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/producer/produce_request_result.h"
#include "core/producer/record.h"

namespace sendscope {

class FutureRecordMetadata {
 public:
  FutureRecordMetadata() = default;
  // Dies in line without harm: it leaves the latch first.
  ~FutureRecordMetadata() { cancel(); }
  FutureRecordMetadata(const FutureRecordMetadata&) = delete;
  FutureRecordMetadata& operator=(const FutureRecordMetadata&) = delete;

  // Filled in by the send. REQUIRES (all three): not waiting
  void attach(ResultPtr result, std::int32_t index, std::int64_t timestamp_ms, std::int32_t key_size,
              std::int32_t value_size);
  void fail(Error error);
  void reset();

  bool valid() const { return result_ != nullptr || failure_.has_value(); }
  // False too while it is not valid.
  bool is_done() const;
  // The record's metadata (it names a topic that lives as long as this future), or why it failed.
  // REQUIRES: is_done()
  Result<RecordMetadata> get() const;

  // The batch the record went into; null for a failed send.
  const ResultPtr& batch_result() const { return result_; }

  // True when done; else the waiter stands at the latch of the batch the record is in now. A wake-up is a
  // hint: ask again. REQUIRES: valid(); the waiter stands nowhere else
  bool await(Waiter& waiter);
  void cancel();

 private:
  // The result that decides about the record now, and its index there.
  const ResultPtr& resolve(std::int32_t& index) const;

  ResultPtr result_;
  std::int32_t index_ = 0;
  std::int64_t timestamp_ms_ = kNoTimestamp;
  std::int32_t key_size_ = -1;
  std::int32_t value_size_ = -1;
  std::optional<Error> failure_;
  ResultPtr waiting_at_;
  Waiter* waiter_ = nullptr;
};

}  // namespace sendscope
