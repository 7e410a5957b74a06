#include "ui/panels/painter.h"

#include <imgui.h>

#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

namespace sendscope::ui {
namespace {

struct Painter {
  const Scene& scene;
  ImDrawList& list;
  const Fonts& fonts;
  ThemeName theme;
  float scale = fonts.scale();

  float snap(float v) const { return std::floor(v * scale + 0.5f); }
  float thick(float t) const { return t <= 1 ? std::max(1.0f, std::floor(t * scale + 0.25f)) : t * scale; }
  ImVec2 low(const Rect& r) const { return {snap(r.x), snap(r.y)}; }
  ImVec2 high(const Rect& r) const { return {snap(r.right()), snap(r.bottom())}; }
  ImVec2 at(Point p) const { return {p.x * scale, p.y * scale}; }
  ImU32 color(const Shape& s) const { return paint_color(theme, s.paint); }

  // A part of a picture, or plain colour.
  struct Quad {
    ImVec2 a, b;
    std::optional<std::pair<ImVec2, ImVec2>> texture = {};
  };

  void quads(std::span<const Quad> all, ImU32 col) const {
    if ((col & IM_COL32_A_MASK) == 0) return;
    const auto count = static_cast<int>(all.size());
    list.PrimReserve(6 * count, 4 * count);
    for (const Quad& quad : all) {
      if (quad.texture) {
        list.PrimRectUV(quad.a, quad.b, quad.texture->first, quad.texture->second, col);
      } else {
        list.PrimRect(quad.a, quad.b, col);
      }
    }
  }

  // The four quarters of a mask in the corners of a box; returns their size.
  float corners(ImVec2 a, ImVec2 b, const RoundMask& mask, int d, ImU32 col) const {
    const int c = d / 2, e = d - c;
    const auto size = static_cast<float>(c);
    const auto quarter = [&](ImVec2 at, int x, int y) {
      return Quad{at, {at.x + size, at.y + size}, std::pair(mask.at(x, y), mask.at(x + c, y + c))};
    };
    const Quad all[] = {quarter(a, 0, 0), quarter({b.x - size, a.y}, e, 0), quarter({a.x, b.y - size}, 0, e),
                        quarter({b.x - size, b.y - size}, e, e)};
    quads(all, col);
    return size;
  }

  // The diameter of the corners of a box, in whole pixels; 0: they are sharp.
  int corner_diameter(const Shape& s, ImVec2 a, ImVec2 b) const {
    const float most = std::min(b.x - a.x, b.y - a.y);
    return static_cast<int>(std::min(std::round(2 * s.radius * scale), most));
  }

  void fill(const Shape& s) const {
    const ImVec2 a = low(s.box), b = high(s.box);
    const ImU32 col = color(s);
    const int d = corner_diameter(s, a, b);
    const auto mask = fonts.masks().disc(d);
    if (!mask) return list.AddRectFilled(a, b, col, d < 2 ? 0 : s.radius * scale);
    const float c = corners(a, b, *mask, d, col);
    const Quad middle[] = {{{a.x + c, a.y}, {b.x - c, b.y}},
                           {{a.x, a.y + c}, {a.x + c, b.y - c}},
                           {{b.x - c, a.y + c}, {b.x, b.y - c}}};
    quads(middle, col);
  }

  void stroke(const Shape& s) const {
    const float t = thick(s.thickness), half = t / 2;
    const ImVec2 a = low(s.box), b = high(s.box);
    const int d = corner_diameter(s, a, b);
    const auto mask = t == std::floor(t) ? fonts.masks().ring(d, static_cast<int>(t)) : std::nullopt;
    if (mask) {
      const float c = corners(a, b, *mask, d, color(s));
      const Quad sides[] = {{{a.x + c, a.y}, {b.x - c, a.y + t}},
                            {{a.x + c, b.y - t}, {b.x - c, b.y}},
                            {{a.x, a.y + c}, {a.x + t, b.y - c}},
                            {{b.x - t, a.y + c}, {b.x, b.y - c}}};
      return quads(sides, color(s));
    }
    list.PathRect({a.x + half, a.y + half}, {b.x - half, b.y - half},
                  std::max(0.0f, s.radius * scale - half));
    list.PathStroke(color(s), ImDrawFlags_Closed, t);
  }

  // Horizontal or vertical: crisp boxes. Otherwise a thin line.
  void straight(ImVec2 a, ImVec2 b, float t, ImU32 col) const {
    const float half = std::floor(t / 2);
    if (a.y == b.y) {
      list.AddRectFilled({std::min(a.x, b.x), a.y - half}, {std::max(a.x, b.x), a.y - half + t}, col);
    } else if (a.x == b.x) {
      list.AddRectFilled({a.x - half, std::min(a.y, b.y)}, {a.x - half + t, std::max(a.y, b.y)}, col);
    } else {
      list.AddLine(a, b, col, t);
    }
  }

  void dashes(ImVec2 a, ImVec2 b, float t, float step, ImU32 col) const {
    const float dx = b.x - a.x, dy = b.y - a.y, length = std::sqrt(dx * dx + dy * dy);
    const float dash = std::max(1.0f, std::floor(step * scale + 0.5f));
    for (float d = 0; d < length; d += 2 * dash) {
      const float from = d / length, to = std::min(length, d + dash) / length;
      straight({a.x + dx * from, a.y + dy * from}, {a.x + dx * to, a.y + dy * to}, t, col);
    }
  }

  void dash_stroke(const Shape& s) const {
    const float t = std::max(1.0f, std::floor(s.thickness * scale + 0.5f)), half = std::floor(t / 2);
    const ImVec2 a = low(s.box), b = high(s.box);
    const float right = b.x - t + half, bottom = b.y - t + half;
    const ImU32 col = color(s);
    dashes({a.x, a.y + half}, {b.x, a.y + half}, t, s.step, col);
    dashes({a.x, bottom}, {b.x, bottom}, t, s.step, col);
    dashes({a.x + half, a.y}, {a.x + half, b.y}, t, s.step, col);
    dashes({right, a.y}, {right, b.y}, t, s.step, col);
  }

  void hatch(const Shape& s) const {
    const ImVec2 a = low(s.box), b = high(s.box);
    const float step = s.step * scale, height = b.y - a.y;
    list.PushClipRect(a, b, true);
    // The lines stay where they are when an edge moves.
    for (float x = std::floor((a.x - height) / step) * step; x < b.x; x += step) {
      list.AddLine({x, b.y}, {x + height, a.y}, color(s), std::max(1.0f, scale));
    }
    list.PopClipRect();
  }

  void line(const Shape& s, bool dashed) const {
    const ImVec2 a{snap(s.box.x), snap(s.box.y)}, b{snap(s.end.x), snap(s.end.y)};
    const float t = std::max(1.0f, std::floor(s.thickness * scale + 0.5f));
    if (dashed) {
      dashes(a, b, t, s.step, color(s));
    } else {
      straight(a, b, t, color(s));
    }
  }

  // A square mask around a place, on whole pixels; returns its middle.
  ImVec2 square(Point middle, int d, const RoundMask& mask, ImU32 col) const {
    const ImVec2 m = at(middle);
    const float half = static_cast<float>(d) / 2;
    const ImVec2 a{std::round(m.x - half), std::round(m.y - half)};
    const Quad quad{a, {a.x + 2 * half, a.y + 2 * half}, std::pair(mask.at(0, 0), mask.at(d, d))};
    quads({&quad, 1}, col);
    return {a.x + half, a.y + half};
  }

  void disc(const Shape& s) const {
    const Point middle{s.box.middle_x(), s.box.middle_y()};
    const int d = static_cast<int>(std::lround(s.box.w * scale));
    if (const auto mask = fonts.masks().disc(d)) {
      square(middle, d, *mask, color(s));
    } else {
      list.AddCircleFilled(at(middle), s.box.w / 2 * scale, color(s));
    }
  }

  void ring(const Shape& s) const {
    constexpr float kTop = -std::numbers::pi_v<float> / 2, kTurn = 2 * std::numbers::pi_v<float>;
    constexpr int kSides = 20;  // of a whole turn
    const float t = std::max(1.0f, std::round(s.thickness * scale));
    const int d = static_cast<int>(std::lround(s.box.w * scale));
    const float radius = (static_cast<float>(d) - t) / 2;
    const ImU32 rest = paint_color(theme, {s.paint.tone, s.paint.opacity * 0.25f});
    ImVec2 centre = at({s.box.middle_x(), s.box.middle_y()});
    if (const auto mask = fonts.masks().ring(d, static_cast<int>(t))) {
      if (s.value >= 1) return void(square({s.box.middle_x(), s.box.middle_y()}, d, *mask, color(s)));
      centre = square({s.box.middle_x(), s.box.middle_y()}, d, *mask, rest);
    } else {
      list.AddCircle(centre, radius, rest, 0, t);
    }
    if (s.value <= 0) return;
    const float end = kTop + kTurn * std::min(s.value, 0.999f);
    list.PathArcTo(centre, radius, kTop, end, std::max(4, static_cast<int>(kSides * s.value)));
    list.PathStroke(color(s), 0, t);
  }

  void triangle(const Shape& s) const {
    const ImVec2 a = low(s.box), b = high(s.box);
    const float mx = (a.x + b.x) / 2, my = (a.y + b.y) / 2;
    switch (static_cast<int>(s.value) & 3) {
      case 0: list.AddTriangleFilled({a.x, a.y}, {b.x, my}, {a.x, b.y}, color(s)); break;
      case 1: list.AddTriangleFilled({a.x, a.y}, {b.x, a.y}, {mx, b.y}, color(s)); break;
      case 2: list.AddTriangleFilled({b.x, a.y}, {b.x, b.y}, {a.x, my}, color(s)); break;
      default: list.AddTriangleFilled({a.x, b.y}, {mx, a.y}, {b.x, b.y}, color(s)); break;
    }
  }

  void polyline(const Shape& s) const {
    const float t = std::max(1.0f, std::floor(s.thickness * scale + 0.5f));
    for (std::uint32_t i = 0; i + 1 < s.point_count; ++i) {
      const Point p = scene.points[s.first_point + i], q = scene.points[s.first_point + i + 1];
      straight({snap(p.x), snap(p.y)}, {snap(q.x), snap(q.y)}, t, color(s));
    }
  }

  void area(const Shape& s) const {
    const float bottom = snap(s.box.y);
    for (std::uint32_t i = 0; i + 1 < s.point_count; ++i) {
      const Point p = scene.points[s.first_point + i], q = scene.points[s.first_point + i + 1];
      const float left = snap(p.x), right = snap(q.x);
      if (right > left) list.AddRectFilled({left, snap(p.y)}, {right, bottom}, color(s));
    }
  }

  void run_of_text(Font font, ImVec2& pen, std::string_view text, ImU32 col) const {
    const FontSpec& spec = font_spec(font);
    const float pixels = fonts.face_pixels(font);
    ImFont* face = fonts.face(font);
    if (spec.tracking == 0) {
      list.AddText(face, pixels, pen, col, text.data(), text.data() + text.size());
      pen.x += fonts.width(font, text) * scale;
      return;
    }
    while (!text.empty()) {
      const std::string_view one = text.substr(0, utf8_length(text));
      list.AddText(face, pixels, {std::floor(pen.x + 0.5f), pen.y}, col, one.data(), one.data() + one.size());
      pen.x += fonts.width(font, one) * scale;
      text.remove_prefix(one.size());
    }
  }

  void text(const Shape& s) const {
    const FontSpec& spec = font_spec(s.font);
    const float baseline = std::floor((s.box.middle_y() + spec.cap_height / 2) * scale + 0.5f);
    ImVec2 pen{snap(s.box.x), baseline - fonts.ascent_pixels(s.font)};
    std::string_view rest = s.text;
    while (!rest.empty()) {
      const std::size_t gap = std::min(rest.find(kThinGap), rest.size());
      if (gap > 0) run_of_text(s.font, pen, rest.substr(0, gap), text_color(theme, s.paint));
      rest.remove_prefix(gap);
      if (rest.empty()) break;
      pen.x += spec.em * kThinGapEm * scale;
      rest.remove_prefix(kThinGap.size());
    }
  }

  void paint(const Shape& s) const {
    switch (s.kind) {
      case ShapeKind::kFill: fill(s); break;
      case ShapeKind::kStroke: stroke(s); break;
      case ShapeKind::kDashStroke: dash_stroke(s); break;
      case ShapeKind::kHatch: hatch(s); break;
      case ShapeKind::kLine: line(s, false); break;
      case ShapeKind::kDashLine: line(s, true); break;
      case ShapeKind::kRing: ring(s); break;
      case ShapeKind::kDisc: disc(s); break;
      case ShapeKind::kTriangle: triangle(s); break;
      case ShapeKind::kPolyline: polyline(s); break;
      case ShapeKind::kArea: area(s); break;
      case ShapeKind::kText: text(s); break;
      case ShapeKind::kClip: list.PushClipRect(low(s.box), high(s.box), true); break;
      case ShapeKind::kUnclip: list.PopClipRect(); break;
    }
  }
};

}  // namespace

void paint_scene(const Scene& scene, ImDrawList& list, const Fonts& fonts, ThemeName theme) {
  const Painter painter{scene, list, fonts, theme};
  for (const Shape& shape : scene.shapes) painter.paint(shape);
}

void paint_parts(const Scene& scene, ImDrawList& list, const Fonts& fonts, ThemeName theme,
                 std::span<const Rect> parts, std::span<const std::size_t> without) {
  constexpr float kMargin = 1;  // edges land on whole pixels of the screen
  const Painter painter{scene, list, fonts, theme};
  std::vector<Rect> reaches;
  for (const Shape& shape : scene.shapes) reaches.push_back(reach_of(scene, shape).inset(-kMargin));
  for (const Rect& part : parts) {
    list.PushClipRect(painter.low(part), painter.high(part), true);
    auto left_out = without.begin();
    for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
      const Shape& shape = scene.shapes[i];
      const bool clips = shape.kind == ShapeKind::kClip || shape.kind == ShapeKind::kUnclip;
      if (left_out != without.end() && *left_out == i) {
        ++left_out;
      } else if (clips || reaches[i].overlaps(part)) {
        painter.paint(shape);
      }
    }
    list.PopClipRect();
  }
}

PixelBox pixels_of(const Rect& box, float scale) {
  const auto snapped = [&](float v) { return static_cast<int>(std::floor(v * scale + 0.5f)); };
  const int x = snapped(box.x), y = snapped(box.y);
  return {x, y, snapped(box.right()) - x, snapped(box.bottom()) - y};
}

}  // namespace sendscope::ui
