// Which producer is looked at: on the stage, alone or beside others, and on the pages of the inspector.
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

// Of what is selected, if it has such a page, else of the producer shown. Asked for again it gives way to the
// facts.
void Workbench::turn_to_page(SidePage page) {
  if (model().producers.empty()) return;
  const bool inspecting = facts_.lesson.empty() || view_.side == SideTab::kInspector;
  const bool shown = inspecting && view_.shown_page() == page;
  view_.page = shown ? SidePage::kFacts : page;
  if (view_.shown_page() != view_.page) select(producer_subject(view_.producer));
  view_.side = SideTab::kInspector;
  view_.side_open = true;
  view_.scroll[static_cast<int>(ListName::kFacts)] = 0;
}

bool Workbench::shows_split() const {
  const bool inspecting = facts_.lesson.empty() || view_.side == SideTab::kInspector;
  return inspecting && view_.shown_page() == SidePage::kSplit;
}

// Returns whether there are more events to count.
bool Workbench::count_latencies(std::size_t at_most) {
  Derived& d = *derived_;
  counting_ = false;
  if (!shows_split()) {
    d.inspection.split.reset();
    return false;
  }
  if (!d.ledger) d.ledger.emplace(session_->log());
  d.inspection.split_whole = d.ledger->go_to(cursor().events, at_most);
  counting_ = !d.inspection.split_whole;
  const auto key = std::tuple(view_.selected, view_.producer, d.ledger->events());
  if (d.inspection.split && d.split_of == key) return counting_;
  const auto producer = static_cast<std::uint16_t>(view_.producer);
  const bool of_node = view_.selected.kind == SubjectKind::kNode;
  d.inspection.split = of_node ? d.ledger->of(producer, node_of(view_.selected)) : d.ledger->of(producer);
  d.split_of = key;
  return counting_;
}

// Counts on after a frame that could not count them all.
bool Workbench::count_on(const run::TimeLeft& time_left) {
  constexpr std::size_t kAtOnce = 1000;
  if (!counting_) return false;
  while (count_latencies(kAtOnce) && time_left()) continue;
  return true;
}

}  // namespace sendscope::ui
