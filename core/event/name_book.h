// Who is who in a run: the names that events give to producers, threads and partitions, for everything that
// turns events into words. A fold of the events that give them; plain values.
#pragma once

#include <cstdint>
#include <vector>

#include "core/event/event.h"

namespace sendscope {

// Limits on what a run may name, so that a damaged trace cannot ask for memory without end. Events beyond
// them are ignored.
inline constexpr std::size_t kMaxProducers = 1u << 10;
inline constexpr std::size_t kMaxThreads = 1u << 14;
inline constexpr std::size_t kMaxPartitions = 1u << 20;
inline constexpr std::size_t kMaxNodes = 1u << 12;

struct PartitionName {
  StringId topic = 0;
  std::uint32_t number = 0;
  bool operator==(const PartitionName&) const = default;
};

struct NameBook {
  std::vector<StringId> producers;        // by producer index: client.id
  std::vector<StringId> threads;          // by thread index (the actor)
  std::vector<PartitionName> partitions;  // by PartitionIndex

  void apply(const Event& event);
  bool operator==(const NameBook&) const = default;
};

}  // namespace sendscope
