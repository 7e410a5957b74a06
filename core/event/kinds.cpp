#include "core/base/check.h"
#include "core/event/event.h"

namespace sendscope {
namespace {

#define F(name, unit) \
  FieldRow { #name, Unit::unit }
#define NONE \
  FieldRow {}
constexpr KindRow kRows[] = {
#define EVENT(kind, actor, place, subject, a, b, sentence, brief) \
  {#kind, actor, place, subject, a, b, sentence, brief},
#include "core/event/kinds.def"
#undef EVENT
};
#undef F
#undef NONE

constexpr std::string_view kUnitWords[] = {
#define UNIT(id, words) words,
#include "core/event/units.def"
#undef UNIT
};

}  // namespace

const KindRow& kind_row(EventKind kind) {
  SENDSCOPE_CHECK(kind < EventKind::count_);
  return kRows[static_cast<std::size_t>(kind)];
}

EventKind find_kind(std::string_view name) {
  for (int i = 0; i < kEventKindCount; ++i) {
    if (kRows[i].name == name) return static_cast<EventKind>(i);
  }
  return EventKind::count_;
}

std::string_view unit_words(Unit unit) {
  SENDSCOPE_CHECK(unit < Unit::count_);
  return kUnitWords[static_cast<std::size_t>(unit)];
}

std::vector<std::string_view> enum_names(Unit unit) {
  std::vector<std::string_view> words;
  for (std::uint64_t value = 0; !enum_name(unit, value).empty(); ++value)
    words.push_back(enum_name(unit, value));
  return words;
}

}  // namespace sendscope
