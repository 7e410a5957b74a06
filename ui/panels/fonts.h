// The faces of the window at one UI scale, and the masks of round things, in an ImGui font atlas. Text is
// rasterized at its real size, so it is sharp at every scale; changing the scale builds the atlas anew.
#pragma once

#include <array>

#include "ui/layout/text.h"
#include "ui/panels/round_masks.h"

namespace sendscope::ui {

class Fonts : public TextMeasure {
 public:
  // Clears the atlas and adds every face of Font, scaled. The atlas must outlive this.
  Fonts(ImFontAtlas& atlas, float scale);

  float scale() const { return scale_; }
  ImFont* face(Font font) const { return faces_[static_cast<int>(font)]; }
  // What ImGui calls the size of a face: the height from ascender to descender, in screen pixels.
  float face_pixels(Font font) const;
  // From the top of that height to the baseline, in screen pixels.
  float ascent_pixels(Font font) const;

  float width(Font font, std::string_view text) const override;

  const RoundMasks& masks() const { return masks_; }

 private:
  float scale_;
  RoundMasks masks_;
  std::array<ImFont*, kFontCount> faces_{};
};

}  // namespace sendscope::ui
