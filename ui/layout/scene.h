// A frame as data: shapes to paint in order, and the boxes that answer to the pointer.
//
// Layout fills a Scene from the model; the painter draws it; tests read it. Nothing here knows ImGui.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "ui/layout/action.h"
#include "ui/layout/geometry.h"
#include "ui/layout/text.h"

namespace sendscope::ui {

// Colours by meaning. The theme gives each its value; kHue0 + n is the hue of partition n modulo 8.
enum class Tone : std::uint8_t {
  kBackground,
  kPanel,
  kRaised,
  kLine,
  kText,
  kSecondary,
  kFaint,
  kAccent,
  kOnAccent,
  kOk,
  kWaiting,
  kTrouble,
  kCursor,
  kShadow,
  kHue0,
  kHue1,
  kHue2,
  kHue3,
  kHue4,
  kHue5,
  kHue6,
  kHue7,
  kCount_
};
inline constexpr int kToneCount = static_cast<int>(Tone::kCount_);
inline constexpr unsigned kHueCount = 8;

struct Paint {
  Tone tone = Tone::kText;
  float opacity = 1;
  bool operator==(const Paint&) const = default;
};

// The hue of a partition, by its number within its topic.
Tone hue_of(std::uint32_t partition);

enum class ShapeKind : std::uint8_t {
  kFill,        // box, radius
  kStroke,      // box, radius, thickness
  kDashStroke,  // box, thickness, step: dash and gap length
  kHatch,       // box, step: distance of the lines
  kLine,        // box.x, box.y to `end`, thickness
  kDashLine,    // the same, step
  kRing,        // a clock: box, thickness, value: part that is left, clockwise from twelve
  kDisc,        // box
  kTriangle,    // box, value: direction in quarter turns clockwise from pointing right
  kPolyline,    // points, thickness
  kArea,        // points, filled down to box.bottom()
  kText,        // text with its left end at box.x and its capitals centred on box
  kClip,        // what follows is clipped to box ...
  kUnclip,      // ... until here
};

struct Shape {
  ShapeKind kind{};
  Font font = Font::kBody;
  Paint paint;
  Rect box;
  Point end;
  float radius = 0;
  float thickness = 1;
  float value = 0;
  float step = 0;
  std::uint32_t first_point = 0, point_count = 0;
  std::string text;
};

// What lies under the pointer. Later boxes lie over earlier ones.
struct Hit {
  Rect box;
  Subject subject;   // what it shows; may be nothing
  Action click;      // what a click does; may be nothing
  std::string part;  // which part of the frame put it there ("pool.block"), for tests and the explainer
  std::string tip;   // lines: a title, then facts; empty: nothing to explain
};

class Scene;
// The topmost box under a point that has something to explain, or that hides what lies below it; nullptr:
// none.
const Hit* explained_at(const Scene& scene, Point at);

enum class Align : std::uint8_t { kLeft, kCentre, kRight };

// Adds shapes; owns nothing but the scene it fills. Coordinates are logical pixels.
class Scene {
 public:
  std::vector<Shape> shapes;
  std::vector<Point> points;
  std::vector<Hit> hits;

  // Multiplies the opacity of all that is added while it is set: how unrelated things step back.
  float dim = 1;

  void fill(Rect box, Paint paint, float radius = 0);
  void stroke(Rect box, Paint paint, float radius = 0, float thickness = 1);
  void dash_stroke(Rect box, Paint paint, float thickness = 1, float step = 3);
  void hatch(Rect box, Paint paint, float step = 5);
  void line(Point from, Point to, Paint paint, float thickness = 1);
  void dash_line(Point from, Point to, Paint paint, float thickness = 1, float step = 3);
  void ring(Point centre, float radius, float left, Paint paint);
  void disc(Point centre, float radius, Paint paint);
  void triangle(Rect box, int quarter_turns, Paint paint);
  void polyline(const std::vector<Point>& line_points, Paint paint, float thickness = 1);
  void area(const std::vector<Point>& line_points, float bottom, Paint paint);
  void clip(Rect box);
  void unclip();

  // Text as it is; the caller has made sure that it fits.
  void text_raw(Rect box, Font font, Paint paint, std::string_view text);

  Hit& hit(Rect box, Subject subject, std::string_view part, std::string_view tip = {}, Action click = {});

 private:
  Shape& add(ShapeKind kind, Rect box, Paint paint);
};

// Everything that a shape may cover, or a little more; what clips it is not looked at.
Rect reach_of(const Scene& scene, const Shape& shape);

// The numbers, ascending, of large opaque boxes that nothing was drawn under: who can fill a box faster than
// by triangles may lay them before everything else, and the picture stays the same.
std::vector<std::size_t> ground_of(const Scene& scene);

// A scene with someone to measure text: what the functions of this folder draw with.
struct Canvas {
  Scene& scene;
  const TextMeasure& measure;

  // Puts text into `box`, shortened to fit; returns the width it took.
  float text(Rect box, Font font, Paint paint, std::string_view text, Align align = Align::kLeft) const;
  // A name that does not fit loses its middle.
  float name(Rect box, Font font, Paint paint, std::string_view name, Align align = Align::kLeft) const;
  // The first of several ways to say it that fits; the last is shortened.
  float text(Rect box, Font font, Paint paint, std::initializer_list<std::string_view> ways,
             Align align = Align::kLeft) const;
  float width(Font font, std::string_view text) const { return measure.width(font, text); }
};

}  // namespace sendscope::ui
