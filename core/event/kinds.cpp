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

}  // namespace sendscope
