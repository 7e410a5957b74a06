#include "ui/layout/by_hand.h"

#include <algorithm>

#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/settings.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

constexpr float kOrderRow = 18, kTimeRoom = 88, kWordGap = 12;

// Words at the right end of a row that a click asks something of; `row` keeps what is left of it.
void draw_word(const Frame& frame, Rect& row, std::string_view word, std::string_view tip,
               const Action& action) {
  const Rect box = row.cut_right(frame.canvas.width(Font::kLabel, word) + 1);
  row.w -= kWordGap;
  const Rect reach = box.inset(-kWordGap / 2, 0);
  const bool hovered = reach.contains(frame.in.view.pointer);
  frame.canvas.text(box, Font::kLabel, hovered ? Paint{Tone::kAccent} : kSecondary, word);
  frame.scene().hit(reach, {}, "by_hand.do", tip, action);
}

// A row of the list; its words stand behind its time.
Rect draw_time(const Frame& frame, Rect row, std::string_view words, bool now) {
  frame.canvas.text(row.cut_left(kTimeRoom), Font::kMonoTiny, now ? Paint{Tone::kCursor} : kSecondary, words,
                    Align::kRight);
  row.cut_left(kWordGap);
  return row;
}

void draw_edit(const Frame& frame, Rect row, std::size_t index) {
  const SettingText& setting = frame.in.facts.settings[index];
  const auto number = static_cast<std::int64_t>(index);
  const std::string words = setting_words(setting) + " = " + setting_value(frame.in, setting);
  frame.scene().hit(row, {}, "by_hand.edit", words + tip_line(Text::click_changes),
                    act(Verb::kSetting, number));
  draw_word(frame, row, "\xe2\x9c\x97", say(Text::remove_order_tip), act(Verb::kSettingReset, number));
  row = draw_time(frame, row, say(Text::from_start), false);
  frame.canvas.text(row, Font::kLabel, kText, words);
}

void draw_order(const Frame& frame, Rect row, std::size_t index) {
  const OrderText& order = frame.in.facts.orders[index];
  const auto number = static_cast<std::int64_t>(index);
  const bool dropped = !order.dropped.empty();
  frame.scene().hit(
      row, {}, "by_hand.order",
      dropped ? say(Text::order_dropped_tip, order.words, order.dropped) : say(Text::order_tip, order.words),
      act(Verb::kSeek, order.at));
  draw_word(frame, row, "\xe2\x9c\x97", say(Text::remove_order_tip), act(Verb::kOrderRemove, number));
  draw_word(frame, row, say(Text::to_cursor), say(Text::to_cursor_tip), act(Verb::kOrderMove, number));
  row = draw_time(frame, row, format_time(order.at), order.at == frame.now());
  if (!dropped) {
    frame.canvas.text(row, Font::kLabel, kText, order.words);
    return;
  }
  const float took = frame.canvas.text(row, Font::kLabel, kFaint, order.words);
  row.cut_left(std::min(row.w, took + kWordGap));
  frame.canvas.text(row, Font::kLabel, kSecondary, order.dropped);
}

std::string branch_words(const BranchText& branch) {
  const std::string with = say(Text::branch_with, branch.with),
                    without = say(Text::branch_without, branch.without);
  if (branch.with.empty()) return branch.without.empty() ? said(Text::branch_same) : without;
  return branch.without.empty() ? with : say(Text::branch_both, with, without);
}

void draw_branch(const Frame& frame, Rect row, const BranchText& branch) {
  const std::string words = branch_words(branch);
  frame.scene().hit(row, {}, "by_hand.branch", say(Text::branch_tip, words),
                    act(Verb::kBranch, static_cast<std::int64_t>(branch.point)));
  row = draw_time(frame, row, say(Text::branch), false);
  const bool hovered = row.contains(frame.in.view.pointer);
  frame.canvas.text(row, Font::kLabel, hovered ? Paint{Tone::kAccent} : kSecondary, words);
}

std::vector<std::size_t> edited_settings(const Facts& facts) {
  std::vector<std::size_t> edited;
  for (std::size_t i = 0; i < facts.settings.size(); ++i) {
    if (facts.settings[i].edited) edited.push_back(i);
  }
  return edited;
}

}  // namespace

std::string by_hand_label(const Facts& facts) {
  const std::size_t count = edited_settings(facts).size() + facts.orders.size();
  return count == 0 ? said(Text::by_hand) : say(Text::by_hand_count, std::to_string(count));
}

void draw_by_hand(const Frame& frame, Rect area) {
  const std::vector<std::size_t> edits = edited_settings(frame.in.facts);
  const std::size_t done = edits.size() + frame.in.facts.orders.size();
  const std::size_t count = done + frame.in.facts.branches.size();
  if (count == 0) {
    frame.canvas.text({area.x, area.y, area.w, kOrderRow}, Font::kLabel, kSecondary,
                      say(Text::nothing_by_hand, key_name(Verb::kFaultMenu), key_name(Verb::kUndo)));
    return;
  }
  const RowPlan plan = plan_rows(area.h, count, {{kOrderRow, 0}}, frame.in.view.scrolled(ListName::kByHand));
  for (std::size_t i = 0; i < plan.shown; ++i) {
    const Rect row{area.x, plan.y(area, i), area.w, kOrderRow};
    const std::size_t number = plan.first + i;
    if (number < edits.size()) {
      draw_edit(frame, row, edits[number]);
    } else if (number < done) {
      draw_order(frame, row, number - edits.size());
    } else {
      draw_branch(frame, row, frame.in.facts.branches[number - done]);
    }
  }
  more_row(frame, area, plan, ListName::kByHand);
}

}  // namespace sendscope::ui
