// One append on its way through the append protocol: pick the partition, try the last batch of its queue, get
// memory without holding any lock, look again, open a batch.
// Source: Kafka RecordAccumulator.append, appendNewBatch, tryAppend, partitionChanged.
//
// Thread-safety: each attempt and each operation belongs to one thread; any number of them may be under way.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/base/mutex.h"
#include "core/producer/buffer_pool.h"
#include "core/producer/builtin_partitioner.h"
#include "core/producer/partition_queue.h"
#include "core/producer/producer_batch.h"
#include "core/producer/step.h"

namespace sendscope {

class RecordAccumulator;

enum class AppendStatus : std::uint8_t {
  kAppended,
  kWouldBlock,  // try_append only: memory is short; nothing was appended
  kFailed,      // see error
};

// Kafka: RecordAccumulator.RecordAppendResult.
struct RecordAppendResult {
  AppendStatus status = AppendStatus::kFailed;
  bool batch_is_full = false;      // more than one batch queued, or the last one full: wake the sender
  bool new_batch_created = false;  // likewise: its linger must be armed
  PartitionId partition = kUnknownPartition;  // the one chosen last, also on failure
  std::int64_t appended_bytes = 0;
  // kKafkaException (closed), kBufferExhausted, or wire::append_error().
  std::optional<Error> error;
};

// What an append has chosen, what it holds, and what came of it so far. Memory that it did not need goes back
// when it ends.
class AppendAttempt {
 public:
  enum class Outcome : std::uint8_t {
    kDone,         // look at the result
    kNeedsMemory,  // nothing has happened; give it memory and go on
    kStale,        // inside the protocol: choose the partition again
    kNoRoom,       // inside the protocol: a new batch is needed
  };

  // Both outlive the attempt, and so does what the request points to.
  AppendAttempt(RecordAccumulator& accumulator, const AppendRequest& request)
      : accumulator_(accumulator), request_(request) {}
  ~AppendAttempt() { give_back(); }
  AppendAttempt(const AppendAttempt&) = delete;
  AppendAttempt& operator=(const AppendAttempt&) = delete;

  // From the choice of the partition to the end, or to the point where memory is needed. With memory in hand
  // it comes to the end. `cluster` is read during the call only.
  Outcome run(const Cluster& cluster, Nanos now);
  // The same, but the partition chosen before is good if it has not moved meanwhile. REQUIRES: it has memory
  Outcome resume(const Cluster& cluster, Nanos now);

  std::size_t size_to_allocate() const;
  void accept(Buffer buffer, Nanos now);
  // What was not needed, to the pool.
  void give_back();
  // Until it has memory, a last batch that is full is left open.
  void only_look() { only_looking_ = true; }
  RecordAppendResult& result() { return result_; }

 private:
  void choose();
  Outcome try_tail();
  Outcome open_batch();
  // Parts of the two above.
  Outcome append_to_tail() REQUIRES_LOCK(queue_->mutex);
  Outcome append_to_new(const BatchPtr& batch) REQUIRES_LOCK(queue_->mutex);
  bool sticky_has_moved() REQUIRES_LOCK(queue_->mutex);
  void appended(ProducerBatch& batch, std::int64_t bytes) REQUIRES_LOCK(queue_->mutex);
  void update_sticky(std::int64_t bytes, bool may_switch);

  BatchPtr make_batch();
  void tell_switch();

  RecordAccumulator& accumulator_;
  const AppendRequest& request_;
  // Of the call that is under way, or was the last.
  const Cluster* cluster_ = nullptr;
  Nanos now_ = 0;

  TopicInfo* topic_ = nullptr;
  BuiltInPartitioner::Sticky sticky_;  // false: the partition was given
  PartitionQueue* queue_ = nullptr;
  // The sticky partition switched under the queue's lock: told once that is released.
  std::int64_t produced_before_switch_ = BuiltInPartitioner::kStayed;
  PartitionId switched_to_ = kUnknownPartition;
  Buffer buffer_;
  std::vector<Thunk> thunks_;
  bool has_buffer_ = false;
  bool only_looking_ = false;
  RecordAppendResult result_;
};

// One append that may have to wait for memory. Between getting the memory and using it there is a step
// boundary (kYield): other threads may append there, and the protocol looks again.
// Destroying it before the end leaves the line and gives memory back.
class AppendOp {
 public:
  // `request` and what it points to outlive the operation. `budget_ms` is how long it may wait for memory.
  AppendOp(RecordAccumulator& accumulator, const AppendRequest& request, Millis budget_ms, Waiter& waiter);
  AppendOp(const AppendOp&) = delete;
  AppendOp& operator=(const AppendOp&) = delete;

  Step advance(const Cluster& cluster, Nanos now);
  // Until when it waits for memory. REQUIRES: advance() said kBlocked
  Nanos deadline() const { return allocation_->deadline(); }
  // The pool has woken it since its last look.
  bool signalled() const { return allocation_ && allocation_->signalled(); }
  // REQUIRES: advance() said kDone
  RecordAppendResult& result() { return attempt_.result(); }

 private:
  enum class State : std::uint8_t { kStart, kAllocating, kAllocated, kDone };

  Step finish(AppendAttempt::Outcome outcome, Nanos now);
  Step take_memory(Nanos now);

  BufferPool& pool_;
  const Millis budget_ms_;
  Waiter& waiter_;
  const std::uint16_t thread_;
  State state_ = State::kStart;
  AppendAttempt attempt_;
  std::optional<AllocateOp> allocation_;
};

}  // namespace sendscope
