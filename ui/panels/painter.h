// Draws a Scene with an ImDrawList: the one place where shapes become triangles. It decides nothing.
#pragma once

#include "ui/layout/scene.h"
#include "ui/panels/fonts.h"
#include "ui/panels/theme.h"

struct ImDrawList;

namespace sendscope::ui {

// Edges of boxes land on whole screen pixels, text on whole pixels vertically.
void paint_scene(const Scene& scene, ImDrawList& list, const Fonts& fonts, ThemeName theme);

}  // namespace sendscope::ui
