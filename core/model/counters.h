// How many events of each kind there were, told apart by the fields that name things or enumerated values
// (never by numbers such as bytes or ids, of which there is no end).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/event/event.h"
#include "core/event/names.h"

namespace sendscope {

class EventCounters {
 public:
  struct Row {
    std::uint32_t actor = 0, place = 0, a = 0, b = 0;  // 0 where the field is not countable
    std::uint64_t count = 0;
    bool operator==(const Row&) const = default;
  };

  void add(const Event& event);
  std::uint64_t total(EventKind kind) const { return totals_[static_cast<std::size_t>(kind)]; }
  const std::vector<Row>& rows(EventKind kind) const { return rows_[static_cast<std::size_t>(kind)]; }
  std::size_t bytes() const {
    std::size_t out = sizeof(*this);
    for (const std::vector<Row>& rows : rows_) out += rows.size() * sizeof(Row);
    return out;
  }
  bool operator==(const EventCounters&) const = default;

 private:
  std::array<std::uint64_t, kEventKindCount> totals_{};
  std::array<std::vector<Row>, kEventKindCount> rows_;  // sorted by the four fields
};

}  // namespace sendscope
