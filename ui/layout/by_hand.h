// What was done by hand: the tab of the bottom panel that lists it.
#pragma once

#include <string>

#include "ui/layout/frame.h"

namespace sendscope::ui {

// The name of the tab: "By hand 2".
std::string by_hand_label(const Facts& facts);
void draw_by_hand(const Frame& frame, Rect area);

}  // namespace sendscope::ui
