// A hash map that only grows: looking up takes no lock and may run beside an insertion. Entries stay where
// they are until the map dies, also those that clear() made unreachable.
//
// Thread-safety: find() from any thread; insert(), clear() and size() from one thread at a time (the caller's
// lock).
// Nothing iterates over it, so its order cannot be seen.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sendscope {

// Entry has `const std::uint64_t hash` and `bool is(const Key&) const` for every Key used with find().
template <typename Entry>
class GrowOnlyMap {
 public:
  GrowOnlyMap() { publish(kFirstSlots); }
  GrowOnlyMap(const GrowOnlyMap&) = delete;
  GrowOnlyMap& operator=(const GrowOnlyMap&) = delete;

  template <typename Key>
  Entry* find(std::uint64_t hash, const Key& key) const {
    const Table& table = *current_.load(std::memory_order_acquire);
    for (std::uint64_t at = hash;; ++at) {
      Entry* entry = table.slots[at & table.mask].load(std::memory_order_acquire);
      if (entry == nullptr || (entry->hash == hash && entry->is(key))) return entry;
    }
  }

  // REQUIRES: find() under the caller's lock has just said nullptr
  Entry& insert(std::unique_ptr<Entry> entry) {
    Entry& stored = *entries_.emplace_back(std::move(entry));
    const Table& table = *current_.load(std::memory_order_relaxed);
    if (++live_ * 2 > table.mask + 1) {
      publish((table.mask + 1) * 2);
    } else {
      put(table, stored);
    }
    return stored;
  }

  // Forgets everything; what was handed out stays valid.
  void clear() {
    first_live_ = entries_.size();
    live_ = 0;
    publish(kFirstSlots);
  }

  std::size_t size() const { return live_; }

 private:
  static constexpr std::size_t kFirstSlots = 16;
  struct Table {
    std::uint64_t mask;
    std::unique_ptr<std::atomic<Entry*>[]> slots;
  };

  static void put(const Table& table, Entry& entry) {
    std::uint64_t at = entry.hash;
    while (table.slots[at & table.mask].load(std::memory_order_relaxed) != nullptr) ++at;
    table.slots[at & table.mask].store(&entry, std::memory_order_release);
  }

  void publish(std::size_t slots) {
    auto table = std::make_unique<Table>();
    table->mask = slots - 1;
    table->slots = std::make_unique<std::atomic<Entry*>[]>(slots);
    for (std::size_t i = first_live_; i < entries_.size(); ++i) put(*table, *entries_[i]);
    current_.store(table.get(), std::memory_order_release);
    tables_.push_back(std::move(table));
  }

  std::atomic<const Table*> current_{nullptr};
  std::vector<std::unique_ptr<Table>> tables_;  // old ones too: somebody may still be reading
  std::vector<std::unique_ptr<Entry>> entries_;
  std::size_t first_live_ = 0;
  std::size_t live_ = 0;
};

// Spreads neighbouring numbers over a table.
inline std::uint64_t hash_of_number(std::int64_t number) {
  std::uint64_t x = static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15ULL;
  return x ^ (x >> 32);
}

}  // namespace sendscope
