#include "ui/window/rasterizer.h"

#include <imgui.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/sample_frame.h"
#include "ui/panels/offscreen.h"
#include "ui/panels/painter.h"
#include "ui/window/png.h"

namespace sendscope::ui {
namespace {

Image draw(const Scene& scene, int width, int height, float scale = 1, ThemeName theme = ThemeName::kDark) {
  Offscreen offscreen(scale);
  const ImDrawData& data = offscreen.paint(scene, theme, width, height);
  Coverage atlas;
  atlas.texels = offscreen.atlas(atlas.width, atlas.height);
  return rasterize(data, atlas, width, height, 0x000000);
}

std::uint32_t pixel(const Image& image, int x, int y) {
  return image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                      static_cast<std::size_t>(x)] &
         0xffffff;
}

std::uint32_t bgr(std::uint32_t rgb) { return (rgb & 255) << 16 | (rgb & 0xff00) | rgb >> 16; }

TEST_CASE("a box covers exactly its pixels") {
  Scene scene;
  scene.fill({10, 20, 30, 5}, {Tone::kText});
  const Image image = draw(scene, 64, 64);
  const std::uint32_t ink = bgr(tone_rgb(ThemeName::kDark, Tone::kText));
  int covered = 0;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const bool inside = x >= 10 && x < 40 && y >= 20 && y < 25;
      if (pixel(image, x, y) == ink) ++covered;
      if (!inside && pixel(image, x, y) != 0) FAIL("ink outside the box at " << x << ", " << y);
    }
  }
  CHECK(covered == 30 * 5);
}

// A frame's ground may be laid before everything else, by other means.
TEST_CASE("a frame looks the same when its ground is laid first") {
  const bool panel = GENERATE(false, true);
  const float scale = GENERATE(1.0f, 1.25f, 2.0f);
  test::SampleFrame frame;
  if (panel) frame.view.selected = batch_subject(16);
  const Scene scene = frame.scene(1280 / scale, 720 / scale);
  const std::vector<std::size_t> ground = ground_of(scene);
  REQUIRE(ground.size() >= 4);
  Scene sorted;
  sorted.points = scene.points;
  for (const std::size_t i : ground) sorted.shapes.push_back(scene.shapes[i]);
  for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
    if (!std::binary_search(ground.begin(), ground.end(), i)) sorted.shapes.push_back(scene.shapes[i]);
  }
  CHECK(draw(scene, 1280, 720, scale).pixels == draw(sorted, 1280, 720, scale).pixels);
}

TEST_CASE("what lies over something else, or lets it through, is no ground") {
  Scene scene;
  scene.fill({0, 0, 300, 300}, {Tone::kPanel});
  scene.line({310, 10}, {400, 10}, {Tone::kLine});
  scene.fill({200, 200, 300, 300}, {Tone::kPanel});      // over the first
  scene.fill({350, 0, 300, 150}, {Tone::kPanel});        // over the line
  scene.fill({0, 600, 300, 300}, {Tone::kPanel, 0.5f});  // not opaque
  scene.fill({400, 600, 300, 300}, {Tone::kPanel}, 3);   // round
  scene.fill({0, 1000, 90, 100}, {Tone::kPanel});        // small
  scene.clip({0, 1200, 100, 100});
  scene.fill({0, 1200, 300, 300}, {Tone::kPanel});  // clipped
  scene.unclip();
  scene.fill({1000, 0, 300, 300}, {Tone::kRaised});
  CHECK(ground_of(scene) == std::vector<std::size_t>{0, scene.shapes.size() - 1});
  const PixelBox box = pixels_of({10, 20.4f, 30, 5}, 1.5f);
  CHECK((box.x == 15 && box.y == 31 && box.w == 45 && box.h == 7));
}

TEST_CASE("triangles that share an edge cover each pixel once") {
  Scene scene;
  scene.fill({3, 3, 41, 37}, {Tone::kText, 0.5f});
  const Image image = draw(scene, 64, 64);
  const std::uint32_t once = pixel(image, 10, 10);
  for (int y = 3; y < 40; ++y) {
    for (int x = 3; x < 44; ++x) {
      if (pixel(image, x, y) != once) FAIL("blended twice or never at " << x << ", " << y);
    }
  }
  CHECK(once != 0);
}

TEST_CASE("what is clipped stays inside the clip") {
  Scene scene;
  scene.clip({16, 16, 8, 8});
  scene.fill({0, 0, 64, 64}, {Tone::kText});
  scene.unclip();
  const Image image = draw(scene, 64, 64);
  CHECK(pixel(image, 20, 20) != 0);
  CHECK(pixel(image, 15, 20) == 0);
  CHECK(pixel(image, 24, 20) == 0);
}

TEST_CASE("text leaves ink between its ends, at every scale") {
  for (const float scale : {0.75f, 1.0f, 2.0f}) {
    Offscreen offscreen(scale);
    Scene scene;
    Canvas canvas{scene, offscreen.fonts()};
    const float width = canvas.text({10, 10, 200, 20}, Font::kMono, {Tone::kText},
                                    "1\xe2\x80\xaf"
                                    "207 \xe2\x9c\x93");
    const ImDrawData& data = offscreen.paint(scene, ThemeName::kDark, 480, 80);
    Coverage atlas;
    atlas.texels = offscreen.atlas(atlas.width, atlas.height);
    const Image image = rasterize(data, atlas, 480, 80, 0);
    int left = 480, right = -1;
    for (int y = 0; y < 80; ++y) {
      for (int x = 0; x < 480; ++x) {
        if (pixel(image, x, y) == 0) continue;
        left = std::min(left, x);
        right = std::max(right, x);
      }
    }
    CHECK(static_cast<float>(left) >= 10 * scale - 2);
    CHECK(static_cast<float>(right) <= (10 + width) * scale + 2);
    CHECK(static_cast<float>(right - left) > width * scale * 0.8f);
  }
}

TEST_CASE("measured text is as wide as it is drawn: the sum of its parts") {
  const Offscreen offscreen(1);
  const Fonts& fonts = offscreen.fonts();
  CHECK(fonts.width(Font::kMono, "0000000000") == Approx(72).margin(0.5));  // 0.6 em of 12 pixels each
  CHECK(fonts.width(Font::kBody, "") == 0);
  CHECK(fonts.width(Font::kHeading, "AB") >
        fonts.width(Font::kHeading, "A") + fonts.width(Font::kHeading, "B") - 0.1f);
}

TEST_CASE("the same scene gives the same bytes, and a picture that can be read") {
  Scene scene;
  scene.fill({4, 4, 40, 20}, {Tone::kAccent}, 5);
  scene.ring({30, 40}, 9, 0.4f, {Tone::kWaiting});
  scene.text_raw({4, 50, 50, 12}, Font::kBody, {Tone::kText}, "same");
  const std::string first = encode_png(draw(scene, 64, 64));
  CHECK(first == encode_png(draw(scene, 64, 64)));
  CHECK(first.substr(0, 4) == "\x89PNG");
  CHECK(first != encode_png(draw(scene, 64, 64, 1, ThemeName::kLight)));
}

TEST_CASE("a picture that cannot be written says so and leaves nothing behind") {
  const Image image{1, 1, {0xff000000}};
  const auto written = write_png(image, "/nonexistent-folder/picture.png");
  REQUIRE_FALSE(written);
  CHECK(written.error().message.find("/nonexistent-folder/picture.png") != std::string::npos);
  const auto full = write_png(image, "/dev/full/picture.png");
  CHECK_FALSE(full);
}

}  // namespace
}  // namespace sendscope::ui
