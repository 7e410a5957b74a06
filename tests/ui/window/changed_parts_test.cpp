// Drawing only what has changed over the picture before gives the picture.
#include "ui/layout/changed_parts.h"

#include <algorithm>

#include "core/base/prng.h"
#include "tests/support/catch.h"
#include "tests/ui/workbench/bench.h"
#include "ui/panels/offscreen.h"
#include "ui/panels/painter.h"
#include "ui/window/rasterizer.h"

namespace sendscope::ui {
namespace {

constexpr int kWidth = 1000, kHeight = 600;

class Pictures {
 public:
  explicit Pictures(float scale) : offscreen_(scale) {
    atlas_.texels = offscreen_.atlas(atlas_.width, atlas_.height);
  }

  const TextMeasure& measure() const { return offscreen_.fonts(); }
  float scale() const { return offscreen_.fonts().scale(); }
  float width() const { return kWidth / scale(); }
  float height() const { return kHeight / scale(); }

  Image draw(const Scene& scene, const Rect* only = nullptr) {
    return rasterize(offscreen_.paint(scene, ThemeName::kDark, kWidth, kHeight, only), atlas_, kWidth,
                     kHeight, tone_rgb(ThemeName::kDark, Tone::kBackground));
  }

  // Draws the part of the scene into the picture.
  void renew(Image& picture, const Scene& scene, const Rect& part) {
    const Image drawn = draw(scene, &part);
    const PixelBox box = pixels_of(part, scale());
    for (int y = box.y; y < box.y + box.h; ++y) {
      const auto row = static_cast<std::ptrdiff_t>(y) * kWidth + box.x;
      std::copy_n(drawn.pixels.begin() + row, box.w, picture.pixels.begin() + row);
    }
  }

 private:
  Offscreen offscreen_;
  Coverage atlas_;
};

// Something that a person does next.
void do_something(Workbench& bench, Prng& random, const Scene& seen, float width, float height) {
  constexpr Verb kVerbs[] = {Verb::kStep,  Verb::kStep,       Verb::kStepBack,
                             Verb::kTab,   Verb::kSideTab,    Verb::kKeySheet,
                             Verb::kFocus, Verb::kLessonMove, Verb::kPoolReasons};
  const std::uint64_t which = random.below(12);
  if (which < std::size(kVerbs)) {
    const bool forward = kVerbs[which] == Verb::kLessonMove;
    bench.act(act(kVerbs[which], forward ? 1 : -1), width, height);
  } else if (which == std::size(kVerbs)) {
    bench.act(act(Verb::kSeekEvent, static_cast<std::int64_t>(random.below(bench.log().size()))), width,
              height);
  } else {
    const Hit& hit = seen.hits[random.below(seen.hits.size())];
    bench.view().pointer = {hit.box.middle_x(), hit.box.middle_y()};
    bench.view().tip = true;
    if (is_set(hit.subject)) bench.act(select_action(hit.subject), width, height);
  }
}

TEST_CASE("what changed, drawn over the picture before, is the picture") {
  const std::string file = GENERATE("leader-dies.json", "zombie-fenced.json");
  const float scale = GENERATE(1.0f, 1.25f);
  Pictures pictures(scale);
  const auto bench = test::bench_of(file);
  Prng random(7);
  ChangedParts changed;
  Image shown;
  double drawn = 0;
  for (int i = 0; i < 40; ++i) {
    const Scene scene = bench->frame(pictures.measure(), pictures.width(), pictures.height());
    const Image whole = pictures.draw(scene);
    if (i == 0) shown = whole;
    for (const Rect& part : changed.next(scene, pictures.width(), pictures.height())) {
      drawn += part.w * part.h;
      pictures.renew(shown, scene, part);
    }
    REQUIRE(shown.pixels == whole.pixels);
    do_something(*bench, random, scene, pictures.width(), pictures.height());
  }
  CHECK(drawn < 40 * 0.6 * pictures.width() * pictures.height());
}

TEST_CASE("a picture that stays is not drawn again, one of another size is drawn whole") {
  const auto bench = test::bench_of("first-send.json");
  Pictures pictures(1);
  ChangedParts changed;
  const auto parts = [&](float width, float height) {
    return changed.next(bench->frame(pictures.measure(), width, height), width, height);
  };
  CHECK(parts(1000, 600) == std::vector<Rect>{{0, 0, 1000, 600}});
  CHECK(parts(1000, 600).empty());
  CHECK(parts(1100, 600) == std::vector<Rect>{{0, 0, 1100, 600}});
  changed.forget();
  CHECK(parts(1100, 600) == std::vector<Rect>{{0, 0, 1100, 600}});
}

TEST_CASE("parts do not overlap and hold what changed") {
  Scene before, after;
  for (Scene* scene : {&before, &after}) {
    scene->fill({0, 0, 100, 100}, {Tone::kPanel});
    scene->fill({10, 10, 20, 20}, {Tone::kAccent}, 4);
  }
  after.fill({500, 300, 20, 20}, {Tone::kAccent}, 4);
  after.clip({600, 100, 50, 50});
  after.fill({590, 90, 500, 20}, {Tone::kOk});
  after.unclip();
  ChangedParts changed;
  changed.next(before, 1000, 600);
  const std::vector<Rect> parts = changed.next(after, 1000, 600);
  const auto holds = [&](Point at) {
    return std::count_if(parts.begin(), parts.end(), [&](const Rect& part) { return part.contains(at); });
  };
  CHECK(holds({510, 310}) == 1);
  CHECK(holds({640, 105}) == 1);
  CHECK(holds({800, 105}) == 0);  // clipped away
  CHECK(holds({20, 20}) == 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t k = i + 1; k < parts.size(); ++k) CHECK_FALSE(parts[i].overlaps(parts[k]));
  }
}

TEST_CASE("what grows at one end has changed there") {
  const auto grown = [](const auto& draw) {
    Scene before, after;
    draw(before, 300);
    draw(after, 310);
    ChangedParts changed;
    changed.next(before, 1000, 600);
    double area = 0;
    for (const Rect& part : changed.next(after, 1000, 600)) {
      CHECK(part.x >= 256);
      CHECK(part.right() <= 352);
      area += part.w * part.h;
    }
    return area;
  };
  CHECK(grown([](Scene& scene, float to) { scene.fill({10, 100, to - 10, 50}, {Tone::kOk}); }) > 0);
  CHECK(grown([](Scene& scene, float to) { scene.hatch({10, 100, to - 10, 50}, {Tone::kOk}); }) > 0);
  CHECK(grown([](Scene& scene, float from) { scene.hatch({from, 100, 900 - from, 50}, {Tone::kOk}); }) > 0);
  CHECK(grown([](Scene& scene, float to) {
          scene.area({{10, 90}, {200, 90}, {200, 70}, {290, 70}, {290, 80}, {to, 80}}, 150, {Tone::kOk});
        }) > 0);
  CHECK(grown([](Scene& scene, float to) {
          scene.polyline({{10, 90}, {290, 90}, {290, 80}, {to, 80}}, {Tone::kOk});
        }) > 0);
}

}  // namespace
}  // namespace sendscope::ui
