#include "sim/loop.h"

#include <algorithm>

#include "core/base/check.h"

namespace sendscope::sim {

// A heap of four children a node: flatter than a binary one, and the children share a cache line or two.
namespace {
constexpr std::size_t kArity = 4;
}

TimerId Loop::at(Nanos time, Process& process, std::uint32_t tag, std::uint64_t argument, Weight weight) {
  return schedule(time, next_sequence_++,
                  {.process = &process, .argument = argument, .tag = tag, .weight = weight});
}

TimerId Loop::at_end_of(Nanos time, Process& process, std::uint32_t tag, std::uint64_t argument) {
  return schedule(time, kLast | next_sequence_++, {.process = &process, .argument = argument, .tag = tag});
}

TimerId Loop::schedule(Nanos time, std::uint64_t sequence, const Slot& what) {
  std::uint32_t index = 0;
  if (free_slots_.empty()) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    index = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& slot = slots_[index];
  slot.process = what.process;
  slot.tag = what.tag;
  slot.argument = what.argument;
  slot.weight = what.weight;
  if (slot.weight == Weight::kForeground) ++foreground_;
  heap_.emplace_back();
  sift_up(heap_.size() - 1, {time < now_ ? now_ : time, sequence, index});
  return static_cast<TimerId>(slot.generation) << 32 | index;
}

bool Loop::pending(TimerId timer) const {
  const auto index = static_cast<std::uint32_t>(timer);
  return timer != kNoTimer && index < slots_.size() && slots_[index].generation == timer >> 32 &&
         slots_[index].position != kFree;
}

void Loop::cancel(TimerId timer) {
  if (!pending(timer)) return;
  const auto index = static_cast<std::uint32_t>(timer);
  remove_at(slots_[index].position);
  release(index);
}

void Loop::step() {
  SENDSCOPE_CHECK(!heap_.empty());
  const Entry first = heap_.front();
  happened_now_ = first.time == now_ ? happened_now_ + 1 : 1;
  now_ = first.time;
  const Slot slot = slots_[first.slot];
  remove_at(0);
  release(first.slot);
  slot.process->on_event(now_, slot.tag, slot.argument);
}

void Loop::advance(Nanos time) {
  SENDSCOPE_CHECK(time >= now_ && time <= next_time());
  if (time > now_) happened_now_ = 0;
  now_ = time;
}

// ---- bringing forward

std::optional<Occurrence> Loop::tell(const Entry& entry) const {
  const Slot& slot = slots_[entry.slot];
  return slot.process->tell(slot.tag, slot.argument);
}

std::vector<Loop::Entry> Loop::in_order() const {
  std::vector<Entry> all = heap_;
  std::sort(all.begin(), all.end(), before);
  return all;
}

std::vector<Pending> Loop::pending() const {
  std::vector<Pending> all;
  for (const Entry& entry : in_order()) {
    const TimerId timer = static_cast<TimerId>(slots_[entry.slot].generation) << 32 | entry.slot;
    if (const auto what = tell(entry)) all.push_back({timer, entry.time, *what});
  }
  return all;
}

void Loop::bring_forward(TimerId first) {
  SENDSCOPE_CHECK(pending(first));
  const Entry chosen = heap_[slots_[static_cast<std::uint32_t>(first)].position];
  std::vector<Entry> held;
  for (const Entry& entry : in_order()) {
    if (!before(entry, chosen)) break;
    if (tell(entry)) held.push_back(entry);
  }
  first_sequence_ -= held.size() + 1;
  put(chosen.slot, chosen.time, first_sequence_);
  for (std::size_t i = 0; i < held.size(); ++i) put(held[i].slot, chosen.time, first_sequence_ + 1 + i);
}

// The slot's occurrence gets another place.
void Loop::put(std::uint32_t slot, Nanos time, std::uint64_t sequence) {
  remove_at(slots_[slot].position);
  heap_.emplace_back();
  sift_up(heap_.size() - 1, {time, sequence, slot});
}

void Loop::release(std::uint32_t index) {
  Slot& slot = slots_[index];
  if (slot.weight == Weight::kForeground) --foreground_;
  slot.position = kFree;
  ++slot.generation;
  free_slots_.push_back(index);
}

void Loop::place(std::size_t position, const Entry& entry) {
  heap_[position] = entry;
  slots_[entry.slot].position = static_cast<std::uint32_t>(position);
}

void Loop::sift_up(std::size_t position, Entry entry) {
  while (position > 0) {
    const std::size_t parent = (position - 1) / kArity;
    if (!before(entry, heap_[parent])) break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, entry);
}

void Loop::sift_down(std::size_t position, Entry entry) {
  for (;;) {
    const std::size_t first = position * kArity + 1;
    if (first >= heap_.size()) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < first + kArity && child < heap_.size(); ++child) {
      if (before(heap_[child], heap_[least])) least = child;
    }
    if (!before(heap_[least], entry)) break;
    place(position, heap_[least]);
    position = least;
  }
  place(position, entry);
}

void Loop::remove_at(std::size_t position) {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (position == heap_.size()) return;
  if (position > 0 && before(last, heap_[(position - 1) / kArity])) {
    sift_up(position, last);
  } else {
    sift_down(position, last);
  }
}

}  // namespace sendscope::sim
