// Which producer is looked at: on the stage, alone or beside others.
#include "ui/layout/texts.h"
#include "ui/workbench/workbench_parts.h"

namespace sendscope::ui {

void Workbench::show_producer(std::size_t index) {
  if (index >= model().producers.size()) return;
  follow_story();  // from where the stage stands by now
  view_.producer = index;
  tab_ = story_at(input(model(), 0, 0));
}

// The producer number `value`, the next (0) or the previous (-1) one; who inspects a producer goes on to
// inspect that one.
void Workbench::turn_to_producer(std::int64_t value) {
  const auto count = static_cast<std::int64_t>(model().producers.size());
  if (count == 0) return;
  const auto shown = static_cast<std::int64_t>(view_.producer);
  const std::int64_t next = value > 0 ? value - 1 : (shown + (value < 0 ? count - 1 : 1)) % count;
  if (view_.selected.kind == SubjectKind::kProducer) {
    select(producer_subject(static_cast<std::size_t>(next)));
  } else {
    show_producer(static_cast<std::size_t>(next));
  }
}

// All of them, or one; producer number `value`, from 1, alone.
void Workbench::put_side_by_side(std::int64_t value) {
  if (model().producers.size() < 2) {
    facts_.notice = said(Text::one_producer);
    return;
  }
  view_.side_by_side = value == 0 && !view_.side_by_side;
  if (value > 0) show_producer(static_cast<std::size_t>(value - 1));
}

}  // namespace sendscope::ui
