// One direction of one connection: a socket's send buffer, a wire with latency, jitter and bandwidth, and a
// receive window. Bytes arrive in order whatever the jitter.
//
// Bytes wait unsent while the wire is busy with what went before, or while the receiver leaves too much
// unread. The sender then gets short writes: that is back-pressure.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "core/base/prng.h"
#include "core/base/types.h"
#include "sim/scenario.h"

namespace sendscope::sim {

// Byte buffers that are used again.
class BufferStock {
 public:
  std::vector<std::byte> take();
  void give_back(std::vector<std::byte> buffer);

 private:
  std::vector<std::vector<std::byte>> spare_;
};

class Pipe {
 public:
  // What travels: bytes, the end of the stream, or an abrupt end that overtakes nothing already under way.
  enum class Item : std::uint8_t { kBytes, kFin, kReset };
  struct Segment {
    Item item = Item::kBytes;
    std::vector<std::byte> bytes;
    Nanos late = 0;  // beyond what the link itself takes
  };

  // `capacity`: unsent bytes at most; also unread bytes at most.
  explicit Pipe(std::size_t capacity) : capacity_(capacity) {}

  // Takes bytes while there is room (all of them when `unlimited`), returns how many. Messages that are late
  // make later ones wait, as the stream keeps its order.
  std::size_t offer(std::span<const Bytes> slices, BufferStock& stock, Nanos late = 0,
                    bool unlimited = false);
  void offer_end(Item item);
  std::size_t unsent() const { return unsent_; }
  std::size_t room() const { return unsent_ >= capacity_ ? 0 : capacity_ - unsent_; }

  // Whether something could leave now, but for the wire being busy until busy_until().
  bool can_send() const;
  Nanos busy_until() const { return busy_until_; }
  // Puts the next segment onto the wire and returns when it arrives. `draws` are those of this segment.
  // REQUIRES: can_send(), now >= busy_until()
  Nanos send(Nanos now, const LinkSpec& link, Prng draws);
  // The oldest segment under way has arrived.
  Segment arrive();
  std::size_t flying() const { return flying_.size(); }
  // The receiver has read so many of the arrived bytes. REQUIRES: no more than have arrived
  void release(std::size_t bytes);
  // A reset discards what has not left yet.
  void discard_unsent(BufferStock& stock);

 private:
  static constexpr std::size_t kSegmentBytes = 64 * 1024;

  std::size_t capacity_;
  std::size_t unsent_ = 0;
  std::size_t unread_ = 0;  // under way or arrived, not yet read
  Nanos busy_until_ = 0;
  Nanos last_arrival_ = 0;
  std::deque<Segment> waiting_;
  std::deque<Segment> flying_;
};

}  // namespace sendscope::sim
