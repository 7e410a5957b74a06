// The producers as tabs over the stage: whose pool, queues and connections it shows, and who has news.
#include <algorithm>
#include <cmath>

#include "core/model/queries.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/stage.h"
#include "ui/layout/story.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kTabPad = 12, kMoreWidth = 44, kIconWidth = 30;

std::string name_of(const Frame& frame, std::size_t index) {
  const std::string name(producer_name(frame.model(), frame.in.words(), index));
  return name.empty() ? say(EventText::producer, std::to_string(index + 1)) : name;
}

float width_of(const Frame& frame, Rect row, std::size_t index) {
  const float wanted = frame.canvas.width(Font::kSmall, name_of(frame, index)) + 2 * kTabPad;
  return std::ceil(std::min(wanted, row.w - kMoreWidth));
}

std::string tip_of(const Frame& frame, const ProducerModel& producer, std::size_t index) {
  const auto number = [](std::size_t n) { return count_text(static_cast<std::int64_t>(n)); };
  std::size_t in_flight = 0;
  for (const auto& [node, link] : producer.links) in_flight += link.in_flight_requests.size();
  return name_of(frame, index) + tip_row(Text::records_sent, number(producer.sent)) +
         tip_row(Text::batches_incomplete, number(producer.incomplete_batches.size())) +
         tip_row(Text::requests_in_flight, number(in_flight)) + tip_line(Text::tab_tip) +
         key_line(Verb::kProducer);
}

void draw_tab(const Frame& frame, Rect box, std::size_t index, bool news) {
  const bool shown = index == frame.producer_index();
  frame.canvas.name(box.inset(kTabPad - 2, 0), Font::kSmall, shown ? Paint{Tone::kAccent} : kSecondary,
                    name_of(frame, index), Align::kCentre);
  if (shown) frame.scene().fill({box.x + 4, box.bottom() - 2, box.w - 8, 2}, {Tone::kAccent}, 1);
  if (news) frame.scene().disc({box.right() - 5, box.y + 7}, 2.5f, {Tone::kCursor});
  const Subject subject = producer_subject(index);
  frame.scene().hit(box, subject, "producer.tab", tip_of(frame, frame.model().producers[index], index),
                    select_action(subject));
}

// The first tab of a row that holds the one that is shown.
std::size_t first_tab(const Frame& frame, Rect row) {
  const std::size_t count = frame.model().producers.size();
  float all = 0;
  for (std::size_t i = 0; i < count; ++i) all += width_of(frame, row, i);
  if (all <= row.w) return 0;
  std::size_t first = std::min(frame.producer_index(), count - 1);
  for (float used = width_of(frame, row, first) + kMoreWidth; first > 0; --first) {
    used += width_of(frame, row, first - 1);
    if (used > row.w) break;
  }
  return first;
}

// The switch between one producer and several; in a narrow row three bars stand for its words.
void draw_side_by_side(const Frame& frame, Rect& row) {
  const std::string_view label = say(Text::side_by_side);
  const float wanted = std::ceil(frame.canvas.width(Font::kSmall, label)) + 20;
  const bool words = row.w >= 480 + wanted;
  const Rect box = row.cut_right(words ? wanted : kIconWidth).inset(0, row.h >= 24 ? 3 : 1);
  const bool on = frame.in.view.side_by_side;
  button(frame, box, words ? label : std::string_view(), act(Verb::kSideBySide),
         said(Text::side_by_side_tip) + key_line(Verb::kSideBySide), {.active = on});
  row.w -= 8;
  if (words) return;
  for (int i = 0; i < 3; ++i) {
    const float x = box.middle_x() - 7 + static_cast<float>(i) * 5;
    frame.scene().fill({x, box.middle_y() - 4, 3, 8}, {on ? Tone::kOnAccent : Tone::kText});
  }
}

}  // namespace

void draw_producer_tabs(const Frame& frame) {
  Rect row = frame.at.tabs;
  if (row.empty()) return;
  const std::size_t count = frame.model().producers.size();
  frame.scene().fill(row, {Tone::kPanel});
  frame.scene().line({row.x, row.bottom() - 1}, {row.right(), row.bottom() - 1}, {Tone::kLine});
  row = row.inset(12, 0);
  draw_side_by_side(frame, row);
  const float title = frame.canvas.width(Font::kHeading, say(Text::heading_producer)) + 12;
  if (row.w > 480)
    frame.canvas.text(row.cut_left(title), Font::kHeading, kSecondary, say(Text::heading_producer));
  const Event* last = frame.in.last_event();
  const auto told = last != nullptr ? producer_of(frame.model(), *last) : std::nullopt;
  const std::size_t first = first_tab(frame, row);
  std::size_t next = first;
  for (; next < count; ++next) {
    const float width = width_of(frame, row, next);
    if (width + (next + 1 < count || first > 0 ? kMoreWidth : 0) > row.w) break;
    draw_tab(frame, row.cut_left(width), next, told == next && next != frame.producer_index());
  }
  const std::size_t hidden = count - (next - first);
  if (hidden == 0) return;
  const Rect more = row.cut_left(kMoreWidth);
  frame.canvas.text(more, Font::kLabel, kSecondary, "+" + std::to_string(hidden), Align::kCentre);
  frame.scene().hit(more, {}, "producer.more", said(Text::more_producers_tip) + key_line(Verb::kProducer),
                    act(Verb::kProducer));
}

}  // namespace sendscope::ui
