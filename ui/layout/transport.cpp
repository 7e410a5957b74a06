// Play, pause, step, speed, and where in the run the cursor stands.
#include <algorithm>
#include <cmath>

#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

constexpr float kButtonHeight = 26, kButtonWidth = 34, kPlayWidth = 44;
constexpr double kSlowest = -3, kFastest = 2;  // powers of ten; the last part of the slider is "max"
constexpr float kMaxPart = 0.94f;
constexpr float kSliderX = 282, kSliderWidth = 100;

Rect row_of(const Regions& at) { return {at.transport.x, at.transport.y + 9, at.transport.w, kButtonHeight}; }

bool narrow(const Regions& at) { return at.transport.w < 760; }

enum class Icon { kStart, kBack, kPlay, kPause, kStep, kEnd };

void draw_icon(Scene& scene, Rect box, Icon icon, Paint ink) {
  const float x = box.middle_x(), y = box.middle_y();
  const auto arrow = [&](float left, float size, int turn) {
    scene.triangle({left, y - size / 2, size * 0.9f, size}, turn, ink);
  };
  const auto post = [&](float left) { scene.fill({left, y - 5, 2, 10}, ink); };
  switch (icon) {
    case Icon::kStart:
      post(x - 6);
      arrow(x - 4, 10, 2);
      break;
    case Icon::kBack: arrow(x - 5, 10, 2); break;
    case Icon::kPlay: arrow(x - 4, 12, 0); break;
    case Icon::kPause:
      scene.fill({x - 5, y - 6, 3, 12}, ink);
      scene.fill({x + 2, y - 6, 3, 12}, ink);
      break;
    case Icon::kStep: arrow(x - 4, 10, 0); break;
    case Icon::kEnd:
      arrow(x - 5, 10, 0);
      post(x + 5);
      break;
  }
}

float draw_buttons(const Frame& frame, Rect row) {
  struct Item {
    Icon icon;
    Verb verb;
    float width;
  };
  const bool playing = frame.in.view.playing;
  const Item items[] = {{Icon::kStart, Verb::kStart, kButtonWidth},
                        {Icon::kBack, Verb::kStepBack, kButtonWidth},
                        {playing ? Icon::kPause : Icon::kPlay, Verb::kPlayPause, kPlayWidth},
                        {Icon::kStep, Verb::kStep, kButtonWidth},
                        {Icon::kEnd, Verb::kEnd, kButtonWidth}};
  float x = 8;
  for (const Item& item : items) {
    const Rect box{x, row.y, item.width, row.h};
    const bool play = item.verb == Verb::kPlayPause;
    button(frame, box, "", act(item.verb), command_tip(item.verb), {.active = play});
    draw_icon(frame.scene(), box, item.icon, {play ? Tone::kOnAccent : Tone::kText});
    x += item.width + 6;
  }
  return x;
}

void draw_speed(const Frame& frame, Rect row) {
  const Rect slider = speed_slider(frame.at);
  if (frame.in.view.following) {
    const Rect words{slider.x - 46, row.y, slider.w + 108, row.h};
    frame.canvas.text(words, Font::kSmall, {Tone::kAccent}, say(Text::follows));
    frame.scene().hit(words, {}, "following",
                      said(Text::following_tip) + "\n" + say(Text::key_follows_again, key_name(Verb::kEnd)));
    return;
  }
  const double speed = frame.in.view.speed;
  frame.canvas.text({slider.x - 60, row.y, 54, row.h}, Font::kSmall, kSecondary, say(Text::speed),
                    Align::kRight);
  const float y = slider.middle_y(), knob = slider.x + speed_place(speed) * slider.w;
  frame.scene().fill({slider.x, y - 1, slider.w, 2}, {Tone::kLine}, 1);
  frame.scene().fill({slider.x, y - 1.5f, knob - slider.x, 3}, {Tone::kAccent}, 1);
  frame.scene().disc({knob, y}, 6, {Tone::kAccent});
  frame.canvas.text({slider.right() + 10, row.y, 52, row.h}, Font::kMono, kText, speed_text(speed));
  frame.scene().hit(
      {slider.x - 6, row.y, slider.w + 12, row.h}, {}, "speed",
      said(Text::speed_tip) + "\n" + say(Text::keys_are, key_name(Verb::kSlower), key_name(Verb::kFaster)),
      act(Verb::kSpeedGrab));
}

// Returns where the controls of playing end.
float draw_read_along(const Frame& frame, Rect row) {
  const float x = speed_slider(frame.at).right() + 68;
  if (frame.in.facts.lesson.empty() || frame.at.transport.w < 900) return x;
  const bool on = frame.in.view.read_along;
  const std::string_view label = say(Text::read_along);
  const Rect box{x, row.y, std::ceil(frame.canvas.width(Font::kSmall, label)) + 34, row.h};
  const Rect mark{box.x + 8, box.middle_y() - 5, 10, 10};
  frame.scene().stroke(mark, {on ? Tone::kAccent : Tone::kSecondary}, 2);
  if (on) frame.scene().fill(mark.inset(2), {Tone::kAccent}, 1);
  frame.canvas.text({mark.right() + 6, row.y, box.right() - mark.right() - 6, row.h}, Font::kSmall,
                    on ? Paint{Tone::kAccent} : kSecondary, label);
  frame.scene().hit(box, {}, "read_along", said(Text::read_along_tip) + key_line(Verb::kReadAlong),
                    act(Verb::kReadAlong));
  return box.right() + 4;
}

// Returns where its words end, `limit` at the most.
float draw_clock(const Frame& frame, Rect row, float x, float limit) {
  const Canvas& canvas = frame.canvas;
  const std::string clock = clock_text(frame.now());
  const float took = canvas.width(Font::kClock, clock);
  canvas.text({x, row.y, took + 1, row.h}, Font::kClock, {Tone::kCursor}, clock);
  frame.scene().hit({x, row.y, took, row.h}, {}, "clock", say(Text::clock_tip));
  x += took + 16;
  const std::string_view word = say(Text::event);
  const std::string number = count_text(static_cast<std::int64_t>(frame.in.cursor.events));
  const std::string all = say(frame.in.facts.growing ? Text::of_all_growing : Text::of_all,
                              count_text(static_cast<std::int64_t>(frame.in.log.size())));
  const auto put = [&](Font font, Paint ink, std::string_view text) {
    const float width = canvas.width(font, text);
    canvas.text({x, row.y, width + 1, row.h}, font, ink, text);
    x += width + 6;
  };
  // The number is what matters most, then what it counts.
  const float numbers = canvas.width(Font::kMono, number), words = canvas.width(Font::kSmall, word) + 6;
  const bool named = x + words + numbers <= limit;
  if (named) put(Font::kSmall, kSecondary, word);
  if (x + numbers <= limit) put(Font::kMono, kText, number);
  if (named && x + canvas.width(Font::kSmall, all) <= limit) put(Font::kSmall, kSecondary, all);
  return x;
}

std::string subject_label(const Frame& frame) {
  const Subject& selected = frame.in.view.selected;
  switch (selected.kind) {
    case SubjectKind::kBatch: return batch_label(selected.id);
    case SubjectKind::kRecord: return record_label(selected.id);
    case SubjectKind::kRequest: return say(EventText::request, request_label(selected.id));
    default: return describe(selected, frame.in.log);
  }
}

Rect fault_button(const Frame& frame, Rect row) {
  const float words = std::ceil(frame.canvas.width(Font::kSmall, command_label(Verb::kFaultMenu)));
  const float width = std::max(130.0f, words + 24);
  return {frame.at.transport.right() - 12 - width, row.y, width, row.h};
}

// In a narrow window: a word, or a flash.
Rect small_fault_button(const Frame& frame, Rect row) {
  const float words = std::ceil(frame.canvas.width(Font::kSmall, say(Text::break_brief))) + 20;
  const float width = frame.at.transport.w > 760 ? words : 30;
  return {frame.at.transport.right() - 12 - width, row.y, width, row.h};
}

void draw_small_fault_button(const Frame& frame, Rect box) {
  Action breaks = act(Verb::kFaultMenu);
  breaks.subject = frame.in.view.selected;
  const bool word = box.w > 30, disabled = !frame.in.facts.can_submit;
  button(frame, box, word ? say(Text::break_brief) : std::string_view(), breaks,
         std::string(command_label(Verb::kFaultMenu)) + key_line(Verb::kFaultMenu) + "\n" +
             said(Text::break_tip),
         {.disabled = disabled});
  if (word) return;
  const float x = box.middle_x(), y = box.middle_y();
  frame.scene().polyline({{x + 2, y - 8}, {x - 3, y + 1}, {x + 3, y + 1}, {x - 2, y + 8}},
                         disabled ? kFaint : kText, 1.5f);
}

void draw_follow(const Frame& frame, Rect row, float from) {
  const float right = frame.at.transport.right() - 12;
  if (!is_set(frame.in.view.selected)) {
    button(frame, fault_button(frame, row), command_label(Verb::kFaultMenu), act(Verb::kFaultMenu),
           say(Text::break_tip), {.disabled = !frame.in.facts.can_submit});
    return;
  }
  const std::string label = say(Text::follow, subject_label(frame));
  const float room = std::max(60.0f, right - 60 - from - 8);
  const float width = std::min({200.0f, room, frame.canvas.width(Font::kSmall, label) + 16});
  const Rect next{right - 30, row.y, 30, row.h}, words{next.x - width, row.y, width, row.h};
  const Rect previous{words.x - 30, row.y, 30, row.h};
  button(frame, previous, "", act(Verb::kFollowPrevious), command_tip(Verb::kFollowPrevious));
  button(frame, next, "", act(Verb::kFollowNext), command_tip(Verb::kFollowNext));
  frame.scene().triangle({previous.middle_x() - 4, previous.middle_y() - 5, 8, 10}, 2, kText);
  frame.scene().triangle({next.middle_x() - 4, next.middle_y() - 5, 8, 10}, 0, kText);
  frame.canvas.text(words.inset(6, 0), Font::kSmall, {Tone::kAccent}, label, Align::kCentre);
}

}  // namespace

Rect speed_slider(const Regions& at) {
  const Rect row = row_of(at);
  return {kSliderX, row.y + 5, narrow(at) ? 60 : kSliderWidth, row.h - 10};
}

float speed_place(double speed) {
  if (speed <= 0) return 1;
  const double part = (std::log10(speed) - kSlowest) / (kFastest - kSlowest);
  return static_cast<float>(std::clamp(part, 0.0, 1.0)) * kMaxPart;
}

double slider_speed(const Rect& slider, float x) {
  const float part = std::clamp((x - slider.x) / slider.w, 0.0f, 1.0f);
  if (part > (1 + kMaxPart) / 2) return 0;
  const double power = kSlowest + std::min(1.0f, part / kMaxPart) * (kFastest - kSlowest);
  const double steps = std::round(power * 10) / 10;  // ten stops a decade
  return std::pow(10.0, steps);
}

void draw_transport(const Frame& frame) {
  const Rect bar = frame.at.transport, row = row_of(frame.at);
  frame.scene().fill(bar, {Tone::kPanel});
  frame.scene().line({0, bar.bottom() - 1}, {bar.right(), bar.bottom() - 1}, {Tone::kLine});
  draw_buttons(frame, row);
  draw_speed(frame, row);
  const float after = draw_read_along(frame, row);
  frame.scene().line({after, row.y}, {after, row.bottom()}, {Tone::kLine});
  const bool follows = bar.w > 900;
  const Rect breaks = follows ? fault_button(frame, row) : small_fault_button(frame, row);
  const float clock = draw_clock(frame, row, after + 14, breaks.x - 12);
  follows ? draw_follow(frame, row, clock) : draw_small_fault_button(frame, breaks);
}

}  // namespace sendscope::ui
