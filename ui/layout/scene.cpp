#include "ui/layout/scene.h"

#include <algorithm>
#include <span>

namespace sendscope::ui {

Tone hue_of(std::uint32_t partition) {
  return static_cast<Tone>(static_cast<unsigned>(Tone::kHue0) + partition % kHueCount);
}

Shape& Scene::add(ShapeKind kind, Rect box, Paint paint) {
  Shape& shape = shapes.emplace_back();
  shape.kind = kind;
  shape.box = box;
  shape.paint = {paint.tone, paint.opacity * dim};
  return shape;
}

void Scene::fill(Rect box, Paint paint, float radius) {
  if (!box.empty()) add(ShapeKind::kFill, box, paint).radius = radius;
}

void Scene::stroke(Rect box, Paint paint, float radius, float thickness) {
  Shape& shape = add(ShapeKind::kStroke, box, paint);
  shape.radius = radius;
  shape.thickness = thickness;
}

void Scene::dash_stroke(Rect box, Paint paint, float thickness, float step) {
  Shape& shape = add(ShapeKind::kDashStroke, box, paint);
  shape.thickness = thickness;
  shape.step = step;
}

void Scene::hatch(Rect box, Paint paint, float step) { add(ShapeKind::kHatch, box, paint).step = step; }

void Scene::line(Point from, Point to, Paint paint, float thickness) {
  Shape& shape = add(ShapeKind::kLine, {from.x, from.y, 0, 0}, paint);
  shape.end = to;
  shape.thickness = thickness;
}

void Scene::dash_line(Point from, Point to, Paint paint, float thickness, float step) {
  Shape& shape = add(ShapeKind::kDashLine, {from.x, from.y, 0, 0}, paint);
  shape.end = to;
  shape.thickness = thickness;
  shape.step = step;
}

void Scene::ring(Point centre, float radius, float left, Paint paint) {
  Shape& shape = add(ShapeKind::kRing, {centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, paint);
  shape.thickness = 2.5f;
  shape.value = std::clamp(left, 0.0f, 1.0f);
}

void Scene::disc(Point centre, float radius, Paint paint) {
  add(ShapeKind::kDisc, {centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, paint);
}

void Scene::triangle(Rect box, int quarter_turns, Paint paint) {
  add(ShapeKind::kTriangle, box, paint).value = static_cast<float>(quarter_turns);
}

void Scene::polyline(const std::vector<Point>& line_points, Paint paint, float thickness) {
  if (line_points.size() < 2) return;
  Shape& shape = add(ShapeKind::kPolyline, {}, paint);
  shape.thickness = thickness;
  shape.first_point = static_cast<std::uint32_t>(points.size());
  shape.point_count = static_cast<std::uint32_t>(line_points.size());
  points.insert(points.end(), line_points.begin(), line_points.end());
}

void Scene::area(const std::vector<Point>& line_points, float bottom, Paint paint) {
  if (line_points.size() < 2) return;
  Shape& shape = add(ShapeKind::kArea, {0, bottom, 0, 0}, paint);
  shape.first_point = static_cast<std::uint32_t>(points.size());
  shape.point_count = static_cast<std::uint32_t>(line_points.size());
  points.insert(points.end(), line_points.begin(), line_points.end());
}

void Scene::clip(Rect box) { add(ShapeKind::kClip, box, {}); }
void Scene::unclip() { add(ShapeKind::kUnclip, {}, {}); }

void Scene::text_raw(Rect box, Font font, Paint paint, std::string_view text) {
  if (text.empty()) return;
  Shape& shape = add(ShapeKind::kText, box, paint);
  shape.font = font;
  shape.text = text;
}

Hit& Scene::hit(Rect box, Subject subject, std::string_view part, std::string_view tip, Action click) {
  Hit& hit = hits.emplace_back();
  hit.box = box;
  hit.subject = subject;
  hit.part = part;
  hit.tip = tip;
  hit.click = std::move(click);
  return hit;
}

const Hit* explained_at(const Scene& scene, Point at) {
  for (auto hit = scene.hits.rbegin(); hit != scene.hits.rend(); ++hit) {
    if (hit->box.contains(at) && (!hit->tip.empty() || hit->part == "popup")) return &*hit;
  }
  return nullptr;
}

namespace {

constexpr float kGroundArea = 10'000;

// The box around some points, `margin` larger on every side.
Rect around(std::initializer_list<Point> corners, std::span<const Point> points, float margin) {
  Point low{1e9f, 1e9f}, high{-1e9f, -1e9f};
  const auto take = [&](Point p) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  };
  for (const Point p : corners) take(p);
  for (const Point p : points) take(p);
  return {low.x - margin, low.y - margin, high.x - low.x + 2 * margin, high.y - low.y + 2 * margin};
}

}  // namespace

Rect reach_of(const Scene& scene, const Shape& shape) {
  const Rect& box = shape.box;
  switch (shape.kind) {
    case ShapeKind::kFill:
    case ShapeKind::kHatch:
    case ShapeKind::kClip:
    case ShapeKind::kUnclip: return box;
    case ShapeKind::kText: {
      const float em = font_spec(shape.font).em;
      return {box.x - 1, box.middle_y() - em, box.w + 2, 2 * em};
    }
    case ShapeKind::kLine:
    case ShapeKind::kDashLine: {
      const bool thin = shape.thickness <= 1;  // it covers the pixels from its place on
      const Rect line = around({{box.x, box.y}, shape.end}, {}, thin ? 0 : shape.thickness);
      return {line.x, line.y, std::max(line.w, 1.0f), std::max(line.h, 1.0f)};
    }
    case ShapeKind::kPolyline:
      return around({}, std::span(scene.points).subspan(shape.first_point, shape.point_count),
                    shape.thickness + 1);
    case ShapeKind::kArea: {
      const auto points = std::span(scene.points).subspan(shape.first_point, shape.point_count);
      if (points.empty()) return {};
      return around({{points.front().x, box.y}}, points, 0);
    }
    default: return around({{box.x, box.y}, {box.right(), box.bottom()}}, {}, shape.thickness + 1);
  }
}

std::vector<std::size_t> ground_of(const Scene& scene) {
  std::vector<std::size_t> ground;
  std::vector<Rect> below;
  int clips = 0;
  for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
    const Shape& shape = scene.shapes[i];
    if (shape.kind == ShapeKind::kClip) ++clips;
    if (shape.kind == ShapeKind::kUnclip) --clips;
    below.push_back(reach_of(scene, shape));
    const bool opaque = shape.kind == ShapeKind::kFill && shape.paint.opacity >= 1 && shape.radius == 0;
    if (!opaque || clips > 0 || shape.box.w * shape.box.h < kGroundArea) continue;
    const bool first = std::none_of(below.begin(), below.end() - 1,
                                    [&](const Rect& reach) { return reach.overlaps(shape.box); });
    if (first) ground.push_back(i);
  }
  return ground;
}

float Canvas::text(Rect box, Font font, Paint paint, std::initializer_list<std::string_view> ways,
                   Align align) const {
  return text(box, font, paint, fitting(measure, font, box.w, ways), align);
}

float Canvas::name(Rect box, Font font, Paint paint, std::string_view name, Align align) const {
  return text(box, font, paint, fit_name(measure, font, name, box.w), align);
}

float Canvas::text(Rect box, Font font, Paint paint, std::string_view text, Align align) const {
  float width = measure.width(font, text);
  std::string shortened;
  if (width > box.w) {
    shortened = fit_text(measure, font, text, box.w);
    text = shortened;
    width = measure.width(font, text);
  }
  const float slack = box.w - width;
  const float shift = align == Align::kLeft ? 0 : align == Align::kRight ? slack : slack / 2;
  scene.text_raw({box.x + shift, box.y, width, box.h}, font, paint, text);
  return width;
}

}  // namespace sendscope::ui
