// Small multiples: up to four producers side by side, each with its sender, threads, pool, partitions and
// in-flight queues. All have the same rows and one scale of bytes; the brokers at the right are shared.
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/pool_reasons.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr std::size_t kMostCells = 4;
constexpr float kLeastCell = 136, kCellGutter = 10, kCellSection = 5;

// What all cells share: which producers, and the rows and the scale of each.
struct Multiples {
  std::size_t first = 0, count = 0;
  std::vector<PartitionIndex> partitions;
  std::size_t nodes = 0;
  std::int64_t largest_pool = 1;
};

// A page of them, with the one that is shown.
void choose_producers(const Frame& frame, float width, Multiples& out) {
  const std::size_t all = frame.model().producers.size();
  const auto fits =
      static_cast<std::size_t>(std::max(1.0f, (width + kCellGutter) / (kLeastCell + kCellGutter)));
  out.count = std::min({all, kMostCells, fits});
  out.first = std::min(frame.producer_index() / out.count * out.count, all - out.count);
}

bool uses(const ProducerModel& producer, PartitionIndex index) {
  const auto found = producer.partitions.find(index);
  if (found == producer.partitions.end()) return false;
  const ProducerPartition& its = found->second;
  return its.appended > 0 || !its.deque.empty() || !its.in_flight_batches.empty();
}

Frame cell_of(const Frame& frame, std::size_t producer) {
  Frame cell = frame;
  cell.shown = producer;
  return cell;
}

Multiples make_multiples(const Frame& frame, float width) {
  Multiples out;
  choose_producers(frame, width, out);
  const auto& producers = frame.model().producers;
  for (PartitionIndex i = 0; i < frame.model().partitions.size(); ++i) {
    const auto from = producers.begin() + static_cast<std::ptrdiff_t>(out.first);
    const bool used = std::any_of(from, from + static_cast<std::ptrdiff_t>(out.count),
                                  [&](const ProducerModel& producer) { return uses(producer, i); });
    if (used) out.partitions.push_back(i);
  }
  for (std::size_t i = out.first; i < out.first + out.count; ++i) {
    out.nodes = std::max(out.nodes, node_rows(cell_of(frame, i)).size());
    out.largest_pool = std::max(out.largest_pool, producers[i].pool.total);
  }
  return out;
}

// The parts of a cell, one below another. Empty: there is no room for it.
struct Sections {
  Rect name, sender, threads, pool, partitions, nodes;
};

Sections cut(Rect inside, const Multiples& all) {
  Sections at;
  const auto take = [&](float height) {
    const Rect strip = inside.cut_top(height);
    inside.cut_top(kCellSection);
    return strip;
  };
  at.name = inside.cut_top(20);
  if (inside.h >= 200) at.sender = take(22);
  if (inside.h >= 110) at.threads = take(17);
  at.pool = take(27);
  const float nodes = static_cast<float>(all.nodes) * 30 - 4;
  const float partitions = static_cast<float>(all.partitions.size()) * 25 - 3;
  at.nodes =
      inside.cut_bottom(std::min(nodes, std::max(inside.h * 0.5f, inside.h - kCellSection - partitions)));
  inside.cut_bottom(kCellSection);
  at.partitions = inside;
  return at;
}

std::string name_of(const Frame& cell) {
  const std::string name(producer_name(cell.model(), cell.in.words(), cell.shown));
  return name.empty() ? say(EventText::producer, std::to_string(cell.shown + 1)) : name;
}

void draw_name(const Frame& frame, const Frame& cell, Rect row) {
  const bool chosen = cell.shown == frame.producer_index();
  const std::string name = name_of(cell);
  cell.canvas.name(row, Font::kBodyStrong, chosen ? Paint{Tone::kAccent} : kText, name);
  cell.scene().hit(row, producer_subject(cell.shown), "multiple.name", name + tip_line(Text::alone_tip),
                   act(Verb::kSideBySide, static_cast<std::int64_t>(cell.shown) + 1));
}

bool is_blocked(ThreadState state) {
  return state != ThreadState::kRunning && state != ThreadState::kSleeping && state != ThreadState::kClosed;
}

void draw_thread_chip(const Frame& cell, Rect chip, std::uint16_t index, std::string_view name) {
  const ThreadModel& thread = cell.model().threads[index];
  const Subject subject = thread_subject(index);
  const Dimmed dimmed(cell, subject);
  const Tone tone = is_blocked(thread.state) ? Tone::kWaiting : Tone::kLine;
  cell.scene().stroke(chip, {tone}, chip.h / 2, tone == Tone::kWaiting ? 1.5f : 1);
  if (cell.related.is_selected(subject)) cell.scene().stroke(chip, {Tone::kAccent}, chip.h / 2, 2);
  cell.canvas.name(chip.inset(6, 0), Font::kMonoTiny,
                   tone == Tone::kWaiting ? Paint{Tone::kWaiting} : kSecondary, name, Align::kCentre);
  cell.scene().hit(chip, subject, "multiple.thread",
                   std::string(name) + tip_row(Text::state, thread_words(thread.state)) +
                       tip_row(Text::in_this_state_for, short_duration(cell.now() - thread.since)),
                   select_action(subject));
}

void draw_thread_chips(const Frame& cell, Rect row) {
  constexpr float kGap = 4, kMore = 24;
  const auto& threads = cell.model().threads;
  std::vector<std::uint16_t> its;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (threads[i].named && threads[i].producer == cell.shown) its.push_back(static_cast<std::uint16_t>(i));
  }
  for (std::size_t i = 0; i < its.size(); ++i) {
    const std::string name(thread_name(cell.model(), cell.in.words(), its[i]));
    const float more = i + 1 < its.size() ? kMore : 0;
    const float wanted = cell.canvas.width(Font::kMonoTiny, name) + 14;
    const float width = i == 0 ? std::min(wanted, row.w - more) : wanted;
    if (width + more > row.w) {
      cell.canvas.text(row, Font::kMonoTiny, kSecondary, "+" + std::to_string(its.size() - i));
      return;
    }
    draw_thread_chip(cell, row.cut_left(width), its[i], name);
    row.cut_left(kGap);
  }
}

void draw_pool_segments(const Frame& cell, Rect bar, const ProducerModel& producer) {
  const auto total = static_cast<double>(std::max<std::int64_t>(1, producer.pool.total));
  double done = 0;
  std::vector<const BatchModel*> batches = memory_holders(producer);
  std::optional<PoolReasons> why;
  if (cell.in.view.pool_reasons) why.emplace(cell, producer).sort(batches);
  for (const BatchModel* batch : batches) {
    const auto place = [&] { return bar.x + static_cast<float>(std::min(1.0, done / total)) * bar.w; };
    const float from = place();
    done += static_cast<double>(batch->capacity);
    const Subject subject = batch_subject(batch->id);
    const Dimmed dimmed(cell, subject);
    const Rect box{from, bar.y, std::max(1.0f, place() - from - 1), bar.h};
    if (why) {
      draw_wait_sign(cell.scene(), box, wait_look(why->cause(*batch)));
    } else {
      cell.scene().fill(box, {hue_of(batch->partition), 0.7f}, 1);
    }
    if (cell.related.is_selected(subject)) cell.scene().stroke(box.inset(-1), {Tone::kAccent}, 1, 1.5f);
    if (box.w >= 3)
      cell.scene().hit(box, subject, "multiple.block", batch_tip(cell, *batch), select_action(subject));
  }
}

// Its length is the size of the pool, on the scale of the largest one.
void draw_pool_bar(const Frame& cell, Rect row, const ProducerModel& producer, std::int64_t largest) {
  const PoolModel& pool = producer.pool;
  const bool full = !pool.waiters.empty() || pool.available < pool.block_size;
  Rect words{row.x, row.y, row.w, 14};
  cell.scene().hit(row, {}, "multiple.pool", pool_tip(pool));
  const std::string bytes = column_bytes(pool.available, largest);
  const Rect right = words.cut_right(cell.canvas.width(Font::kMonoTiny, bytes));
  cell.canvas.text(right, Font::kMonoTiny, {full ? Tone::kTrouble : Tone::kText}, bytes);
  words.w -= 6;
  const float took = cell.canvas.text(words, Font::kLabel, kSecondary, say(Text::free));
  words.cut_left(took + 10);
  if (!pool.waiters.empty())
    cell.canvas.text(words, Font::kLabel, {Tone::kWaiting},
                     {say(Text::in_line_count, std::to_string(pool.waiters.size())), ""}, Align::kRight);
  const double share = static_cast<double>(pool.total) / static_cast<double>(largest);
  const Rect bar{row.x, row.y + 17, std::max(4.0f, static_cast<float>(share) * row.w), 9};
  cell.scene().fill(bar, {Tone::kRaised}, 2);
  draw_pool_segments(cell, bar, producer);
  cell.scene().stroke(bar, {full ? Tone::kTrouble : Tone::kLine}, 2);
}

void draw_partition_row(const Frame& cell, Rect row, PartitionIndex index) {
  const ProducerModel& producer = *cell.producer();
  static const ProducerPartition kUnknown;
  const auto found = producer.partitions.find(index);
  const ProducerPartition& its = found == producer.partitions.end() ? kUnknown : found->second;
  const Subject subject = partition_subject(index);
  const Dimmed dimmed(cell, subject);
  cell.scene().fill(row, {Tone::kBackground, 0.5f}, kThingRadius);
  cell.scene().fill({row.x, row.y, 3, row.h}, {hue_of(index)}, 1);
  if (cell.related.is_selected(subject)) cell.scene().stroke(row, {Tone::kAccent}, kThingRadius, 1.5f);
  const std::string name = partition_label(cell, index);
  cell.scene().hit(row, subject, "multiple.partition",
                   name + tip_row(Text::batches_in_deque, std::to_string(its.deque.size())) +
                       tip_row(Text::in_sender_batches, std::to_string(its.in_flight_batches.size())) +
                       tip_row(Text::muted, say(its.muted ? EventText::yes : EventText::no)) +
                       tip_row(Text::records_acked, count_text(static_cast<std::int64_t>(its.acked_count))),
                   select_action(subject));
  Rect inside{row.x + 8, row.y, row.w - 11, row.h};
  const float wanted = cell.canvas.width(Font::kMonoTiny, name) + 6;
  const Rect label = inside.cut_left(std::min(wanted, inside.w * (its.deque.empty() ? 1.0f : 0.45f)));
  cell.canvas.name(label, Font::kMonoTiny, kText, name);
  if (!its.deque.empty()) {
    draw_deque(cell, inside.inset(0, 2), producer, its.deque);
  } else if (!its.in_flight_batches.empty()) {
    const std::string count = std::to_string(its.in_flight_batches.size());
    cell.canvas.text(inside, Font::kTiny, kSecondary,
                     {say(its.muted ? Text::muted_in_flight : Text::batches_in_flight, count), count},
                     Align::kRight);
  } else if (its.acked_count > 0) {
    const std::string count = count_text(static_cast<std::int64_t>(its.acked_count));
    cell.canvas.text(inside, Font::kTiny, kSecondary, {say(Text::acked_count, count), count}, Align::kRight);
  }
}

void draw_partition_rows(const Frame& cell, Rect area, const std::vector<PartitionIndex>& partitions) {
  if (area.h < kMoreRow) return;
  const RowPlan plan = plan_rows(area.h, partitions.size(), {{22, 3}, {18, 3}, {15, 2}},
                                 cell.in.view.scrolled(ListName::kPartitions));
  for (std::size_t i = 0; i < plan.shown; ++i)
    draw_partition_row(cell, {area.x, plan.y(area, i), area.w, plan.size.height}, partitions[plan.first + i]);
  more_row(cell, area, plan, ListName::kPartitions);
}

void draw_node_rows(const Frame& cell, Rect area, std::size_t most) {
  if (area.h < kMoreRow) return;
  const std::vector<NodeRow> rows = node_rows(cell);
  const RowPlan plan = plan_rows(area.h, most, {{26, 4}, {22, 3}}, cell.in.view.scrolled(ListName::kNodes));
  for (std::size_t i = 0; i < plan.shown && plan.first + i < rows.size(); ++i)
    draw_in_flight_card(cell, {area.x, plan.y(area, i), area.w, plan.size.height}, rows[plan.first + i]);
  more_row(cell, area, plan, ListName::kNodes);
}

void draw_cell(const Frame& frame, Rect box, std::size_t producer, const Multiples& all) {
  const Frame cell = cell_of(frame, producer);
  const Subject subject = producer_subject(producer);
  card(cell, box, subject, {});
  if (producer == frame.producer_index())
    cell.scene().fill({box.x + 6, box.y, box.w - 12, 2}, {Tone::kAccent}, 1);
  cell.scene().hit(box, subject, "multiple", name_of(cell) + tip_line(Text::click_selects),
                   select_action(subject));
  const Sections at = cut(box.inset(8, 3), all);
  draw_name(frame, cell, at.name);
  if (!at.sender.empty()) draw_sender(cell, at.sender);
  if (!at.threads.empty()) draw_thread_chips(cell, at.threads);
  draw_pool_bar(cell, at.pool, *cell.producer(), all.largest_pool);
  draw_partition_rows(cell, at.partitions, all.partitions);
  draw_node_rows(cell, at.nodes, all.nodes);
}

}  // namespace

void draw_multiples(const Frame& frame) {
  const Rect& stage = frame.at.stage;
  const float left = stage.x + 12, right = frame.at.brokers.x - 14;
  const Rect area{left, stage.y + 7, right - left, stage.h - 15};
  const Multiples all = make_multiples(frame, area.w);
  const float width = std::floor((area.w + kCellGutter) / static_cast<float>(all.count)) - kCellGutter;
  for (std::size_t i = 0; i < all.count; ++i) {
    const float x = area.x + (width + kCellGutter) * static_cast<float>(i);
    draw_cell(frame, {x, area.y, width, area.h}, all.first + i, all);
  }
  draw_brokers(frame);
}

}  // namespace sendscope::ui
