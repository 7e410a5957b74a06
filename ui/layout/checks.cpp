#include "ui/layout/checks.h"

#include <algorithm>

#include "core/event/narration.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

constexpr float kCheckRow = 18, kTextLeft = 180;

// A row of the list: a check, or why the one above it is broken.
struct CheckLine {
  const CheckModel* check;
  const CheckReason* reason;  // nullptr: none is known
  bool because;               // it tells the reason
};

int rank(CheckOutcome outcome) {
  return outcome == CheckOutcome::kBroken ? 0 : outcome == CheckOutcome::kUndecided ? 1 : 2;
}

const CheckReason* reason_of(const Frame& frame, const CheckModel& check) {
  const auto found = frame.in.facts.broken.find(check.event);
  return found == frame.in.facts.broken.end() ? nullptr : &found->second;
}

std::vector<CheckLine> lines_of(const Frame& frame) {
  std::vector<CheckLine> lines;
  for (const CheckModel& check : frame.model().checks)
    lines.push_back({&check, reason_of(frame, check), false});
  std::stable_sort(lines.begin(), lines.end(), [](const CheckLine& a, const CheckLine& b) {
    return rank(a.check->outcome) < rank(b.check->outcome);
  });
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].reason == nullptr) continue;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, {lines[i].check, lines[i].reason, true});
    ++i;
  }
  return lines;
}

std::string values_of(const CheckReason& reason) {
  std::string values;
  for (const CheckReason::Worth& worth : reason.values)
    values += (values.empty() ? "" : ", ") + worth.name + " = " + worth.value;
  return values;
}

Tone tone_of(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kHeld: return Tone::kOk;
    case CheckOutcome::kBroken: return Tone::kTrouble;
    default: return Tone::kWaiting;
  }
}

void draw_check(const Frame& frame, Rect row, const CheckModel& check) {
  const bool held = check.outcome == CheckOutcome::kHeld, broken = check.outcome == CheckOutcome::kBroken;
  const Paint ink{tone_of(check.outcome)};
  const char* glyph = held ? "\xe2\x9c\x93" : broken ? "\xe2\x9c\x97" : "?";
  frame.canvas.text({row.x + 4, row.y, 14, row.h}, Font::kSmall, ink, glyph);
  frame.canvas.text({row.x + 22, row.y, 70, row.h}, Font::kLabel, ink,
                    enum_words(Unit::kCheckOutcome, static_cast<std::uint64_t>(check.outcome)));
  frame.canvas.text({row.x + 92, row.y, 76, row.h}, Font::kMonoTiny, kSecondary, format_time(check.t),
                    Align::kRight);
  frame.canvas.text({row.x + kTextLeft, row.y, row.w - kTextLeft - 4, row.h}, Font::kMonoSmall, kText,
                    frame.in.words().view(check.text));
}

// The values, and the event that made them so; the decision itself has been told above.
void draw_reason(const Frame& frame, Rect row, const CheckModel& check, const CheckReason& reason) {
  Rect rest{row.x + kTextLeft, row.y, row.w - kTextLeft - 4, row.h};
  if (!reason.values.empty()) {
    const float took = frame.canvas.text(rest, Font::kMonoTiny, {Tone::kTrouble},
                                         say(Text::because_values, values_of(reason)));
    rest.cut_left(took + 12);
  }
  if (reason.event != check.event) {
    frame.canvas.text(rest, Font::kLabel, kSecondary,
                      narrate(frame.in.log[reason.event], frame.in.words(), frame.in.log.names()));
  }
}

std::string tip_of(const Frame& frame, const CheckLine& line) {
  std::string tip(frame.in.words().view(line.check->text));
  if (line.reason != nullptr) {
    for (const CheckReason::Worth& worth : line.reason->values) tip += "\n" + worth.name + "\t" + worth.value;
  }
  return tip + tip_line(Text::check_tip);
}

}  // namespace

void draw_checks(const Frame& frame, Rect area) {
  if (frame.model().checks.empty()) {
    frame.canvas.text({area.x, area.y, area.w, kCheckRow}, Font::kLabel, kSecondary,
                      say(Text::nothing_decided));
    return;
  }
  const std::vector<CheckLine> lines = lines_of(frame);
  const RowPlan plan =
      plan_rows(area.h, lines.size(), {{kCheckRow, 0}}, frame.in.view.scrolled(ListName::kChecks));
  for (std::size_t i = 0; i < plan.shown; ++i) {
    const CheckLine& line = lines[plan.first + i];
    const Rect row{area.x, plan.y(area, i), area.w, kCheckRow};
    if (line.because) {
      draw_reason(frame, row, *line.check, *line.reason);
    } else {
      draw_check(frame, row, *line.check);
    }
    const std::uint64_t event = line.reason == nullptr ? line.check->event : line.reason->event;
    frame.scene().hit(row, {}, line.because ? "check.reason" : "check", tip_of(frame, line),
                      act(Verb::kSeekEvent, static_cast<std::int64_t>(event) + 1));
  }
  more_row(frame, area, plan, ListName::kChecks);
}

}  // namespace sendscope::ui
