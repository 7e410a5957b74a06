// What timeline.cpp and timeline_lanes.cpp share.
#pragma once

#include "ui/layout/stage.h"

namespace sendscope::ui {

void draw_lanes(const Frame& frame, const Rect& plot);

}  // namespace sendscope::ui
