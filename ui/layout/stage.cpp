#include "ui/layout/stage.h"

#include <algorithm>
#include <cmath>

#include "core/base/api.h"
#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

// The line from a waiting thread's card to its chip in the pool's queue: down the gutter, under the pool.
void draw_wait_lines(const Frame& frame) {
  Scene& scene = frame.scene();
  const Hit *first_card = nullptr, *first_chip = nullptr;
  for (const Hit& hit : scene.hits) {
    if (hit.part != "pool.waiter") continue;
    for (const Hit& card : scene.hits) {
      if (card.part == "thread" && card.subject == hit.subject && first_card == nullptr) {
        first_card = &card;
        first_chip = &hit;
      }
    }
  }
  if (first_card == nullptr) return;
  const Paint ink{Tone::kWaiting, frame.related.opacity(first_card->subject)};
  const float x = frame.at.pool.x - 6;
  const float y = first_card->box.middle_y(), bottom = first_chip->box.bottom() + 6;
  scene.dash_line({first_card->box.right(), y}, {x, y}, ink, 1.5f, 3);
  scene.dash_line({x, y}, {x, bottom}, ink, 1.5f, 3);
  scene.dash_line({x, bottom}, {first_chip->box.middle_x(), bottom}, ink, 1.5f, 3);
  scene.dash_line({first_chip->box.middle_x(), bottom},
                  {first_chip->box.middle_x(), first_chip->box.bottom()}, ink, 1.5f, 3);
}

}  // namespace

namespace {

void draw_columns(const Frame& frame) {
  Scene& scene = frame.scene();
  const Regions& at = frame.at;
  const auto divide = [&](const Rect& left, const Rect& right) {
    const float x = std::floor((left.right() + right.x) / 2);
    scene.line({x, at.stage.y + 11}, {x, at.stage.bottom() - 9}, {Tone::kLine, 0.6f});
  };
  divide(at.threads, at.pool);
  divide(at.pool, at.partitions);
  divide(at.partitions, at.in_flight);
  draw_threads(frame, at.threads);
  draw_pool(frame, at.pool);
  draw_partitions(frame, at.partitions);
  draw_nodes(frame);
  draw_wait_lines(frame);
}

}  // namespace

void draw_stage(const Frame& frame) {
  frame.side_by_side() ? draw_multiples(frame) : draw_columns(frame);
  const Rect& stage = frame.at.stage;
  frame.scene().line({0, stage.bottom() - 1}, {stage.right(), stage.bottom() - 1}, {Tone::kLine});
}

std::string partition_label(const Frame& frame, PartitionIndex partition) {
  return partition_name(frame.model(), frame.in.words(), partition);
}

// With what is filled on top the grounds stay dark enough for letters, in every hue.
BatchLook batch_look(const BatchModel& batch) {
  const Tone hue = hue_of(batch.partition);
  BatchLook look{{hue, 0.14f}, {hue, 1}, false, false, 1, 1};
  if (batch.capacity > 0)
    look.fill = std::min(1.0f, static_cast<float>(batch.bytes) / static_cast<float>(batch.capacity));
  switch (batch.state) {
    case BatchState::kOpen: look.ground.opacity = 0.08f; break;
    case BatchState::kClosed:
    case BatchState::kReady: look.ground.opacity = 0.20f; break;
    case BatchState::kInFlight: look.ground.opacity = 0.16f; break;
    case BatchState::kRetrying: look.dashed = true; break;
    case BatchState::kSplit:
    case BatchState::kDone:
      look.ground.opacity = 0.08f;
      look.border.opacity = 0.4f;
      break;
    case BatchState::kExpired:
      look.hatched = true;
      look.border = {Tone::kTrouble, 1};
      break;
  }
  if (batch.state == BatchState::kDone && is_failure(batch.error)) look.border = {Tone::kTrouble, 1};
  return look;
}

void draw_batch_box(const Frame& frame, Rect box, const BatchModel& batch, std::string_view part) {
  Scene& scene = frame.scene();
  const BatchLook look = batch_look(batch);
  const Subject subject = batch_subject(batch.id);
  scene.fill(box, look.ground, kThingRadius);
  const float filled = std::clamp(look.fill, 0.0f, 1.0f) * box.w;
  if (filled >= 1) scene.fill({box.x, box.y, filled, box.h}, {look.ground.tone, 0.22f}, kThingRadius);
  if (look.hatched) scene.hatch(box, {Tone::kSecondary, 0.5f});
  const bool selected = frame.related.is_selected(subject);
  if (look.dashed && !selected) {
    scene.dash_stroke(box, look.border, 1.5f, 4);
  } else {
    scene.stroke(box, selected ? Paint{Tone::kAccent} : look.border, kThingRadius,
                 selected ? 2.0f : look.weight);
  }
  mark_if_last(frame, box, subject, kThingRadius);
  scene.hit(box, subject, part, batch_tip(frame, batch), select_action(subject));
}

std::string batch_words(const Frame& frame, const BatchModel& batch) {
  switch (batch.state) {
    case BatchState::kOpen: return said(Text::filling);
    case BatchState::kClosed: return said(Text::closed);
    case BatchState::kReady: return said(Text::ready);
    case BatchState::kInFlight: return said(Text::in_flight);
    case BatchState::kRetrying:
      if (batch.backoff_until > frame.now())
        return say(Text::retrying_in, short_duration(batch.backoff_until - frame.now()));
      return said(Text::retrying);
    case BatchState::kSplit: return said(Text::split);
    case BatchState::kDone: return is_failure(batch.error) ? error_word(batch.error) : said(Text::done);
    case BatchState::kExpired: return said(Text::expired);
  }
  return "";
}

std::string_view batch_memory_words(const Frame& frame, const BatchModel& batch) {
  if (batch.memory_returned) return say(Text::returned);
  return say(is_block(frame.model(), batch) ? Text::block_of_pool : Text::outside_blocks);
}

std::string batch_tip(const Frame& frame, const BatchModel& batch) {
  const PipelineModel& model = frame.model();
  std::string tip = say(Text::batch_of, batch_label(batch.id), partition_label(frame, batch.partition));
  tip += tip_row(Text::state, batch_words(frame, batch));
  tip += tip_row(Text::records, count_text(batch.record_count));
  tip +=
      tip_row(Text::bytes, say(Text::of, count_text(batch.bytes), count_text(batch.capacity)), "batch.size");
  tip += tip_row(Text::age, short_duration(frame.now() - batch.created));
  const Nanos linger = linger_deadline(model, frame.in.words(), batch);
  if (linger >= 0 && linger > frame.now())
    tip += tip_row(Text::linger_ends_in, short_duration(linger - frame.now()), "linger.ms");
  if (batch.attempts > 0) {
    tip += tip_row(Text::failed_attempts, std::to_string(batch.attempts), "retries");
    if (is_failure(batch.last_error)) tip += tip_row(Text::last_error, error_word(batch.last_error));
  }
  if (batch.backoff_until > frame.now()) {
    tip +=
        tip_row(Text::backs_off_for, short_duration(batch.backoff_until - frame.now()), "retry.backoff.ms");
  }
  const Nanos delivery = delivery_deadline(model, frame.in.words(), batch);
  if (delivery > frame.now())
    tip += tip_row(Text::given_up_in, short_duration(delivery - frame.now()), "delivery.timeout.ms");
  return tip + tip_row(Text::memory, batch_memory_words(frame, batch), "buffer.memory");
}

std::string request_tip(const Frame& frame, const RequestModel& request) {
  std::string tip = say(Text::api_request, api_name(request.api), request_label(request.id));
  tip += tip_row(Text::to, say(EventText::node, std::to_string(request.node)));
  tip += tip_row(Text::bytes, count_text(request.bytes));
  tip += tip_row(Text::phase, request_phase_text(request.phase));
  tip += tip_row(Text::since, short_duration(frame.now() - request.sent));
  for (const CarriedBatch& carried : request.batches) {
    tip += tip_row(Text::carries,
                   say(Text::of, batch_label(carried.batch), partition_label(frame, carried.partition)));
  }
  const Nanos deadline = request_deadline(frame.model(), frame.in.words(), request);
  if (deadline > frame.now())
    tip += tip_row(Text::times_out_in, short_duration(deadline - frame.now()), "request.timeout.ms");
  return tip;
}

}  // namespace sendscope::ui
