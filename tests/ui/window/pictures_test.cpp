// Twelve pictures of the window, compared with those that lie in tests/ui/window/pictures. Whoever changes
// what the window shows on purpose runs this test with SENDSCOPE_PICTURES=write, looks at what it wrote, and
// commits it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image.h>
#pragma GCC diagnostic pop

#include "tests/ui/workbench/bench.h"
#include "ui/window/picture.h"
#include "ui/window/png.h"
#include "ui/workbench/select_text.h"

namespace sendscope::ui {
namespace {

struct Shot {
  const char* name;
  const char* scenario;
  int step;  // of the lesson, from 1
  const char* selected = "";
  BottomTab tab = BottomTab::kNarration;
  bool light = false;
  int width = 1280, height = 720, percent = 100;
  Verb then = Verb::kNothing;  // one command more
};

const Shot kShots[] = {
    {.name = "first-send", .scenario = "first-send.json", .step = 3},
    {.name = "backpressure", .scenario = "backpressure.json", .step = 4},
    {.name = "backpressure-light",
     .scenario = "backpressure.json",
     .step = 4,
     .selected = "app-3",
     .light = true},
    {.name = "ordering-log", .scenario = "ordering.json", .step = 5, .selected = "batch:2"},
    {.name = "leader-dies-checks", .scenario = "leader-dies.json", .step = 4, .tab = BottomTab::kChecks},
    {.name = "leader-dies-large", .scenario = "leader-dies.json", .step = 3, .light = true, .percent = 150},
    {.name = "two-producers", .scenario = "zombie-fenced.json", .step = 4, .selected = "old"},
    {.name = "transaction-events",
     .scenario = "transaction-commit-abort.json",
     .step = 3,
     .tab = BottomTab::kEvents},
    {.name = "small-window", .scenario = "slow-broker.json", .step = 3, .width = 1024, .height = 640},
    {.name = "large-window", .scenario = "delivery-timeout.json", .step = 3, .width = 1920, .height = 1080},
    {.name = "keys", .scenario = "lost-response.json", .step = 2, .light = true, .then = Verb::kKeySheet},
    {.name = "search", .scenario = "lost-response.json", .step = 2, .then = Verb::kSearch},
};

// Half as wide and as high: small enough to keep, large enough to see what has moved.
Image halved(const Image& image) {
  Image half{image.width / 2, image.height / 2, {}};
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      std::uint32_t pixel = 0xff000000;
      for (const int shift : {0, 8, 16}) {
        std::uint32_t sum = 0;
        for (const int dy : {0, 1}) {
          for (const int dx : {0, 1})
            sum += image.pixels[static_cast<std::size_t>((2 * y + dy) * image.width + 2 * x + dx)] >> shift &
                   255;
        }
        pixel |= sum / 4 << shift;
      }
      half.pixels.push_back(pixel);
    }
  }
  return half;
}

Image taken(const Shot& shot) {
  const auto bench = test::bench_of(shot.scenario);
  View& view = bench->view();
  view.bottom = shot.tab;
  view.light = shot.light;
  view.scale_percent = shot.percent;
  const float scale = static_cast<float>(shot.percent) / 100;
  const float w = static_cast<float>(shot.width) / scale, h = static_cast<float>(shot.height) / scale;
  bench->act(act(Verb::kLesson, shot.step - 1), w, h);
  if (*shot.selected != 0) bench->act(select_action(find_subject(bench->log(), shot.selected)), w, h);
  if (shot.then != Verb::kNothing) bench->act(act(shot.then), w, h);
  Offscreen offscreen(scale);
  const ThemeName theme = shot.light ? ThemeName::kLight : ThemeName::kDark;
  return halved(picture_of(offscreen, bench->frame(offscreen.fonts(), w, h), theme, shot.width, shot.height));
}

Image read_png(const std::string& path) {
  Image image;
  int channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> bytes(
      stbi_load(path.c_str(), &image.width, &image.height, &channels, 4), stbi_image_free);
  if (!bytes) return {};
  const auto* pixels = reinterpret_cast<const std::uint32_t*>(bytes.get());
  image.pixels.assign(
      pixels, pixels + static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
  return image;
}

// Pixels of which a colour differs by more than another release of the font rasterizer makes it.
std::size_t differing(const Image& a, const Image& b) {
  constexpr int kMuch = 24;
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    for (const int shift : {0, 8, 16}) {
      const int first = static_cast<int>(a.pixels[i] >> shift & 255),
                second = static_cast<int>(b.pixels[i] >> shift & 255);
      if (std::abs(first - second) > kMuch) {
        ++count;
        break;
      }
    }
  }
  return count;
}

TEST_CASE("the window looks as it is known to look") {
  const char* const wish = std::getenv("SENDSCOPE_PICTURES");
  const bool write = wish != nullptr && std::string(wish) == "write";
  for (const Shot& shot : kShots) {
    const std::string known_path =
        test::repository("tests/ui/window/pictures/" + std::string(shot.name) + ".png");
    const Image now = taken(shot);
    if (write) {
      REQUIRE(write_png(now, known_path).ok());
      continue;
    }
    const Image known = read_png(known_path);
    INFO(shot.name << ": known as " << known_path);
    CHECK(known.width == now.width);
    CHECK(known.height == now.height);
    if (known.pixels.size() != now.pixels.size()) continue;
    const std::size_t differ = differing(known, now);
    if (differ > now.pixels.size() / 500) {
      const std::string seen = test::built_program() + "-" + shot.name + ".png";
      REQUIRE(write_png(now, seen).ok());
      FAIL_CHECK(differ << " of " << now.pixels.size() << " pixels differ; it looks now as " << seen);
    }
  }
  CHECK_FALSE(write);  // a run that wrote has compared nothing
}

}  // namespace
}  // namespace sendscope::ui
