#include "ui/layout/scene.h"

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

float Canvas::text(Rect box, Font font, Paint paint, std::initializer_list<std::string_view> ways,
                   Align align) const {
  return text(box, font, paint, fitting(measure, font, box.w, ways), align);
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
