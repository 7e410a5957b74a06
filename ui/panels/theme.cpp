#include "ui/panels/theme.h"

#include <imgui.h>

#include <algorithm>

namespace sendscope::ui {
namespace {

// In the order of Tone. The hues are Okabe and Ito's, fit for all kinds of colour vision.
constexpr std::uint32_t kDark[kToneCount] = {0x12151A, 0x191D24, 0x222832, 0x2C333F, 0xE3E8EF, 0x8E99AA,
                                             0x5B6677, 0x6CB6FF, 0x0D1117, 0x2FB58A, 0xF0A63A, 0xF0624D,
                                             0xFFD866, 0x05070A, 0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442,
                                             0x0072B2, 0xD55E00, 0xCC79A7, 0x999999};
constexpr std::uint32_t kLight[kToneCount] = {0xF3F5F8, 0xFFFFFF, 0xEDF0F5, 0xD5DBE4, 0x1A2230, 0x5C6879,
                                              0x97A2B2, 0x1769D2, 0xFFFFFF, 0x0B7F5C, 0xA86400, 0xC2331F,
                                              0xB98500, 0x8893A4, 0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442,
                                              0x0072B2, 0xD55E00, 0xCC79A7, 0x999999};

}  // namespace

std::uint32_t tone_rgb(ThemeName theme, Tone tone) {
  return (theme == ThemeName::kDark ? kDark : kLight)[static_cast<int>(tone)];
}

std::uint32_t paint_color(ThemeName theme, Paint paint) {
  const std::uint32_t rgb = tone_rgb(theme, paint.tone);
  const auto alpha = static_cast<unsigned>(std::clamp(paint.opacity, 0.0f, 1.0f) * 255.0f + 0.5f);
  return IM_COL32(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, alpha);
}

}  // namespace sendscope::ui
