// All events of a run in order, with the words they speak in. Append-only; everything shown is a fold of a
// prefix of it.
//
// Events are numbered from 0. "After n events" means events 0 .. n-1 have happened. Time never goes back: an
// event that claims an earlier time than its predecessor gets its predecessor's.
//
// Who has written the events somewhere else may let go of the oldest: their numbers stay taken, their memory
// is free. The words and names stay.
//
// Thread-safety: none; its session owns it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/event/event.h"
#include "core/event/name_book.h"
#include "core/event/sink.h"
#include "core/event/string_table.h"

namespace sendscope {

class EventLog {
 public:
  void append(std::span<const Event> events);
  void append(const Event& event) { append(std::span(&event, 1)); }
  void append_strings(std::vector<std::string> strings) { strings_.append(std::move(strings)); }
  // Takes everything the sink holds, with its strings, so that no event speaks of an unknown word; where the
  // sink has dropped some, events_lost stands in their place. Always the same sink. Returns how many events
  // came.
  std::size_t drain(EventSink& sink);

  // Frees the events before number n, as far as they fill whole chunks; they must not be asked for any more.
  void forget_before(std::size_t n);
  // The number of the oldest event that is still there.
  std::size_t first() const { return first_; }

  // Events that have happened, the forgotten ones included.
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Event& operator[](std::size_t index) const {
    return chunks_[index >> kChunkBits][index & kChunkMask];
  }
  // REQUIRES: not empty; the newest event is never forgotten.
  const Event& back() const { return (*this)[size_ - 1]; }
  Nanos end_time() const { return empty() ? 0 : back().t; }

  // How many events have happened at time t, those at t included; at least first().
  std::size_t count_until(Nanos t) const;
  // How many events have happened before time t, those at t left out; at least first().
  std::size_t count_before(Nanos t) const;

  const StringTable& strings() const { return strings_; }
  const NameBook& names() const { return names_; }

 private:
  static constexpr std::size_t kChunkBits = 14;
  static constexpr std::size_t kChunkMask = (std::size_t{1} << kChunkBits) - 1;

  std::vector<std::unique_ptr<Event[]>> chunks_;  // null: forgotten
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;  // by the sink, as far as the log tells
  StringTable strings_;
  NameBook names_;
};

}  // namespace sendscope
