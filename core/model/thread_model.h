// Application threads as the events tell them.
#pragma once

#include <cstdint>

#include "core/base/types.h"
#include "core/event/event.h"

namespace sendscope {

struct ThreadModel {
  bool named = false;
  StringId name = 0;
  std::uint16_t producer = 0;
  ThreadState state = ThreadState::kRunning;
  Nanos since = 0;           // of the state
  std::uint32_t detail = 0;  // of the state: flushing: batches it waits for

  // The send() it is in, or was in last.
  bool in_send = false;
  RecordId record = 0;
  StringId topic = 0;
  std::uint32_t partition = kNoPlace;  // kNoPlace: not chosen yet
  std::uint32_t bytes = 0;
  Nanos send_began = 0;

  // The transactional call it is in, or was in last.
  bool in_txn_call = false;
  TransactionCall txn_call{};
  Nanos txn_call_began = 0;

  std::uint64_t sends = 0;     // calls of send()
  std::uint64_t accepted = 0;  // records appended
  std::uint64_t failed = 0;    // sends that failed
  bool operator==(const ThreadModel&) const = default;
};

}  // namespace sendscope
