// The list of what a scenario expects, as far as it is decided: what is broken first, with the reason.
#pragma once

#include "ui/layout/frame.h"

namespace sendscope::ui {

void draw_checks(const Frame& frame, Rect area);

}  // namespace sendscope::ui
