// Draws a Scene with an ImDrawList: the one place where shapes become triangles. It decides nothing.
#pragma once

#include <span>

#include "ui/layout/scene.h"
#include "ui/panels/fonts.h"
#include "ui/panels/theme.h"

struct ImDrawList;

namespace sendscope::ui {

// Edges of boxes land on whole screen pixels, text on whole pixels vertically.
void paint_scene(const Scene& scene, ImDrawList& list, const Fonts& fonts, ThemeName theme);
// Only these parts of it, which do not overlap. `without`: numbers of shapes, ascending, that are left out
// (see ground_of).
void paint_parts(const Scene& scene, ImDrawList& list, const Fonts& fonts, ThemeName theme,
                 std::span<const Rect> parts, std::span<const std::size_t> without = {});

// A box in whole screen pixels.
struct PixelBox {
  int x = 0, y = 0, w = 0, h = 0;
};
// The pixels that paint_scene fills for an opaque box at this scale.
PixelBox pixels_of(const Rect& box, float scale);

}  // namespace sendscope::ui
