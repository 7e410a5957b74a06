// Which lanes the timeline shows, where, and the column of their names.
//
// Lanes of a group can be folded into one. Where not all fit, those are left out on which nothing happens in
// the part of time that is shown, and the rest scrolls; the lane of the selected thing stays in view.
#include <algorithm>
#include <cmath>

#include "core/event/event_texts.h"
#include "core/model/queries.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/timeline.h"

namespace sendscope::ui {
namespace {

constexpr float kLaneGap = 3, kLeastLane = 11, kTallestRow = 15, kSubRow = 8;
constexpr float kFoldMark = 13, kIdleRow = 14, kScrollbar = 5;

// The lane on which the selected thing lies; nothing where there is none.
Subject selected_lane(const Frame& frame) {
  const Subject& selected = frame.in.view.selected;
  if (selected.kind == SubjectKind::kBatch) {
    const BatchModel* batch = frame.model().batch(selected.id);
    return batch == nullptr ? Subject{} : partition_subject(batch->partition);
  }
  if (selected.kind == SubjectKind::kRequest) {
    const RequestModel* request = frame.model().request(selected.id);
    return request == nullptr ? Subject{} : node_subject(request->node);
  }
  return selected;
}

bool any_within(const std::vector<Span>& spans, Nanos from, Nanos to) {
  constexpr std::ptrdiff_t kRecent = 64;  // only so many can overlap
  auto after = std::upper_bound(spans.begin(), spans.end(), to,
                                [](Nanos t, const Span& span) { return t < span.from; });
  for (auto span = after; span != spans.begin() && after - span < kRecent;) {
    if ((--span)->to >= from) return true;
  }
  return false;
}

// Nothing happens on the lane in the part of time that is shown, be it before the cursor or after it: lanes
// do not come and go while time moves.
bool is_idle(const Frame& frame, const Lane& lane) {
  const Nanos from = frame.in.axis.time(frame.in.view.axis_from),
              to = frame.in.axis.time(frame.in.view.axis_to);
  const Tracks& tracks = frame.in.tracks;
  switch (lane.group) {
    case LaneGroup::kThreads: {
      const ThreadLane& track = tracks.threads[lane.index];
      const auto send = std::lower_bound(track.sends.begin(), track.sends.end(), from);
      return !any_within(track.waits, from, to) && (send == track.sends.end() || *send > to);
    }
    case LaneGroup::kPartitions: return !any_within(tracks.partitions[lane.index].batches, from, to);
    case LaneGroup::kNodes: {
      const NodeLane& track = tracks.nodes[lane.index];
      return !any_within(track.requests, from, to) && !any_within(track.down, from, to);
    }
  }
  return false;
}

// Addresses to bootstrap from are no nodes of the cluster.
std::size_t count_of(const Frame& frame, const std::vector<Lane>& lanes) {
  return static_cast<std::size_t>(std::count_if(lanes.begin(), lanes.end(), [&](const Lane& lane) {
    return lane.group != LaneGroup::kNodes || frame.in.tracks.node_ids[lane.index] >= 0;
  }));
}

std::vector<Lane> all_lanes(const Frame& frame) {
  std::vector<Lane> lanes;
  for (int i = 0; i < kLaneGroups; ++i) {
    const auto group = static_cast<LaneGroup>(i);
    std::vector<Lane> members = lanes_of_group(frame, group);
    if (members.empty()) continue;
    const std::size_t count = count_of(frame, members);
    if (frame.in.view.lanes_folded(group) && count > 1) members = {{group, 0, true}};
    for (Lane& lane : members) lane.members = count;
    lanes.insert(lanes.end(), members.begin(), members.end());
  }
  return lanes;
}

std::uint32_t rows_of(const Frame& frame, const Lane& lane) {
  if (lane.folded) return 2;
  if (lane.group == LaneGroup::kPartitions) return frame.in.tracks.partitions[lane.index].rows.most;
  if (lane.group == LaneGroup::kNodes) return frame.in.tracks.nodes[lane.index].rows.most;
  return 1;
}

// Heights of the lanes when all of them fit, else none. What remains goes to lanes on which several things
// last at once.
std::vector<float> lane_heights(const Frame& frame, const std::vector<Lane>& lanes, float room) {
  const float spare = room - (kLeastLane + kLaneGap) * static_cast<float>(lanes.size());
  if (spare < 0) return {};
  std::vector<float> heights;
  float wished = 0.001f;
  for (const Lane& lane : lanes) {
    const auto rows = static_cast<float>(std::clamp<std::uint32_t>(rows_of(frame, lane), 1, 5));
    heights.push_back(rows > 1 ? rows * kSubRow - kLeastLane : kTallestRow - kLeastLane);
    wished += heights.back();
  }
  const float part = std::min(1.0f, spare / wished);
  for (float& height : heights) height = std::floor(kLeastLane + height * part);
  return heights;
}

std::string folded_words(const Lane& lane) {
  const std::string count = std::to_string(lane.members);
  switch (lane.group) {
    case LaneGroup::kThreads: return say(Text::threads_folded, count);
    case LaneGroup::kPartitions: return say(Text::partitions_folded, count);
    case LaneGroup::kNodes: return say(Text::nodes_folded, count);
  }
  return count;
}

// The mark on the first lane of a group that is in view folds it; what stands for a folded group unfolds it.
void draw_fold_mark(const Frame& frame, const Lane& lane, const Rect& label) {
  const Rect mark{label.x, label.y, kFoldMark, label.h};
  frame.scene().triangle({mark.x + 3, mark.middle_y() - 3, 7, 6}, lane.folded ? 0 : 1, {Tone::kSecondary});
  frame.scene().hit(lane.folded ? label : mark, {}, "lane.fold",
                    folded_words(lane) + tip_line(lane.folded ? Text::unfold_tip : Text::fold_tip),
                    act(Verb::kFoldLanes, static_cast<int>(lane.group)));
}

void draw_label(const Frame& frame, const Lane& lane, const Rect& label) {
  const Rect text{label.x + kFoldMark, label.y, label.w - kFoldMark, label.h};
  if (lane.folded) {
    frame.canvas.text(text, Font::kTiny, kSecondary, {folded_words(lane), std::to_string(lane.members)},
                      Align::kRight);
    return;
  }
  const Subject subject = lane_subject(frame, lane);
  const Dimmed dimmed(frame, subject);
  const std::string name = lane_name(frame, lane);
  frame.canvas.name(text, Font::kMonoTiny, kSecondary, name, Align::kRight);
  frame.scene().hit(text, subject, "lane", name, select_action(subject));
}

// first: of its group in view.
void draw_lane(const Frame& frame, const Rect& plot, const Lane& lane, const Rect& box, float gap,
               bool first) {
  const float y = box.bottom() + std::floor(gap / 2);
  frame.scene().line({plot.x, y}, {plot.right(), y}, {Tone::kLine, 0.5f});
  const float left = frame.at.timeline.x + 2;
  const Rect label{left, box.y, plot.x - left - 8, box.h};
  draw_label(frame, lane, label);
  if (first && lane.members > 1) draw_fold_mark(frame, lane, label);
  draw_bars(frame, plot, box, lane);
}

bool begins_group(const std::vector<Lane>& lanes, std::size_t i) {
  return i == 0 || lanes[i].group != lanes[i - 1].group;
}

void draw_idle_row(const Frame& frame, const Rect& row, std::size_t idle) {
  const bool shown = frame.in.view.idle_lanes;
  frame.canvas.text(row, Font::kTiny, {Tone::kAccent},
                    shown ? std::string(say(Text::hide_idle)) : say(Text::idle_lanes, std::to_string(idle)),
                    Align::kRight);
  frame.scene().hit(row, {}, "lane.idle", say(Text::idle_tip), act(Verb::kIdleLanes));
}

void draw_scrolled(const Frame& frame, const Rect& plot, Rect area, std::vector<Lane> lanes) {
  const Subject chosen = selected_lane(frame);
  const auto idle = [&](const Lane& lane) {
    return !lane.folded && lane_subject(frame, lane) != chosen && is_idle(frame, lane);
  };
  const auto count = static_cast<std::size_t>(std::count_if(lanes.begin(), lanes.end(), idle));
  const float left = frame.at.timeline.x + 2;
  if (count > 0) {
    const Rect row = area.cut_bottom(kIdleRow);
    draw_idle_row(frame, {left + kFoldMark, row.y, plot.x - left - 8 - kFoldMark, row.h}, count);
  }
  if (!frame.in.view.idle_lanes) std::erase_if(lanes, idle);
  const RowPlan plan =
      plan_rows(area.h, lanes.size(), {{12, 2}, {11, 1}}, frame.in.view.scrolled(ListName::kLanes), 0);
  std::vector<Lane> rows(lanes.begin() + static_cast<std::ptrdiff_t>(plan.first),
                         lanes.begin() + static_cast<std::ptrdiff_t>(plan.first + plan.shown));
  const auto is_chosen = [&](const Lane& lane) {
    return !lane.folded && lane_subject(frame, lane) == chosen;
  };
  const auto found = std::find_if(lanes.begin(), lanes.end(), is_chosen);
  if (!rows.empty() && found != lanes.end() && std::none_of(rows.begin(), rows.end(), is_chosen))
    rows.back() = *found;
  for (std::size_t i = 0; i < rows.size(); ++i)
    draw_lane(frame, plot, rows[i], {plot.x, plan.y(area, i), plot.w, plan.size.height}, plan.size.gap,
              begins_group(rows, i));
  scrollbar(frame, {plot.right() + 4, area.y, kScrollbar, area.h}, plan, ListName::kLanes,
            static_cast<float>(plan.first));
  frame.scene().hits.insert(frame.scene().hits.begin(),
                            Hit{{left, area.y, plot.x - left, area.h},
                                {},
                                act(Verb::kScrollColumn, static_cast<int>(ListName::kLanes)),
                                "list",
                                ""});
}

}  // namespace

std::vector<Lane> lanes_of_group(const Frame& frame, LaneGroup group) {
  std::vector<Lane> lanes;
  const Tracks& tracks = frame.in.tracks;
  const PipelineModel& model = frame.model();
  const auto add = [&](std::size_t count, auto shown) {
    for (std::size_t i = 0; i < count; ++i) {
      if (shown(i)) lanes.push_back({group, i});
    }
  };
  switch (group) {
    case LaneGroup::kThreads:
      add(std::min(tracks.threads.size(), model.threads.size()),
          [&](std::size_t i) { return model.threads[i].named; });
      break;
    case LaneGroup::kPartitions:
      add(std::min(tracks.partitions.size(), model.partitions.size()), [](std::size_t) { return true; });
      break;
    case LaneGroup::kNodes:
      add(tracks.nodes.size(), [&](std::size_t i) { return tracks.node_ids[i] >= 0; });
      // Of the addresses to bootstrap from, those that were asked.
      for (std::size_t i = tracks.nodes.size(); i-- > 0;) {
        if (tracks.node_ids[i] < 0 && !tracks.nodes[i].requests.empty()) lanes.push_back({group, i});
      }
      break;
  }
  return lanes;
}

std::string lane_name(const Frame& frame, const Lane& lane) {
  switch (lane.group) {
    case LaneGroup::kThreads:
      return std::string(
          thread_name(frame.model(), frame.in.words(), static_cast<std::uint16_t>(lane.index)));
    case LaneGroup::kPartitions: return partition_label(frame, static_cast<PartitionIndex>(lane.index));
    case LaneGroup::kNodes: return node_label(frame.in.tracks.node_ids[lane.index]);
  }
  return {};
}

Subject lane_subject(const Frame& frame, const Lane& lane) {
  switch (lane.group) {
    case LaneGroup::kThreads: return thread_subject(static_cast<std::uint16_t>(lane.index));
    case LaneGroup::kPartitions: return partition_subject(static_cast<PartitionIndex>(lane.index));
    case LaneGroup::kNodes: return node_subject(frame.in.tracks.node_ids[lane.index]);
  }
  return {};
}

void draw_lanes(const Frame& frame, const Rect& plot) {
  const auto pool_label = [&](const Rect& box) {
    const float left = frame.at.timeline.x + 2 + kFoldMark;
    frame.canvas.text({left, box.y, plot.x - left - 8, box.h}, Font::kMonoTiny, kSecondary, say(Text::pool),
                      Align::kRight);
    frame.scene().hit({left, box.y, plot.x - left - 8, box.h}, {}, "lane.pool",
                      said(Text::buffer_pool) + tip_line(Text::click_limits), act(Verb::kInspect, 2));
  };
  Rect area = plot;
  const bool only_pool = plot.h < 56;
  const Rect pool = only_pool ? plot : area.cut_top(std::clamp(plot.h * 0.22f, 18.0f, 48.0f));
  pool_label(pool);
  draw_pool_lane(frame, plot, pool);
  if (only_pool) return;
  area.cut_top(4);
  const std::vector<Lane> lanes = all_lanes(frame);
  const std::vector<float> heights = lane_heights(frame, lanes, area.h);
  if (lanes.size() > heights.size()) return draw_scrolled(frame, plot, area, lanes);
  float y = area.y;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    draw_lane(frame, plot, lanes[i], {plot.x, y, plot.w, heights[i]}, kLaneGap, begins_group(lanes, i));
    y += heights[i] + kLaneGap;
  }
}

}  // namespace sendscope::ui
