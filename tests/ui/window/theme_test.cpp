// Text can be read on every ground of both themes.
#include "ui/panels/theme.h"

#include <algorithm>
#include <cmath>

#include "tests/support/catch.h"

namespace sendscope::ui {
namespace {

// WCAG 2: relative luminance and contrast.
double luminance(std::uint32_t rgb) {
  const auto part = [&](int shift) {
    const double v = static_cast<double>(rgb >> shift & 255) / 255;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

double contrast(std::uint32_t a, std::uint32_t b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

TEST_CASE("letters in every tone that carries meaning have a contrast of 4.5 : 1 on every ground") {
  const ThemeName theme = GENERATE(ThemeName::kDark, ThemeName::kLight);
  for (int i = static_cast<int>(Tone::kText); i < kToneCount; ++i) {
    const auto tone = static_cast<Tone>(i);
    // A shadow is no ink; the last lies on the accent only.
    if (tone == Tone::kShadow || tone == Tone::kOnAccent) continue;
    for (const Tone ground : {Tone::kPanel, Tone::kBackground}) {
      INFO("theme " << static_cast<int>(theme) << ", tone " << i << " on " << static_cast<int>(ground));
      CHECK(contrast(text_rgb(theme, tone), tone_rgb(theme, ground)) >= 4.5);
    }
  }
  CHECK(contrast(text_rgb(theme, Tone::kOnAccent), tone_rgb(theme, Tone::kAccent)) >= 4.5);
}

TEST_CASE("the hues of partitions can be told from the ground and from each other") {
  const ThemeName theme = GENERATE(ThemeName::kDark, ThemeName::kLight);
  for (unsigned p = 0; p < kHueCount; ++p) {
    INFO("theme " << static_cast<int>(theme) << ", hue " << p);
    CHECK(contrast(tone_rgb(theme, hue_of(p)), tone_rgb(theme, Tone::kPanel)) >= 1.6);
    for (unsigned other = 0; other < p; ++other) {
      CHECK(tone_rgb(theme, hue_of(p)) != tone_rgb(theme, hue_of(other)));
    }
  }
}

}  // namespace
}  // namespace sendscope::ui
