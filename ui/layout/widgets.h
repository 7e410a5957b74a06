// The few forms that all parts of the window are made of, so that they look alike everywhere.
#pragma once

#include <functional>
#include <initializer_list>

#include "ui/layout/frame.h"

namespace sendscope::ui {

inline constexpr float kThingRadius = 3, kControlRadius = 5, kCardRadius = 6;
inline constexpr Paint kText{Tone::kText}, kSecondary{Tone::kSecondary}, kFaint{Tone::kFaint};

// While it lives, what is added has the opacity of the subject, whatever it lies in: full when it belongs to
// what is selected or lit.
class Dimmed {
 public:
  Dimmed(const Frame& frame, const Subject& subject) : scene_(frame.scene()), before_(scene_.dim) {
    if (is_set(subject)) scene_.dim = frame.related.opacity(subject);
  }
  ~Dimmed() { scene_.dim = before_; }
  Dimmed(const Dimmed&) = delete;
  Dimmed& operator=(const Dimmed&) = delete;

 private:
  Scene& scene_;
  float before_;
};

// The heading of a column or panel ("BUFFER POOL   64 KiB"); the note is left out where it has no room.
void heading(const Frame& frame, Rect row, std::string_view title, std::string_view note = {},
             std::string_view tip = {});

struct CardStyle {
  Tone border = Tone::kLine;
  float weight = 1;
  Tone edge = Tone::kCount_;  // a bar of 4 px at the left; kCount_: none
};
void card(const Frame& frame, Rect box, const Subject& subject, const CardStyle& style);

// A rounded label; returns its box. Right-aligned ones end at `x`.
Rect pill(const Frame& frame, float x, Rect row, std::string_view text, Paint ink, bool mono = false,
          Tone border = Tone::kLine);
float pill_width(const Frame& frame, std::string_view text, bool mono = false);

struct ButtonStyle {
  bool active = false;    // the one that matters most: filled with the accent
  bool disabled = false;  // cannot be pressed now
};
void button(const Frame& frame, Rect box, std::string_view label, const Action& action, std::string_view tip,
            const ButtonStyle& style = {});

// A horizontal bar: `part` (0..1) of it filled.
void bar(const Frame& frame, Rect box, float part, Paint paint);

// How a list of `count` things fits a height: the largest of the sizes at which all fit, else the smallest,
// scrolled, with a last row that says how many more there are.
struct RowSize {
  float height, gap;
};
struct RowPlan {
  RowSize size{};
  std::size_t first = 0, shown = 0, total = 0;
  bool folded() const { return shown < total; }
  float y(const Rect& area, std::size_t row) const {
    return area.y + static_cast<float>(row) * (size.height + size.gap);
  }
};
inline constexpr float kMoreRow = 16;
// `below`: what the last row takes, where the caller leaves one.
RowPlan plan_rows(float height, std::size_t count, std::initializer_list<RowSize> sizes, float scroll,
                  float below = kMoreRow);
// "3 above, 12 below" under a folded list, and the box that scrolls it.
void more_row(const Frame& frame, const Rect& area, const RowPlan& plan, ListName list);

// How far a list is scrolled: its thumb can be dragged, and a click beside it goes a page on. `from`: what
// View::scroll says of it now.
void scrollbar(const Frame& frame, Rect track, const RowPlan& plan, ListName list, float from);

// Content that may be higher than its place is scrolled by lines. draw(area) draws all of it; what lies
// outside of its place is neither seen nor hit, nor is a text that the edge would cut.
using DrawContent = std::function<void(const Rect& area)>;
void scrolled(const Frame& frame, Rect place, float height, float line, ListName list,
              const DrawContent& draw);

// Text broken into lines of this height, which are taken off the area.
void draw_lines(const Frame& frame, Rect& area, Font font, Paint ink, float line, std::string_view text);

// Marks what the last event was about: a thin line in the colour of time.
void mark_if_last(const Frame& frame, Rect box, const Subject& subject, float radius);

// The part of a span of time that is left at `now`, 0..1.
float part_left(Nanos from, Nanos until, Nanos now);

}  // namespace sendscope::ui
