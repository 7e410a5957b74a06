#include "core/event/sink.h"

#include <bit>

namespace sendscope {

EventSink::EventSink(std::size_t capacity)
    : capacity_(std::bit_ceil(capacity)), slots_(std::make_unique<Slot[]>(capacity_)) {
  for (std::size_t i = 0; i < capacity_; ++i) slots_[i].turn.store(i, std::memory_order_relaxed);
  set_all_wanted(true);
  intern("");
}

void EventSink::set_wanted(EventKind kind, bool wanted) noexcept {
  const auto index = static_cast<unsigned>(kind);
  const std::uint64_t bit = std::uint64_t{1} << (index % 64);
  if (wanted) {
    mask_[index / 64].fetch_or(bit, std::memory_order_relaxed);
  } else {
    mask_[index / 64].fetch_and(~bit, std::memory_order_relaxed);
  }
}

void EventSink::set_all_wanted(bool wanted) noexcept {
  for (auto& word : mask_) word.store(wanted ? ~std::uint64_t{0} : 0, std::memory_order_relaxed);
}

// A bounded queue of many producers and one consumer: a slot's turn says whose it is. Turn p: free for the
// event with ticket p. Turn p + 1: holds it. The consumer sets it to p + capacity, the next lap's ticket.
void EventSink::emit(const Event& event) noexcept {
  if (!wants(event.kind)) return;
  std::uint64_t ticket = tail_.load(std::memory_order_relaxed);
  for (;;) {
    Slot& slot = slots_[ticket & (capacity_ - 1)];
    const std::uint64_t turn = slot.turn.load(std::memory_order_acquire);
    if (turn == ticket) {
      if (tail_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_relaxed)) {
        slot.event = event;
        slot.turn.store(ticket + 1, std::memory_order_release);
        return;
      }
    } else if (turn < ticket) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    } else {
      ticket = tail_.load(std::memory_order_relaxed);
    }
  }
}

std::size_t EventSink::drain(std::span<Event> out) noexcept {
  std::size_t taken = 0;
  while (taken < out.size()) {
    Slot& slot = slots_[head_ & (capacity_ - 1)];
    if (slot.turn.load(std::memory_order_acquire) != head_ + 1) break;
    out[taken++] = slot.event;
    slot.turn.store(head_ + capacity_, std::memory_order_release);
    ++head_;
  }
  return taken;
}

StringId EventSink::intern(std::string_view text) {
  MutexLock lock(strings_mutex_);
  const auto [entry, added] =
      string_ids_.try_emplace(std::string(text), static_cast<StringId>(strings_.size()));
  if (added) strings_.emplace_back(text);
  return entry->second;
}

PartitionIndex EventSink::partition(const TopicPartition& tp, Nanos now) {
  const StringId topic = intern(tp.topic);
  MutexLock lock(strings_mutex_);
  const auto [entry, added] = partitions_.try_emplace(tp, static_cast<PartitionIndex>(partitions_.size()));
  if (added) {
    // Under the lock, so that no other thread can speak of the partition before it has its name.
    emit({.t = now,
          .kind = EventKind::partition_named,
          .place = entry->second,
          .a = topic,
          .b = static_cast<std::uint32_t>(tp.partition)});
  }
  return entry->second;
}

std::vector<std::string> EventSink::strings_from(StringId from) const {
  MutexLock lock(strings_mutex_);
  if (from >= strings_.size()) return {};
  return {strings_.begin() + from, strings_.end()};
}

}  // namespace sendscope
