// What a scenario may have at most. Each limit stands once: the loader reports what is beyond it, the schema
// states it, and check_scenario holds scenarios to it that were built by hand.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/types.h"

namespace sendscope::sim {

inline constexpr std::size_t kMostProducers = 1000;
inline constexpr std::int64_t kMostRequestNumber = std::int64_t{1} << 31;  // correlation ids have 31 bits
inline constexpr std::size_t kMostThreads = 100;                           // of one producer
inline constexpr std::size_t kMostThreadsInAll = 10'000;
inline constexpr int kDeepestSteps = 16;  // steps within steps
inline constexpr std::int64_t kMostTimes = 1'000'000'000;

inline constexpr std::int64_t kMostNodes = 100;
inline constexpr std::size_t kMostTopics = 1000;
inline constexpr std::int64_t kMostPartitions = 10'000;  // of one topic
inline constexpr std::size_t kMostPartitionsInAll = 100'000;
inline constexpr std::int64_t kMostBrokerBytes = 1 << 30;
inline constexpr std::int64_t kMostMillis = 1'000'000'000;  // of a broker's key
inline constexpr std::size_t kMostFaults = 10'000;

inline constexpr std::int64_t kMostRecords = 1'000'000'000;  // of one send step
inline constexpr std::int64_t kMostValueBytes = 64 << 20;
inline constexpr std::int64_t kMostZipfKeys = 1'000'000;
inline constexpr std::uint64_t kMostRecordsPerSecond = kNanosPerSecond;

}  // namespace sendscope::sim
