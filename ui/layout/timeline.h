// What the files of the timeline share: its lanes, which of them are shown, and what lies on them.
#pragma once

#include <string>
#include <vector>

#include "ui/layout/stage.h"

namespace sendscope::ui {

// One lane; or, folded, all lanes of its group on one.
struct Lane {
  LaneGroup group{};
  std::size_t index = 0;
  bool folded = false;
  std::size_t members = 1;  // things its group is of
};

void draw_lanes(const Frame& frame, const Rect& plot);
void draw_found(const Frame& frame, const Rect& plot);
void draw_veil(const Frame& frame, const Rect& plot);
void draw_guess(const Frame& frame, const Rect& plot);

// The lanes of a group, idle ones included.
std::vector<Lane> lanes_of_group(const Frame& frame, LaneGroup group);
std::string lane_name(const Frame& frame, const Lane& lane);
Subject lane_subject(const Frame& frame, const Lane& lane);

// The line of the pool, and the bars of one lane, in a box of the plot.
void draw_pool_lane(const Frame& frame, const Rect& plot, Rect box);
void draw_bars(const Frame& frame, const Rect& plot, Rect box, const Lane& lane);

}  // namespace sendscope::ui
