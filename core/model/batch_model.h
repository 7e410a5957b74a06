// ProducerBatch as the events tell it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/types.h"
#include "core/event/event.h"

namespace sendscope {

enum class BatchState : std::uint8_t {
  kOpen,      // takes records
  kClosed,    // full or closed for appends, not yet said to be ready
  kReady,     // the sender may drain it
  kInFlight,  // drained: in a request, or about to be
  kRetrying,  // back in the deque, backing off or waiting for its turn
  kSplit,     // too large for the broker: its records live on in its children
  kDone,      // completed; error says how
  kExpired,   // delivery.timeout.ms has passed
};

struct RecordModel {
  RecordId id = 0;
  std::uint16_t thread = kNoActor;
  Nanos sent = 0;  // send() was called
  Nanos appended = 0;
  bool operator==(const RecordModel&) const = default;
};

// A thread's records in a batch: their first and last number in the partition (see BatchModel::first_number).
struct ThreadSpan {
  std::uint16_t thread = kNoActor;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool operator==(const ThreadSpan&) const = default;
};

// Records of a batch that failed with the same error. A broker may name the records that are to blame
// (KIP-467): they fail with their own error, the others because they shared the batch.
struct RecordFailures {
  std::int32_t error = 0;
  std::uint32_t count = 0;
  std::vector<RecordId> first;  // at most kFailuresNamed
  bool operator==(const RecordFailures&) const = default;
};
inline constexpr std::size_t kFailuresNamed = 4;

inline constexpr std::uint32_t kNoSequence = 0xffffffff;
inline constexpr RequestId kNoRequest = ~RequestId{0};
inline constexpr std::int32_t kNoErrorYet = -32768;
// Whether a code of Kafka's is that of a failure: UNKNOWN_SERVER_ERROR is -1.
inline bool is_failure(std::int32_t error) { return error != 0 && error != kNoErrorYet; }

struct BatchModel {
  BatchId id = 0;
  std::uint16_t producer = 0;
  PartitionIndex partition = 0;
  BatchState state = BatchState::kOpen;
  ReadyReason ready_reason{};

  // Its records, in append order. A finished batch keeps only their number and the first and last id.
  std::vector<RecordModel> records;
  std::uint32_t record_count = 0;
  RecordId first_record = 0;
  RecordId last_record = 0;
  // Records that a producer appends to a partition are numbered from 0; a batch holds consecutive ones.
  std::uint64_t first_number = 0;
  std::vector<ThreadSpan> spans;
  std::uint32_t callbacks_done = 0;

  std::uint32_t bytes = 0;          // estimate while open, real once closed
  std::uint32_t capacity = 0;       // of its buffer: its write limit
  bool pooled = false;              // the buffer came from the free list
  BatchId parent = 0;               // 0: not a child of a split
  std::uint32_t split_records = 0;  // of a batch that was split: records that its children have

  Nanos created = 0;
  Nanos closed = -1;  // -1: has not happened, here and below
  Nanos ready = -1;
  Nanos drained = -1;  // the last time
  Nanos completed = -1;
  Nanos retried = -1;  // put back, the last time
  Nanos backoff_until = -1;
  std::uint32_t attempts = 0;             // failed ones
  std::int32_t last_error = kNoErrorYet;  // of the last failed attempt
  std::int32_t error = kNoErrorYet;       // kNone (0) or what its records failed with, once completed
  std::vector<RecordFailures> failures;   // in the order in which the errors came
  std::int64_t base_offset = -1;

  std::int32_t node = 0;                 // drained for; meaningful once drained
  RequestId request = kNoRequest;        // the request that carries it, or carried it last
  std::uint32_t sequence = kNoSequence;  // base sequence
  std::uint32_t epoch = 0;
  std::int64_t pid = -1;

  bool in_incomplete_batches = true;  // RecordAccumulator.IncompleteBatches knows it
  bool in_flight = false;             // Sender.inFlightBatches has it
  bool memory_returned = false;       // a split child has none: true from birth
  bool latch_open = false;            // ProduceRequestResult is done: futures return

  bool finished() const { return latch_open && !in_incomplete_batches && memory_returned; }
  bool has_sequence() const { return sequence != kNoSequence; }
  bool operator==(const BatchModel&) const = default;
};

}  // namespace sendscope
