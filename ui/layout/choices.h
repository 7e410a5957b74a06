// What could happen next: the tab of the bottom panel that lists it, and lets a person choose.
#pragma once

#include <string>

#include "ui/layout/frame.h"
#include "ui/layout/overlays.h"

namespace sendscope::ui {

// "Request 5 of p1 arrives at node 1", and what it is about.
struct ChoiceWords {
  std::string words;
  Subject subject;
};
ChoiceWords choice_words(const FrameInput& in, const sim::Occurrence& what);

// Of the palette: one for each choice that is known.
void add_choices(const FrameInput& in, std::vector<PaletteEntry>& all);
void draw_choices(const Frame& frame, Rect area);

}  // namespace sendscope::ui
