#include "ui/panels/fonts.h"

#include <imgui.h>

#include <cfloat>
#include <cmath>

#include "core/base/check.h"
#include "ui/panels/font_data.h"

namespace sendscope::ui {
namespace {

// The vertical metrics of the two families, in em.
constexpr float kSansAscent = 2728.0f / 2816, kSansDescent = 680.0f / 2816;
constexpr float kMonoAscent = 1.020f, kMonoDescent = 0.300f;

constexpr ImWchar kGlyphs[] = {0x0020, 0x007e, 0x00a0, 0x00ff, 0x03bc, 0x03bc, 0x2010, 0x2026, 0x2030, 0x2033,
                               0x2039, 0x203a, 0x2190, 0x2199, 0x21ba, 0x21bb, 0x2211, 0x2212, 0x221e, 0x221e,
                               0x2248, 0x2248, 0x2260, 0x2265, 0x25a0, 0x25cf, 0x2713, 0x2717, 0};

std::string_view file_of(const FontSpec& spec) {
  if (spec.mono) return spec.weight >= 500 ? "JetBrainsMono-Medium.ttf" : "JetBrainsMono-Regular.ttf";
  if (spec.weight >= 600) return "Inter-SemiBold.otf";
  return spec.weight >= 500 ? "Inter-Medium.otf" : "Inter-Regular.otf";
}

ImFont* add_face(ImFontAtlas& atlas, const FontSpec& spec, float pixels) {
  const auto data = font_data(file_of(spec));
  SENDSCOPE_CHECK(!data.empty());
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.RasterizerMultiply = 1.15f;
  // ImGui only reads the bytes, but takes them as not const.
  return atlas.AddFontFromMemoryTTF(const_cast<unsigned char*>(data.data()), static_cast<int>(data.size()),
                                    pixels, &config, kGlyphs);
}

}  // namespace

Fonts::Fonts(ImFontAtlas& atlas, float scale) : scale_(scale) {
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
  atlas.TexGlyphPadding = 1;
  for (int i = 0; i < kFontCount; ++i) {
    const auto font = static_cast<Font>(i);
    faces_[i] = add_face(atlas, font_spec(font), face_pixels(font));
  }
  masks_.reserve(atlas);
  atlas.Build();
  masks_.draw(atlas);
}

float Fonts::face_pixels(Font font) const {
  const FontSpec& spec = font_spec(font);
  const float height = spec.mono ? kMonoAscent + kMonoDescent : kSansAscent + kSansDescent;
  return spec.em * scale_ * height;
}

float Fonts::ascent_pixels(Font font) const {
  const FontSpec& spec = font_spec(font);
#if IMGUI_VERSION_NUM < 19200
  (void)spec;
  return std::round(face(font)->Ascent);
#else
  return std::floor(spec.em * scale_ * (spec.mono ? kMonoAscent : kSansAscent) + 1);
#endif
}

float Fonts::width(Font font, std::string_view text) const {
  const FontSpec& spec = font_spec(font);
  const float pixels = face_pixels(font);
  float total = 0;
  std::size_t characters = 0;
  while (!text.empty()) {
    const std::size_t gap = std::min(text.find(kThinGap), text.size());
    if (gap > 0) {
      total += face(font)->CalcTextSizeA(pixels, FLT_MAX, 0, text.data(), text.data() + gap).x / scale_;
    }
    if (spec.tracking > 0) {
      for (std::size_t i = 0; i < gap; i += utf8_length(text.substr(i))) ++characters;
    }
    text.remove_prefix(gap);
    if (!text.empty()) {
      total += spec.em * kThinGapEm;
      text.remove_prefix(kThinGap.size());
    }
  }
  return total + static_cast<float>(characters) * spec.tracking;
}

}  // namespace sendscope::ui
