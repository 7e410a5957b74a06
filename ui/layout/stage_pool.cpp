// The buffer pool: who holds its bytes, what is free and in which form, and who waits in line. Areas are
// bytes as long as a block is high enough to be read; with more blocks than that the pool is a list beside a
// true bar. All its figures have one unit.
#include <cmath>
#include <optional>

#include "core/model/queries.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/pool_reasons.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kSmallestBlock = 17, kBlockGap = 3, kFootHeight = 64;

std::string pool_bytes(const Frame& frame, std::int64_t bytes) {
  return column_bytes(bytes, frame.producer()->pool.total);
}

// A pool as it is shown: `reasons`, where it is coloured by them.
struct ShownPool {
  const ProducerModel& producer;
  const PoolReasons* reasons;
};

std::vector<const BatchModel*> holders(const ShownPool& shown) {
  std::vector<const BatchModel*> held = memory_holders(shown.producer);
  if (shown.reasons != nullptr) shown.reasons->sort(held);
  return held;
}

void draw_block(const Frame& frame, Rect box, const BatchModel& batch, const PoolReasons* reasons) {
  const Dimmed dimmed(frame, batch_subject(batch.id));
  if (reasons == nullptr) {
    draw_batch_box(frame, box, batch, "pool.block");
  } else {
    reasons->draw_box(box, batch, "pool.block");
  }
  const std::string label = batch_label(batch.id);
  const bool small = box.h < 34;
  const std::string name = label + " " +
                           (reasons != nullptr && small ? std::string(wait_cause_brief(reasons->cause(batch)))
                                                        : partition_label(frame, batch.partition));
  const std::string bytes = pool_bytes(frame, batch.capacity);
  const Rect inside = box.inset(8, 0);
  const float bytes_width = frame.canvas.width(Font::kMonoTiny, bytes);
  if (!small) {
    frame.canvas.text({inside.x, box.middle_y() - 15, inside.w, 14}, Font::kMonoSmall, kText,
                      {name, fit_name(frame.canvas.measure, Font::kMonoSmall, label, inside.w)});
    const std::string state =
        reasons == nullptr ? batch_words(frame, batch) : std::string(wait_cause_brief(reasons->cause(batch)));
    const Rect second{inside.x, box.middle_y() + 2, inside.w, 12};
    frame.canvas.text(
        {second.x, second.y, second.w - bytes_width - 6, second.h}, Font::kLabel, kText,
        {state, reasons == nullptr && batch.state == BatchState::kRetrying ? say(Text::retrying)
                                                                           : std::string_view(state)});
    frame.canvas.text(second, Font::kMonoTiny, kText, bytes, Align::kRight);
    return;
  }
  const float room = inside.w - bytes_width - 6;
  frame.canvas.text({inside.x, box.y, room, box.h}, Font::kMonoTiny, kText,
                    {name, fit_name(frame.canvas.measure, Font::kMonoTiny, label, room)});
  frame.canvas.text(inside, Font::kMonoTiny, kText, bytes, Align::kRight);
}

// A part of the pool that no batch holds.
struct Part {
  std::int64_t bytes;
  std::string name, brief;
  std::string tip;
  Tone tone;
  bool dotted, hatched;
  bool listed = false;  // in the free list
};

std::vector<Part> parts_of(const PoolModel& pool) {
  std::vector<Part> parts;
  if (pool.in_transit() > 0) {
    parts.push_back({pool.in_transit(), said(Text::lent), said(Text::lent), said(Text::lent_tip),
                     Tone::kSecondary, false, false});
  }
  if (pool.reserved() > 0) {
    parts.push_back({pool.reserved(), said(Text::reserved), said(Text::reserved_brief),
                     said(Text::reserved_tip), Tone::kWaiting, false, true});
  }
  if (pool.free_blocks > 0) {
    const std::string count = std::to_string(pool.free_blocks);
    parts.push_back({pool.free_blocks * pool.block_size, say(Text::free_list, count),
                     said(Text::free_list_brief), say(Text::free_list_tip, count), Tone::kSecondary, true,
                     false, true});
  }
  if (pool.unpooled() > 0) {
    parts.push_back({pool.unpooled(), said(Text::unpooled), said(Text::unpooled_brief),
                     said(Text::unpooled_tip), Tone::kFaint, true, false});
  }
  return parts;
}

void draw_part_ground(const Frame& frame, Rect box, const Part& part) {
  Scene& scene = frame.scene();
  if (part.hatched) {
    scene.fill(box, {part.tone, 0.08f}, kThingRadius);
    scene.hatch(box, {part.tone, 0.35f});
  }
  if (part.dotted) {
    scene.dash_stroke(box, {Tone::kLine}, 1, 2);
  } else {
    scene.stroke(box, {part.tone, 0.8f}, kThingRadius);
  }
}

void draw_part_words(const Frame& frame, Rect box, const Part& part) {
  const std::string bytes = pool_bytes(frame, part.bytes);
  const float width = frame.canvas.width(Font::kMonoTiny, bytes);
  if (box.h >= 12) {
    frame.canvas.text({box.x, box.y, box.w - width - 6, box.h}, Font::kLabel, kSecondary,
                      {part.name, part.brief, ""});
    frame.canvas.text(box, Font::kMonoTiny, kSecondary, bytes, Align::kRight);
  }
}

void hit_part(const Frame& frame, Rect box, const Part& part, std::string_view name) {
  frame.scene().hit(box, {}, name, part.tip + tip_row(Text::bytes, count_text(part.bytes)));
}

void draw_part(const Frame& frame, Rect box, const Part& part) {
  draw_part_ground(frame, box, part);
  draw_part_words(frame, box.inset(8, 0), part);
  hit_part(frame, box, part, "pool.part");
}

// The whole pool at its true scale: what batches hold in the hues of their partitions, below it the other
// parts.
void draw_true_bar(const Frame& frame, Rect bar, const ShownPool& shown) {
  const ProducerModel& producer = shown.producer;
  const auto total = static_cast<double>(std::max<std::int64_t>(1, producer.pool.total));
  std::int64_t done = 0;
  const auto y = [&] {
    return bar.y + static_cast<float>(std::min(1.0, static_cast<double>(done) / total)) * bar.h;
  };
  frame.scene().fill(bar, {Tone::kPanel}, 2);
  for (const BatchModel* batch : holders(shown)) {
    const float from = std::floor(y());
    done += batch->capacity;
    const Dimmed dimmed(frame, batch_subject(batch->id));
    if (std::floor(y()) <= from && from != bar.y) continue;  // of batches within one pixel one is seen
    const Rect box{bar.x, from, bar.w, std::max(1.0f, y() - from)};
    const WaitLook look = shown.reasons == nullptr ? WaitLook{hue_of(batch->partition)}
                                                   : wait_look(shown.reasons->cause(*batch));
    frame.scene().fill(box, {look.tone, look.hatched ? 0.4f : 0.7f});
    if (look.hatched) frame.scene().hatch(box, {look.tone, 0.8f}, 4);
  }
  for (const Part& part : parts_of(producer.pool)) {
    const float from = y();
    done += part.bytes;
    const Rect box{bar.x, from, bar.w, std::max(1.0f, y() - from)};
    frame.scene().fill(box, {part.tone, part.hatched ? 0.5f : part.listed ? 0.35f : 0.12f});
    hit_part(frame, box, part, "pool.share");
  }
  frame.scene().stroke(bar, {Tone::kLine}, 2);
}

// A row beside the bar: its colour there, its name, its bytes.
void draw_legend(const Frame& frame, Rect row, const Part& part) {
  const Rect sign{row.x, row.middle_y() - 4, 8, 8};
  frame.scene().fill(sign, {part.tone, part.hatched ? 0.5f : part.listed ? 0.35f : 0.12f}, 1);
  frame.scene().stroke(sign, {Tone::kLine}, 1);
  draw_part_words(frame, {row.x + 13, row.y, row.w - 13, row.h}, part);
  hit_part(frame, row, part, "pool.part");
}

void draw_areas(const Frame& frame, Rect area, const ShownPool& shown) {
  const PoolModel& pool = shown.producer.pool;
  const auto total = static_cast<double>(std::max<std::int64_t>(1, pool.total));
  double done = 0;
  const auto next = [&](std::int64_t bytes) {
    const auto from = static_cast<float>(std::round(done / total * area.h));
    done += static_cast<double>(bytes);
    const auto to = static_cast<float>(std::round(std::min(1.0, done / total) * area.h));
    return Rect{area.x, area.y + from, area.w, std::max(2.0f, to - from - kBlockGap)};
  };
  for (const BatchModel* batch : holders(shown))
    draw_block(frame, next(batch->capacity), *batch, shown.reasons);
  for (const Part& part : parts_of(pool)) draw_part(frame, next(part.bytes), part);
}

void draw_list(const Frame& frame, Rect area, const ShownPool& shown) {
  const std::vector<Part> parts = parts_of(shown.producer.pool);
  constexpr float kBar = 10, kBeside = 8;
  Rect rest = area;
  draw_true_bar(frame, rest.cut_left(kBar), shown);
  rest.cut_left(kBeside);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    draw_legend(frame, rest.cut_bottom(17), *part);
  }
  if (rest.h - 4 < kMoreRow) return;
  const auto held = holders(shown);
  const RowPlan plan =
      plan_rows(rest.h - 4, held.size(), {{36, 4}, {18, 3}}, frame.in.view.scrolled(ListName::kPool));
  for (std::size_t i = 0; i < plan.shown; ++i) {
    draw_block(frame, {rest.x, plan.y(rest, i), rest.w, plan.size.height}, *held[plan.first + i],
               shown.reasons);
  }
  more_row(frame, {rest.x, rest.y, rest.w, rest.h - 4}, plan, ListName::kPool);
}

void draw_waiter(const Frame& frame, Rect chip, const PoolWaiter& waiter, std::string_view name) {
  const Subject subject = thread_subject(waiter.thread);
  const Dimmed dimmed(frame, subject);
  frame.scene().stroke(chip, {Tone::kWaiting}, chip.h / 2);
  frame.canvas.name(chip.inset(5, 0), Font::kMonoTiny, {Tone::kWaiting}, name, Align::kCentre);
  frame.scene().hit(chip, subject, "pool.waiter",
                    say(Text::waits_in_line, name) + tip_row(Text::wants, count_text(waiter.wanted)) +
                        tip_row(Text::holds_already, count_text(waiter.reserved)) +
                        tip_row(Text::since, short_duration(frame.now() - waiter.since), "max.block.ms") +
                        tip_line(Text::order_of_asking),
                    select_action(subject));
}

void draw_line_of_waiters(const Frame& frame, Rect row, const PoolModel& pool) {
  constexpr float kGap = 4, kPadding = 12, kMore = 22;
  const float label = std::ceil(frame.canvas.width(Font::kLabel, say(Text::line))) + 8;
  std::vector<std::string> names;
  float needed = 0;
  for (const PoolWaiter& waiter : pool.waiters) {
    names.emplace_back(thread_name(frame.model(), frame.in.words(), waiter.thread));
    needed += frame.canvas.width(Font::kMonoTiny, names.back()) + kPadding + kGap;
  }
  float x = row.x;
  if (needed - kGap <= row.w - label) {  // otherwise the chips need the room of the word
    frame.canvas.text({row.x, row.y, label - 2, row.h}, Font::kLabel, kSecondary, say(Text::line));
    x += label;
  }
  if (names.empty())
    frame.canvas.text({x, row.y, row.right() - x, row.h}, Font::kLabel, kFaint,
                      {say(Text::nobody_waits), say(EventText::nobody)});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const float width = std::min(frame.canvas.width(Font::kMonoTiny, names[i]) + kPadding, row.w);
    const float reserve = i + 1 < names.size() ? kMore + kGap : 0;
    if (i > 0 && x + width + reserve > row.right() + 0.5f && x + needed > row.right()) {
      const std::string rest = "+" + std::to_string(names.size() - i);
      frame.canvas.text({x, row.y, row.right() - x, row.h}, Font::kMonoTiny, {Tone::kWaiting}, rest);
      return;
    }
    draw_waiter(frame, {x, row.y, width, row.h}, pool.waiters[i], names[i]);
    x += width + kGap;
    needed -= width + kGap;
  }
}

void draw_foot(const Frame& frame, Rect foot, const PoolModel& pool) {
  const bool full = !pool.waiters.empty() || pool.available < pool.block_size;
  const Tone tone = full ? Tone::kTrouble : pool.available * 4 < pool.total ? Tone::kWaiting : Tone::kAccent;
  const Rect words{foot.x, foot.y + 4, foot.w, 14};
  const float took = frame.canvas.text(words, Font::kLabel, kSecondary, say(Text::free)) + 8;
  frame.canvas.text({words.x + took, words.y, words.w - took, words.h}, Font::kMonoSmall,
                    {full ? tone : Tone::kText}, pool_bytes(frame, pool.available), Align::kRight);
  const Rect line{foot.x, foot.y + 22, foot.w, 6};
  const double used = pool.total > 0 ? static_cast<double>(pool.used()) / static_cast<double>(pool.total) : 0;
  bar(frame, line, static_cast<float>(used), {tone, 0.9f});
  frame.scene().hit({words.x, words.y, words.w, 26}, {}, "pool.free", pool_tip(pool));
  draw_line_of_waiters(frame, {foot.x, foot.y + 36, foot.w, 17}, pool);
}

}  // namespace

std::string pool_tip(const PoolModel& pool) {
  return said(Text::buffer_pool) + tip_row(Text::total, count_text(pool.total), "buffer.memory") +
         tip_row(Text::in_use, count_text(pool.used())) + tip_row(Text::free, count_text(pool.available)) +
         tip_row(Text::in_free_list, count_text(pool.free_blocks * pool.block_size), "batch.size") +
         tip_row(Text::of_it_unpooled, count_text(pool.unpooled()));
}

void draw_pool(const Frame& frame, Rect column) {
  const ProducerModel* producer = frame.producer();
  const bool reasons = frame.in.view.pool_reasons;
  const std::string_view name = say(reasons ? Text::heading_pool_reasons : Text::heading_pool);
  const float room = column.w - frame.canvas.width(Font::kHeading, name) - 10;
  const std::string total = producer == nullptr ? "" : pool_bytes(frame, producer->pool.total);
  const std::string brief = producer == nullptr ? "" : format_bytes(producer->pool.total);
  const Rect title{column.x, column.y + 12, column.w, 16};
  heading(frame, title, name, fitting(frame.canvas.measure, Font::kLabel, room, {total, brief}));
  frame.scene().hit(title, {}, "pool.heading",
                    said(Text::pool_tip) +
                        tip_line(reasons ? Text::pool_owners_tip : Text::pool_reasons_tip) +
                        key_line(Verb::kPoolReasons),
                    act(Verb::kPoolReasons));
  if (producer == nullptr) return;
  const PoolModel& pool = producer->pool;
  Rect area{column.x, column.y + 38, column.w, column.h - 46};
  const Rect foot = area.cut_bottom(kFootHeight);
  std::optional<PoolReasons> why;
  if (reasons) why.emplace(frame, *producer).draw_legend(area);
  const ShownPool shown{*producer, why ? &*why : nullptr};
  const double block =
      pool.total > 0 ? static_cast<double>(pool.block_size) / static_cast<double>(pool.total) : 1;
  if (block * area.h >= kSmallestBlock) {
    draw_areas(frame, area, shown);
  } else {
    draw_list(frame, area, shown);
  }
  draw_foot(frame, foot, pool);
}

}  // namespace sendscope::ui
