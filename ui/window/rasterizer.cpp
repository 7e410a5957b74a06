#include "ui/window/rasterizer.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace sendscope::ui {
namespace {

constexpr int kSubBits = 4;  // vertices lie on a grid of sixteenths of a pixel, as graphics cards have it
constexpr std::int64_t kSub = 1 << kSubBits;
constexpr int kTexBits = 8;  // texture coordinates in 1/256 of a texel

struct Corner {
  std::int64_t x, y;  // sixteenths of a pixel
  std::int64_t u, v;  // 1/256 of a texel
  std::int64_t channel[4];
};

struct Box {
  int left, top, right, bottom;
};

Corner corner_of(const ImDrawVert& vertex, const Coverage& atlas) {
  const auto grid = [](float value, std::int64_t parts) {
    return static_cast<std::int64_t>(std::floor(value * static_cast<float>(parts) + 0.5f));
  };
  return {grid(vertex.pos.x, kSub),
          grid(vertex.pos.y, kSub),
          grid(vertex.uv.x * static_cast<float>(atlas.width), 1 << kTexBits),
          grid(vertex.uv.y * static_cast<float>(atlas.height), 1 << kTexBits),
          {vertex.col >> IM_COL32_R_SHIFT & 255, vertex.col >> IM_COL32_G_SHIFT & 255,
           vertex.col >> IM_COL32_B_SHIFT & 255, vertex.col >> IM_COL32_A_SHIFT & 255}};
}

// Twice the area of abc; positive when it turns clockwise on the screen.
std::int64_t turn(const Corner& a, const Corner& b, std::int64_t x, std::int64_t y) {
  return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

// Pixels whose centre lies exactly on an edge belong to the triangle on its right or below it.
std::int64_t edge_bias(const Corner& a, const Corner& b) {
  const bool top = a.y == b.y && b.x > a.x;
  const bool left = b.y < a.y;
  return top || left ? 0 : -1;
}

// Coverage at a texture position, bilinear, 0..255.
std::uint32_t sample(const Coverage& atlas, std::int64_t u, std::int64_t v) {
  const std::int64_t half = 1 << (kTexBits - 1);
  const std::int64_t su = u - half, sv = v - half;
  const auto texel = [&](std::int64_t x, std::int64_t y) -> std::uint32_t {
    const auto cx = std::clamp<std::int64_t>(x, 0, atlas.width - 1);
    const auto cy = std::clamp<std::int64_t>(y, 0, atlas.height - 1);
    return atlas.texels[cy * atlas.width + cx];
  };
  const std::int64_t x = su >> kTexBits, y = sv >> kTexBits;
  const auto fx = static_cast<std::uint32_t>(su & 255), fy = static_cast<std::uint32_t>(sv & 255);
  const std::uint32_t top = texel(x, y) * (256 - fx) + texel(x + 1, y) * fx;
  const std::uint32_t bottom = texel(x, y + 1) * (256 - fx) + texel(x + 1, y + 1) * fx;
  return (top * (256 - fy) + bottom * fy + (1u << 15)) >> 16;
}

void blend(std::uint32_t& pixel, std::uint32_t r, std::uint32_t g, std::uint32_t b, std::uint32_t alpha) {
  const auto mix = [alpha](std::uint32_t under, std::uint32_t over) {
    return (over * alpha + under * (255 - alpha) + 127) / 255;
  };
  pixel = 0xff000000u | mix(pixel >> 16 & 255, b) << 16 | mix(pixel >> 8 & 255, g) << 8 | mix(pixel & 255, r);
}

class Raster {
 public:
  Raster(Image& image, const Coverage& atlas) : image_(image), atlas_(atlas) {}

  void triangle(Corner a, Corner b, Corner c, const Box& clip) {
    std::int64_t area = turn(a, b, c.x, c.y);
    if (area == 0) return;
    if (area < 0) {
      std::swap(b, c);
      area = -area;
    }
    const auto pixel_of = [](std::int64_t v) { return static_cast<int>(v >> kSubBits); };
    const int left = std::max(clip.left, pixel_of(std::min({a.x, b.x, c.x})));
    const int right = std::min(clip.right, pixel_of(std::max({a.x, b.x, c.x})) + 1);
    const int top = std::max(clip.top, pixel_of(std::min({a.y, b.y, c.y})));
    const int bottom = std::min(clip.bottom, pixel_of(std::max({a.y, b.y, c.y})) + 1);
    const bool flat = a.u == b.u && b.u == c.u && a.v == b.v && b.v == c.v;
    for (int y = top; y < bottom; ++y) {
      const std::int64_t py = y * kSub + kSub / 2;
      for (int x = left; x < right; ++x) {
        const std::int64_t px = x * kSub + kSub / 2;
        const std::int64_t wa = turn(b, c, px, py), wb = turn(c, a, px, py), wc = turn(a, b, px, py);
        if (wa + edge_bias(b, c) < 0 || wb + edge_bias(c, a) < 0 || wc + edge_bias(a, b) < 0) continue;
        shade(a, b, c, {wa, wb, wc, area}, flat,
              image_.pixels[static_cast<std::size_t>(y) * image_.width + x]);
      }
    }
  }

 private:
  struct Weights {
    std::int64_t a, b, c, area;
    std::int64_t of(std::int64_t va, std::int64_t vb, std::int64_t vc) const {
      return (va * a + vb * b + vc * c + area / 2) / area;
    }
  };

  void shade(const Corner& a, const Corner& b, const Corner& c, const Weights& w, bool flat,
             std::uint32_t& pixel) {
    std::uint32_t channel[4];
    for (int i = 0; i < 4; ++i) {
      channel[i] = static_cast<std::uint32_t>(w.of(a.channel[i], b.channel[i], c.channel[i]));
    }
    const std::uint32_t covered =
        flat ? sample(atlas_, a.u, a.v) : sample(atlas_, w.of(a.u, b.u, c.u), w.of(a.v, b.v, c.v));
    const std::uint32_t alpha = (channel[3] * covered + 127) / 255;
    if (alpha > 0) blend(pixel, channel[0], channel[1], channel[2], alpha);
  }

  Image& image_;
  const Coverage& atlas_;
};

}  // namespace

Image rasterize(const ImDrawData& data, const Coverage& atlas, int width, int height, std::uint32_t rgb) {
  Image image{width, height, {}};
  const std::uint32_t ground = 0xff000000u | (rgb & 255) << 16 | (rgb & 0xff00) | (rgb >> 16 & 255);
  image.pixels.assign(static_cast<std::size_t>(width) * height, ground);
  Raster raster(image, atlas);
  for (int n = 0; n < data.CmdListsCount; ++n) {
    const ImDrawList& list = *data.CmdLists[n];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const Box clip{std::max(0, static_cast<int>(command.ClipRect.x)),
                     std::max(0, static_cast<int>(command.ClipRect.y)),
                     std::min(width, static_cast<int>(command.ClipRect.z)),
                     std::min(height, static_cast<int>(command.ClipRect.w))};
      for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
        const ImDrawIdx* index = &list.IdxBuffer[static_cast<int>(command.IdxOffset + i)];
        const auto vertex = [&](int k) {
          return corner_of(list.VtxBuffer[static_cast<int>(command.VtxOffset + index[k])], atlas);
        };
        raster.triangle(vertex(0), vertex(1), vertex(2), clip);
      }
    }
  }
  return image;
}

}  // namespace sendscope::ui
