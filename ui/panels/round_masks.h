// Discs and rings as pictures in a font atlas: a round corner is drawn as one square of texture, not as a fan
// of slivers, which cost more than all text where there is no graphics card.
#pragma once

#include <imgui.h>

#include <array>
#include <optional>

namespace sendscope::ui {

// A square picture in the atlas.
struct RoundMask {
  ImVec2 low;    // its place in the texture
  ImVec2 texel;  // one pixel of it
  ImVec2 at(int x, int y) const {
    return {low.x + static_cast<float>(x) * texel.x, low.y + static_cast<float>(y) * texel.y};
  }
};

// Sizes are screen pixels. REQUIRES: reserve(), then the atlas is built, then draw()
class RoundMasks {
 public:
  static constexpr int kMostDiameter = 32, kMostThickness = 3;

  void reserve(ImFontAtlas& atlas);
  void draw(ImFontAtlas& atlas);

  // No value: none of that size is kept.
  std::optional<RoundMask> disc(int diameter) const { return mask(diameter, 0); }
  // Its outer edge has the diameter.
  std::optional<RoundMask> ring(int diameter, int thickness) const {
    return thickness > 0 ? mask(diameter, thickness) : std::nullopt;
  }

 private:
  static constexpr int kNone = -1;

  std::optional<RoundMask> mask(int diameter, int thickness) const;
  static std::size_t slot(int diameter, int thickness) {
    return static_cast<std::size_t>(thickness * (kMostDiameter + 1) + diameter);
  }

  const ImFontAtlas* atlas_ = nullptr;
  std::array<int, (kMostThickness + 1) * (kMostDiameter + 1)> places_{};  // the atlas's numbers of them
};

}  // namespace sendscope::ui
