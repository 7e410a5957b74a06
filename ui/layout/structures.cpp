// The strip that names the three structures a batch is in while it is not done, and counts them; and the row
// of callbacks under it.
#include <algorithm>
#include <cmath>

#include "ui/layout/format.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

struct Member {
  std::string label;
  Tone hue;
  Subject subject;
};
struct Structure {
  const char* owner;
  const char* name;
  Text tip;
  std::vector<Member> members;
};

Member batch_member(const ProducerModel& producer, BatchId id) {
  const BatchModel* batch = producer.batch(id);
  return {batch_label(id), batch != nullptr ? hue_of(batch->partition) : Tone::kSecondary, batch_subject(id)};
}

std::vector<Structure> structures_of(const ProducerModel& producer) {
  Structure incomplete{"RecordAccumulator", "IncompleteBatches", Text::incomplete_tip, {}};
  Structure batches{"Sender", "inFlightBatches", Text::sender_batches_tip, {}};
  Structure requests{"NetworkClient", "InFlightRequests", Text::requests_tip, {}};
  for (const BatchId id : producer.incomplete_batches)
    incomplete.members.push_back(batch_member(producer, id));
  for (const auto& [index, partition] : producer.partitions) {
    for (const BatchId id : partition.in_flight_batches)
      batches.members.push_back(batch_member(producer, id));
  }
  for (const auto& [node, link] : producer.links) {
    for (const RequestId id : link.in_flight_requests) {
      const RequestModel* request = producer.request(id);
      const bool carries = request != nullptr && !request->batches.empty();
      requests.members.push_back({request_label(id),
                                  carries ? hue_of(request->batches.front().partition) : Tone::kSecondary,
                                  request_subject(id)});
    }
  }
  return {std::move(incomplete), std::move(batches), std::move(requests)};
}

void draw_members(const Frame& frame, Rect row, const std::vector<Member>& members) {
  float x = row.x;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const float width = frame.canvas.width(Font::kMonoTiny, members[i].label) + 10;
    const float reserve = i + 1 < members.size() ? 26.0f : 0.0f;
    if (x + width + reserve > row.right()) {
      frame.canvas.text({x, row.y, row.right() - x, row.h}, Font::kMonoTiny, kSecondary,
                        "+" + std::to_string(members.size() - i));
      return;
    }
    const Dimmed dimmed(frame, members[i].subject);
    const Rect chip{x, row.y + 1, width, row.h - 2};
    frame.scene().fill(chip, {members[i].hue, 0.22f}, kThingRadius);
    frame.scene().stroke(chip, {members[i].hue, 0.8f}, kThingRadius);
    frame.canvas.name(chip.inset(3, 0), Font::kMonoTiny, kText, members[i].label, Align::kCentre);
    frame.scene().hit(chip, members[i].subject, "structure.member", "", select_action(members[i].subject));
    x += width + 4;
  }
}

// The owner above the name and the count; the members beside them.
void draw_structure(const Frame& frame, Rect cell, const Structure& structure) {
  const std::string count = std::to_string(structure.members.size());
  const float number = frame.canvas.width(Font::kMonoStrong, count);
  const bool two_lines = cell.h >= 32;
  const Rect line{cell.x, two_lines ? cell.y + 16 : cell.y, cell.w, two_lines ? 14 : cell.h};
  const float name_room =
      std::max(0.0f, std::min(frame.canvas.width(Font::kSmall, structure.name) + 1, cell.w - number - 10));
  if (two_lines) {
    frame.canvas.text({cell.x, cell.y + 4, name_room + number + 8, 11}, Font::kTiny, kFaint, structure.owner);
  }
  const float took =
      frame.canvas.text({line.x, line.y, name_room, line.h}, Font::kSmall, kSecondary, structure.name);
  float x = line.x + took + 8;
  frame.canvas.text({x, line.y, number + 1, line.h}, Font::kMonoStrong, kText, count);
  x += number;
  frame.scene().hit({cell.x, cell.y, x - cell.x, cell.h}, {}, "structure",
                    said(structure.tip) + tip_row(Text::count, count));
  x += 12;
  draw_members(frame, {x, cell.middle_y() - 8, cell.right() - x, 16}, structure.members);
}

void draw_callback(const Frame& frame, Rect chip, const CallbackModel& callback) {
  const Subject subject = record_subject(callback.record);
  const Dimmed dimmed(frame, subject);
  const bool failed = is_failure(callback.error);
  const Tone tone = failed ? Tone::kTrouble : Tone::kOk;
  frame.scene().fill(chip, {Tone::kPanel}, kControlRadius);
  frame.scene().stroke(chip, {failed ? Tone::kTrouble : Tone::kLine}, kControlRadius);
  Rect inside = chip.inset(8, 0);
  frame.canvas.text({inside.x, inside.y, 14, inside.h}, Font::kSmall, {tone},
                    failed ? "\xe2\x9c\x97" : "\xe2\x9c\x93");
  inside.x += 17;
  inside.w -= 17;
  const std::string took = short_duration(callback.latency);
  const float width = frame.canvas.width(Font::kMonoTiny, took);
  frame.canvas.name({inside.x, inside.y, inside.w - width - 4, inside.h}, Font::kMonoSmall, kText,
                    record_label(callback.record));
  frame.canvas.text(inside, Font::kMonoTiny, kSecondary, took, Align::kRight);
  const std::string number = std::to_string(number_of(callback.record));
  std::string tip = callback.partition != kNoPlace
                        ? say(Text::record_of, number, partition_label(frame, callback.partition))
                        : say(EventText::record, number);
  tip += tip_row(Text::callback, failed ? error_word(callback.error) : said(Text::without_an_error));
  if (callback.offset >= 0) tip += tip_row(Text::offset, count_text(callback.offset));
  tip += tip_row(Text::send_to_callback, short_duration(callback.latency));
  frame.scene().hit(chip, subject, "callback", tip, select_action(subject));
}

struct Totals {
  std::string done, rest;
};

Totals totals_of(const ProducerModel& producer) {
  const std::uint64_t open = producer.sent - std::min(producer.sent, producer.acked + producer.failed);
  return {say(Text::done_failed, count_text(static_cast<std::int64_t>(producer.acked)),
              count_text(static_cast<std::int64_t>(producer.failed))),
          say(Text::without_callback, count_text(static_cast<std::int64_t>(open)))};
}

void draw_totals(const Frame& frame, Rect box, const ProducerModel& producer, const Totals& totals) {
  frame.canvas.text({box.x, box.middle_y() - 14, box.w, 13}, Font::kLabel,
                    producer.failed > 0 ? Paint{Tone::kTrouble} : kSecondary, totals.done);
  frame.canvas.text({box.x, box.middle_y() + 1, box.w, 13}, Font::kLabel, kSecondary, totals.rest);
  std::string tip = said(Text::callbacks) +
                    tip_row(Text::sent, count_text(static_cast<std::int64_t>(producer.sent))) +
                    tip_row(Text::without_an_error, count_text(static_cast<std::int64_t>(producer.acked)));
  for (const auto& [error, count] : producer.failed_by)
    tip += "\n" + error_word(error) + "\t" + count_text(static_cast<std::int64_t>(count));
  if (producer.acked > 0) {
    tip += tip_row(Text::median, short_duration(producer.latency.quantile(500))) + "\n99 %\t" +
           short_duration(producer.latency.quantile(990));
  }
  frame.scene().hit(box, {}, "callbacks.totals", tip + tip_line(Text::click_split), act(Verb::kInspect, 1));
}

}  // namespace

void draw_structures(const Frame& frame) {
  const Rect strip = frame.at.structures;
  if (strip.empty()) return;
  frame.scene().fill(strip, {Tone::kPanel});
  frame.scene().line({0, strip.bottom() - 1}, {strip.right(), strip.bottom() - 1}, {Tone::kLine});
  const ProducerModel* producer = frame.producer();
  if (producer == nullptr) return;
  const auto structures = structures_of(*producer);
  const Rect inside = strip.inset(16, 0);
  const float width = inside.w / static_cast<float>(structures.size());
  for (std::size_t i = 0; i < structures.size(); ++i) {
    const float x = inside.x + width * static_cast<float>(i);
    if (i > 0) frame.scene().line({x - 8, strip.y + 8}, {x - 8, strip.bottom() - 9}, {Tone::kLine});
    draw_structure(frame, {x, strip.y, width - 16, strip.h}, structures[i]);
  }
}

void draw_callbacks(const Frame& frame) {
  const Rect row = frame.at.callbacks;
  if (row.empty()) return;
  frame.scene().line({0, row.bottom() - 1}, {row.right(), row.bottom() - 1}, {Tone::kLine});
  const float title =
      std::max(84.0f, std::ceil(frame.canvas.width(Font::kHeading, say(Text::heading_callbacks))) + 1);
  heading(frame, {row.x + 16, row.y, title, row.h}, say(Text::heading_callbacks), {},
          say(Text::callbacks_tip));
  const ProducerModel* producer = frame.producer();
  if (producer == nullptr) return;
  // As wide as the largest record number so far asks for, so that chips of one row are alike.
  const auto digits = static_cast<float>(std::to_string(producer->sent).size() + 1);
  const Totals totals = totals_of(*producer);
  const float words =
      std::max(frame.canvas.width(Font::kLabel, totals.done), frame.canvas.width(Font::kLabel, totals.rest));
  const float totals_width = std::max(156.0f, std::ceil(words) + 13), gap = 6,
              chip_width = std::ceil(16 + 17 + digits * frame.canvas.width(Font::kMonoSmall, "0") + 6 +
                                     frame.canvas.width(Font::kMonoTiny, "00.0 ms") + 2);
  const Rect area{row.x + title + 20, row.y + 8, row.w - title - 20 - totals_width - 16, row.h - 16};
  const auto fits = static_cast<std::size_t>(std::max(0.0f, (area.w + gap) / (chip_width + gap)));
  const std::size_t shown = std::min(fits, producer->callbacks.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const CallbackModel& callback = producer->callbacks[producer->callbacks.size() - shown + i];
    draw_callback(frame, {area.x + static_cast<float>(i) * (chip_width + gap), area.y, chip_width, area.h},
                  callback);
  }
  if (producer->callbacks.empty()) {
    frame.canvas.text(area, Font::kLabel, kFaint, say(Text::none_has_run));
  }
  draw_totals(frame, {row.right() - totals_width, row.y, totals_width - 12, row.h}, *producer, totals);
}

}  // namespace sendscope::ui
