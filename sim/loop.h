// The future event set: everything that will happen in virtual time, ordered by (time, order of being
// scheduled).
//
// An occurrence may be in the background: it happens when its time comes, but it is no reason by itself to go
// on (a producer's next metadata refresh, say; see Simulation::step).
//
// An occurrence can be brought forward: what is due before it is held back until it has happened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/types.h"
#include "sim/occurrence.h"

namespace sendscope::sim {

class Process {
 public:
  // What was scheduled as (tag, argument) is due.
  virtual void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) = 0;
  // What (tag, argument) is, as things stand; none: nothing that could as well happen later.
  virtual std::optional<Occurrence> tell(std::uint32_t, std::uint64_t) const { return std::nullopt; }

 protected:
  ~Process() = default;
};

// Never reused within one Loop, as far as 2^32 uses of one slot.
using TimerId = std::uint64_t;
inline constexpr TimerId kNoTimer = 0;

enum class Weight : std::uint8_t { kForeground, kBackground };

// An occurrence that is still to come.
struct Pending {
  TimerId timer = kNoTimer;
  Nanos time = 0;
  Occurrence what;
};

class Loop {
 public:
  Nanos now() const { return now_; }
  // A time in the past means now. The process outlives the occurrence, or cancels it.
  TimerId at(Nanos time, Process& process, std::uint32_t tag, std::uint64_t argument = 0,
             Weight weight = Weight::kForeground);
  // After everything else that is due at that time, also what is scheduled for it later.
  TimerId at_end_of(Nanos time, Process& process, std::uint32_t tag, std::uint64_t argument = 0);
  // Does nothing for one that has happened or was cancelled.
  void cancel(TimerId timer);
  bool pending(TimerId timer) const;

  // Of the earliest occurrence; kForever when there is none.
  Nanos next_time() const { return heap_.empty() ? kForever : heap_.front().time; }
  // Occurrences not in the background.
  std::size_t foreground() const { return foreground_; }
  std::size_t size() const { return heap_.size(); }
  // Lets the earliest occurrence happen. REQUIRES: there is one
  void step();
  // Occurrences that have happened at this very time.
  std::uint64_t happened_now() const { return happened_now_; }
  // What tells what it is, in the order in which it will happen. Looks at everything.
  std::vector<Pending> pending() const;
  // `first` happens at its own time, and before all else that is due then; what is due before it happens at
  // that time, too, behind it and in the order it has here. What tells nothing keeps its time. REQUIRES:
  // pending(first)
  void bring_forward(TimerId first);
  // Time passes up to `time` without anything happening. REQUIRES: now() <= time <= next_time()
  void advance(Nanos time);

 private:
  struct Entry {
    Nanos time;
    std::uint64_t sequence;
    std::uint32_t slot;
  };
  struct Slot {
    Process* process = nullptr;
    std::uint64_t argument = 0;
    std::uint32_t tag = 0;
    std::uint32_t generation = 1;
    std::uint32_t position = kFree;  // in the heap
    Weight weight = Weight::kForeground;
  };
  static constexpr std::uint32_t kFree = 0xffffffff;
  static constexpr std::uint64_t kLast = std::uint64_t{1} << 63;   // of a sequence: behind all without it
  static constexpr std::uint64_t kUsual = std::uint64_t{1} << 62;  // below it: brought forward

  static bool before(const Entry& a, const Entry& b) {
    return a.time != b.time ? a.time < b.time : a.sequence < b.sequence;
  }
  std::optional<Occurrence> tell(const Entry& entry) const;
  std::vector<Entry> in_order() const;
  void put(std::uint32_t slot, Nanos time, std::uint64_t sequence);
  TimerId schedule(Nanos time, std::uint64_t sequence, const Slot& what);
  void place(std::size_t position, const Entry& entry);
  void sift_up(std::size_t position, Entry entry);
  void sift_down(std::size_t position, Entry entry);
  void remove_at(std::size_t position);
  void release(std::uint32_t slot);

  Nanos now_ = 0;
  std::uint64_t next_sequence_ = kUsual;
  std::uint64_t first_sequence_ = kUsual;  // of all that was brought forward
  std::uint64_t happened_now_ = 0;
  std::size_t foreground_ = 0;
  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
};

}  // namespace sendscope::sim
