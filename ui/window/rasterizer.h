// ImGui's draw data as a picture, without a display or a graphics library.
//
// All arithmetic after the vertices are read is in integers, so that the same draw data gives the same bytes
// on every machine. Coverage is sampled at pixel centres with the top-left rule; smooth edges come from
// ImGui's own anti-aliasing fringe.
#pragma once

#include <cstdint>
#include <vector>

struct ImDrawData;

namespace sendscope::ui {

struct Image {
  int width = 0, height = 0;
  std::vector<std::uint32_t> pixels;  // 0xAABBGGRR, row by row from the top; always opaque
};

// A font atlas: one byte of coverage per texel.
struct Coverage {
  const unsigned char* texels = nullptr;
  int width = 0, height = 0;
};

// Draws over a background of `rgb` (0xRRGGBB).
Image rasterize(const ImDrawData& data, const Coverage& atlas, int width, int height, std::uint32_t rgb);

}  // namespace sendscope::ui
