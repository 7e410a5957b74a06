// What an occurrence of the event loop is to a person: whom it happens to, and what. The same value names it
// in a scenario, so that it is found again in another run.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/types.h"
#include "core/event/event.h"

namespace sendscope::sim {

enum class OccurrenceKind : std::uint8_t {
#define OCCURRENCE(id, name, words) id,
#include "sim/occurrences.def"
  kOther,  // it can be held back, and has no name
};

struct OccurrenceRow {
  std::string_view name, words;
};
inline constexpr OccurrenceRow kOccurrences[] = {
#define OCCURRENCE(id, name, words) {name, words},
#include "sim/occurrences.def"
};
inline const OccurrenceRow& occurrence_row(OccurrenceKind kind) {
  return kOccurrences[static_cast<std::size_t>(kind)];
}

// Who takes part; what has no meaning for the kind stays as it is here.
struct Occurrence {
  OccurrenceKind kind = OccurrenceKind::kOther;
  std::optional<std::uint16_t> producer{}, thread{};  // their numbers in the run
  std::optional<NodeId> node{}, from{};
  RequestId request = 0;  // kRequestDone

  bool operator==(const Occurrence&) const = default;
};

}  // namespace sendscope::sim
