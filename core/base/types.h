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

// Unique within one run, also when several producers share it: the producer's index stands in the top 16
// bits, the thing's number within the producer below them.
using BatchId = std::uint64_t;
using RequestId = std::uint64_t;
using RecordId = std::uint64_t;

inline constexpr int kIdProducerShift = 48;

constexpr std::uint64_t make_id(std::size_t producer, std::uint64_t number) {
  return static_cast<std::uint64_t>(producer) << kIdProducerShift |
         (number & ((std::uint64_t{1} << kIdProducerShift) - 1));
}
constexpr std::size_t producer_of_id(std::uint64_t id) { return id >> kIdProducerShift; }
constexpr std::uint64_t number_of(std::uint64_t id) {
  return id & ((std::uint64_t{1} << kIdProducerShift) - 1);
}

// Requests are numbered by their correlation ids, which begin at 0.
constexpr RequestId request_id(std::size_t producer, std::int32_t correlation_id) {
  return make_id(producer, static_cast<std::uint64_t>(static_cast<std::uint32_t>(correlation_id)) + 1);
}

}  // namespace sendscope
