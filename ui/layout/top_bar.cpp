// The top bar: what is being looked at, and the settings of the window.
#include <algorithm>
#include <cmath>

#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/settings.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

constexpr float kPillHeight = 22;

void draw_logo(const Frame& frame, Rect row) {
  const Point centre{row.x + 20, row.middle_y()};
  frame.scene().ring(centre, 8, 1, {Tone::kAccent});
  frame.scene().disc(centre, 2.5f, {Tone::kAccent});
  frame.canvas.text({row.x + 36, row.y, 90, row.h}, Font::kTitle, kText, "sendscope");
}

std::string profile_words(const std::string& profile) {
  return profile.rfind("kafka-", 0) == 0 ? "Kafka " + profile.substr(6) : profile;
}

// Returns where the facts end.
float draw_facts(const Frame& frame, float x, float limit, Rect row) {
  const Facts& facts = frame.in.facts;
  struct Pill {
    std::string text;
    Paint ink;
    std::string tip;
  };
  std::vector<Pill> all;
  if (!facts.warning.empty())
    all.push_back(
        {said(Text::incomplete), {Tone::kTrouble}, said(Text::incomplete_tip_title) + "\n" + facts.warning});
  if (const std::uint64_t lost = frame.model().run.events_lost; lost > 0) {
    all.push_back({say(Text::events_missing, count_text(static_cast<std::int64_t>(lost))),
                   {Tone::kTrouble},
                   said(Text::events_missing_tip)});
  }
  if (!facts.profile.empty()) {
    all.push_back({profile_words(facts.profile), kSecondary, said(Text::profile_tip)});
  }
  if (facts.seed) {
    all.push_back({say(Text::seed, std::to_string(*facts.seed)), kSecondary, said(Text::seed_tip)});
  }
  if (!facts.kind.empty()) {
    all.push_back({facts.kind, {Tone::kAccent}, said(Text::source_of_events) + "\n" + facts.source});
  }
  x = draw_setting_chips(frame, x, limit, row);
  if (frame.in.view.presenting) return x;
  for (const Pill& fact : all) {
    if (x + pill_width(frame, fact.text) > limit) break;
    const Rect box = pill(frame, x, row, fact.text, fact.ink);
    frame.scene().hit(box, {}, "fact", fact.tip);
    x = box.right() + 6;
  }
  return x;
}

// Which of the events found the cursor has reached.
std::string found_count(const Frame& frame) {
  const View& view = frame.in.view;
  const auto passed = std::lower_bound(view.found.begin(), view.found.end(), frame.in.cursor.events);
  return say(Text::found_of, count_text(passed - view.found.begin()),
             count_text(static_cast<std::int64_t>(view.found.size())));
}

// What was searched for, and how far it was followed.
void draw_found_text(const Frame& frame, Rect inside) {
  const View& view = frame.in.view;
  const std::string count = found_count(frame);
  const float width = frame.canvas.width(Font::kMonoTiny, count);
  frame.canvas.text(inside.cut_right(width), Font::kMonoTiny, {Tone::kAccent}, count, Align::kRight);
  frame.canvas.text({inside.x, inside.y, inside.w - 8, inside.h}, Font::kSmall, kText, view.found_text);
}

std::string search_tip(const Frame& frame) {
  if (frame.in.view.found_text.empty()) return said(Text::search_tip);
  return say(Text::found_tip, frame.in.view.found_text) + "\n" +
         say(Text::found_keys, key_name(Verb::kFindNext, 1), key_name(Verb::kFindNext, -1),
             key_name(Verb::kClose));
}

void draw_search(const Frame& frame, Rect box) {
  frame.scene().fill(box, {Tone::kBackground}, kControlRadius);
  frame.scene().stroke(box, {Tone::kLine}, kControlRadius);
  frame.scene().hit(box, {}, "search", search_tip(frame), act(Verb::kSearch));
  Rect inside = box.inset(12, 0);
  if (!frame.in.view.found_text.empty()) return draw_found_text(frame, inside);
  const std::string key = key_name(Verb::kSearch);
  const float hint = frame.canvas.width(Font::kMonoTiny, key);
  if (inside.w > hint + 100) {
    frame.canvas.text(inside.cut_right(hint), Font::kMonoTiny, kFaint, key, Align::kRight);
    inside.w -= 8;
  }
  frame.canvas.text(inside, Font::kSmall, kFaint, command_label(Verb::kSearch));
}

// What is left of the search where its box has no room.
void draw_search_sign(const Frame& frame, Rect box) {
  button(frame, box, "", act(Verb::kSearch), search_tip(frame));
  if (!frame.in.view.found_text.empty())
    frame.canvas.text({box.x + 28, box.y, box.w - 36, box.h}, Font::kMonoTiny, {Tone::kAccent},
                      found_count(frame));
  const Point lens{box.x + 12.5f, box.middle_y() - 1.5f};
  frame.scene().ring(lens, 4.5f, 1, kSecondary);
  frame.scene().line({lens.x + 3.5f, lens.y + 3.5f}, {lens.x + 7.5f, lens.y + 7.5f}, kSecondary, 2);
}

// The half-filled disc that switches between dark and light.
void draw_theme_switch(const Frame& frame, Rect box) {
  const Point centre{box.middle_x(), box.middle_y()};
  frame.scene().ring(centre, 5, 0, {Tone::kSecondary, 1});
  frame.scene().clip({centre.x, box.y, 8, box.h});
  frame.scene().disc(centre, 5, {Tone::kSecondary});
  frame.scene().unclip();
  frame.scene().hit(box, {}, "theme", command_tip(Verb::kTheme), act(Verb::kTheme));
}

void draw_title(const Frame& frame, Rect box) {
  const std::string title = frame.in.facts.title.empty() ? said(Text::untitled_run) : frame.in.facts.title;
  const bool menu = !frame.in.facts.menu.empty();
  Rect words = box;
  if (menu) words.w -= 18;
  const float took = frame.canvas.text(words, Font::kBodyStrong, kText, title);
  if (menu) {
    frame.scene().triangle({box.x + took + 6, box.middle_y() - 2, 8, 5}, 1, kSecondary);
  }
  std::string tip = frame.in.facts.title;
  if (!frame.in.facts.summary.empty()) tip += "\n" + frame.in.facts.summary;
  if (menu) tip += tip_line(Text::click_opens_list);
  frame.scene().hit({box.x, box.y, took + (menu ? 18.0f : 0.0f), box.h}, {}, "title", tip,
                    menu ? act(Verb::kMenu) : Action{});
}

}  // namespace

void draw_top_bar(const Frame& frame) {
  const Rect bar = frame.at.top;
  Scene& scene = frame.scene();
  scene.fill(bar, {Tone::kPanel});
  scene.line({0, bar.bottom() - 1}, {bar.right(), bar.bottom() - 1}, {Tone::kLine});
  draw_logo(frame, bar);
  scene.line({122, bar.y + 11}, {122, bar.bottom() - 12}, {Tone::kLine});

  const Rect pills{0, bar.y + 10, 0, kPillHeight};
  float right = bar.right() - 12;
  const Rect help{right - 28, pills.y - 1, 28, 24};
  button(frame, help, key_name(Verb::kKeySheet), act(Verb::kKeySheet), say(Text::keys_tip));
  const Rect theme{help.x - 36, pills.y - 1, 28, 24};
  draw_theme_switch(frame, theme);
  const Rect scale{theme.x - 52, pills.y - 1, 48, 24};
  frame.canvas.text(scale, Font::kSmall, kSecondary, std::to_string(frame.in.view.scale_percent) + " %",
                    Align::kCentre);
  scene.hit(scale, {}, "scale", say(Text::scale_tip, key_name(Verb::kScaleUp), key_name(Verb::kScaleDown)),
            act(Verb::kScaleUp));
  right = scale.x - 12;
  if (frame.at.side_floats) {
    const bool lesson = !frame.in.facts.lesson.empty();
    const float wanted =
        std::ceil(frame.canvas.width(Font::kSmall, say(lesson ? Text::lesson : Text::inspector))) + 16;
    const float side_width = std::max(70.0f, wanted);
    const Rect side{right - side_width, pills.y - 1, side_width, 24};
    const bool open = !frame.at.side.empty();
    button(frame, side,
           say(open     ? Text::close
               : lesson ? Text::lesson
                        : Text::inspector),
           act(Verb::kSide), say(Text::side_tip, key_name(Verb::kClose)));
    right = side.x - 12;
  }

  const float sign = frame.in.view.found_text.empty()
                         ? 28
                         : 40 + std::ceil(frame.canvas.width(Font::kMonoTiny, found_count(frame)));
  const bool narrow = bar.w <= 860;
  const float search_width = bar.w > 1100 ? 268 : narrow ? sign : 190;
  const Rect search{right - search_width, pills.y - 1, search_width, 24};
  narrow ? draw_search_sign(frame, search) : draw_search(frame, search);
  right -= search_width + 16;
  const std::string& title = frame.in.facts.title;
  const float wanted = frame.canvas.width(Font::kBodyStrong, title) + 24;
  const float title_width = std::min(wanted, std::max(80.0f, right - 136 - (bar.w > 860 ? 120 : 0)));
  draw_title(frame, {136, bar.y, title_width, bar.h});
  draw_facts(frame, 136 + title_width + 8, right, pills);
}

}  // namespace sendscope::ui
