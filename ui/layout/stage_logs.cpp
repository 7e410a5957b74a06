#include <algorithm>
#include <cmath>

#include "ui/layout/format.h"
#include "ui/layout/logs.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kTallStep = 13, kTallBar = 8, kLeastStep = 3, kLeastCounted = 8.5f, kMoreStep = 10,
                kBarGap = 2.5f;
constexpr float kSegmentStep = 15, kTallSegmentStep = 42, kFollowedStep = 5;
constexpr float kMarkerRadius = 4.5f;
constexpr std::size_t kMarkersTold = 4;

// Of its followers a leader's events say only how far they have copied.
bool knows_watermark(const LogLine& line, bool leads) { return leads || line.replica->high_watermark > 0; }

std::string marker_words(const LogMarker& marker) {
  const auto kind = marker.commit ? TxnMarker::kCommit : TxnMarker::kAbort;
  return say(Text::marker, enum_words(Unit::kTxnMarker, static_cast<std::uint64_t>(kind))) + "\t" +
         say(Text::at_offset, count_text(marker.offset));
}

// Whose log it is tells what became of the transactions in it; a follower's says where their markers are.
std::string transaction_tip(const LogLine& line, bool leads) {
  std::string tip;
  const std::vector<LogMarker> markers = line.log->markers(*line.replica);
  const LogContent& content = line.log->leader_content;
  const std::uint64_t undecided = leads ? content.undecided_records() : 0;
  if (markers.empty() && line.replica->first_undecided < 0 && undecided == 0) return tip;
  const auto told = std::min(markers.size(), kMarkersTold);
  for (std::size_t i = 0; i < told; ++i) tip += "\n" + marker_words(markers[markers.size() - 1 - i]);
  if (markers.size() > told) tip += tip_row(Text::older_markers, std::to_string(markers.size() - told));
  if (!leads) return tip;
  tip += tip_row(Text::last_stable_offset, count_text(line.replica->last_stable_offset()), "isolation.level");
  if (undecided > 0)
    tip += tip_row(Text::undecided_records, count_text(static_cast<std::int64_t>(undecided)));
  if (content.aborted > 0)
    tip += tip_row(Text::aborted_records, count_text(static_cast<std::int64_t>(content.aborted)));
  return tip;
}

std::string log_tip(const Frame& frame, const LogLine& line, NodeId node) {
  const bool leads = line.log->leader == node;
  std::string tip = say(Text::of_node, partition_label(frame, line.partition), std::to_string(node));
  tip += tip_row(Text::role, say(leads ? Text::leader : Text::follower));
  if (line.replica != nullptr) {
    tip += tip_row(Text::end_of_log, count_text(line.replica->end_offset));
    if (knows_watermark(line, leads))
      tip += tip_row(Text::high_watermark, count_text(line.replica->high_watermark));
    tip += tip_row(Text::in_sync, say(line.replica->in_sync ? EventText::yes : EventText::no),
                   "min.insync.replicas");
    tip += transaction_tip(line, leads);
  }
  const std::uint64_t twice = line.log->leader_content.duplicates();
  if (leads && twice > 0) tip += tip_row(Text::stored_twice, count_text(static_cast<std::int64_t>(twice)));
  if (leads && line.log->leader_content.out_of_order > 0) {
    tip += tip_row(Text::batches_out_of_order, std::to_string(line.log->leader_content.out_of_order));
  }
  return tip;
}

// A tick for a commit, a cross for an abort, on a disc of its own so that it reads on any hue.
void draw_marker(Scene& scene, Point centre, bool commit) {
  scene.disc(centre, kMarkerRadius, {Tone::kPanel});
  const float x = centre.x, y = centre.y;
  if (commit) {
    scene.polyline({{x - 2.5f, y}, {x - 0.5f, y + 2}, {x + 2.5f, y - 2}}, {Tone::kOk}, 1.5f);
    return;
  }
  scene.line({x - 2, y - 2}, {x + 2, y + 2}, {Tone::kTrouble}, 1.5f);
  scene.line({x - 2, y + 2}, {x + 2, y - 2}, {Tone::kTrouble}, 1.5f);
}

// From the newest: an older one that would lie over it is told in the tip only. On thin bars there is room
// for a stroke in their colour, not for a sign.
void draw_markers(const Frame& frame, Rect box, const LogLine& line, float scale) {
  const bool thin = box.h < kLeastCounted - kBarGap;
  const float radius = thin ? 1 : kMarkerRadius;
  const std::vector<LogMarker> markers = line.log->markers(*line.replica);
  float free_until = box.right() + radius;
  for (auto marker = markers.rbegin(); marker != markers.rend(); ++marker) {
    const float x = std::clamp(box.x + (static_cast<float>(marker->offset) + 0.5f) * scale, box.x + radius,
                               box.right() - radius);
    if (x + radius > free_until) continue;
    if (thin) {
      frame.scene().fill({x - radius, box.y, 2 * radius, box.h},
                         {marker->commit ? Tone::kOk : Tone::kTrouble});
    } else {
      draw_marker(frame.scene(), {x, box.middle_y()}, marker->commit);
    }
    free_until = x - radius;
  }
}

void draw_bar(const Frame& frame, Rect box, const LogLine& line, bool leads, float scale) {
  Scene& scene = frame.scene();
  scene.fill(box, {Tone::kRaised}, 2);
  if (line.replica == nullptr || line.replica->end_offset <= 0) return;
  const auto place = [&](std::int64_t offset) {
    return box.x + std::floor(std::min(static_cast<float>(offset) * scale, box.w));
  };
  const float end = std::max(box.x + 2, place(line.replica->end_offset));
  scene.fill({box.x, box.y, end - box.x, box.h}, {hue_of(line.partition), leads ? 0.75f : 0.35f}, 2);
  if (line.replica->first_undecided >= 0) {
    const float from = std::min(place(line.replica->first_undecided), end - 2);
    scene.hatch({from, box.y, end - from, box.h}, {Tone::kText, 0.7f}, 4);
    scene.fill({from - 1, box.y - 1, 1, box.h + 2}, {Tone::kWaiting});
  }
  if (knows_watermark(line, leads)) {
    const float mark = std::min(place(line.replica->high_watermark), box.right() - 1);
    scene.fill({mark, box.y - 1, 1, box.h + 2}, {Tone::kText});
  }
  draw_markers(frame, box, line, scale);
}

// Those that the node leads stand first.
std::size_t count_led(const std::vector<LogLine>& lines, NodeId node) {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const LogLine& line) { return line.log->leader == node; }));
}

std::string end_words(const LogLine& line) {
  return line.replica == nullptr ? "0" : count_text(line.replica->end_offset);
}

}  // namespace

std::vector<LogLine> logs_of(const Frame& frame, NodeId node) {
  std::vector<LogLine> lines;
  const auto& partitions = frame.model().partitions;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const LogModel& log = partitions[i].log;
    const ReplicaLog* replica = log.replica(node);
    if (log.leader == node || replica != nullptr)
      lines.push_back({static_cast<PartitionIndex>(i), &log, replica});
  }
  std::stable_sort(lines.begin(), lines.end(), [&](const LogLine& a, const LogLine& b) {
    return (a.log->leader == node) > (b.log->leader == node);
  });
  return lines;
}

std::int64_t log_scale(const PipelineModel& model) {
  std::int64_t longest = 0;
  for (const PartitionModel& partition : model.partitions) {
    for (const ReplicaLog& replica : partition.log.replicas) longest = std::max(longest, replica.end_offset);
  }
  for (std::int64_t ten = 10; ten < INT64_MAX / 10; ten *= 10) {
    for (const std::int64_t full : {ten, 2 * ten, 5 * ten}) {
      if (longest <= full) return full;
    }
  }
  return INT64_MAX;
}

std::string log_scale_words(const Frame& frame, float room) {
  const std::string full = count_text(log_scale(frame.model()));
  const std::string words = say(Text::full_bar, full), brief = say(Text::bar, full);
  return std::string(fitting(frame.canvas.measure, Font::kLabel, room, {words, brief}));
}

Rect logs_area(const Rect& card) { return {card.x + 12, card.y + 40, card.w - 24, card.h - 43}; }

LogForm log_form(const Frame& frame, float card_height) {
  const float room = logs_area({0, 0, 0, card_height}).h;
  float all = 0, led = 0;  // what the fullest card needs
  for (const auto& [node, broker] : frame.model().brokers) {
    const std::vector<LogLine> lines = logs_of(frame, node);
    const auto leads = static_cast<float>(count_led(lines, node));
    const auto count = static_cast<float>(lines.size());
    all = std::max(all, count * kSegmentStep);
    led = std::max(led, leads * kSegmentStep + (count - leads) * kFollowedStep);
  }
  return all == 0 || led > room ? LogForm::kBars : all > room ? LogForm::kLedBatches : LogForm::kBatches;
}

namespace {

void draw_log_bars(const Frame& frame, Rect area, NodeId node, const std::vector<LogLine>& lines) {
  const std::int64_t full = log_scale(frame.model());
  const auto count = static_cast<float>(lines.size());
  const float step = std::clamp(std::floor(area.h / count * 2) / 2, kLeastStep, kTallStep);
  const bool folded = step * count > area.h, counted = step >= kLeastCounted;
  const float bars = std::max(0.0f, folded ? area.h - kMoreStep : area.h);
  const std::size_t shown = std::min(lines.size(), static_cast<std::size_t>(bars / step));
  // The same room on every card, or a full bar would not be the same everywhere.
  const float words = frame.canvas.width(Font::kMonoTiny, count_text(full));
  const float width = counted ? area.w - std::ceil(words) - 6 : area.w;
  for (std::size_t i = 0; i < shown; ++i) {
    const Subject subject = partition_subject(lines[i].partition);
    const Dimmed dimmed(frame, subject);
    const Rect row{area.x, area.y + static_cast<float>(i) * step, area.w, step};
    const float height = std::clamp(step - kBarGap, 2.0f, kTallBar);
    const Rect box{row.x, std::floor(row.middle_y() - height / 2), width, height};
    draw_bar(frame, box, lines[i], lines[i].log->leader == node, width / static_cast<float>(full));
    if (counted) {
      frame.canvas.text({box.right(), box.y, area.right() - box.right(), box.h}, Font::kMonoTiny, kSecondary,
                        end_words(lines[i]), Align::kRight);
    }
    const std::string scale = tip_row(Text::a_full_bar, say(Text::offsets_in_every_log, count_text(full)));
    frame.scene().hit(row, subject, "log", log_tip(frame, lines[i], node) + scale, select_action(subject));
  }
  if (folded && area.h >= kMoreStep) {
    frame.canvas.text({area.x, area.bottom() - kMoreStep, area.w, kMoreStep}, Font::kTiny, kFaint,
                      say(Text::more_logs, std::to_string(lines.size() - shown)));
  }
}

}  // namespace

void draw_logs(const Frame& frame, const Rect& card, NodeId node) {
  std::vector<LogLine> lines = logs_of(frame, node);
  Rect area = logs_area(card);
  if (lines.empty() || area.h < kLeastStep) return;
  const LogForm form = log_form(frame, card.h);
  const std::size_t batches = form == LogForm::kBatches      ? lines.size()
                              : form == LogForm::kLedBatches ? count_led(lines, node)
                                                             : 0;
  const float fair = std::floor(area.h / static_cast<float>(lines.size()));
  const float step = form == LogForm::kBatches ? std::min(fair, kTallSegmentStep) : kSegmentStep;
  for (std::size_t i = 0; i < batches; ++i) {
    const Subject subject = partition_subject(lines[i].partition);
    Rect row = area.cut_top(step);
    row.h -= 3;
    frame.scene().hit(row, subject, "log", log_tip(frame, lines[i], node), select_action(subject));
    draw_segments(frame, row, lines[i], lines[i].log->leader == node);
  }
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(batches));
  if (!lines.empty()) draw_log_bars(frame, area, node, lines);
}

}  // namespace sendscope::ui
