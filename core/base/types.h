// Units and identities that every layer shares.
//
// Time is an integer count of nanoseconds since an origin the driver chooses (the simulation's start, or a
// monotonic clock's). Kafka's rules compare whole milliseconds; to_millis() is the one place that truncates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace sendscope {

using Nanos = std::int64_t;
using Millis = std::int64_t;

inline constexpr Nanos kNanosPerMicro = 1'000;
inline constexpr Nanos kNanosPerMilli = 1'000'000;
inline constexpr Nanos kNanosPerSecond = 1'000'000'000;
inline constexpr Nanos kForever = std::numeric_limits<Nanos>::max();
inline constexpr Millis kForeverMillis = std::numeric_limits<Millis>::max();

constexpr Millis to_millis(Nanos t) { return t / kNanosPerMilli; }

// Saturates, so that "for ever" stays "for ever".
constexpr Nanos to_nanos(Millis ms) {
  return ms >= kForever / kNanosPerMilli ? kForever : ms * kNanosPerMilli;
}

// now + wait, where the end of time is the end. REQUIRES: wait >= 0
constexpr Nanos time_after(Nanos now, Nanos wait) { return wait > kForever - now ? kForever : now + wait; }

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

// Broker ids as the cluster gives them; bootstrap addresses are -1, -2, ... in the order configured.
using NodeId = std::int32_t;
inline constexpr NodeId kNoNode = std::numeric_limits<std::int32_t>::min();

using PartitionId = std::int32_t;
inline constexpr PartitionId kUnknownPartition = -1;

// Unique within one run, also when several producers share it: the producer's index stands in the top bits.
using BatchId = std::uint32_t;
using RequestId = std::uint32_t;
using RecordId = std::uint64_t;

inline constexpr int kBatchIdProducerShift = 27;
inline constexpr int kRecordIdProducerShift = 48;

}  // namespace sendscope
