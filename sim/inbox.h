// What has arrived on one connection of a broker and is not worked off yet: whole requests, one behind the
// other, and the beginning of the next. Memory grows with the bytes that really arrive.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "core/base/types.h"

namespace sendscope::sim {

class Inbox {
 public:
  explicit Inbox(std::size_t max_frame) : max_frame_(max_frame) {}

  void append(Bytes bytes);
  // A length below zero or above the limit was announced: nothing behind it can be read any more.
  bool broken() const { return broken_; }

  // Whole requests that wait; each without its 4 bytes of length.
  std::size_t whole() const { return sizes_.size(); }
  // The index-th of them. Valid until the next call that is not const. REQUIRES: index < whole()
  Bytes frame(std::size_t index) const;
  MutableBytes mutable_frame(std::size_t index);
  void pop_front();
  // Moves the newest whole request before all others.
  void newest_to_front();
  // Bytes of a request that is still arriving.
  std::size_t partial() const { return buffer_.size() - scanned_; }

 private:
  std::size_t start_of(std::size_t index) const;
  void scan();

  std::size_t max_frame_;
  bool broken_ = false;
  std::size_t begin_ = 0;    // of the first whole request, in buffer_
  std::size_t scanned_ = 0;  // end of the last whole request
  std::vector<std::byte> buffer_;
  std::deque<std::size_t> sizes_;  // with their 4 bytes of length
};

}  // namespace sendscope::sim
