// What lies on a lane of the timeline. What is narrower than a pixel is folded into it, so that the work
// follows the pixels, not the events.
#include <algorithm>
#include <cmath>

#include "core/event/event_texts.h"
#include "core/model/queries.h"
#include "core/model/rate_limits.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/timeline.h"

namespace sendscope::ui {
namespace {

// From time to pixels for one plot, at the cursor.
struct Ruler {
  const Frame& frame;
  Rect plot;
  Nanos from, to;  // the visible part, not beyond the cursor

  Ruler(const Frame& f, const Rect& p)
      : frame(f), plot(p), from(time(p.x)), to(std::min(f.now(), time(p.right()))) {}
  float x(Nanos t) const { return timeline_x(plot, frame.in.axis, frame.in.view, t); }
  Nanos time(float at) const { return timeline_time(plot, frame.in.axis, frame.in.view, at); }
};

// What all places in flight hold: more than that waits in the deques.
void draw_window(const Frame& frame, const Ruler& ruler, const Rect& lane, const PoolLane& pool, float top,
                 float height) {
  constexpr float kWords = 15;
  const RateLimits limits = rate_limits(frame.model(), frame.in.words(), frame.producer_index(), {});
  if (limits.limits.empty() || limits.limits.front().kind != LimitKind::kWindow) return;
  const auto window = static_cast<double>(limits.limits.front().bytes);
  const auto total = static_cast<double>(pool.total);
  const float y = top + height * static_cast<float>(1 - std::min(1.0, window / total));
  // Too near to one of the ends there is nothing to be seen between them.
  if (y - top < kWords + 3 || lane.bottom() - y < 3) return;
  frame.scene().dash_line({ruler.plot.x, y}, {ruler.plot.right(), y}, {Tone::kSecondary, 0.8f}, 1, 2);
  const std::string words =
      say(Text::window_line, column_bytes(limits.limits.front().bytes, limits.limits.front().bytes));
  const float width = frame.canvas.width(Font::kTiny, words);
  if (y - top < 2 * kWords || ruler.x(frame.now()) + width + 12 >= ruler.plot.right()) return;
  frame.canvas.text({ruler.plot.right() - width - 2, y - 13, width + 1, 12}, Font::kTiny, kSecondary, words);
}

}  // namespace

void draw_pool_lane(const Frame& frame, const Rect& plot, Rect lane) {
  const Ruler ruler(frame, plot);
  const auto& pools = frame.in.tracks.pools;
  if (frame.producer_index() >= pools.size() || ruler.to <= ruler.from) return;
  const PoolLane& pool = pools[frame.producer_index()];
  if (pool.total == 0 || pool.steps.empty()) return;
  const float top = lane.y + 3, height = lane.h - 5;
  const auto level = [&](std::uint64_t available) {
    const double used =
        1 - static_cast<double>(std::min(available, pool.total)) / static_cast<double>(pool.total);
    return top + height * static_cast<float>(1 - used);
  };
  const auto before = [](Nanos t, const PoolStep& step) { return t < step.t; };
  auto step = std::upper_bound(pool.steps.begin(), pool.steps.end(), ruler.from, before);
  float y = step == pool.steps.begin() ? level(pool.total) : level((step - 1)->available);
  std::vector<Point> line{{std::max(ruler.plot.x, ruler.x(ruler.from)), y}};
  while (step != pool.steps.end() && step->t <= ruler.to) {
    const float x = std::floor(ruler.x(step->t));
    // Of all steps within this pixel the fullest shows.
    float highest = level(step->available), last = highest;
    const Nanos pixel_end = std::min(ruler.to, ruler.time(x + 1));
    for (++step; step != pool.steps.end() && step->t <= pixel_end; ++step) {
      last = level(step->available);
      highest = std::min(highest, last);
    }
    line.push_back({x, y});
    line.push_back({x, highest});
    if (last != highest) line.push_back({x + 1, highest});
    if (last != highest) line.push_back({x + 1, last});
    y = last;
  }
  line.push_back({ruler.x(ruler.to), y});
  frame.scene().area(line, lane.bottom() - 2, {Tone::kAccent, 0.28f});
  frame.scene().polyline(line, {Tone::kAccent}, 1.5f);
  frame.scene().dash_line({ruler.plot.x, top}, {ruler.plot.right(), top}, {Tone::kTrouble, 0.7f}, 1, 3);
  draw_window(frame, ruler, lane, pool, top, height);
  const std::string limit = "buffer.memory " + format_bytes(static_cast<std::int64_t>(pool.total));
  const float width = frame.canvas.width(Font::kTiny, limit);
  if (ruler.x(frame.now()) + width + 12 < ruler.plot.right()) {
    frame.canvas.text({ruler.plot.right() - width - 2, top + 2, width + 1, 12}, Font::kTiny, kSecondary,
                      limit);
  }
}

namespace {

void draw_sends(const Frame& frame, const Ruler& ruler, Rect lane, const std::vector<Nanos>& sends) {
  auto t = std::lower_bound(sends.begin(), sends.end(), ruler.from);
  while (t != sends.end() && *t <= ruler.to) {
    const float x = std::floor(ruler.x(*t));
    frame.scene().fill({x, lane.y + lane.h * 0.25f, 1.5f, lane.h * 0.5f}, {Tone::kSecondary, 0.8f});
    t = std::lower_bound(t + 1, sends.end(), ruler.time(x + 2));
  }
}

// What bars fill of a lane: on one with room for it they keep a pixel from its neighbours.
Rect inner(const Rect& lane) { return lane.h >= 8 ? lane.inset(0, 1) : lane; }

struct Bar {
  Paint ground, border;
  bool dashed = false;
  std::string label;
  Subject subject;
  std::string tip;
  Subject lane;  // lights the bar as well, when it is selected
};

// Draws the spans of a lane that can be seen; `bar_of` says how one looks.
template <typename BarOf>
void draw_spans(const Ruler& ruler, Rect lane, const std::vector<Span>& spans, const SubRows& rows,
                BarOf bar_of) {
  const Frame& frame = ruler.frame;
  const auto begins_before = [](const Span& span, Nanos t) { return span.from < t; };
  auto first = std::lower_bound(spans.begin(), spans.end(), ruler.from, begins_before);
  first -= std::min<std::ptrdiff_t>(first - spans.begin(), 64);
  for (auto span = first; span != spans.end() && span->from <= ruler.to;) {
    const float left = std::max(ruler.plot.x, ruler.x(span->from));
    const float right = std::min(ruler.plot.right(), ruler.x(std::min(span->to, frame.now())));
    if (right < ruler.plot.x || span->to < ruler.from) {
      ++span;
      continue;
    }
    const Bar bar = bar_of(*span);
    const Dimmed dimmed(frame, frame.related.is_selected(bar.lane) ? bar.lane : bar.subject);
    const std::uint32_t shared = rows.of(*span);
    const float row_height = lane.h / static_cast<float>(std::max<std::uint32_t>(1, shared));
    Rect box{left, lane.y + row_height * static_cast<float>(span->row), std::max(1.0f, right - left),
             row_height};
    if (shared > 1 && row_height > 3) box.h -= 1;
    const bool slim = box.w <= 4 || box.h < 5;  // no room for a border: its colour fills it
    frame.scene().fill(box, slim ? Paint{bar.border.tone, 0.6f} : bar.ground, slim ? 0 : 2);
    if (box.w > 4 && box.h >= 5) {
      if (bar.dashed) {
        frame.scene().dash_stroke(box, bar.border, 1, 3);
      } else {
        frame.scene().stroke(box, bar.border, 2);
      }
    }
    const bool selected = frame.related.is_selected(bar.subject);
    if (selected) frame.scene().stroke(box.inset(-1), {Tone::kAccent}, 2, 1.5f);
    if (box.h >= 9 && box.w >= frame.canvas.width(Font::kMonoTiny, "#00") + 6) {
      // Of a number the end tells it from its like; of words the beginning does.
      const bool number = !bar.label.empty() && bar.label.back() >= '0' && bar.label.back() <= '9';
      const Rect words = box.inset(4, 0);
      number ? frame.canvas.name(words, Font::kMonoTiny, kText, bar.label)
             : frame.canvas.text(words, Font::kMonoTiny, kText, bar.label);
    }
    if (box.w >= 2) frame.scene().hit(box, bar.subject, "lane.bar", bar.tip, select_action(bar.subject));
    if (box.w > 1.5f) {
      ++span;
    } else {
      span = std::lower_bound(span + 1, spans.end(), ruler.time(std::floor(left) + 1), begins_before);
    }
  }
}

void draw_thread_bars(const Frame& frame, const Ruler& ruler, Rect lane, std::size_t index) {
  const Subject subject = thread_subject(static_cast<std::uint16_t>(index));
  const Dimmed dimmed(frame, subject);
  const ThreadLane& track = frame.in.tracks.threads[index];
  draw_sends(frame, ruler, lane, track.sends);
  draw_spans(ruler, inner(lane), track.waits, {}, [&](const Span& span) {
    const std::string words = thread_words(static_cast<ThreadState>(span.id));
    return Bar{{Tone::kWaiting, 0.38f},
               {Tone::kWaiting, 0.0f},
               false,
               words,
               subject,
               words + tip_row(Text::from_time, short_duration(span.from)),
               {}};
  });
}

void draw_partition_bars(const Frame& frame, const Ruler& ruler, Rect lane, PartitionIndex index) {
  const PartitionLane& track = frame.in.tracks.partitions[index];
  draw_spans(ruler, inner(lane), track.batches, track.rows, [&](const Span& span) {
    const BatchId id = span.id;
    std::string label = batch_label(id);
    std::string tip = say(EventText::batch, label) + tip_row(Text::opened, short_duration(span.from));
    const bool failed = span.error != ErrorCode::kNone && span.to <= frame.now();
    // What it will come to is not told before the cursor is there.
    const BatchModel* batch = frame.model().batch(id);
    const bool retried = batch != nullptr ? batch->attempts > 0 : span.retries > 0;
    if (failed) {
      label += " " + std::string(error_row(span.error).name);
    } else if (retried) {
      label = say(Text::retried_after, label, error_row(span.retry_error).name);
    }
    if (span.to <= frame.now()) tip += tip_row(Text::lasted, short_duration(span.to - span.from));
    return Bar{{hue_of(index), 0.25f},
               {failed ? Tone::kTrouble : hue_of(index), 0.9f},
               retried,
               label,
               batch_subject(id),
               tip,
               partition_subject(index)};
  });
}

void draw_node_bars(const Frame& frame, const Ruler& ruler, Rect lane, std::size_t index) {
  const NodeId node = frame.in.tracks.node_ids[index];
  const NodeLane& track = frame.in.tracks.nodes[index];
  draw_spans(ruler, inner(lane), track.down, {}, [&](const Span& span) {
    const std::string words(enum_words(Unit::kNodeState, span.id));
    return Bar{{Tone::kTrouble, 0.28f},
               {Tone::kTrouble, 0.5f},
               false,
               track.rows.most > 1 ? std::string() : words,
               node_subject(node),
               say(Text::node_is, std::to_string(node), words),
               {}};
  });
  draw_spans(ruler, inner(lane), track.requests, track.rows, [&](const Span& span) {
    const RequestId id = span.id;
    const RequestModel* request = frame.model().request(id);
    const bool carries = request != nullptr && !request->batches.empty();
    const Tone tone = carries ? hue_of(request->batches.front().partition) : Tone::kSecondary;
    const bool failed = span.error != ErrorCode::kNone && span.to <= frame.now();
    return Bar{{tone, 0.30f},
               {failed ? Tone::kTrouble : tone, 0.8f},
               false,
               request_label(id),
               request_subject(id),
               say(EventText::request, request_label(id)) + tip_row(Text::sent, short_duration(span.from)) +
                   (span.to <= frame.now() ? tip_row(Text::took, short_duration(span.to - span.from)) : ""),
               node_subject(node)};
  });
}

}  // namespace

void draw_bars(const Frame& frame, const Rect& plot, Rect box, const Lane& lane) {
  if (lane.folded) {
    // Each lane keeps a strip of its own, one below the other.
    const std::vector<Lane> lanes = lanes_of_group(frame, lane.group);
    const float strip = box.h / static_cast<float>(std::max<std::size_t>(1, lanes.size()));
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      const float y = box.y + strip * static_cast<float>(i);
      draw_bars(frame, plot, {box.x, y, box.w, std::max(1.0f, strip)}, lanes[i]);
    }
    return;
  }
  const Ruler ruler(frame, plot);
  switch (lane.group) {
    case LaneGroup::kThreads: return draw_thread_bars(frame, ruler, box, lane.index);
    case LaneGroup::kPartitions:
      return draw_partition_bars(frame, ruler, box, static_cast<PartitionIndex>(lane.index));
    case LaneGroup::kNodes: return draw_node_bars(frame, ruler, box, lane.index);
  }
}

}  // namespace sendscope::ui
