#include "ui/layout/frame.h"

#include <cmath>

#include "ui/layout/spoken_of.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

constexpr float kSideWidth = 288, kNarrow = 960;
constexpr float kTopHeight = 42, kTransportHeight = 43;

void make_columns(Regions& at) {
  const Rect inside = at.stage.inset(12, 0);
  const float w = inside.w;
  const float wire = std::max(30.0f, w * 0.052f);
  const float gutter = w > 760 ? 20 : 10;
  const float room = w - wire - 3 * gutter;
  const float parts[] = {room * 0.172f, room * 0.164f, room * 0.282f, room * 0.220f, room * 0.162f};
  float x = inside.x;
  const auto column = [&](float width, float after) {
    const Rect box{std::floor(x), inside.y, std::floor(width), inside.h};
    x += width + after;
    return box;
  };
  at.threads = column(parts[0], gutter);
  at.pool = column(parts[1], gutter);
  at.partitions = column(parts[2], gutter);
  at.in_flight = column(parts[3], 0);
  at.wire = column(wire, 0);
  at.brokers = column(parts[4], 0);
}

}  // namespace

Regions make_regions(float width, float height, RegionWishes wishes) {
  Regions at;
  Rect rest{0, 0, width, height};
  at.top = rest.cut_top(kTopHeight);
  at.transport = rest.cut_top(kTransportHeight);
  at.side_floats = width < kNarrow;
  const float side = std::min(kSideWidth, std::floor(width * 0.5f));
  if (!at.side_floats) {
    at.side = rest.cut_right(side);
  } else if (wishes.side) {
    at.side = {width - side, rest.y, side, rest.h};
  }
  const float sentence = wishes.presenting ? 34 : 30;
  at.bottom = rest.cut_bottom(wishes.presenting || height < 440 ? sentence : height >= 640 ? 62 : 52);
  const float whole = rest.h;
  if (wishes.bottom_list && height >= 440) {
    const float more = std::floor(rest.h * 0.26f);
    at.bottom.y -= more;
    at.bottom.h += more;
    rest.h -= more;
  }
  if (height >= 440) {
    // An open list takes its room from the stage, not from the lanes.
    const float stage = wishes.bottom_list ? 280 : 320;
    at.timeline = rest.cut_bottom(std::floor(std::max(64.0f, std::min(rest.h - stage, whole * 0.33f))));
  } else {
    at.timeline = rest.cut_bottom(28);
  }
  if (rest.h >= 260) at.callbacks = rest.cut_bottom(40);
  if (rest.h >= 200 && !wishes.presenting) at.structures = rest.cut_bottom(rest.h >= 260 ? 34 : 28);
  if (wishes.tabs) at.tabs = rest.cut_top(rest.h >= 200 ? 26 : 18);
  at.stage = rest;
  make_columns(at);
  return at;
}

RegionWishes wishes_of(const View& view) {
  RegionWishes wishes{is_set(view.selected) || view.side_open, view.bottom != BottomTab::kNarration};
  wishes.presenting = view.presenting.has_value();
  return wishes;
}

Regions make_regions(const FrameInput& input) {
  RegionWishes wishes = wishes_of(input.view);
  wishes.tabs = input.model.producers.size() > 1;
  return make_regions(input.width, input.height, wishes);
}

namespace {

// A selection takes the light from the step that is read.
Related related_of(const FrameInput& input) {
  const Subject& selected = is_set(input.view.pointed_at) ? input.view.pointed_at : input.view.selected;
  Related related =
      is_set(selected) ? Related(input.model, selected) : Related(input.model, lit_by_step(input));
  if (input.view.presenting) related.step_back(kInShadow);
  return related;
}

}  // namespace

Scene build_frame(const FrameInput& input, const TextMeasure& measure) {
  Scene scene;
  const Frame frame{input, make_regions(input), related_of(input), Canvas{scene, measure},
                    input.view.producer};
  draw_producer_tabs(frame);
  draw_stage(frame);
  draw_stage_guess(frame);
  draw_structures(frame);
  draw_callbacks(frame);
  draw_timeline(frame);
  draw_bottom(frame);
  draw_side(frame);
  draw_transport(frame);
  draw_top_bar(frame);
  draw_overlays(frame);
  return scene;
}

}  // namespace sendscope::ui
