// The parts of the timeline that have files of their own.
#pragma once

#include "ui/layout/stage.h"

namespace sendscope::ui {

void draw_lanes(const Frame& frame, const Rect& plot);
void draw_found(const Frame& frame, const Rect& plot);

}  // namespace sendscope::ui
