// The bottom panel: the sentence of the last event, and behind tabs the list of events and the checks.
#include <algorithm>

#include "core/event/event_texts.h"
#include "core/event/narration.h"
#include "core/event/steps.h"
#include "ui/layout/by_hand.h"
#include "ui/layout/checks.h"
#include "ui/layout/choices.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

constexpr float kRow = 18;

void draw_sentence(const Frame& frame, Rect row) {
  const Event* event = frame.in.last_event();
  if (event == nullptr) {
    frame.canvas.text(row, Font::kBody, kSecondary,
                      say(Text::nothing_yet, key_name(Verb::kPlayPause), key_name(Verb::kStep)));
    return;
  }
  const std::string time = format_time(event->t);
  const float took = frame.canvas.text(row, Font::kMono, {Tone::kCursor}, time);
  const std::string sentence = sentence_at(frame.in.log, frame.in.cursor.events);
  const Rect words{row.x + took + 12, row.y, row.w - took - 12, row.h};
  frame.canvas.text(words, Font::kBody, kText, sentence);
  frame.scene().hit(
      row, {}, "narration",
      std::string(kind_row(event->kind).name) + "\n" + sentence + tip_row(Text::since_start, time));
}

// What stands in place of the sentence: what went wrong, what goes on, what was done.
struct Told {
  std::string_view part, sign;
  const std::string& words;
  Tone tone;
};

Told told_of(const Facts& facts) {
  if (!facts.notice.empty()) return {"notice", "!", facts.notice, Tone::kTrouble};
  if (!facts.renewing.empty()) return {"renewing", "\xe2\x80\xa6", facts.renewing, Tone::kWaiting};
  return {"news", "\xe2\x9c\x93", facts.news, Tone::kOk};
}

void draw_told(const Frame& frame, Rect row, const Told& told) {
  const float took = frame.canvas.text(row, Font::kBodyStrong, {told.tone}, told.sign);
  frame.canvas.text({row.x + took + 8, row.y, row.w - took - 8, row.h}, Font::kBody, {told.tone}, told.words);
  frame.scene().hit(row, {}, std::string(told.part), told.words, act(Verb::kClose));
}

std::string checks_label(const PipelineModel& model) {
  std::size_t held = 0, broken = 0;
  for (const CheckModel& check : model.checks) {
    if (check.outcome == CheckOutcome::kHeld) ++held;
    if (check.outcome == CheckOutcome::kBroken) ++broken;
  }
  if (held + broken == 0) return said(Text::checks);
  return say(broken > 0 ? Text::checks_broken : Text::checks_held, std::to_string(held),
             std::to_string(broken));
}

void draw_tabs(const Frame& frame, Rect row) {
  struct Tab {
    BottomTab tab;
    std::string label;
    Text tip;
  };
  const Tab tabs[] = {{BottomTab::kNarration, said(Text::narration), Text::narration_tip},
                      {BottomTab::kEvents, said(Text::events), Text::events_tip},
                      {BottomTab::kChecks, checks_label(frame.model()), Text::checks_tip},
                      {BottomTab::kByHand, by_hand_label(frame.in.facts), Text::by_hand_tip},
                      {BottomTab::kNext, said(Text::next), Text::next_tip}};
  float x = row.x;
  for (const Tab& tab : tabs) {
    const bool active = frame.in.view.bottom == tab.tab;
    const float width = frame.canvas.width(Font::kSmall, tab.label);
    frame.canvas.text({x, row.y, width + 1, row.h}, Font::kSmall, active ? Paint{Tone::kAccent} : kSecondary,
                      tab.label);
    if (active) frame.scene().fill({x, row.bottom() - 2, width, 2}, {Tone::kAccent}, 1);
    frame.scene().hit({x - 8, row.y, width + 16, row.h}, {}, "tab", say(tab.tip),
                      act(Verb::kTab, static_cast<int>(tab.tab)));
    x += width + 28;
  }
}

void draw_event(const Frame& frame, Rect row, std::size_t index) {
  const Event& event = frame.in.log[index];
  const bool last = index + 1 == frame.in.cursor.events, future = index >= frame.in.cursor.events;
  if (last) frame.scene().fill(row, {Tone::kCursor, 0.10f}, 2);
  const float before = frame.scene().dim;
  if (future) frame.scene().dim = 0.5f;
  const Rect inside = row.inset(4, 0);
  frame.canvas.text({inside.x, row.y, 56, row.h}, Font::kMonoTiny, kFaint,
                    count_text(static_cast<std::int64_t>(index + 1)), Align::kRight);
  frame.canvas.text({inside.x + 64, row.y, 76, row.h}, Font::kMonoTiny,
                    last ? Paint{Tone::kCursor} : kSecondary, format_time(event.t), Align::kRight);
  frame.canvas.text({inside.x + 152, row.y, inside.w - 152, row.h}, Font::kLabel, kText,
                    narrate(event, frame.in.words(), frame.in.log.names()));
  frame.scene().dim = before;
  frame.scene().hit(row, {}, "event", "", act(Verb::kSeekEvent, static_cast<std::int64_t>(index) + 1));
}

// Where the list begins: `rows` rows before event `from`, or after it when negative. Values that nobody set
// have no rows; config_defaults speaks of them.
std::size_t rows_before(const EventLog& log, std::size_t from, std::int64_t rows) {
  for (; rows > 0 && from > log.first(); --from) rows -= is_default_value(log[from - 1]) ? 0 : 1;
  for (; rows < 0 && from < log.size(); ++from) rows += is_default_value(log[from]) ? 0 : 1;
  return from;
}

void draw_events(const Frame& frame, Rect area) {
  const EventLog& log = frame.in.log;
  const auto rows = static_cast<std::int64_t>(std::max(0.0f, area.h / kRow));
  if (rows == 0 || log.empty()) return;
  // The last event stands at two thirds of the list; the wheel looks further.
  const auto scrolled = static_cast<std::int64_t>(frame.in.view.scrolled(ListName::kEvents));
  const std::size_t wanted = rows_before(log, frame.in.cursor.events, rows * 2 / 3 - scrolled);
  std::size_t index = std::min(wanted, rows_before(log, log.size(), rows));
  frame.scene().hit(area, {}, "list", "", act(Verb::kScrollColumn, static_cast<int>(ListName::kEvents)));
  const RowPlan plan{{}, index - log.first(), static_cast<std::size_t>(rows), log.size() - log.first()};
  scrollbar(frame, {area.right() + 4, area.y, 3, area.h}, plan, ListName::kEvents,
            static_cast<float>(scrolled));
  float y = area.y;
  // A question that is open hides what comes.
  const bool hides = open_question(frame.in.facts, frame.in.view, frame.in.cursor) >= 0;
  const std::size_t end = hides ? frame.in.cursor.events : log.size();
  for (; index < end && y + kRow <= area.bottom() + 0.5f; ++index) {
    if (is_default_value(log[index])) continue;
    draw_event(frame, {area.x, y, area.w, kRow}, index);
    y += kRow;
  }
}

}  // namespace

std::string sentence_at(const EventLog& log, std::size_t events) {
  if (events == 0) return {};
  if (events == set_up_length(log)) return said(Text::set_up);
  return narrate(log[events - 1], log.strings(), log.names());
}

void draw_bottom(const Frame& frame) {
  const Rect panel = frame.at.bottom;
  if (panel.empty()) return;
  frame.scene().fill(panel, {Tone::kPanel, frame.in.view.light ? 0.0f : 1.0f});
  Rect inside = panel.inset(16, 0);
  inside.cut_top(panel.h > 40 ? 5 : 3);
  const Rect sentence = inside.cut_top(24);
  if (const Told told = told_of(frame.in.facts); told.words.empty()) {
    draw_sentence(frame, sentence);
  } else {
    draw_told(frame, sentence, told);
  }
  if (panel.h < 50) return;
  const Rect tabs = inside.cut_bottom(24);
  draw_tabs(frame, {tabs.x, tabs.y, tabs.w, 20});
  Rect list = inside;
  list.h -= 4;
  if (frame.in.view.bottom == BottomTab::kEvents) draw_events(frame, list);
  if (frame.in.view.bottom == BottomTab::kChecks) draw_checks(frame, list);
  if (frame.in.view.bottom == BottomTab::kByHand) draw_by_hand(frame, list);
  if (frame.in.view.bottom == BottomTab::kNext) draw_choices(frame, list);
}

}  // namespace sendscope::ui
