// The menu of what can go wrong with a thing, at the place of the click.
#include <algorithm>
#include <cmath>

#include "ui/layout/fault_menu.h"
#include "ui/layout/format.h"
#include "ui/layout/overlays.h"

namespace sendscope::ui {
namespace {

constexpr float kChoiceRow = 36, kMenuHead = 20, kMenuAround = 24;

float menu_width(const Frame& frame, const std::vector<FaultChoice>& choices) {
  constexpr float kLeast = 304;
  float wanted = kLeast;
  for (const FaultChoice& choice : choices) {
    wanted = std::max({wanted, std::ceil(frame.canvas.width(Font::kSmall, choice.label)) + 1 + kMenuAround,
                       std::ceil(frame.canvas.width(Font::kTiny, choice.effect)) + 1 + kMenuAround});
  }
  return std::min(wanted, frame.in.width - 16);
}

Rect menu_box(const Frame& frame, float width, std::size_t rows) {
  const float height =
      std::min(static_cast<float>(rows) * kChoiceRow + kMenuHead + kMenuAround, frame.in.height - 24);
  const Point at = frame.in.view.fault_at;
  return {std::clamp(at.x, 8.0f, std::max(8.0f, frame.in.width - width - 8)),
          std::clamp(at.y, 8.0f, std::max(8.0f, frame.in.height - height - 8)), width, height};
}

void draw_choice(const Frame& frame, Rect entry, const FaultChoice& choice) {
  if (entry.contains(frame.in.view.pointer))
    frame.scene().fill(entry.inset(-4, 1), {Tone::kTrouble, 0.16f}, kThingRadius);
  frame.canvas.text({entry.x, entry.y + 3, entry.w, 15}, Font::kSmall, kText, choice.label);
  frame.canvas.text({entry.x, entry.y + 18, entry.w, 13}, Font::kTiny, kSecondary, choice.effect);
  Action action = act(Verb::kFault);
  action.fault = std::make_shared<sim::FaultSpec>(choice.fault);
  frame.scene().hit(entry, {}, "fault.choice", "", action);
}

}  // namespace

void draw_fault_menu(const Frame& frame) {
  const Subject& target = frame.in.view.fault_target;
  const auto choices = fault_choices({frame.model(), frame.in.words(), frame.in.facts.producers}, target);
  const Rect box = menu_box(frame, menu_width(frame, choices), std::max<std::size_t>(1, choices.size()));
  Rect area = popup(frame, box, false);
  const Rect head = area.cut_top(kMenuHead);
  frame.canvas.text(head, Font::kLabel, kSecondary,
                    is_set(target) ? describe(target, frame.in.log) : said(Text::what_shall_go_wrong));
  frame.canvas.text(head, Font::kMonoTiny, {Tone::kCursor}, say(Text::at_time, format_time(frame.now())),
                    Align::kRight);
  if (choices.empty()) frame.canvas.text(area, Font::kSmall, kSecondary, say(Text::nothing_to_break));
  const RowPlan plan =
      plan_rows(area.h, choices.size(), {{kChoiceRow, 0}}, frame.in.view.scrolled(ListName::kFaults));
  frame.scene().hit(area, {}, "list", "", act(Verb::kScrollColumn, static_cast<int>(ListName::kFaults)));
  for (std::size_t i = 0; i < plan.shown; ++i)
    draw_choice(frame, {area.x, plan.y(area, i), area.w, kChoiceRow}, choices[plan.first + i]);
  if (plan.folded()) more_row(frame, area, plan, ListName::kFaults);
}

}  // namespace sendscope::ui
