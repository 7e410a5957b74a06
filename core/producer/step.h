// What one advance of a resumable operation (SendOp, AppendOp, FlushOp...) came to.
#pragma once

#include <cstdint>

namespace sendscope {

enum class BlockReason : std::uint8_t { kNone, kMetadata, kMemory, kFlush, kClose, kResult, kTransaction };

enum class Step : std::uint8_t {
  kDone,     // look at the result
  kBlocked,  // wait for the waiter or the deadline, then advance again
  kYield,    // another thread may run here (between the allocation and the append); advance again
};

}  // namespace sendscope
