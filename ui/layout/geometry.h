// Plain geometry in logical pixels: one logical pixel is one screen pixel at a UI scale of 100 %.
#pragma once

#include <algorithm>

namespace sendscope::ui {

struct Point {
  float x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  float middle_x() const { return x + w / 2; }
  float middle_y() const { return y + h / 2; }
  bool empty() const { return w <= 0 || h <= 0; }
  bool contains(Point p) const { return p.x >= x && p.y >= y && p.x < right() && p.y < bottom(); }
  // Whether all of `other` lies inside, up to rounding.
  bool holds(const Rect& other) const {
    constexpr float kSlack = 0.01f;
    return other.x >= x - kSlack && other.y >= y - kSlack && other.right() <= right() + kSlack &&
           other.bottom() <= bottom() + kSlack;
  }
  bool overlaps(const Rect& other) const {
    constexpr float kSlack = 0.01f;
    return x + kSlack < other.right() && other.x + kSlack < right() && y + kSlack < other.bottom() &&
           other.y + kSlack < bottom();
  }
  Rect inset(float dx, float dy) const {
    return {x + dx, y + dy, std::max(0.0f, w - 2 * dx), std::max(0.0f, h - 2 * dy)};
  }
  Rect inset(float d) const { return inset(d, d); }
  Rect clipped(const Rect& to) const {
    const float left = std::max(x, to.x), top = std::max(y, to.y);
    return {left, top, std::max(0.0f, std::min(right(), to.right()) - left),
            std::max(0.0f, std::min(bottom(), to.bottom()) - top)};
  }
  // Each takes a strip off one side of this rectangle and returns it.
  Rect cut_top(float d) {
    const Rect strip{x, y, w, std::min(d, h)};
    y += strip.h;
    h -= strip.h;
    return strip;
  }
  Rect cut_bottom(float d) {
    const float take = std::min(d, h);
    h -= take;
    return {x, y + h, w, take};
  }
  Rect cut_left(float d) {
    const Rect strip{x, y, std::min(d, w), h};
    x += strip.w;
    w -= strip.w;
    return strip;
  }
  Rect cut_right(float d) {
    const float take = std::min(d, w);
    w -= take;
    return {x + w, y, take, h};
  }
  bool operator==(const Rect&) const = default;
};

}  // namespace sendscope::ui
