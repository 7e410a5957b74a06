#include "ui/layout/pool_reasons.h"

#include <algorithm>
#include <numeric>

#include "ui/layout/format.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kReasonRow = 17, kReasonTallRow = 29, kReasonSign = 9, kReasonWords = 15, kReasonGap = 6,
                kLeastBlocks = 70;

}  // namespace

PoolReasons::PoolReasons(const Frame& frame, const ProducerModel& producer)
    : frame_(&frame), producer_(&producer) {
  limits_ = wait_limits(frame.model(), frame.in.words(), frame.producer_index());
  rows_ = held_memory(frame.model(), limits_, producer, frame.now());
}

WaitCause PoolReasons::cause(const BatchModel& batch) const {
  return waiting_of(frame_->model(), limits_, batch, frame_->now()).cause;
}

void PoolReasons::sort(std::vector<const BatchModel*>& batches) const {
  std::vector<std::vector<const BatchModel*>> by_row(rows_.size());
  for (const BatchModel* batch : batches) {
    const WaitCause why = cause(*batch);
    const auto row =
        std::find_if(rows_.begin(), rows_.end(), [&](const HeldMemory& held) { return held.cause == why; });
    by_row[static_cast<std::size_t>(row - rows_.begin())].push_back(batch);
  }
  batches.clear();
  for (const auto& row : by_row) batches.insert(batches.end(), row.begin(), row.end());
}

void PoolReasons::draw_box(Rect box, const BatchModel& batch, std::string_view part) const {
  Scene& scene = frame_->scene();
  const Subject subject = batch_subject(batch.id);
  const WaitCause why = cause(batch);
  const WaitLook look = wait_look(why);
  draw_wait_ground(scene, box, look, kThingRadius);
  const bool selected = frame_->related.is_selected(subject);
  scene.stroke(box, {selected ? Tone::kAccent : look.tone}, kThingRadius, selected ? 2.0f : 1.0f);
  mark_if_last(*frame_, box, subject, kThingRadius);
  scene.hit(box, subject, part, batch_tip(*frame_, batch) + tip_row(Text::held_because, wait_cause_text(why)),
            select_action(subject));
}

std::string PoolReasons::bytes_of(const HeldMemory& held) const {
  return column_bytes(held.bytes, producer_->pool.total);
}

bool PoolReasons::on_one_line(const HeldMemory& held, float width, std::int64_t sum) const {
  const float figures = frame_->canvas.width(Font::kMonoTiny, bytes_of(held)) + kReasonGap +
                        frame_->canvas.width(Font::kMonoTiny, share_text(held.bytes, sum));
  return kReasonWords + frame_->canvas.width(Font::kLabel, wait_cause_brief(held.cause)) + kReasonGap +
             figures <=
         width;
}

void PoolReasons::draw_row(Rect row, const HeldMemory& held, std::int64_t sum) const {
  const Canvas& canvas = frame_->canvas;
  Rect line{row.x, row.y, row.w, kReasonRow};
  const std::string share = share_text(held.bytes, sum), bytes = bytes_of(held);
  draw_wait_sign(frame_->scene(), {line.x, line.middle_y() - kReasonSign / 2, kReasonSign, kReasonSign},
                 wait_look(held.cause));
  line.cut_left(kReasonWords);
  if (row.h > kReasonRow) {
    const Rect below{line.x, row.y + kReasonRow - 3, line.w, kReasonTallRow - kReasonRow};
    canvas.text(below, Font::kMonoTiny, kSecondary, share, Align::kRight);
    canvas.text({below.x, below.y, below.w - canvas.width(Font::kMonoTiny, share) - kReasonGap, below.h},
                Font::kMonoTiny, kSecondary, bytes);
  } else {
    canvas.text(line.cut_right(canvas.width(Font::kMonoTiny, share)), Font::kMonoTiny, kSecondary, share);
    line.w -= kReasonGap;
    if (on_one_line(held, row.w, sum)) {
      canvas.text(line.cut_right(canvas.width(Font::kMonoTiny, bytes)), Font::kMonoTiny, kSecondary, bytes);
      line.w -= kReasonGap;
    }
  }
  canvas.text(line, Font::kLabel, kText, wait_cause_brief(held.cause));
  frame_->scene().hit(row, {}, "pool.reason",
                      std::string(wait_cause_brief(held.cause)) +
                          tip_row(Text::held_because, wait_cause_text(held.cause)) +
                          tip_row(Text::batches, std::to_string(held.batches)) +
                          tip_row(Text::bytes, count_text(held.bytes)) +
                          tip_row(Text::of_what_is_held, share) + tip_line(Text::click_selects_oldest),
                      select_action(batch_subject(held.oldest)));
}

void PoolReasons::draw_legend(Rect& area) const {
  std::int64_t sum = 0;
  std::vector<float> heights;
  for (const HeldMemory& row : rows_) sum += row.bytes;
  for (const HeldMemory& row : rows_)
    heights.push_back(on_one_line(row, area.w, sum) ? kReasonRow : kReasonTallRow);
  const float room = std::max(area.h * 0.6f, area.h - kLeastBlocks) - kReasonRow;
  // Where there is little, rows have one line, without the bytes if need be.
  if (std::accumulate(heights.begin(), heights.end(), 0.0f) > room)
    heights.assign(heights.size(), kReasonRow);
  std::size_t shown = 0;
  float height = 0;
  while (shown < rows_.size() && height + heights[shown] <= room) height += heights[shown++];
  const bool more = shown < rows_.size();
  Rect legend = area.cut_bottom(height + (more ? kReasonRow : 0));
  area.cut_bottom(kReasonGap);
  for (std::size_t i = 0; i < shown; ++i) draw_row(legend.cut_top(heights[i]), rows_[i], sum);
  if (more)
    frame_->canvas.text(legend, Font::kTiny, kSecondary,
                        say(Text::and_more, std::to_string(rows_.size() - shown)));
}

}  // namespace sendscope::ui
