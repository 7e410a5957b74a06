// Us or the broker: where the time of the acked records went, side by side with a verdict.
#include <algorithm>

#include "ui/layout/format.h"
#include "ui/layout/side.h"
#include "ui/layout/texts.h"
#include "ui/layout/wait_look.h"

namespace sendscope::ui {
namespace {

constexpr float kSplitLine = 17, kSplitRow = 18, kSplitLowRow = 15, kSplitSign = 9, kSplitIndent = 15,
                kSplitBar = 12;

struct SideRow {
  LatencySide side;
  Text name, verdict;
  WaitLook look;
};
constexpr SideRow kSplitSides[] = {
    {LatencySide::kBefore, Text::side_before, Text::verdict_before, {Tone::kWaiting, false}},
    {LatencySide::kBehind, Text::side_behind, Text::verdict_behind, {Tone::kWaiting, true}},
    {LatencySide::kWire, Text::side_wire, Text::verdict_wire, {Tone::kAccent, false}},
    {LatencySide::kBroker, Text::side_broker, Text::verdict_broker, {Tone::kAccent, true}},
    {LatencySide::kBeyond, Text::side_beyond, Text::verdict_beyond, {Tone::kAccent, true}},
    {LatencySide::kAfter, Text::side_after, Text::verdict_after, {Tone::kOk, false}}};

std::string verdict_words(const LatencySplit& split) {
  const LatencyVerdict verdict = verdict_of(split);
  const std::string_view look = look_text(verdict.cause);
  if (!verdict.side) return say(Text::verdict_none, wait_cause_text(verdict.cause), look);
  const SideRow& row = kSplitSides[static_cast<std::size_t>(*verdict.side)];
  return say(row.verdict, share_text(verdict.held, split.total()), look);
}

// What an answer takes, and how much of it the broker has it.
std::string request_words(const LatencySplit& split) {
  if (split.request.count() == 0) return {};
  const std::string whole = short_duration(split.request.quantile(990));
  if (split.service.count() == 0) return say(Text::request_p99, whole);
  return say(Text::request_p99_service, whole, short_duration(split.service.quantile(990)));
}

// A line of the table: a side or all of the time, its quantiles, or one of its causes.
struct SplitLine {
  std::string name, share, sum, tip;
  const WaitLook* look = nullptr;  // of a side
  bool head = false;               // a side, or all
};

// The line of a side or of all, and the one of its quantiles.
void add_side(std::vector<SplitLine>& lines, std::string name, Nanos sum, Nanos total,
              const LatencyDistribution& times, const WaitLook* look) {
  const std::string median = short_duration(times.quantile(500)), high = short_duration(times.quantile(990));
  const std::string tip = name + tip_row(Text::milliseconds, millis_text(sum)) +
                          tip_row(Text::median, median) + "\n99 %\t" + high;
  lines.push_back({std::move(name), share_text(sum, total), short_duration(sum), tip, look, true});
  lines.push_back({say(Text::quantiles, median, high), "", "", tip});
}

void add_causes(std::vector<SplitLine>& lines, const LatencySplit& split, LatencySide side) {
  for (std::size_t i = 0; i < kWaitCauses; ++i) {
    const auto cause = static_cast<WaitCause>(i);
    if (side_of(cause) != side || split.by_cause[i] == 0) continue;
    const std::string name(wait_cause_text(cause));
    lines.push_back({name, share_text(split.by_cause[i], split.total()), short_duration(split.by_cause[i]),
                     name + tip_row(Text::milliseconds, millis_text(split.by_cause[i])) + "\n" +
                         std::string(look_text(cause))});
  }
}

std::vector<SplitLine> split_lines(const LatencySplit& split) {
  std::vector<SplitLine> lines;
  for (const SideRow& side : kSplitSides) {
    const Nanos sum = split.of(side.side);
    if (sum == 0) continue;
    add_side(lines, said(side.name), sum, split.total(), split.by_side[static_cast<std::size_t>(side.side)],
             &side.look);
    add_causes(lines, split, side.side);
  }
  add_side(lines, said(Text::send_to_callback), split.total(), split.total(), split.whole, nullptr);
  return lines;
}

void draw_split_line(const Frame& frame, Rect row, const SplitLine& line) {
  const bool figures = !line.share.empty();
  frame.scene().hit(row, {},
                    line.head ? "split.side"
                    : figures ? "split.cause"
                              : "split.quantiles",
                    line.tip);
  const Paint ink = line.head ? kText : kSecondary;
  const Rect sign = row.cut_left(kSplitIndent);
  if (line.look != nullptr)
    draw_wait_sign(frame.scene(), {sign.x, sign.middle_y() - kSplitSign / 2, kSplitSign, kSplitSign},
                   *line.look);
  if (figures) {
    const float sum = frame.canvas.width(Font::kMonoTiny, "00.0 ms") + 5;
    const float share = frame.canvas.width(Font::kMonoTiny, "100 %") + 5;
    frame.canvas.text(row.cut_right(sum), Font::kMonoTiny, ink, line.sum, Align::kRight);
    frame.canvas.text(row.cut_right(share), Font::kMonoTiny, ink, line.share, Align::kRight);
    row.w -= 4;
  }
  frame.canvas.text(row, line.head ? Font::kSmall : Font::kTiny, ink, line.name);
}

// All of the time as one bar.
void draw_split_bar(const Frame& frame, Rect bar, const LatencySplit& split) {
  const auto total = static_cast<double>(split.total());
  double done = 0;
  for (const SideRow& side : kSplitSides) {
    const float from = bar.x + static_cast<float>(done / total) * bar.w;
    done += static_cast<double>(split.of(side.side));
    const float to = bar.x + static_cast<float>(done / total) * bar.w;
    if (to - from >= 1) draw_wait_sign(frame.scene(), {from, bar.y, to - from, bar.h}, side.look);
  }
}

void draw_split_table(const Frame& frame, Rect area, const LatencySplit& split) {
  const std::vector<SplitLine> lines = split_lines(split);
  const RowPlan plan = plan_rows(area.h, lines.size(), {{kSplitRow, 0}, {kSplitLowRow, 0}},
                                 frame.in.view.scrolled(ListName::kFacts));
  for (std::size_t i = 0; i < plan.shown; ++i)
    draw_split_line(frame, {area.x, plan.y(area, i), area.w, plan.size.height}, lines[plan.first + i]);
  if (plan.folded()) more_row(frame, area, plan, ListName::kFacts);
}

}  // namespace

void draw_split(const Frame& frame, Rect area) {
  const std::optional<LatencySplit>& split = frame.in.inspection.split;
  if (!split) return;
  const Rect head = area.cut_top(20);
  const std::string acked = say(Text::of_acked, count_text(static_cast<std::int64_t>(split->records)));
  heading(frame, head, say(Text::heading_split), acked, say(Text::split_tip));
  if (!frame.in.inspection.split_whole)
    draw_lines(frame, area, Font::kLabel, {Tone::kWaiting}, kSplitLine, say(Text::split_counting));
  if (split->records == 0 || split->total() == 0) {
    draw_lines(frame, area, Font::kSmall, kSecondary, kSplitLine, say(Text::none_acked));
    return;
  }
  const float top = area.y;
  const std::string verdict = verdict_words(*split);
  draw_lines(frame, area, Font::kBody, kText, kSplitLine, verdict);
  const std::string request = request_words(*split);
  if (!request.empty()) draw_lines(frame, area, Font::kSmall, kSecondary, kSplitLine, request);
  frame.scene().hit({area.x, top, area.w, area.y - top}, {}, "split.verdict", verdict);
  if (split->of(LatencySide::kBeyond) > 0)
    draw_lines(frame, area, Font::kLabel, kSecondary, kSplitLine - 2, say(Text::beyond_is_not_known));
  area.cut_top(6);
  draw_split_bar(frame, area.cut_top(kSplitBar), *split);
  area.cut_top(4);
  draw_split_table(frame, area, *split);
}

}  // namespace sendscope::ui
