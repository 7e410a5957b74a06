// The timeline: its axis, cursor and frame. The lanes are drawn by timeline_lanes.cpp.
#include "ui/layout/timeline.h"

#include <algorithm>
#include <cmath>

#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/time_ticks.h"

namespace sendscope::ui {
namespace {

constexpr float kHeader = 26, kAxis = 20, kLabels = 84;

bool has_lanes(const Regions& at) { return at.timeline.h >= 60; }

// Where the axis' labels begin under a plot that ends at y: without lanes there is less room for them.
float label_y(const Frame& frame, float y) { return y + (has_lanes(frame.at) ? 4.0f : 1.5f); }

void draw_gaps(const Frame& frame, const Rect& plot, std::vector<Rect>& taken) {
  const float y = plot.bottom();
  for (const TimeAxis::Gap& gap : frame.in.axis.gaps()) {
    const float from = timeline_x(plot, frame.in.axis, frame.in.view, gap.from);
    const float to = timeline_x(plot, frame.in.axis, frame.in.view, gap.to);
    const Rect band = Rect{from, plot.y, to - from, plot.h}.clipped(plot);
    if (band.w < 4) continue;
    frame.scene().hatch(band, {Tone::kLine, 0.55f}, 6);
    const std::string length = "// " + short_duration(gap.to - gap.from) + " //";
    const float width = frame.canvas.width(Font::kMonoTiny, length);
    const Rect label{band.middle_x() - width / 2, label_y(frame, y), width, kAxis - 6};
    if (label.x >= plot.x && label.right() <= plot.right() && width <= band.w + 24) {
      const bool free = std::none_of(taken.begin(), taken.end(),
                                     [&](const Rect& r) { return r.overlaps(label.inset(-6, 0)); });
      if (free) {
        frame.canvas.text(label, Font::kMonoTiny, kSecondary, length);
        taken.push_back(label);
      }
    }
    frame.scene().hit(band, {}, "gap",
                      say(Text::nothing_happens_for, short_duration(gap.to - gap.from)) +
                          tip_line(Text::drawn_shorter) + "\n" +
                          say(Text::key_true_lengths, key_name(Verb::kTimelineMode)));
  }
}

// A label gives way to one that stands there already; its mark stays.
void draw_ticks(const Frame& frame, const Rect& plot, std::vector<Rect>& taken) {
  const float y = plot.bottom();
  const View& view = frame.in.view;
  for (const Tick& tick :
       axis_ticks(frame.canvas.measure, frame.in.axis, view.axis_from, view.axis_to, plot.w)) {
    const float at = timeline_x(plot, frame.in.axis, view, tick.t);
    frame.scene().line({at, y}, {at, y + 3}, {Tone::kFaint});
    const float width = frame.canvas.width(Font::kMonoTiny, tick.label);
    const Rect label{std::max(plot.x, at - width / 2), label_y(frame, y), width, kAxis - 6};
    const bool free = std::none_of(taken.begin(), taken.end(),
                                   [&](const Rect& r) { return r.overlaps(label.inset(-8, 0)); });
    if (!free || label.right() > plot.right()) continue;
    frame.canvas.text(label, Font::kMonoTiny, kSecondary, tick.label);
    frame.scene().hit(label, {}, "axis.label", say(Text::click_goes_there), act(Verb::kSeek, tick.t));
    taken.push_back(label);
  }
}

void draw_marks(const Frame& frame, const Rect& plot) {
  for (const Nanos t : frame.in.tracks.faults) {
    if (t > frame.now()) break;
    const float x = timeline_x(plot, frame.in.axis, frame.in.view, t);
    if (x < plot.x || x > plot.right()) continue;
    frame.scene().triangle({x - 4, plot.bottom() - 1, 8, 6}, 3, {Tone::kTrouble});
    frame.scene().hit({x - 5, plot.bottom() - 4, 10, 12}, {}, "fault",
                      said(Text::fault_begins) + tip_row(Text::at, short_duration(t)));
  }
  for (const Nanos t : frame.in.view.bookmarks) {
    const float x = timeline_x(plot, frame.in.axis, frame.in.view, t);
    if (x < plot.x || x > plot.right()) continue;
    frame.scene().dash_line({x, plot.y}, {x, plot.bottom()}, {Tone::kAccent, 0.8f}, 1, 2);
    frame.scene().triangle({x - 4, plot.y - 6, 8, 6}, 1, {Tone::kAccent});
  }
}

void draw_cursor(const Frame& frame, const Rect& plot) {
  const float x = timeline_x(plot, frame.in.axis, frame.in.view, frame.now());
  if (x < plot.x - 1 || x > plot.right() + 1) return;
  frame.scene().line({x, plot.y}, {x, plot.bottom()}, {Tone::kCursor}, 2);
  frame.scene().triangle({x - 6, plot.y - 7, 12, 8}, 1, {Tone::kCursor});
}

void draw_header(const Frame& frame, const Rect& plot) {
  const Rect row{frame.at.timeline.x + 16, frame.at.timeline.y + 4, frame.at.timeline.w - 32, 18};
  frame.canvas.text({row.x, row.y, kLabels - 6, row.h}, Font::kHeading, kSecondary,
                    say(Text::heading_timeline));
  const bool compressed = frame.in.view.axis == AxisMode::kCompressed;
  const std::string_view mode = say(compressed ? Text::compressed : Text::linear);
  const float width = frame.canvas.width(Font::kSmall, mode);
  frame.canvas.text({plot.x, row.y, width + 1, row.h}, Font::kSmall, {Tone::kAccent}, mode);
  frame.scene().triangle({plot.x + width + 5, row.middle_y() - 2, 7, 5}, 1, {Tone::kAccent});
  frame.scene().hit({plot.x, row.y, width + 14, row.h}, {}, "timeline.mode",
                    said(Text::axis_tip) + key_line(Verb::kTimelineMode), act(Verb::kTimelineMode));
  const float after = plot.x + width + 30;
  const std::string_view hint = say(Text::timeline_hint);
  if (plot.w > 500 && frame.canvas.width(Font::kLabel, hint) <= row.right() - after)
    frame.canvas.text(row, Font::kLabel, kFaint, hint, Align::kRight);
}

}  // namespace

Rect timeline_plot(const Regions& at) {
  const Rect r = at.timeline;
  if (!has_lanes(at)) return {r.x + 16, r.y + 7, r.w - 32, std::max(0.0f, r.h - 24)};
  return {r.x + 16 + kLabels, r.y + kHeader + 4, r.w - 32 - kLabels, r.h - kHeader - 4 - kAxis};
}

Nanos timeline_time(const Rect& plot, const TimeAxis& axis, const View& view, float x) {
  const double part = static_cast<double>(x - plot.x) / static_cast<double>(std::max(1.0f, plot.w));
  return axis.time(view.axis_from + part * (view.axis_to - view.axis_from));
}

float timeline_x(const Rect& plot, const TimeAxis& axis, const View& view, Nanos t) {
  const double part = (axis.place(t) - view.axis_from) / (view.axis_to - view.axis_from);
  return plot.x + static_cast<float>(std::clamp(part, -1.0, 2.0)) * plot.w;
}

void draw_timeline(const Frame& frame) {
  const Rect region = frame.at.timeline;
  if (region.empty()) return;
  Scene& scene = frame.scene();
  const Rect plot = timeline_plot(frame.at);
  scene.fill(region, {Tone::kPanel});
  scene.line({0, region.bottom() - 1}, {region.right(), region.bottom() - 1}, {Tone::kLine});
  scene.hit(plot, {}, "timeline", "", act(Verb::kTimelineGrab));
  const float now_x =
      std::clamp(timeline_x(plot, frame.in.axis, frame.in.view, frame.now()), plot.x, plot.right());
  scene.fill({now_x, plot.y, plot.right() - now_x, plot.h}, {Tone::kBackground, 0.6f});
  std::vector<Rect> taken;
  draw_gaps(frame, plot, taken);
  if (has_lanes(frame.at)) {
    draw_header(frame, plot);
    draw_lanes(frame, plot);
  } else {
    scene.fill({plot.x, plot.middle_y() - 1, plot.w, 2}, {Tone::kLine});
    scene.fill({plot.x, plot.middle_y() - 1, now_x - plot.x, 2}, {Tone::kCursor, 0.6f});
  }
  draw_veil(frame, plot);
  draw_ticks(frame, plot, taken);
  draw_guess(frame, plot);
  draw_marks(frame, plot);
  draw_found(frame, plot);
  draw_cursor(frame, plot);
}

}  // namespace sendscope::ui
