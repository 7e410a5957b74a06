// Events in words: the row of the kind in kinds.def, its fields formatted by their units.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "core/event/event.h"
#include "core/event/name_book.h"
#include "core/event/string_table.h"

namespace sendscope {

// Numbers of five digits and more in groups of three ("16 384"; "4096").
std::string format_count(std::int64_t value, std::string_view gap = " ");
template <std::unsigned_integral Count>
std::string format_count(Count value) {
  return format_count(static_cast<std::int64_t>(value));
}
// "850 ns", "12.5 µs", "5 ms", "41.342 ms", "1.5 s", "2 min": at most three decimals, never rounded up to a
// unit it has not reached.
std::string format_duration(Nanos t);
// "100 B", "16 KiB" when it is a whole number of KiB or MiB, else bytes ("15 980 B").
std::string format_bytes(std::int64_t bytes);
// A moment of a run for lists: milliseconds with three decimals ("42.310").
std::string format_time(Nanos t);

// One of the five fields of an event, by the place it has in the row of its kind.
struct FieldView {
  FieldRow row;
  std::uint64_t value = 0;
};
inline constexpr int kFieldCount = 5;
// 0 actor, 1 place, 2 subject, 3 a, 4 b.
FieldView event_field(const Event& event, int index);

// One field in words ("orders-0", "node 2", "16 KiB", "NOT_LEADER_OR_FOLLOWER").
std::string format_field(Unit unit, std::uint64_t value, const StringTable& strings, const NameBook& names);
// The whole sentence ("The sender drains batch 17 of orders-0 for node 1: 15 980 B.").
std::string narrate(const Event& event, const StringTable& strings, const NameBook& names);
// In few words, for lists that stand beside the thing they are about ("ready: linger expired", "request 7
// goes to node 1"); the whole sentence for kinds without brief words. Numbers are those of their producer.
std::string narrate_briefly(const Event& event, const StringTable& strings, const NameBook& names);

}  // namespace sendscope
