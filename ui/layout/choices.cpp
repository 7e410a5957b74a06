#include "ui/layout/choices.h"

#include <algorithm>

#include "core/model/queries.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/widgets.h"

namespace sendscope::ui {
namespace {

using Kind = sim::OccurrenceKind;

constexpr float kNextRow = 18, kNumberRoom = 18, kDueRoom = 76, kDueGap = 12;

// The oldest request between the two in this phase: the one that comes first on a connection; nullptr: none.
const RequestModel* oldest(const PipelineModel& model, std::size_t producer, NodeId node,
                           RequestPhase phase) {
  const ProducerModel* of = model.producer(producer);
  if (of == nullptr) return nullptr;
  for (const auto& [id, request] : of->requests) {
    const bool there = request.node == node || request.node < 0;  // a bootstrap address is some node's
    if (there && request.phase == phase && request.in_flight) return &request;
  }
  return nullptr;
}

ChoiceWords of_message(const FrameInput& in, const sim::Occurrence& what, const std::string& client) {
  const bool up = what.kind == Kind::kRequestArrives;
  const std::string node = std::to_string(*what.node);
  const RequestModel* request = oldest(in.model, *what.producer, *what.node,
                                       up ? RequestPhase::kTravelling : RequestPhase::kResponseTravelling);
  if (request == nullptr)
    return {say(up ? Text::next_bytes_up : Text::next_bytes_down, client, node), node_subject(*what.node)};
  const std::string name = request_label(request->id);
  return {up ? say(Text::next_request, name, client, node) : say(Text::next_response, name, client),
          request_subject(request->id)};
}

Action choose(std::size_t index) { return act(Verb::kChoose, static_cast<std::int64_t>(index)); }

void draw_choice(const Frame& frame, Rect row, std::size_t index) {
  const ChoiceText& choice = (*frame.in.facts.choices)[index];
  const ChoiceWords told = choice_words(frame.in, choice.what);
  const bool hovered = row.contains(frame.in.view.pointer);
  if (hovered) frame.scene().fill(row, {Tone::kAccent, 0.12f}, 2);
  const std::string due = format_time(choice.due);
  frame.scene().hit(row, told.subject, "next.choice", say(Text::next_choice_tip, told.words, due),
                    choose(index));
  Rect rest = row.inset(4, 0);
  const Rect number = rest.cut_left(kNumberRoom);
  if (index < 9)
    frame.canvas.text(number, Font::kMonoTiny, {Tone::kAccent}, std::to_string(index + 1), Align::kCentre);
  frame.canvas.text(rest.cut_left(kDueRoom), Font::kMonoTiny, kSecondary, due, Align::kRight);
  rest.cut_left(kDueGap);
  frame.canvas.text(rest, Font::kLabel, hovered ? Paint{Tone::kAccent} : kText, told.words);
}

void draw_words(const Frame& frame, const Rect& area, Text text) {
  frame.canvas.text({area.x, area.y, area.w, kNextRow}, Font::kLabel, kSecondary, say(text));
}

}  // namespace

ChoiceWords choice_words(const FrameInput& in, const sim::Occurrence& what) {
  const auto& names = in.facts.producers;
  const std::string client = what.producer && *what.producer < names.size() ? names[*what.producer] : "";
  const std::string node = what.node ? std::to_string(*what.node) : "";
  const std::string from = what.from ? std::to_string(*what.from) : "";
  const Subject at = what.node ? node_subject(*what.node) : Subject{};
  switch (what.kind) {
    case Kind::kHandshake: return {say(Text::next_handshake, client, node), at};
    case Kind::kRequestArrives:
    case Kind::kResponseArrives: return of_message(in, what, client);
    case Kind::kRequestDone:
      return {say(Text::next_work, request_label(what.request), client, node), request_subject(what.request)};
    case Kind::kSenderRuns: return {say(Text::next_sender, client), producer_subject(*what.producer)};
    case Kind::kThreadRuns:
      return {say(Text::next_thread, thread_name(in.model, in.words(), *what.thread), client),
              thread_subject(*what.thread)};
    case Kind::kFetchArrives: return {say(Text::next_fetch, node, from), at};
    case Kind::kRecordsArrive: return {say(Text::next_copy, node, from), at};
    case Kind::kNewsArrives: return {say(Text::next_news, node), at};
    case Kind::kOther: break;
  }
  return {};
}

void add_choices(const FrameInput& in, std::vector<PaletteEntry>& all) {
  if (!in.facts.choices) return;
  for (std::size_t i = 0; i < in.facts.choices->size(); ++i)
    all.push_back({choice_words(in, (*in.facts.choices)[i].what).words, said(Text::next), choose(i)});
}

void draw_choices(const Frame& frame, Rect area) {
  const Facts& facts = frame.in.facts;
  if (!facts.can_submit) return draw_words(frame, area, Text::cannot_be_changed);
  if (frame.in.view.playing) return draw_words(frame, area, Text::next_playing);
  if (!facts.choices) return draw_words(frame, area, Text::next_unknown);
  if (facts.choices->empty()) return draw_words(frame, area, Text::next_nothing);
  const RowPlan plan =
      plan_rows(area.h, facts.choices->size(), {{kNextRow, 0}}, frame.in.view.scrolled(ListName::kNext));
  for (std::size_t i = 0; i < plan.shown; ++i)
    draw_choice(frame, {area.x, plan.y(area, i), area.w, kNextRow}, plan.first + i);
  more_row(frame, area, plan, ListName::kNext);
}

}  // namespace sendscope::ui
