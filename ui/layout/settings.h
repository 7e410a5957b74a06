// The settings of the scenario, as the palette, the inspector and the top bar offer them.
#pragma once

#include <string>
#include <vector>

#include "ui/layout/overlays.h"
#include "ui/layout/side.h"

namespace sendscope::ui {

// "p1 linger.ms".
std::string setting_words(const SettingText& setting);
// Its value in this run; "default" where nobody says another one and the run does not tell.
std::string setting_value(const FrameInput& input, const SettingText& setting);

// The settings whose name is typed, for the palette; behind the name of an owner and a space all of it.
void add_settings(const FrameInput& input, std::vector<PaletteEntry>& all);
// What the setting that is asked for can become: what is typed, its presets, what the file says.
std::vector<PaletteEntry> setting_choices(const FrameInput& input);

// "p1 linger.ms, now 5; it is read once, at the start".
std::string setting_question(const FrameInput& input, const SettingText& setting);

// Those of an owner that the scenario or a person gives, a producer's most used ones with their presets to
// click, and the way to all others.
void setting_facts(const Frame& frame, const std::string& owner, SubjectFacts& out);
// Those of a node, and the way to those of all brokers.
void broker_setting_facts(const Frame& frame, NodeId node, SubjectFacts& out);

// A chip for each that differs from the file, from x on; returns where they end.
float draw_setting_chips(const Frame& frame, float x, float limit, Rect row);

}  // namespace sendscope::ui
