// What a trace that keeps only the end of a run has in its file, block by block, and how it is shortened:
// into a new file go the header, the strings, what still held where the kept part begins, and the blocks that
// are young enough.
//
// Memory: 24 bytes a block, and what StandingEvents takes. Thread-safety: none.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <deque>

#include "core/event/standing_events.h"
#include "core/event/trace_format.h"

namespace sendscope {

class TraceRing {
 public:
  // last: how much of the run is to be kept, in ns. REQUIRES: last > 0.
  explicit TraceRing(Nanos last) : last_(std::min(last, kForever / 4)) {}

  // The file has gained this at its end; end: when the last event in it happened.
  void wrote_header(std::size_t bytes) { header_bytes_ = bytes; }
  void wrote(trace::BlockType type, std::uint32_t count, std::size_t bytes, Nanos end);
  // Whether the file holds a quarter more than is to be kept.
  bool due(Nanos now) const;
  // Copies what is to be kept. False: the system refused, and errno says why; then the ring is of no more
  // use.
  bool shorten(std::FILE* from, std::FILE* to, Nanos now);
  // In the file.
  std::uint64_t events() const { return events_; }

 private:
  struct Block {
    trace::BlockType type{};
    bool standing = false;  // what shorten() has put before the rest
    std::uint32_t count = 0;
    std::uint32_t bytes = 0;
    Nanos end = 0;
  };
  bool put_standing(std::FILE* to, std::deque<Block>& kept);
  void let_go(const Block& block, const std::vector<std::byte>& bytes);

  Nanos last_;
  std::size_t header_bytes_ = 0;
  std::deque<Block> blocks_;
  std::uint64_t events_ = 0;
  std::uint64_t let_go_ = 0;  // events, over the whole run, and those that were lost among them
  StandingEvents standing_;   // after those
};

}  // namespace sendscope
