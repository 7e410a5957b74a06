// A scene as a picture, without a display.
#pragma once

#include "ui/layout/scene.h"
#include "ui/panels/offscreen.h"
#include "ui/panels/theme.h"
#include "ui/window/rasterizer.h"

namespace sendscope::ui {

// Sizes are pixels of the picture.
Image picture_of(Offscreen& offscreen, const Scene& scene, ThemeName theme, int width, int height);

}  // namespace sendscope::ui
