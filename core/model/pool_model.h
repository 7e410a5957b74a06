// BufferPool as the events tell it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/types.h"

namespace sendscope {

// A thread in line for memory.
struct PoolWaiter {
  std::uint16_t thread = 0;
  std::uint64_t record = 0;
  std::uint32_t wanted = 0;
  std::uint32_t reserved = 0;  // what it holds already (the first in line hoards)
  Nanos since = 0;
  bool woken = false;
  bool operator==(const PoolWaiter&) const = default;
};

struct PoolModel {
  std::int64_t total = 0;           // buffer.memory
  std::int64_t block_size = 0;      // batch.size: the size of pooled blocks
  std::int64_t available = 0;       // pooled and not
  std::int64_t free_blocks = 0;     // blocks in the free list
  std::int64_t in_batches = 0;      // capacity of the batches that hold memory
  std::vector<PoolWaiter> waiters;  // first in line first

  std::int64_t used() const { return total - available; }
  std::int64_t unpooled() const { return available - free_blocks * block_size; }
  std::int64_t reserved() const;    // held by waiters
  std::int64_t in_transit() const;  // lent, but not (yet, or any more) in a batch or a waiter's hand
  bool operator==(const PoolModel&) const = default;
};

}  // namespace sendscope
