// RecordAccumulator: a row for each partition, with the batches of its deque. The front of the deque is at
// the right, next to the sender; records are appended to the leftmost box.
#include <algorithm>

#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

// What a partition is up to, in one line, and the clock that goes with it.
struct Status {
  std::string words;
  Paint ink = kSecondary;
  Tone ring = Tone::kCount_;  // kCount_: no clock runs
  Nanos from = 0, until = 0;
  std::string config;
};

std::string list_of(const std::deque<BatchId>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < 3; ++i) text += (i > 0 ? ", " : "") + batch_label(ids[i]);
  return ids.size() > 3 ? text + " \xe2\x80\xa6" : text;
}

Status retry_status(const Frame& frame, const BatchModel& batch) {
  Status status{say(Text::retrying_batch, batch_label(batch.id)), {Tone::kWaiting}, Tone::kCount_, 0, 0, {}};
  if (batch.backoff_until > frame.now()) {
    status.words = say(Text::retrying_in, short_duration(batch.backoff_until - frame.now()));
    status.ring = Tone::kWaiting;
    status.from = batch.retried;
    status.until = batch.backoff_until;
    status.config = "retry.backoff.ms";
  }
  return status;
}

Status queued_status(const Frame& frame, const ProducerPartition& partition, const BatchModel& front) {
  if (front.state == BatchState::kRetrying) return retry_status(frame, front);
  if (partition.muted) {
    return {
        say(Text::muted_while, list_of(partition.in_flight_batches)), kSecondary, Tone::kCount_, 0, 0, {}};
  }
  if (partition.leader < 0) return {said(Text::no_leader_known), {Tone::kWaiting}, Tone::kCount_, 0, 0, {}};
  if (front.state == BatchState::kReady) {
    const std::string reason =
        words_of(Unit::kReadyReason, static_cast<std::uint64_t>(front.ready_reason), frame.in.log);
    return {say(Text::ready_because, reason), {Tone::kOk}, Tone::kCount_, 0, 0, {}};
  }
  const bool filling = front.state == BatchState::kOpen;
  Status status{said(filling ? Text::filling : Text::closed), kText, Tone::kCount_, 0, 0, {}};
  const Nanos linger = linger_deadline(frame.model(), frame.in.words(), front);
  if (linger > frame.now()) {
    status.words =
        say(filling ? Text::filling_linger : Text::closed_linger, short_duration(linger - frame.now()));
    status.ring = Tone::kAccent;
    status.from = front.created;
    status.until = linger;
    status.config = "linger.ms";
  }
  return status;
}

// "adaptive: 6 queued": what the producers that are not shown have for the partition.
std::string elsewhere(const Frame& frame, PartitionIndex index) {
  std::string text;
  for (std::size_t i = 0; i < frame.model().producers.size(); ++i) {
    const ProducerPartition* its = frame.model().producer_partition(i, index);
    if (i == frame.producer_index() || its == nullptr) continue;
    const std::size_t queued = its->deque.size(), sent = its->in_flight_batches.size();
    if (queued + sent == 0) continue;
    if (!text.empty()) text += ", ";
    text +=
        say(queued > 0 ? Text::producer_queued : Text::producer_in_flight,
            producer_name(frame.model(), frame.in.words(), i), std::to_string(queued > 0 ? queued : sent));
  }
  return text;
}

// Who sends to the partition, of those that are not shown.
std::string used_by(const Frame& frame, PartitionIndex index) {
  std::string text;
  for (std::size_t i = 0; i < frame.model().producers.size(); ++i) {
    const ProducerPartition* its = frame.model().producer_partition(i, index);
    if (i == frame.producer_index() || its == nullptr || its->appended == 0) continue;
    if (!text.empty()) text += ", ";
    text += producer_name(frame.model(), frame.in.words(), i);
  }
  return text.empty() ? text : say(Text::used_by, text);
}

// Nothing of the producer that is shown waits there or is on its way.
Status idle_status(const Frame& frame, const ProducerPartition& partition, PartitionIndex index) {
  const std::string others = elsewhere(frame, index);
  const std::uint64_t done = partition.acked_count + partition.failed_count;
  std::string words = said(Text::empty);
  if (done > 0) {
    const std::string acked = count_text(static_cast<std::int64_t>(partition.acked_count));
    const std::string failed = count_text(static_cast<std::int64_t>(partition.failed_count));
    words = partition.failed_count > 0 ? say(Text::empty_acked_failed, acked, failed)
                                       : say(Text::empty_acked, acked);
    if (!others.empty()) words = say(Text::status_and_others, words, others);
  } else if (!others.empty()) {
    words = others;
  } else if (const std::string users = used_by(frame, index); !users.empty()) {
    words = users;
  }
  return {words, others.empty() ? kFaint : kSecondary, Tone::kCount_, 0, 0, {}};
}

Status status_of(const Frame& frame, const ProducerModel& producer, const ProducerPartition& partition,
                 PartitionIndex index) {
  if (partition.unresolved)
    return {said(Text::sequences_unresolved), {Tone::kTrouble}, Tone::kCount_, 0, 0, {}};
  if (!partition.deque.empty()) {
    if (const BatchModel* front = producer.batch(partition.deque.front())) {
      return queued_status(frame, partition, *front);
    }
  }
  if (!partition.in_flight_batches.empty()) {
    return {say(partition.muted ? Text::muted_in_flight : Text::batches_in_flight,
                list_of(partition.in_flight_batches)),
            kSecondary,
            Tone::kCount_,
            0,
            0,
            {}};
  }
  return idle_status(frame, partition, index);
}

// The last batch that has room; one that is meant takes the place when it stands further back.
std::size_t last_shown(const Frame& frame, const std::deque<BatchId>& deque, std::size_t shown) {
  for (std::size_t i = shown; i < deque.size(); ++i) {
    if (frame.related.is_meant(batch_subject(deque[i]))) return i;
  }
  return shown - 1;
}

std::string tip_of(const ProducerPartition& partition, const std::string& name, const Status& status) {
  std::string tip = name + tip_row(Text::state, status.words, status.config);
  tip += tip_row(Text::leader_as_known, partition.leader >= 0
                                            ? say(EventText::node, std::to_string(partition.leader))
                                            : said(EventText::none));
  tip += tip_row(Text::batches_in_deque, std::to_string(partition.deque.size()));
  tip += tip_row(Text::in_sender_batches, std::to_string(partition.in_flight_batches.size()));
  tip += tip_row(Text::muted, say(partition.muted ? EventText::yes : EventText::no),
                 "max.in.flight.requests.per.connection");
  if (partition.sequence_epoch >= 0)
    tip += tip_row(Text::next_sequence, count_text(partition.next_sequence), "enable.idempotence");
  tip += tip_row(Text::records_acked, count_text(static_cast<std::int64_t>(partition.acked_count)));
  if (partition.failed_count > 0)
    tip += tip_row(Text::records_failed, count_text(static_cast<std::int64_t>(partition.failed_count)));
  if (partition.sticky) tip += tip_line(Text::sticky_here);
  return tip;
}

void draw_partition(const Frame& frame, Rect box, PartitionIndex index) {
  const ProducerModel& producer = *frame.producer();
  static const ProducerPartition kUnknown;
  const auto found = producer.partitions.find(index);
  const ProducerPartition& partition = found == producer.partitions.end() ? kUnknown : found->second;
  const Subject subject = partition_subject(index);
  const Dimmed dimmed(frame, subject);
  card(frame, box, subject, {Tone::kLine, 1, hue_of(index)});
  const std::string name = partition_label(frame, index);
  const Status status = status_of(frame, producer, partition, index);
  // "ready: linger expired" without its reason.
  const std::string_view brief = std::string_view(status.words).substr(0, status.words.find_first_of(":,"));
  std::string tip = tip_of(partition, name, status);
  if (const std::string others = elsewhere(frame, index); !others.empty())
    tip += tip_row(Text::other_producers, others);
  frame.scene().hit(box, subject, "partition", tip, select_action(subject));

  const bool tall = box.h >= 36, high = box.h >= 40;
  Rect inside{box.x + 12, box.y, box.w - 20, box.h};
  const float least_text = tall ? 104 : 70;
  const Rect queue{inside.x + least_text + 22, box.y + (tall ? 5.0f : 3.0f), inside.w - least_text - 22,
                   box.h - (tall ? 10.0f : 6.0f)};
  float right = inside.right();
  if (!partition.deque.empty()) right = draw_deque(frame, queue, producer, partition.deque) - 3;
  if (status.ring != Tone::kCount_) {
    frame.scene().ring({right - 8, box.middle_y()}, 8, part_left(status.from, status.until, frame.now()),
                       {status.ring});
    right -= 22;
  }
  Rect words{inside.x, box.y, right - inside.x, box.h};
  if (tall) {
    const Rect first{words.x, box.y + (high ? 6.0f : 4.0f), words.w, 14};
    const float took = frame.canvas.name(first, Font::kMono, kText, name);
    const std::string leader =
        partition.leader >= 0 ? say(Text::arrow_node, std::to_string(partition.leader)) : "";
    if (frame.canvas.width(Font::kLabel, leader) < first.w - took - 8) {
      frame.canvas.text({first.x + took + 8, first.y, first.w - took - 8, first.h}, Font::kLabel, kFaint,
                        leader);
    }
    frame.canvas.text({words.x, box.y + (high ? 24.0f : 20.0f), words.w, 13}, Font::kLabel, status.ink,
                      {status.words, brief});
  } else {
    const float took = frame.canvas.name(words, Font::kMonoSmall, kText, name);
    frame.canvas.text({words.x + took + 8, words.y, words.w - took - 8, words.h}, Font::kTiny, status.ink,
                      {status.words, brief});
  }
}

}  // namespace

float draw_deque(const Frame& frame, Rect area, const ProducerModel& producer,
                 const std::deque<BatchId>& deque) {
  const bool tall = area.h >= 26;
  const float full = tall ? 62 : 46, narrow = 30, gap = 5;
  const auto count = static_cast<float>(deque.size());
  const float width = count * (full + gap) - gap <= area.w ? full : narrow;
  const float more_width = 25;
  const bool all = count * (width + gap) - gap <= area.w;
  const auto fits = static_cast<std::size_t>(std::max(1.0f, (area.w - more_width + gap) / (width + gap)));
  const std::size_t shown = all ? deque.size() : std::min(deque.size(), fits);
  float x = area.right();
  const std::size_t last = last_shown(frame, deque, shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const BatchModel* batch = producer.batch(deque[i + 1 < shown ? i : last]);
    if (batch == nullptr) continue;
    x -= width;
    const Dimmed dimmed(frame, batch_subject(batch->id));
    const Rect box{x, area.y, width, area.h};
    draw_batch_box(frame, box, *batch, "deque.batch");
    const Rect inside = box.inset(width == full ? 6 : 3, 0);
    if (tall && width == full) {
      frame.canvas.name({inside.x, box.middle_y() - 13, inside.w, 13}, Font::kMonoSmall, kText,
                        batch_label(batch->id));
      frame.canvas.text({inside.x, box.middle_y() + 1, inside.w, 12}, Font::kMonoTiny, kText,
                        say(Text::records_short, count_text(batch->record_count)));
    } else {
      frame.canvas.name(inside, Font::kMonoTiny, kText, batch_label(batch->id), Align::kCentre);
    }
    x -= gap;
  }
  if (shown < deque.size()) {
    const Rect more{x - more_width, area.y, more_width, area.h};
    frame.canvas.text(more, Font::kMonoTiny, kSecondary, "+" + std::to_string(deque.size() - shown),
                      Align::kRight);
    x -= more_width;
  }
  return x;
}

void draw_partitions(const Frame& frame, Rect column) {
  heading(frame, {column.x, column.y + 12, column.w, 16}, say(Text::heading_partitions), "RecordAccumulator",
          say(Text::partitions_tip));
  if (frame.producer() == nullptr) return;
  std::vector<PartitionIndex> shown(frame.model().partitions.size());
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = static_cast<PartitionIndex>(i);
  const auto& partitions = frame.model().partitions;
  std::stable_sort(shown.begin(), shown.end(), [&](PartitionIndex a, PartitionIndex b) {
    return std::pair(partitions[a].topic, partitions[a].number) <
           std::pair(partitions[b].topic, partitions[b].number);
  });
  const Rect area{column.x, column.y + 38, column.w, column.h - 46};
  const RowPlan plan = plan_rows(area.h, shown.size(), {{44, 6}, {44, 3}, {37, 4}, {24, 4}, {20, 3}},
                                 frame.in.view.scrolled(ListName::kPartitions));
  for (std::size_t i = 0; i < plan.shown; ++i) {
    draw_partition(frame, {area.x, plan.y(area, i), area.w, plan.size.height}, shown[plan.first + i]);
  }
  more_row(frame, area, plan, ListName::kPartitions);
}

}  // namespace sendscope::ui
