// Every scenario at three moments, in windows from small to large and at every size of things: what is found
// by looking at where things lie.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/support/shipped_scenarios.h"
#include "tests/ui/layout/frame_checks.h"
#include "tests/ui/workbench/bench.h"
#include "ui/panels/offscreen.h"
#include "ui/workbench/pointer.h"

namespace sendscope::ui {
namespace {

constexpr float kLeastW = 640, kLeastH = 360;  // logical pixels of the smallest window that is promised

// Logical sizes of all windows at all sizes of things, as far as they are promised.
std::vector<Size> window_sizes() {
  std::vector<Size> all;
  for (const auto& [w, h] :
       {std::pair(1024, 640), std::pair(1280, 720), std::pair(1920, 1080), std::pair(3840, 2160)}) {
    for (const int percent : {75, 100, 150, 200, 300}) {
      const float scale = static_cast<float>(percent) / 100;
      const Size size{static_cast<float>(w) / scale, static_cast<float>(h) / scale, percent};
      if (size.width >= kLeastW && size.height >= kLeastH) all.push_back(size);
    }
  }
  return all;
}

// Each thing that is wrong once, with where it was seen first.
class Findings {
 public:
  void add(const std::string& what, const std::string& where) { found_.try_emplace(what, where); }
  std::string text() const {
    std::string out;
    for (const auto& [what, where] : found_) out += what + "  (" + where + ")\n";
    return out;
  }

 private:
  std::map<std::string, std::string> found_;
};

void find_cut_texts(const Scene& scene, const TextMeasure& measure, const Size& size,
                    const std::string& where, Findings& findings) {
  const Rect window{0, 0, size.width, size.height};
  std::vector<Rect> clips;
  for (const Shape& shape : scene.shapes) {
    if (shape.kind == ShapeKind::kClip) clips.push_back(shape.box);
    if (shape.kind == ShapeKind::kUnclip) clips.pop_back();
    if (shape.kind != ShapeKind::kText) continue;
    if (measure.width(shape.font, shape.text) > shape.box.w + 1)
      findings.add("cut without a mark: " + shape.text, where);
    if (!window.holds(ink(shape))) findings.add("outside the window: " + shape.text, where);
    for (const Rect& clip : clips) {
      if (!clip.holds(ink(shape))) findings.add("cut by its panel: " + shape.text, where);
    }
  }
}

void find_overlaps(const Scene& scene, const std::string& where, Findings& findings) {
  const auto all = texts(scene);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = i + 1; k < all.size(); ++k) {
      if (ink(*all[i]).overlaps(ink(*all[k])))
        findings.add("overlap: " + all[i]->text + " / " + all[k]->text, where);
    }
  }
}

void find_repeated_labels(const Scene& scene, const std::string& where, Findings& findings) {
  std::set<std::string> seen;
  for (const Hit* hit : parts(scene, "axis.label")) {
    for (const Shape* shape : texts(scene)) {
      if (shape->box == hit->box && !seen.insert(shape->text).second)
        findings.add("the axis says twice: " + shape->text, where);
    }
  }
}

bool can_be_clicked(const Scene& scene, const Size& size, Verb verb) {
  const Rect window{0, 0, size.width, size.height};
  return std::any_of(scene.hits.begin(), scene.hits.end(), [&](const Hit& hit) {
    if (hit.click.verb != verb || !window.holds(hit.box)) return false;
    const Point middle{hit.box.middle_x(), hit.box.middle_y()};
    const Hit* top = top_hit(scene, middle, [](const Hit& h) { return static_cast<bool>(h.click); });
    return top != nullptr && top->click.verb == verb;
  });
}

// WCAG 2: relative luminance of a colour of three parts from 0 to 1, and contrast.
struct Colour {
  double r = 0, g = 0, b = 0;
};

Colour colour_of(std::uint32_t rgb) {
  return {(rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0};
}

Colour over(const Colour& below, const Colour& above, double opacity) {
  const auto mix = [&](double a, double b) { return a + (b - a) * opacity; };
  return {mix(below.r, above.r), mix(below.g, above.g), mix(below.b, above.b)};
}

double luminance(const Colour& colour) {
  const auto part = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * part(colour.r) + 0.7152 * part(colour.g) + 0.0722 * part(colour.b);
}

double contrast(const Colour& a, const Colour& b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

// The colour under the middle of a text, of the areas that were drawn before it.
Colour ground_under(const Scene& scene, std::size_t text, ThemeName theme) {
  const Rect box = ink(scene.shapes[text]);
  Colour ground = colour_of(tone_rgb(theme, Tone::kBackground));
  for (std::size_t i = 0; i < text; ++i) {
    const Shape& shape = scene.shapes[i];
    if (shape.kind != ShapeKind::kFill || !shape.box.contains({box.middle_x(), box.middle_y()})) continue;
    ground = over(ground, colour_of(tone_rgb(theme, shape.paint.tone)), shape.paint.opacity);
  }
  return ground;
}

void find_pale_texts(const Scene& scene, ThemeName theme, const std::string& where, Findings& findings) {
  for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
    const Shape& shape = scene.shapes[i];
    if (shape.kind != ShapeKind::kText) continue;
    const Colour ground = ground_under(scene, i, theme);
    const Colour letters = over(ground, colour_of(text_rgb(theme, shape.paint.tone)), shape.paint.opacity);
    const double found = contrast(letters, ground);
    if (found >= 4.5) continue;
    findings.add("pale: " + shape.text.substr(0, 12) + ", tone " +
                     std::to_string(static_cast<int>(shape.paint.tone)) + ", " +
                     std::to_string(found).substr(0, 4) + " : 1",
                 where + (theme == ThemeName::kDark ? ", dark" : ", light"));
  }
}

// All that can be wrong with the frame of the bench as it is, in this window.
void look_at(Workbench& bench, const Offscreen& offscreen, const Size& size, const std::string& of,
             Findings& findings) {
  bench.view().scale_percent = size.percent;
  const Scene scene = bench.frame(offscreen.fonts(), size.width, size.height);
  const std::string where = of + ", " + std::to_string(static_cast<int>(size.width)) + "x" +
                            std::to_string(static_cast<int>(size.height));
  find_cut_texts(scene, offscreen.fonts(), size, where, findings);
  find_overlaps(scene, where, findings);
  find_repeated_labels(scene, where, findings);
  if (!can_be_clicked(scene, size, Verb::kSearch)) findings.add("no way to the search", where);
  const bool follows = is_set(bench.view().selected) && size.width > 900;
  if (!follows && !can_be_clicked(scene, size, Verb::kFaultMenu))
    findings.add("no way to break something", where);
  // Colours are the same at every size; what has nothing to do with a selected node is pale on purpose.
  if (size.percent != 100 || bench.view().selected.kind == SubjectKind::kNode) return;
  for (const ThemeName theme : {ThemeName::kDark, ThemeName::kLight})
    find_pale_texts(scene, theme, where, findings);
}

// At a step of the lesson all that it does not speak of is pale on purpose.
void go_to_quarter(Workbench& bench, std::size_t quarter) {
  test::do_verb(bench, Verb::kSeekEvent, static_cast<std::int64_t>(bench.log().size() * quarter / 4));
  while (!bench.lit().empty()) test::do_verb(bench, Verb::kStepBack);
}

TEST_CASE("in every scenario and window nothing is cut, nothing overlaps, and all can be read and reached") {
  const Offscreen offscreen(1);
  Findings findings;
  int frames = 0;
  for (const std::string& path : test::shipped_scenarios()) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const auto bench = test::bench_of(name);
    for (const std::size_t quarter : {1, 2, 4}) {
      go_to_quarter(*bench, quarter);
      for (const Size& size : window_sizes()) {
        ++frames;
        look_at(*bench, offscreen, size, name + " at " + std::to_string(quarter) + "/4", findings);
      }
    }
  }
  CHECK(frames > 600);
  CHECK(findings.text() == "");
}

TEST_CASE("so it is where the inspector shows latencies and limits") {
  const Offscreen offscreen(1);
  Findings findings;
  for (const char* name : {"backpressure.json", "leader-dies.json", "slow-broker.json", "one-in-flight.json",
                           "batching-and-linger.json", "retries-zero.json"}) {
    const auto bench = test::bench_of(name);
    for (const std::size_t quarter : {1, 3, 4}) {
      go_to_quarter(*bench, quarter);
      for (const Subject& subject : {producer_subject(0), node_subject(1)}) {
        bench->act(select_action(subject), test::kBenchW, test::kBenchH);
        for (const SidePage page : {SidePage::kSplit, SidePage::kLimits}) {
          bench->view().page = page;
          for (const Size& size : window_sizes()) {
            if (size.width < 960) continue;  // there the panel lies over other things

            look_at(*bench, offscreen, size,
                    std::string(name) + ", page " + std::to_string(static_cast<int>(page)), findings);
          }
        }
      }
      bench->act(select_action({}), test::kBenchW, test::kBenchH);
    }
  }
  CHECK(findings.text() == "");
}

TEST_CASE("so it is with producers side by side and with the pool by reasons") {
  const Offscreen offscreen(1);
  Findings findings;
  for (const char* name : {"slow-broker.json", "batching-and-linger.json", "zombie-fenced.json",
                           "backpressure.json", "leader-dies.json", "lost-response.json"}) {
    const auto bench = test::bench_of(name);
    for (const std::size_t quarter : {1, 2}) {
      go_to_quarter(*bench, quarter);
      for (const bool together : {false, true}) {
        bench->view().pool_reasons = !together;
        bench->view().side_by_side = together;
        if (together && model_after(bench->log(), bench->cursor().events).producers.size() < 2) continue;
        for (const Size& size : window_sizes())
          look_at(*bench, offscreen, size, std::string(name) + (together ? ", together" : ", reasons"),
                  findings);
      }
    }
  }
  CHECK(findings.text() == "");
}

}  // namespace
}  // namespace sendscope::ui
