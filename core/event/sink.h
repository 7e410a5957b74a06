// Where every stage tells what it did.
//
// One ring takes the events of all threads of a run, so their order is the order in which they happened under
// the locks that guard the things they speak of. When it is full, events are dropped and counted; emit()
// never blocks. wants() costs one relaxed load: ask it before building events of single records.
//
// Thread-safety: drain() from one thread at a time; everything else from any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/topic_partition.h"
#include "core/event/event.h"

namespace sendscope {

class EventSink {
 public:
  // capacity is rounded up to a power of two.
  explicit EventSink(std::size_t capacity = 1u << 16);
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;

  bool wants(EventKind kind) const noexcept {
    const auto index = static_cast<unsigned>(kind);
    return (mask_[index / 64].load(std::memory_order_relaxed) >> (index % 64) & 1) != 0;
  }
  void set_wanted(EventKind kind, bool wanted) noexcept;
  void set_all_wanted(bool wanted) noexcept;

  // Does nothing for a kind that is not wanted.
  void emit(const Event& event) noexcept;

  // Takes up to out.size() events in order; returns how many.
  std::size_t drain(std::span<Event> out) noexcept;
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  // The number of a string, the same for equal strings. Cold path: takes a lock, may allocate.
  StringId intern(std::string_view text) EXCLUDES_LOCK(strings_mutex_);
  // The index of a partition in this run, the same for every producer and broker of it; the first call for a
  // partition emits its partition_named event at time `now`. Cold path, like intern().
  PartitionIndex partition(const TopicPartition& tp, Nanos now) EXCLUDES_LOCK(strings_mutex_);
  // Strings interned since number `from`, in order of their numbers.
  std::vector<std::string> strings_from(StringId from) const EXCLUDES_LOCK(strings_mutex_);

 private:
  struct Slot {
    std::atomic<std::uint64_t> turn;
    Event event;
  };
  static constexpr std::size_t kMaskWords = (kEventKindCount + 63) / 64;

  // Constant after construction.
  std::size_t capacity_;
  std::unique_ptr<Slot[]> slots_;

  std::array<std::atomic<std::uint64_t>, kMaskWords> mask_;
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  alignas(64) std::uint64_t head_ = 0;  // drain() only
  std::atomic<std::uint64_t> dropped_{0};

  mutable Mutex strings_mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::unordered_map<std::string, StringId> string_ids_ GUARDED_BY(strings_mutex_);
  std::vector<std::string> strings_ GUARDED_BY(strings_mutex_);
  std::unordered_map<TopicPartition, PartitionIndex> partitions_ GUARDED_BY(strings_mutex_);
};

}  // namespace sendscope
