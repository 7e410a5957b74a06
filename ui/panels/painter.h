// Draws a Scene with an ImDrawList: the one place where shapes become triangles. It decides nothing.
#pragma once

#include <span>

#include "ui/layout/scene.h"
#include "ui/panels/fonts.h"
#include "ui/panels/theme.h"

struct ImDrawList;

namespace sendscope::ui {

// Edges of boxes land on whole screen pixels, text on whole pixels vertically. `without`: numbers of shapes,
// ascending, that are left out (see ground_of).
// `only`: the part of the picture that is drawn, in place of all of it.
void paint_scene(const Scene& scene, ImDrawList& list, const Fonts& fonts, ThemeName theme,
                 std::span<const std::size_t> without = {}, const Rect* only = nullptr);

// A box in whole screen pixels.
struct PixelBox {
  int x = 0, y = 0, w = 0, h = 0;
};
// The pixels that paint_scene fills for an opaque box at this scale.
PixelBox pixels_of(const Rect& box, float scale);

}  // namespace sendscope::ui
