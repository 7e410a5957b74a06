// The colours of the window, by meaning.
#pragma once

#include <cstdint>

#include "ui/layout/scene.h"

namespace sendscope::ui {

enum class ThemeName : std::uint8_t { kDark, kLight };

// 0xRRGGBB.
std::uint32_t tone_rgb(ThemeName theme, Tone tone);

// Of text in this tone: hues and the lightest tones are too close to the ground for letters.
std::uint32_t text_rgb(ThemeName theme, Tone tone);

// The packed colour of a paint as ImDrawList takes it.
std::uint32_t paint_color(ThemeName theme, Paint paint);
std::uint32_t text_color(ThemeName theme, Paint paint);

}  // namespace sendscope::ui
