// The end of a log as a run of batches: what came before what.
#include <algorithm>
#include <cmath>

#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/logs.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kSegmentGap = 2, kSegmentPadding = 4, kLeastSegment = 14, kTwoLines = 26, kOlderMark = 12;

// What is to be said of a segment, and the configuration that governs it.
struct SegmentState {
  std::string words;
  std::string_view config;
  Tone tone = Tone::kCount_;  // of its border; kCount_: the hue of the partition
  bool dashed = false, hatched = false, struck = false;
};

SegmentState state_of(const LogSegment& segment, const ReplicaLog& replica, bool leads) {
  const auto said_of = [](Text text, std::string_view config, Tone tone = Tone::kCount_) {
    return SegmentState{said(text), config, tone};
  };
  SegmentState state;
  switch (segment.fate) {
    case LogFate::kUndecided:
      state = said_of(Text::segment_undecided, "isolation.level", Tone::kWaiting);
      state.hatched = true;
      return state;
    case LogFate::kAborted:
      state = said_of(Text::segment_aborted, "isolation.level", Tone::kTrouble);
      state.struck = true;
      return state;
    case LogFate::kCommitted: return said_of(Text::segment_committed, "isolation.level");
    case LogFate::kNoTransaction: break;
  }
  if (segment.standing == LogStanding::kOutOfOrder)
    return said_of(Text::segment_out_of_order, "max.in.flight.requests.per.connection", Tone::kTrouble);
  if (segment.standing == LogStanding::kRepeated) {
    state = said_of(Text::segment_repeated, "enable.idempotence", Tone::kWaiting);
    state.dashed = true;
    return state;
  }
  if (leads && segment.end() > replica.high_watermark) return said_of(Text::segment_not_replicated, "acks");
  return said_of(Text::segment_in_order, "");
}

std::string label_of(const LogSegment& segment) {
  return segment.known ? batch_label(segment.batch) : count_text(segment.records);
}

std::string offsets_of(const LogSegment& segment) {
  const std::string first = count_text(segment.base_offset);
  return segment.records < 2 ? first : first + " \xe2\x80\xa6 " + count_text(segment.end() - 1);
}

std::string tip_of(const Frame& frame, const LogSegment& segment, const LogLine& line,
                   const SegmentState& state) {
  std::string tip;
  if (segment.kind != LogEntryKind::kRecords) {
    const auto kind = segment.kind == LogEntryKind::kCommit ? TxnMarker::kCommit : TxnMarker::kAbort;
    return say(Text::marker, enum_words(Unit::kTxnMarker, static_cast<std::uint64_t>(kind))) +
           tip_row(Text::offset, offsets_of(segment));
  }
  const std::string partition = partition_label(frame, line.partition);
  tip = segment.known ? say(Text::batch_of, batch_label(segment.batch), partition) : partition;
  tip += tip_row(Text::offset, offsets_of(segment)) + tip_row(Text::records, count_text(segment.records));
  if (segment.known)
    tip += tip_row(Text::producer,
                   producer_name(frame.model(), frame.in.words(), producer_of_id(segment.batch)));
  return tip + tip_row(Text::state, state.words, state.config);
}

void draw_mark(Scene& scene, Rect box, bool commit) {
  const float x = box.middle_x(), y = box.middle_y();
  if (commit) {
    scene.polyline({{x - 3, y}, {x - 1, y + 2.5f}, {x + 3, y - 2.5f}}, {Tone::kOk}, 1.5f);
    return;
  }
  scene.line({x - 2.5f, y - 2.5f}, {x + 2.5f, y + 2.5f}, {Tone::kTrouble}, 1.5f);
  scene.line({x - 2.5f, y + 2.5f}, {x + 2.5f, y - 2.5f}, {Tone::kTrouble}, 1.5f);
}

void draw_ground(const Frame& frame, Rect box, Tone hue, bool leads, const SegmentState& state) {
  Scene& scene = frame.scene();
  const Paint border{state.tone == Tone::kCount_ ? hue : state.tone, leads ? 1.0f : 0.6f};
  scene.fill(box, {hue, (leads ? 0.32f : 0.14f) * (state.struck ? 0.4f : 1.0f)}, kThingRadius);
  if (state.hatched) scene.hatch(box, {Tone::kText, 0.35f}, 4);
  if (state.dashed) {
    scene.dash_stroke(box, border, 1, 3);
  } else {
    scene.stroke(box, border, kThingRadius, state.tone == Tone::kTrouble ? 1.5f : 1.0f);
  }
}

void draw_segment(const Frame& frame, Rect box, const LogSegment& segment, const LogLine& line, bool leads) {
  const Subject batch = segment.known ? batch_subject(segment.batch) : Subject{};
  const Subject partition = partition_subject(line.partition);
  const Subject subject = is_set(batch) ? batch : partition;
  const bool own = frame.related.opacity(batch) == 1;
  const Dimmed dimmed(frame, is_set(batch) && own ? batch : partition);
  const SegmentState state = state_of(segment, *line.replica, leads);
  frame.scene().hit(box, subject, "log.segment", tip_of(frame, segment, line, state), select_action(subject));
  if (segment.kind != LogEntryKind::kRecords) {
    frame.scene().stroke(box, {Tone::kLine}, kThingRadius);
    draw_mark(frame.scene(), box, segment.kind == LogEntryKind::kCommit);
    return;
  }
  draw_ground(frame, box, hue_of(line.partition), leads, state);
  if (frame.related.is_selected(batch)) frame.scene().stroke(box, {Tone::kAccent}, kThingRadius, 2);
  const Rect text = box.inset(kSegmentPadding - 1, 0);
  const std::string label = label_of(segment);
  if (box.h < kTwoLines) {
    frame.canvas.text(text, Font::kMonoTiny, kText, label, Align::kCentre);
  } else {
    frame.canvas.text({text.x, box.y + 2, text.w, 12}, Font::kMonoTiny, kText, label, Align::kCentre);
    frame.canvas.text({text.x, box.bottom() - 14, text.w, 12}, Font::kMonoTiny, kText,
                      count_text(segment.base_offset), Align::kCentre);
  }
  if (state.struck)
    frame.scene().line({box.x + 3, box.bottom() - 3}, {box.right() - 3, box.y + 3}, {Tone::kTrouble});
}

float width_of(const Frame& frame, const LogSegment& segment, bool two_lines) {
  if (segment.kind != LogEntryKind::kRecords) return kLeastSegment;
  float words = frame.canvas.width(Font::kMonoTiny, label_of(segment));
  if (two_lines)
    words = std::max(words, frame.canvas.width(Font::kMonoTiny, count_text(segment.base_offset)));
  return std::max(kLeastSegment, std::ceil(words) + 2 * kSegmentPadding);
}

}  // namespace

void draw_segments(const Frame& frame, Rect row, const LogLine& line, bool leads) {
  frame.scene().line({row.x, row.bottom() + 1}, {row.right(), row.bottom() + 1}, {Tone::kLine});
  if (line.replica == nullptr) return;
  const std::vector<LogSegment> segments = line.log->segments(*line.replica);
  std::vector<float> widths;
  for (const LogSegment& segment : segments) widths.push_back(width_of(frame, segment, row.h >= kTwoLines));
  float total = 0;
  std::size_t first = segments.size();
  while (first > 0) {
    const bool older = first > 1 || segments.front().base_offset > 0;
    if (total + widths[first - 1] + (older ? kOlderMark : 0) > row.w) break;
    total += widths[--first] + kSegmentGap;
  }
  // A log that fits begins at the left; of a longer one the end stands at the right.
  const bool whole = first == 0 && (segments.empty() || segments.front().base_offset == 0);
  float x = whole ? row.x : row.right() - total + kSegmentGap;
  if (!whole) {
    const Dimmed dimmed(frame, partition_subject(line.partition));
    frame.canvas.text({row.x, row.y, x - row.x - 2, row.h}, Font::kMonoTiny, kSecondary, "\xe2\x80\xa6",
                      Align::kRight);
  }
  for (std::size_t i = first; i < segments.size(); ++i) {
    draw_segment(frame, {x, row.y, widths[i], row.h}, segments[i], line, leads);
    x += widths[i] + kSegmentGap;
  }
}

}  // namespace sendscope::ui
