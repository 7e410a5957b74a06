// What lies over the frame: menus, the key sheet, the palette, the explanation of what is under the pointer.
#pragma once

#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {

// A command or thing that the palette finds.
struct PaletteEntry {
  std::string label, hint;  // "Step one event back", "Left"
  Action action;
  bool wrong = false;  // says what is wrong with what is typed
};
std::vector<PaletteEntry> palette_entries(const FrameInput& input);

// A line of the sheet of keys.
struct KeyRow {
  std::string keys;
  std::string_view meaning;
};
std::vector<KeyRow> key_rows();

// A raised panel with a shadow; what lies under it is out of reach, and a click beside it closes it.
Rect popup(const Frame& frame, Rect box, bool modal);

void draw_scenario_menu(const Frame& frame);
void draw_key_sheet(const Frame& frame);
void draw_palette(const Frame& frame);
void draw_fault_menu(const Frame& frame);
void draw_tip(const Frame& frame);

}  // namespace sendscope::ui
