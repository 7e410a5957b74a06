#include "ui/layout/changed_parts.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <unordered_map>
#include <utility>

namespace sendscope::ui {
namespace {

constexpr float kTile = 32;
constexpr float kMost = 0.75f;  // of all tiles; beyond that the whole is drawn
constexpr float kEverywhere = 1e6f;

// FNV-1a.
class Look {
 public:
  template <typename Number>
  void add(const Number& number) {
    unsigned char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    for (const unsigned char byte : bytes) mix(byte);
  }
  void add(const Rect& box) {
    for (const float edge : {box.x, box.y, box.w, box.h}) add(edge);
  }
  void add(const std::string& text) {
    for (const char letter : text) mix(static_cast<unsigned char>(letter));
  }
  std::uint64_t value() const { return value_; }

 private:
  void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }
  std::uint64_t value_ = 0xcbf29ce484222325;
};

std::uint64_t look_of(const Shape& shape, std::span<const Point> points, const Rect& clip) {
  Look look;
  look.add(shape.kind);
  look.add(shape.font);
  look.add(shape.paint.tone);
  look.add(shape.paint.opacity);
  look.add(shape.box);
  for (const float number :
       {shape.end.x, shape.end.y, shape.radius, shape.thickness, shape.value, shape.step})
    look.add(number);
  for (const Point point : points) {
    look.add(point.x);
    look.add(point.y);
  }
  look.add(clip);
  look.add(shape.text);
  return look.value();
}

// What grows at one end changes there only: such shapes count as their pieces. A box without round corners
// has one for each column of tiles, a line of many points one for each of its segments.
template <typename Take>
void for_each_piece(const Scene& scene, const Shape& shape, Take take) {
  const auto points = std::span(scene.points).subspan(shape.first_point, shape.point_count);
  const bool flat = (shape.kind == ShapeKind::kFill && shape.radius == 0) || shape.kind == ShapeKind::kHatch;
  if (flat && shape.box.w > kTile) {
    Shape piece = shape;
    for (float x = shape.box.x; x < shape.box.right();) {
      const float next = std::min((std::floor(x / kTile) + 1) * kTile, shape.box.right());
      piece.box.x = x;
      piece.box.w = next - x;
      take(piece, points);
      x = next;
    }
  } else if (shape.kind == ShapeKind::kPolyline || shape.kind == ShapeKind::kArea) {
    Shape piece = shape;
    piece.point_count = 2;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      piece.first_point = shape.first_point + static_cast<std::uint32_t>(i);
      take(piece, points.subspan(i, 2));
    }
  } else {
    take(shape, points);
  }
}

// The tiles of a picture, and which of them differ.
class Tiles {
 public:
  Tiles(float width, float height)
      : width_(width),
        height_(height),
        columns_(static_cast<int>(std::ceil(width / kTile))),
        rows_(static_cast<int>(std::ceil(height / kTile))),
        marked_(static_cast<std::size_t>(columns_ * rows_), false) {}

  void mark(const Rect& box) {
    if (box.empty()) return;
    const auto tile = [](float at, int last) {
      return static_cast<int>(std::clamp(std::floor(at / kTile), 0.0f, static_cast<float>(last)));
    };
    constexpr float kMargin = 1;  // edges land on whole pixels of the screen
    for (int row = tile(box.y - kMargin, rows_ - 1); row <= tile(box.bottom() + kMargin, rows_ - 1); ++row) {
      for (int column = tile(box.x - kMargin, columns_ - 1);
           column <= tile(box.right() + kMargin, columns_ - 1); ++column)
        marked_[at(row, column)] = true;
    }
  }

  bool mostly() const {
    const auto count = std::count(marked_.begin(), marked_.end(), true);
    return static_cast<float>(count) > kMost * static_cast<float>(marked_.size());
  }

  // Runs of a row; a run of the same columns in the row above grows downwards.
  std::vector<Rect> boxes() const {
    std::vector<Rect> boxes;
    for (int row = 0; row < rows_; ++row) {
      for (int from = 0; from < columns_; ++from) {
        if (!marked_[at(row, from)]) continue;
        int to = from;
        while (to < columns_ && marked_[at(row, to)]) ++to;
        add({x(from), y(row), x(to) - x(from), y(row + 1) - y(row)}, boxes);
        from = to;
      }
    }
    return boxes;
  }

 private:
  std::size_t at(int row, int column) const { return static_cast<std::size_t>(row * columns_ + column); }
  float x(int column) const { return std::min(width_, static_cast<float>(column) * kTile); }
  float y(int row) const { return std::min(height_, static_cast<float>(row) * kTile); }

  static void add(const Rect& run, std::vector<Rect>& boxes) {
    for (Rect& above : boxes) {
      if (above.x != run.x || above.w != run.w || above.bottom() != run.y) continue;
      above.h += run.h;
      return;
    }
    boxes.push_back(run);
  }

  float width_, height_;
  int columns_, rows_;
  std::vector<bool> marked_;
};

}  // namespace

std::vector<ChangedParts::Trace> ChangedParts::traces_of(const Scene& scene) {
  std::vector<Trace> traces;
  std::vector<Rect> clips = {{-kEverywhere, -kEverywhere, 2 * kEverywhere, 2 * kEverywhere}};
  traces.reserve(scene.shapes.size());
  for (const Shape& shape : scene.shapes) {
    if (shape.kind == ShapeKind::kClip) {
      clips.push_back(shape.box.clipped(clips.back()));
    } else if (shape.kind == ShapeKind::kUnclip) {
      clips.pop_back();
    } else {
      for_each_piece(scene, shape, [&](const Shape& piece, std::span<const Point> points) {
        traces.push_back(
            {look_of(piece, points, clips.back()), reach_of(scene, piece).clipped(clips.back())});
      });
    }
  }
  return traces;
}

// Shapes that both have stand in the same order in both; all others differ.
std::vector<Rect> ChangedParts::differing(const std::vector<Trace>& before, const std::vector<Trace>& after) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> places;  // from the last one to the first
  for (std::size_t i = before.size(); i-- > 0;) places[before[i].look].push_back(i);
  std::vector<Rect> boxes;
  std::size_t passed = 0;
  for (const Trace& trace : after) {
    const auto found = places.find(trace.look);
    while (found != places.end() && !found->second.empty() && found->second.back() < passed)
      found->second.pop_back();
    if (found == places.end() || found->second.empty()) {
      boxes.push_back(trace.reach);
      continue;
    }
    const std::size_t same = found->second.back();
    for (std::size_t gone = passed; gone < same; ++gone) boxes.push_back(before[gone].reach);
    passed = same + 1;
  }
  for (std::size_t gone = passed; gone < before.size(); ++gone) boxes.push_back(before[gone].reach);
  return boxes;
}

std::vector<Rect> ChangedParts::next(const Scene& scene, float width, float height) {
  const std::vector<Trace> before = std::exchange(before_, traces_of(scene));
  const bool whole = before.empty() || width != width_ || height != height_;
  width_ = width;
  height_ = height;
  const std::vector<Rect> all = {{0, 0, width, height}};
  if (whole) return all;
  Tiles tiles(width, height);
  for (const Rect& box : differing(before, before_)) tiles.mark(box);
  return tiles.mostly() ? all : tiles.boxes();
}

}  // namespace sendscope::ui
