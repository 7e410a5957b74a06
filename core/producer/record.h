// What applications hand over and what they get back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/error.h"
#include "core/base/types.h"
#include "core/wire/record_header.h"

namespace sendscope {

inline constexpr std::int64_t kNoTimestamp = -1;
inline constexpr std::int64_t kNoOffset = -1;

// A view; everything it points to must live until the send that took it is over: try_send() has returned, or
// the SendOp is done. Not until the record is delivered.
struct Record {
  std::string_view topic;
  PartitionId partition = kUnknownPartition;
  std::int64_t timestamp_ms = kNoTimestamp;
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  std::span<const RecordHeader> headers;
};

// Kafka: RecordMetadata. A failed record has -1 everywhere but topic and, where known, partition.
struct RecordMetadata {
  std::string_view topic;
  PartitionId partition = kUnknownPartition;
  std::int64_t offset = kNoOffset;
  std::int64_t timestamp_ms = kNoTimestamp;
  std::int32_t serialized_key_size = -1;
  std::int32_t serialized_value_size = -1;
};

struct Acknowledgement {
  RecordMetadata metadata;
  const Error* error = nullptr;  // null: stored
};

// The user's callback. It runs on the sender's thread, or inside the send itself when that fails, with no
// lock held; it must not throw. No allocation per record: a function and what it needs.
struct Delivery {
  void (*fn)(void* context, const Acknowledgement& acknowledgement) = nullptr;
  void* context = nullptr;
};

}  // namespace sendscope
