#include "ui/layout/side.h"

#include <algorithm>
#include <cmath>

#include "core/event/narration.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/wait_look.h"

namespace sendscope::ui {
namespace {

constexpr float kFactRow = 20, kWhyRow = 21;

void rule(const Frame& frame, const Rect& area, float y) {
  frame.scene().line({area.x, y}, {area.right(), y}, {Tone::kLine});
}

void draw_title(const Frame& frame, Rect row, const SubjectFacts& facts) {
  const Rect next{row.right() - 14, row.y, 14, row.h}, previous{next.x - 15, row.y, 14, row.h};
  frame.scene().triangle({previous.x + 3, row.middle_y() - 5, 8, 10}, 2, kSecondary);
  frame.scene().triangle({next.x + 3, row.middle_y() - 5, 8, 10}, 0, kSecondary);
  frame.scene().hit(previous, {}, "side.back", command_tip(Verb::kSelectPrevious),
                    act(Verb::kSelectPrevious));
  frame.scene().hit(next, {}, "side.forward", command_tip(Verb::kSelectNext), act(Verb::kSelectNext));
  const float room = previous.x - row.x - 8;
  const float took = frame.canvas.text({row.x, row.y, room, row.h}, Font::kTitle, kText, facts.title);
  const Font font = facts.of.find('-') != std::string::npos ? Font::kMono : Font::kSmall;
  frame.canvas.text({row.x + took + 10, row.y, room - took - 10, row.h}, font, facts.of_ink, facts.of);
}

// At the right end of the row, in their order; `row` keeps what is left of it.
void draw_choices(const Frame& frame, Rect& row, const std::vector<FactChoice>& choices) {
  constexpr float kPad = 7, kApart = 4;
  for (auto choice = choices.rbegin(); choice != choices.rend(); ++choice) {
    const float width = frame.canvas.width(Font::kMonoTiny, choice->label) + 2 * kPad;
    const Rect box = row.cut_right(width).inset(0, 2);
    row.w -= kApart;
    const bool lit = choice->chosen || box.contains(frame.in.view.pointer);
    if (choice->chosen) frame.scene().fill(box, {Tone::kAccent, 0.2f}, kThingRadius);
    frame.scene().stroke(box, {lit ? Tone::kAccent : Tone::kLine}, kThingRadius);
    frame.canvas.text(box, Font::kMonoTiny, lit ? Paint{Tone::kAccent} : kText, choice->label,
                      Align::kCentre);
    frame.scene().hit(box, {}, "fact.choice", choice->tip, choice->click);
  }
}

// What a click on a fact does; one that selects or changes nothing is copied.
Action click_on(const Fact& fact) {
  if (is_set(fact.subject)) return select_action(fact.subject);
  if (fact.click) return fact.click;
  Action copy = act(Verb::kCopy);
  copy.text = fact.value;
  return copy;
}

void draw_fact(const Frame& frame, Rect row, const Fact& fact) {
  if (fact.heading) {
    frame.canvas.text(row, Font::kHeading, kSecondary, fact.name);
    return;
  }
  draw_choices(frame, row, fact.choices);
  // A value that is lit among the choices is not said twice.
  const bool lit = std::any_of(fact.choices.begin(), fact.choices.end(),
                               [](const FactChoice& choice) { return choice.chosen; });
  const float name = frame.canvas.width(Font::kSmall, fact.name);
  const float value_room = std::max(row.w * 0.35f, row.w - name - 12);
  const float took =
      lit ? 0
          : frame.canvas.text({row.right() - value_room, row.y, value_room, row.h},
                              fact.prose ? Font::kSmall : Font::kMono, fact.ink, fact.value, Align::kRight);
  frame.canvas.text({row.x, row.y, row.w - took - 8, row.h}, Font::kSmall, kSecondary, fact.name);
  const Text does = is_set(fact.subject) ? Text::click_selects
                    : fact.click         ? Text::click_changes
                                         : Text::click_copies;
  frame.scene().hit(
      row, {}, "fact",
      fact.name + "\t" + fact.value + (fact.config.empty() ? "" : "\t" + fact.config) + tip_line(does),
      click_on(fact));
}

// Takes the rows it needs off the area; what does not fit in `part` of it is scrolled.
void draw_facts(const Frame& frame, Rect& area, const std::vector<Fact>& facts, float part) {
  const float needed = static_cast<float>(facts.size()) * kFactRow;
  const Rect list = area.cut_top(std::min(needed, std::max(2 * kFactRow + kMoreRow, area.h * part)));
  const RowPlan plan =
      plan_rows(list.h, facts.size(), {{kFactRow, 0}}, frame.in.view.scrolled(ListName::kFacts));
  if (plan.folded())
    frame.scene().hit(list, {}, "list", "", act(Verb::kScrollColumn, static_cast<int>(ListName::kFacts)));
  for (std::size_t i = 0; i < plan.shown; ++i)
    draw_fact(frame, {list.x, plan.y(list, i), list.w, kFactRow}, facts[plan.first + i]);
  if (plan.folded()) more_row(frame, list, plan, ListName::kFacts);
}

void draw_slice(const Frame& frame, Rect row, const WaitSlice& slice, Nanos longest) {
  const std::string value = millis_text(slice.duration());
  const float value_width = std::max(48.0f, frame.canvas.width(Font::kMono, value));
  const float bar_room = 62;
  const Rect words{row.x, row.y, row.w - value_width - bar_room - 16, row.h};
  std::string cause(wait_cause_text(slice.cause));
  frame.canvas.text(words, Font::kSmall, kText, cause);
  const float part = static_cast<float>(static_cast<double>(slice.duration()) /
                                        static_cast<double>(std::max<Nanos>(1, longest)));
  frame.scene().fill({words.right() + 6, row.middle_y() - 4, std::max(1.0f, part * bar_room), 8},
                     {wait_look(slice.cause).tone, 0.8f}, 2);
  frame.canvas.text({row.right() - value_width, row.y, value_width, row.h}, Font::kMono, kText, value,
                    Align::kRight);
  std::string tip = cause + tip_row(Text::milliseconds, value);
  if (slice.attempt > 0) tip += tip_row(Text::attempt, std::to_string(slice.attempt));
  Action seek = act(Verb::kSeek, slice.to);
  if (slice.ended_by < frame.in.log.size() && slice.ended_by < frame.in.cursor.events) {
    tip += tip_row(Text::ended_by,
                   narrate(frame.in.log[slice.ended_by], frame.in.words(), frame.in.log.names()));
    seek = act(Verb::kSeekEvent, static_cast<std::int64_t>(slice.ended_by) + 1);
  }
  frame.scene().hit(row, {}, "why", tip + tip_line(Text::click_to_its_end), seek);
}

std::string not_yet_words(const Frame& frame, const NotYet& not_yet) {
  const std::string partition =
      not_yet.partition == kNoPlace ? "" : partition_label(frame, not_yet.partition);
  const std::string behind =
      is_set(not_yet.behind) ? describe(not_yet.behind, frame.in.log) : said(Text::something_else);
  const std::string left =
      not_yet.until > frame.now() ? short_duration(not_yet.until - frame.now()) : said(Text::a_while);
  return fill(not_yet_text(not_yet.cause), {partition, behind, left});
}

// What has not happened, and why; a click goes to what it waits for. Takes the rows it needs off the area.
void draw_not_yet(const Frame& frame, Rect& area, const NotYet& not_yet) {
  constexpr float kLine = 17;
  const std::string words = not_yet_words(frame, not_yet);
  const float top = area.y;
  draw_lines(frame, area, Font::kSmall, {Tone::kWaiting}, kLine, words);
  const bool linked = is_set(not_yet.behind);
  frame.scene().hit({area.x, top, area.w, area.y - top}, not_yet.behind, "why.not",
                    words + (linked ? tip_line(Text::click_selects) : ""),
                    linked ? select_action(not_yet.behind) : Action{});
  area.cut_top(4);
}

// Returns how much height it took.
float draw_why(const Frame& frame, Rect area) {
  const WaitReport& report = frame.in.inspection.why;
  if (!report.known || area.h < 70) return 0;
  const float top = area.y;
  rule(frame, area, top);
  const std::string title =
      say(report.over ? Text::heading_why : Text::heading_why_so_far, millis_text(report.total()));
  frame.canvas.text({area.x, area.y + 6, area.w, 18}, Font::kHeading, kSecondary, title);
  area.cut_top(26);
  if (!report.over && area.h > 100) draw_not_yet(frame, area, report.not_yet);
  std::vector<WaitSlice> slices = report.summary();
  Nanos longest = 1, sum = 0;
  for (const WaitSlice& slice : slices) longest = std::max(longest, slice.duration());
  for (const WaitSlice& slice : slices) sum += slice.duration();
  float y = area.y;
  const auto room = static_cast<std::size_t>(std::max(0.0f, (area.h - 28) / kWhyRow));
  for (std::size_t i = 0; i < slices.size() && i < room; ++i, y += kWhyRow) {
    draw_slice(frame, {area.x, y, area.w, kWhyRow}, slices[i], longest);
  }
  if (slices.size() > room) {
    frame.canvas.text({area.x, y, area.w, 16}, Font::kTiny, kSecondary,
                      say(Text::and_more, std::to_string(slices.size() - room)));
    y += 16;
  }
  const bool exact = sum == report.total();
  const std::string check = say(exact ? Text::sum_is_age : Text::sum_is_not_age, millis_text(sum));
  frame.canvas.text({area.x, y + 3, area.w, 16}, Font::kLabel, {exact ? Tone::kOk : Tone::kTrouble}, check);
  return y + 24 - top;
}

void draw_history(const Frame& frame, Rect area) {
  const SubjectEvents* events = frame.in.inspection.events;
  if (events == nullptr || area.h < 44) return;
  rule(frame, area, area.y);
  frame.canvas.text({area.x, area.y + 6, area.w, 18}, Font::kHeading, kSecondary, say(Text::heading_history));
  const auto& all = events->events();
  const auto end = static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), frame.in.cursor.events) -
                                            all.begin());
  const auto rows = static_cast<std::size_t>((area.h - 26) / kFactRow);
  const auto back = static_cast<std::size_t>(std::max(0.0f, -frame.in.view.scrolled(ListName::kSide)));
  const std::size_t last = end - std::min(back, end - std::min(end, rows));
  const std::size_t first = last - std::min(last, rows);
  frame.scene().hit(area, {}, "list", "", act(Verb::kScrollColumn, static_cast<int>(ListName::kSide)));
  scrollbar(frame, {area.right() + 2, area.y + 26, 3, area.h - 26}, {{}, first, last - first, end},
            ListName::kSide, -static_cast<float>(end - last));
  for (std::size_t i = first; i < last; ++i) {
    const Event& event = frame.in.log[all[i]];
    const Rect row{area.x, area.y + 26 + static_cast<float>(i - first) * kFactRow, area.w, kFactRow};
    const bool now = all[i] + 1 == frame.in.cursor.events;
    const Paint ink = now ? Paint{Tone::kCursor} : kText;
    frame.canvas.text({row.x, row.y, 56, row.h}, Font::kMonoTiny, now ? ink : kSecondary,
                      format_time(event.t), Align::kRight);
    frame.scene().disc({row.x + 66, row.middle_y()}, 2.5f, now ? ink : kFaint);
    const std::string sentence = narrate(event, frame.in.words(), frame.in.log.names());
    frame.canvas.text({row.x + 76, row.y, row.w - 76, row.h}, Font::kLabel, ink,
                      narrate_briefly(event, frame.in.words(), frame.in.log.names()));
    frame.scene().hit(row, {}, "history", sentence + tip_line(Text::click_goes_there),
                      act(Verb::kSeekEvent, static_cast<std::int64_t>(all[i]) + 1));
  }
}

void draw_side_tabs(const Frame& frame, Rect row, bool inspecting) {
  const float half = row.w / 2;
  const auto tab = [&](float x, std::string_view label, bool active, const Action& action) {
    const Rect box{x, row.y, half, row.h};
    frame.canvas.text(box, Font::kSmall, active ? Paint{Tone::kAccent} : kSecondary, label, Align::kCentre);
    if (active) frame.scene().fill({x, row.bottom() - 2, half, 2}, {Tone::kAccent}, 1);
    frame.scene().hit(box, {}, "side.tab", "", action);
  };
  tab(row.x, say(Text::inspector), inspecting, act(Verb::kSideTab, static_cast<int>(SideTab::kInspector)));
  tab(row.x + half, say(Text::lesson), !inspecting, act(Verb::kSideTab, static_cast<int>(SideTab::kLesson)));
}

// The pages of the inspector; a node has no rate of its own.
void draw_pages(const Frame& frame, Rect row) {
  struct Page {
    SidePage page;
    Text label, brief;
  };
  constexpr Page kPages[] = {{SidePage::kFacts, Text::page_facts, Text::page_facts},
                             {SidePage::kSplit, Text::page_split, Text::page_split_brief},
                             {SidePage::kLimits, Text::page_limits, Text::page_limits}};
  row = {row.x, row.y, row.w, row.h - 6};
  constexpr float kApart = 18;
  float wanted = 0;
  for (const Page& page : kPages) wanted += frame.canvas.width(Font::kSmall, say(page.label)) + kApart;
  const bool brief = wanted - kApart > row.w;
  for (const Page& page : kPages) {
    if (page.page == SidePage::kLimits && frame.in.view.selected.kind == SubjectKind::kNode) continue;
    const std::string_view label = say(brief ? page.brief : page.label);
    const Rect box = row.cut_left(std::ceil(frame.canvas.width(Font::kSmall, label)) + 1);
    row.cut_left(kApart - 1);
    const bool shown = frame.in.view.shown_page() == page.page;
    frame.canvas.text(box, Font::kSmall, shown ? Paint{Tone::kAccent} : kSecondary, label);
    if (shown) frame.scene().fill({box.x, box.bottom() - 2, box.w, 2}, {Tone::kAccent}, 1);
    const auto value = static_cast<std::int64_t>(page.page);
    const std::string key = key_name(Verb::kInspect, value);
    frame.scene().hit(box.inset(-kApart / 2, 0), {}, "side.page",
                      said(page.label) + (key.empty() ? "" : "\n" + say(Text::key_is, key)),
                      shown ? Action{} : act(Verb::kInspect, value));
  }
}

}  // namespace

void draw_inspector(const Frame& frame, Rect area) {
  const Subject& selected = frame.in.view.selected;
  if (!is_set(selected)) {
    area.cut_top(4);
    draw_lines(frame, area, Font::kSmall, kSecondary, 18, say(Text::nothing_selected));
    return;
  }
  const SubjectFacts facts = facts_of(frame, selected);
  draw_title(frame, area.cut_top(26), facts);
  area.cut_top(2);
  if (selected.kind == SubjectKind::kProducer || selected.kind == SubjectKind::kNode)
    draw_pages(frame, area.cut_top(26));
  if (frame.in.view.shown_page() == SidePage::kSplit) return draw_split(frame, area);
  if (frame.in.view.shown_page() == SidePage::kLimits) return draw_limits(frame, area);
  if (facts.facts.empty()) {
    frame.canvas.text(area.cut_top(kFactRow), Font::kSmall, kSecondary, say(Text::not_there_now));
  }
  // A producer has no Why card, and much to tell.
  draw_facts(frame, area, facts.facts, selected.kind == SubjectKind::kProducer ? 0.75f : 0.55f);
  area.cut_top(8);
  const float why = draw_why(frame, {area.x, area.y, area.w, area.h - 90});
  area.cut_top(why);
  draw_history(frame, area);
}

void draw_side(const Frame& frame) {
  const Rect panel = frame.at.side;
  if (panel.empty()) return;
  Scene& scene = frame.scene();
  if (frame.at.side_floats) scene.fill({panel.x - 6, panel.y, 6, panel.h}, {Tone::kShadow, 0.3f});
  scene.fill(panel, {Tone::kPanel});
  scene.line({panel.x, panel.y}, {panel.x, panel.bottom()}, {Tone::kLine}, 1);
  if (frame.at.side_floats) scene.hit(panel, {}, "side", "", {});
  Rect inside{panel.x + 16, panel.y + 8, panel.w - 28, panel.h - 16};
  const bool lesson = !frame.in.facts.lesson.empty();
  const bool inspecting = !lesson || frame.in.view.side == SideTab::kInspector;
  if (lesson) {
    draw_side_tabs(frame, inside.cut_top(26), inspecting);
    inside.cut_top(10);
  }
  if (inspecting) {
    draw_inspector(frame, inside);
  } else {
    draw_lesson(frame, inside);
  }
}

}  // namespace sendscope::ui
