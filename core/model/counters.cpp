#include "core/model/counters.h"

#include <algorithm>
#include <tuple>

namespace sendscope {
namespace {

struct Countable {
  bool actor = false, place = false, a = false, b = false;
};

std::array<Countable, kEventKindCount> countable_fields() {
  std::array<Countable, kEventKindCount> out;
  for (int i = 0; i < kEventKindCount; ++i) {
    const KindRow& row = kind_row(static_cast<EventKind>(i));
    out[i] = {is_countable(row.actor.unit), is_countable(row.place.unit), is_countable(row.a.unit),
              is_countable(row.b.unit)};
  }
  return out;
}

auto key(const EventCounters::Row& row) { return std::tie(row.actor, row.place, row.a, row.b); }

}  // namespace

void EventCounters::add(const Event& event) {
  static const std::array<Countable, kEventKindCount> kFields = countable_fields();
  const auto kind = static_cast<std::size_t>(event.kind);
  const Countable& fields = kFields[kind];
  ++totals_[kind];
  const Row row{fields.actor ? event.actor : 0u, fields.place ? event.place : 0u, fields.a ? event.a : 0u,
                fields.b ? event.b : 0u, 1};
  std::vector<Row>& rows = rows_[kind];
  const auto at = std::lower_bound(rows.begin(), rows.end(), row,
                                   [](const Row& x, const Row& y) { return key(x) < key(y); });
  if (at != rows.end() && key(*at) == key(row)) {
    ++at->count;
  } else {
    rows.insert(at, row);
  }
}

}  // namespace sendscope
