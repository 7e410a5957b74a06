// ImGui without a window: a scene as draw data, for pictures and tests.
#pragma once

#include <memory>

#include "ui/layout/scene.h"
#include "ui/panels/fonts.h"
#include "ui/panels/theme.h"

struct ImDrawData;

namespace sendscope::ui {

class Offscreen {
 public:
  // `scale`: screen pixels of a logical pixel.
  explicit Offscreen(float scale);
  ~Offscreen();
  Offscreen(const Offscreen&) = delete;
  Offscreen& operator=(const Offscreen&) = delete;

  const Fonts& fonts() const;
  // Texels of the font atlas: one byte of coverage each.
  const unsigned char* atlas(int& width, int& height) const;
  // The draw data stays good until the next call. Sizes are screen pixels. `only`: this part of the picture.
  const ImDrawData& paint(const Scene& scene, ThemeName theme, int width, int height,
                          const Rect* only = nullptr);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::ui
