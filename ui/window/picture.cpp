#include "ui/window/picture.h"

namespace sendscope::ui {

Image picture_of(Offscreen& offscreen, const Scene& scene, ThemeName theme, int width, int height) {
  const ImDrawData& data = offscreen.paint(scene, theme, width, height);
  Coverage atlas;
  atlas.texels = offscreen.atlas(atlas.width, atlas.height);
  return rasterize(data, atlas, width, height, tone_rgb(theme, Tone::kBackground));
}

}  // namespace sendscope::ui
