#include "ui/panels/round_masks.h"

#include <algorithm>

namespace sendscope::ui {
namespace {

constexpr int kSamples = 8;  // of a pixel, each way

// How much of a pixel lies in a ring, 0..255; `inner` below zero: in a disc.
unsigned char coverage(int x, int y, float outer, float inner) {
  int covered = 0;
  for (int i = 0; i < kSamples * kSamples; ++i) {
    const float dx = static_cast<float>(x) + (static_cast<float>(i % kSamples) + 0.5f) / kSamples - outer;
    const float dy = static_cast<float>(y) + (static_cast<float>(i / kSamples) + 0.5f) / kSamples - outer;
    const float square = dx * dx + dy * dy;
    if (square <= outer * outer && (inner < 0 || square >= inner * inner)) ++covered;
  }
  return static_cast<unsigned char>(covered * 255 / (kSamples * kSamples));
}

// A disc, or a ring of some thickness, from this pixel on.
void draw_mask(unsigned char* pixels, int row, int diameter, int thickness) {
  const float outer = static_cast<float>(diameter) / 2;
  const float inner = thickness == 0 ? -1 : std::max(0.0f, outer - static_cast<float>(thickness));
  for (int y = 0; y < diameter; ++y) {
    for (int x = 0; x < diameter; ++x) pixels[y * row + x] = coverage(x, y, outer, inner);
  }
}

}  // namespace

// Atlases that grow while they are used keep no such pictures.
#if IMGUI_VERSION_NUM < 19200

void RoundMasks::reserve(ImFontAtlas& atlas) {
  places_.fill(kNone);
  for (int thickness = 0; thickness <= kMostThickness; ++thickness) {
    for (int diameter = 2; diameter <= kMostDiameter; ++diameter)
      places_[slot(diameter, thickness)] = atlas.AddCustomRectRegular(diameter, diameter);
  }
}

void RoundMasks::draw(ImFontAtlas& atlas) {
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
  for (int thickness = 0; thickness <= kMostThickness; ++thickness) {
    for (int diameter = 2; diameter <= kMostDiameter; ++diameter) {
      const ImFontAtlasCustomRect& place = *atlas.GetCustomRectByIndex(places_[slot(diameter, thickness)]);
      draw_mask(pixels + place.Y * width + place.X, width, diameter, thickness);
    }
  }
  atlas_ = &atlas;
}

std::optional<RoundMask> RoundMasks::mask(int diameter, int thickness) const {
  if (atlas_ == nullptr || diameter < 2 || diameter > kMostDiameter || thickness > kMostThickness)
    return std::nullopt;
  // The atlas does not change a rectangle by telling of it.
  const auto* place =
      const_cast<ImFontAtlas*>(atlas_)->GetCustomRectByIndex(places_[slot(diameter, thickness)]);
  const ImVec2 texel = atlas_->TexUvScale;
  return RoundMask{{static_cast<float>(place->X) * texel.x, static_cast<float>(place->Y) * texel.y}, texel};
}

#else

void RoundMasks::reserve(ImFontAtlas&) { places_.fill(kNone); }
void RoundMasks::draw(ImFontAtlas&) {}
std::optional<RoundMask> RoundMasks::mask(int, int) const { return std::nullopt; }

#endif

}  // namespace sendscope::ui
