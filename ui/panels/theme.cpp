#include "ui/panels/theme.h"

#include <imgui.h>

#include <algorithm>

namespace sendscope::ui {
namespace {

// In the order of Tone. The hues are Okabe and Ito's, fit for all kinds of colour vision; their yellow is
// darker on white, where it would hardly be seen.
constexpr std::uint32_t kDark[kToneCount] = {0x12151A, 0x191D24, 0x222832, 0x2C333F, 0xE3E8EF, 0x8E99AA,
                                             0x5B6677, 0x6CB6FF, 0x0D1117, 0x2FB58A, 0xF0A63A, 0xF0624D,
                                             0xFFD866, 0x05070A, 0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442,
                                             0x0072B2, 0xD55E00, 0xCC79A7, 0x999999};
constexpr std::uint32_t kLight[kToneCount] = {0xF3F5F8, 0xFFFFFF, 0xEDF0F5, 0xD5DBE4, 0x1A2230, 0x5C6879,
                                              0x97A2B2, 0x1769D2, 0xFFFFFF, 0x0B7F5C, 0xA86400, 0xC2331F,
                                              0xB98500, 0x8893A4, 0xE69F00, 0x56B4E9, 0x009E73, 0xD8C600,
                                              0x0072B2, 0xD55E00, 0xCC79A7, 0x999999};

// The hues, darker or lighter until they reach a contrast of 4.5 : 1 on the grounds of the theme.
constexpr std::uint32_t kDarkText[kHueCount] = {0xE69F00, 0x56B4E9, 0x0AA279, 0xF0E442,
                                                0x4297C6, 0xDA7321, 0xCC79A7, 0x999999};
constexpr std::uint32_t kLightText[kHueCount] = {0x956700, 0x387597, 0x007E5C, 0x767020,
                                                 0x0072B2, 0xB75100, 0x995B7D, 0x6E6E6E};
constexpr std::uint32_t kDarkFaintText = 0x848FA1, kLightFaintText = 0x616C7D;
constexpr std::uint32_t kLightTimeText = 0x8A6300, kLightWaitingText = 0x9E5E00, kLightOkText = 0x0A7A58;

std::uint32_t packed(std::uint32_t rgb, float opacity) {
  const auto alpha = static_cast<unsigned>(std::clamp(opacity, 0.0f, 1.0f) * 255.0f + 0.5f);
  return IM_COL32(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, alpha);
}

}  // namespace

std::uint32_t tone_rgb(ThemeName theme, Tone tone) {
  return (theme == ThemeName::kDark ? kDark : kLight)[static_cast<int>(tone)];
}

std::uint32_t paint_color(ThemeName theme, Paint paint) {
  return packed(tone_rgb(theme, paint.tone), paint.opacity);
}

std::uint32_t text_rgb(ThemeName theme, Tone tone) {
  const bool dark = theme == ThemeName::kDark;
  if (tone >= Tone::kHue0 && tone <= Tone::kHue7) {
    return (dark ? kDarkText : kLightText)[static_cast<int>(tone) - static_cast<int>(Tone::kHue0)];
  }
  if (tone == Tone::kFaint) return dark ? kDarkFaintText : kLightFaintText;
  if (!dark && tone == Tone::kCursor) return kLightTimeText;
  if (!dark && tone == Tone::kWaiting) return kLightWaitingText;
  if (!dark && tone == Tone::kOk) return kLightOkText;
  return tone_rgb(theme, tone);
}

std::uint32_t text_color(ThemeName theme, Paint paint) {
  return packed(text_rgb(theme, paint.tone), paint.opacity);
}

}  // namespace sendscope::ui
