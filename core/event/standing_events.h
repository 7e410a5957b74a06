// What still holds at the beginning of a recording whose first part was let go: the last event of every kind
// that says how things are from then on (names, configuration, states of threads, connections and
// transactions), for every thing it speaks of. What was on its way is not among it: nobody could say how it
// ended.
//
// Bounded by the number of named things. Thread-safety: none.
#pragma once

#include <compare>
#include <map>
#include <vector>

#include "core/event/event.h"

namespace sendscope {

class StandingEvents {
 public:
  void apply(const Event& event);
  // In the order in which they happened.
  std::vector<Event> in_order() const;

 private:
  struct Key {
    EventKind kind{};  // the first of those that replace each other
    std::uint16_t actor = 0;
    std::uint32_t place = 0;
    StringId word = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Entry {
    std::uint64_t number = 0;
    Event event;
  };
  static bool key_of(const Event& event, Key& key);

  std::map<Key, Entry> standing_;
  std::uint64_t applied_ = 0;
};

}  // namespace sendscope
