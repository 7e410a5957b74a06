// Measures text without fonts: every character of a face is equally wide, a little wider than the real
// average.
#pragma once

#include "ui/layout/text.h"

namespace sendscope::test {

class PlainMeasure : public ui::TextMeasure {
 public:
  float width(ui::Font font, std::string_view text) const override {
    const ui::FontSpec& spec = ui::font_spec(font);
    float total = 0;
    for (std::size_t i = 0; i < text.size(); i += ui::utf8_length(text.substr(i))) {
      const bool gap = text.substr(i, ui::kThinGap.size()) == ui::kThinGap;
      total += gap ? spec.em * ui::kThinGapEm : spec.em * (spec.mono ? 0.6f : 0.57f) + spec.tracking;
    }
    return total;
  }
};

}  // namespace sendscope::test
