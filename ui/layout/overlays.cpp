#include "ui/layout/overlays.h"

#include <algorithm>
#include <cmath>

#include "ui/layout/format.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kTipLine = 16, kTipPad = 10;

// The line of a tip as its columns: name, value, configuration.
std::vector<std::string_view> columns(std::string_view line) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t tab = line.find('\t');
    parts.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return parts;
    line.remove_prefix(tab + 1);
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Sentences in lines of a readable length; rows of a name and a value stay as they are.
std::string wrapped(const Frame& frame, std::string_view tip) {
  constexpr float kLongest = 720;
  const float room = std::min(kLongest, frame.in.width - 16 - 2 * kTipPad - 1);
  std::string out;
  for (const std::string_view line : lines_of(tip)) {
    const Font font = out.empty() ? Font::kBodyStrong : Font::kLabel;
    const bool sentence = line.find('\t') == std::string_view::npos;
    if (!out.empty()) out += '\n';
    out += sentence ? wrap_text(frame.canvas.measure, font, line, room) : std::string(line);
  }
  return out;
}

struct TipSize {
  float names = 0, values = 0, configs = 0, prose = 0;
  // A pixel more than the sum, which is not exact.
  float width() const { return std::ceil(std::max(names + values + configs, prose)) + 1 + 2 * kTipPad; }
};

TipSize size_of(const Frame& frame, const std::vector<std::string_view>& lines) {
  TipSize size;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto parts = columns(lines[i]);
    if (i == 0 || parts.size() == 1) {
      size.prose =
          std::max(size.prose, frame.canvas.width(i == 0 ? Font::kBodyStrong : Font::kLabel, lines[i]));
      continue;
    }
    size.names = std::max(size.names, frame.canvas.width(Font::kLabel, parts[0]) + 14);
    size.values = std::max(size.values, frame.canvas.width(Font::kMonoSmall, parts[1]));
    if (parts.size() > 2)
      size.configs = std::max(size.configs, frame.canvas.width(Font::kMonoTiny, parts[2]) + 14);
  }
  return size;
}

// Beside the thing it speaks of, below it if there is room; where there is room nowhere, beside the pointer.
Rect place_tip(const Frame& frame, const Rect& thing, float width, float height) {
  constexpr float kApart = 6, kMargin = 8;
  const Point p = frame.in.view.pointer;
  const Rect window = Rect{0, 0, frame.in.width, frame.in.height}.inset(kMargin);
  const auto within = [](float at, float low, float high) {
    return std::clamp(at, low, std::max(low, high));
  };
  const float x = within(p.x - 20, window.x, window.right() - width);
  const float y = within(p.y - height / 2, window.y, window.bottom() - height);
  const Rect places[] = {{x, thing.bottom() + kApart, width, height},
                         {x, thing.y - height - kApart, width, height},
                         {thing.right() + kApart, y, width, height},
                         {thing.x - width - kApart, y, width, height}};
  for (const Rect& place : places) {
    if (window.holds(place)) return place;
  }
  return {within(p.x + 14, window.x, window.right() - width),
          within(p.y + 18, window.y, window.bottom() - height), width, height};
}

}  // namespace

Rect popup(const Frame& frame, Rect box, bool modal) {
  Scene& scene = frame.scene();
  const Rect window{0, 0, frame.in.width, frame.in.height};
  if (modal) scene.fill(window, {Tone::kShadow, 0.45f});
  scene.hit(window, {}, "popup", "", act(Verb::kClose));
  scene.fill({box.x - 1, box.y + 3, box.w + 2, box.h + 2}, {Tone::kShadow, 0.35f}, kCardRadius + 2);
  scene.fill(box, {Tone::kRaised}, kCardRadius);
  scene.stroke(box, {Tone::kLine}, kCardRadius);
  scene.hit(box, {}, "popup", "");
  return box.inset(12);
}

namespace {

// How far its lesson was read.
std::string progress_words(const MenuItem& item) {
  const std::string reached = std::to_string(*item.step + 1);
  if (item.steps == 0) return say(Text::step_reached, reached);
  return *item.step + 1 >= item.steps ? said(Text::lesson_read)
                                      : say(Text::step_reached_of, reached, std::to_string(item.steps));
}

void draw_menu_item(const Frame& frame, Rect box, std::size_t index) {
  const MenuItem& item = frame.in.facts.menu[index];
  const bool current = item.path == frame.in.facts.source;
  if (box.contains(frame.in.view.pointer))
    frame.scene().fill(box.inset(-4, 1), {Tone::kAccent, 0.16f}, kThingRadius);
  Rect head{box.x, box.y + 4, box.w, 16};
  if (item.step) {
    const std::string step = progress_words(item);
    frame.canvas.text(head.cut_right(frame.canvas.width(Font::kTiny, step) + 1), Font::kTiny, kSecondary,
                      step);
    head.w -= 8;
  }
  frame.canvas.text(head, Font::kBodyStrong, current ? Paint{Tone::kAccent} : kText, item.title);
  frame.canvas.text({box.x, box.y + 20, box.w, 14}, Font::kLabel, kSecondary, item.summary);
  frame.scene().hit(box, {}, "menu.item", item.title + "\n" + item.summary,
                    act(Verb::kOpen, static_cast<std::int64_t>(index)));
}

}  // namespace

// In two columns where one would not hold all; what does not fit even then is said, and the wheel reaches it.
void draw_scenario_menu(const Frame& frame) {
  constexpr float kRow = 40, kGap = 24, kMore = 20;
  const std::size_t count = frame.in.facts.menu.size();
  const float room = frame.in.height - 60;
  const bool two = static_cast<float>(count) * kRow + 24 > room && frame.in.width >= 1000;
  const std::size_t rows = two ? (count + 1) / 2 : count;
  const float width = two ? std::min(860.0f, frame.in.width - 160) : std::min(460.0f, frame.in.width - 160);
  const float height = std::min(static_cast<float>(rows) * kRow + 24, room);
  Rect area = popup(frame, {132, frame.at.top.bottom() - 4, width, height}, false);
  const bool all = static_cast<float>(rows) * kRow <= area.h;
  const auto fits = all ? rows : static_cast<std::size_t>((area.h - kMore) / kRow);
  const auto scrolled = static_cast<std::size_t>(std::max(0.0f, frame.in.view.scrolled(ListName::kMenu)));
  const std::size_t first = std::min(scrolled, rows - fits);
  frame.scene().hit(area, {}, "list", "", act(Verb::kScrollColumn, static_cast<int>(ListName::kMenu)));
  scrollbar(frame, {area.right() + 4, area.y, 3, area.h}, {{}, first, fits, rows}, ListName::kMenu,
            static_cast<float>(first));
  const float column = two ? (area.w - kGap) / 2 : area.w;
  for (std::size_t row = first; row < first + fits; ++row) {
    const float y = area.y + static_cast<float>(row - first) * kRow;
    draw_menu_item(frame, {area.x, y, column, kRow}, row);
    if (two && row + rows < count)
      draw_menu_item(frame, {area.x + column + kGap, y, column, kRow}, row + rows);
  }
  if (!all) {
    frame.canvas.text(
        {area.x, area.bottom() - 14, area.w, 14}, Font::kTiny, kSecondary,
        say(two ? Text::wheel_shows_rest_rows : Text::wheel_shows_rest, std::to_string(rows - fits)));
  }
}

void draw_tip(const Frame& frame) {
  const Hit* hit = explained_at(frame.scene(), frame.in.view.pointer);
  if (hit == nullptr || hit->tip.empty()) return;
  const std::string tip = wrapped(frame, hit->tip);
  const auto lines = lines_of(tip);
  const TipSize size = size_of(frame, lines);
  const float width = std::min(size.width(), frame.in.width - 16);
  const float height = static_cast<float>(lines.size()) * kTipLine + 2 * kTipPad - 2;
  const Rect place = place_tip(frame, hit->box, width, height);
  const Rect box{std::floor(place.x), std::floor(place.y), width, height};
  Scene& scene = frame.scene();
  scene.fill({box.x, box.y + 2, box.w, box.h + 1}, {Tone::kShadow, 0.4f}, kControlRadius);
  scene.fill(box, {Tone::kRaised}, kControlRadius);
  scene.stroke(box, {Tone::kLine}, kControlRadius);
  float line_y = box.y + kTipPad - 1;
  for (std::size_t i = 0; i < lines.size(); ++i, line_y += kTipLine) {
    const auto parts = columns(lines[i]);
    const Rect row{box.x + kTipPad, line_y, box.w - 2 * kTipPad, kTipLine};
    if (i == 0) {
      frame.canvas.text(row, Font::kBodyStrong, kText, parts[0]);
    } else if (parts.size() == 1) {
      frame.canvas.text(row, Font::kLabel, kSecondary, parts[0]);
    } else {
      frame.canvas.text({row.x, row.y, size.names, row.h}, Font::kLabel, kSecondary, parts[0]);
      frame.canvas.text({row.x + size.names, row.y, std::min(size.values + 1, row.w - size.names), row.h},
                        Font::kMonoSmall, kText, parts[1]);
    }
    if (i > 0 && parts.size() > 2) {
      const float left = size.names + size.values + 14;
      frame.canvas.text({row.x + left, row.y, row.w - left, row.h}, Font::kMonoTiny, {Tone::kAccent},
                        parts[2]);
    }
  }
}

void draw_overlays(const Frame& frame) {
  const View& view = frame.in.view;
  if (view.menu_open) draw_scenario_menu(frame);
  if (view.fault_open) draw_fault_menu(frame);
  if (view.palette_open) draw_palette(frame);
  if (view.keys_open) draw_key_sheet(frame);
  if (view.tip && !view.dragging) draw_tip(frame);
}

}  // namespace sendscope::ui
