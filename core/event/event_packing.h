// Events in few bytes: what is told of one is how it differs from the one before.
//
// Layout: kind (unsigned varint), which of actor 1, place 2, subject 4, a 8 and b 16 are told u8, how much
// later it happened than the event before (varlong), then each told field as its difference from the last
// event of the same kind (varlong; wrapping). Before the first event all are those of a default Event at time
// 0, so a sequence needs nothing but itself to be read.
//
// Thread-safety: none.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/bytes.h"
#include "core/event/event.h"

namespace sendscope {

inline constexpr std::size_t kSmallestPackedEvent = 3;  // bytes

class EventPacker {
 public:
  explicit EventPacker(std::vector<std::byte>& out) : out_(out) {}
  void add(const Event& event);

 private:
  ByteWriter out_;
  Nanos t_ = 0;
  std::array<Event, kEventKindCount> last_{};  // by kind
};

class EventUnpacker {
 public:
  // kinds: how many kinds whoever packed them knew. REQUIRES: kinds <= kEventKindCount.
  EventUnpacker(Bytes bytes, int kinds) : in_(bytes), kinds_(kinds) {}
  // False when the bytes do not go on as an event that happened at or after time 0.
  bool next(Event& event);
  bool at_end() const { return in_.at_end(); }

 private:
  ByteReader in_;
  int kinds_;
  Nanos t_ = 0;
  std::array<Event, kEventKindCount> last_{};
};

}  // namespace sendscope
