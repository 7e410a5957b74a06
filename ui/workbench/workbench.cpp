#include "ui/workbench/workbench.h"

#include <algorithm>
#include <cmath>

#include "ui/layout/texts.h"
#include "ui/workbench/workbench_parts.h"

namespace sendscope::ui {

Workbench::Workbench(std::unique_ptr<run::Session> session, std::vector<MenuItem> menu)
    : session_(std::move(session)), hand_(*session_) {
  facts_.menu = std::move(menu);
  view_.following = session_->info().kind == run::SessionKind::kLive;
  take_in(true);
}

Workbench::~Workbench() = default;

void Workbench::take_in(bool from_start) {
  const EventLog& log = session_->log();
  if (from_start) {
    derived_ = std::make_unique<Derived>(session_->history());
    derived_->generation = session_->generation();
    facts_.broken.clear();
    view_.found.clear();
    search_.restart();
    hand_.describe(facts_);
  }
  derived_->history.update();
  while (derived_->tracked < log.size()) derived_->tracks.apply(log[derived_->tracked++]);
  if (derived_->inspected) derived_->inspected->update();
  update_axis();
  update_facts();
}

void Workbench::renew(std::unique_ptr<run::Session> session) {
  const std::vector<LessonText> before = facts_.lesson;
  if (view_.setting || view_.question) view_.palette_open = false;  // what it asks for may be gone
  view_.setting.reset();
  view_.question.reset();
  session_ = std::move(session);
  hand_.renew(*session_);
  take_in(true);
  playback_.clamp(session_->log());
  keep_predictions(before);
}

void Workbench::update_axis() {
  Derived& d = *derived_;
  const std::size_t size = d.tracks.times.size();
  // A growing run gets a new axis when it has grown by a few per cent, and at its end.
  const bool grown = size >= d.axis_times + d.axis_times / 24 + 1 || session_->finished();
  if (d.axis_times > 0 && d.axis_mode == view_.axis && !grown) return;
  if (d.axis_times == size && d.axis_mode == view_.axis && d.axis_end == d.tracks.end) return;
  d.axis = view_.axis == AxisMode::kCompressed ? TimeAxis::compressed(d.tracks.times, d.tracks.end)
                                               : TimeAxis::linear(d.tracks.end);
  d.axis_times = size;
  d.axis_mode = view_.axis;
  d.axis_end = d.tracks.end;
}

void Workbench::update_facts() {
  const run::SessionInfo& info = session_->info();
  facts_.title = info.title;
  facts_.summary = info.summary;
  facts_.profile = info.profile;
  facts_.warning = info.warning;
  facts_.source = info.source;
  facts_.seed = info.seed;
  facts_.kind = said(info.kind == run::SessionKind::kSimulated ? Text::simulated
                     : info.kind == run::SessionKind::kLive    ? Text::live
                                                               : Text::recorded);
  facts_.producers = info.producers;
  facts_.can_submit = session_->can_submit();
  facts_.growing = !session_->finished();
  facts_.lesson.clear();
  for (const run::LessonStep& step : session_->lesson()) {
    facts_.lesson.push_back(
        {step.heading, step.told, step.due, step.due_events, step.at, step.names, step.question, step.truth});
  }
}

bool Workbench::work(const run::TimeLeft& time_left) {
  bool told = take_news(time_left);
  told = count_on(time_left) || told;
  told = search_on(time_left) || told;
  return look_ahead(time_left) || told;
}

bool Workbench::take_news(const run::TimeLeft& time_left) {
  const bool changed = session_->advance(time_left);
  const bool done = take_in_deeds();
  const bool renewed = derived_->generation != session_->generation();
  if (!changed && !renewed && facts_.growing == !session_->finished()) return done;
  take_in(renewed);
  if (renewed) playback_.clamp(session_->log());
  follow_choice();
  if (view_.following) playback_.seek_event(session_->log(), session_->log().size());
  return true;
}

void Workbench::finish_work() {
  while (wants_work()) work(run::as_long_as_it_takes);
}

void Workbench::point_anew() {
  view_.tip = false;
  rested_ = 0;
}

void Workbench::hide_tip() {
  view_.tip = false;
  rested_ = kRest;
}

bool Workbench::rest(double seconds) {
  if (rested_ >= kRest) return false;
  rested_ += seconds;
  view_.tip = rested_ >= kRest;
  return view_.tip;
}

bool Workbench::play(double seconds) {
  const bool explains = rest(seconds);
  if (!view_.playing || view_.following || is_reading(seconds)) return explains;
  const int next = view_.backward ? -1 : next_step();
  const bool more = playback_.play(session_->log(), seconds, view_.speed, view_.backward);
  if (stop_at(next)) {
    read_step();
    return true;
  }
  const bool at_end = playback_.cursor().events >= session_->log().size();
  if (!more || (at_end && !view_.backward && session_->finished())) view_.playing = false;
  return true;
}

const PipelineModel& Workbench::model() { return derived_->history.model_at(playback_.cursor().events); }

void Workbench::inspect() {
  Derived& d = *derived_;
  if (!is_set(view_.selected)) {
    d.inspected.reset();
    d.inspection = {};
    return;
  }
  if (!d.inspected || d.inspected->subject() != view_.selected)
    d.inspected.emplace(session_->log(), view_.selected);
  const auto key = std::tuple(view_.selected, playback_.cursor(), session_->log().size());
  if (d.inspection.events != nullptr && d.inspected_at == key) return;
  d.inspection.events = &*d.inspected;
  d.inspection.why = why(d.history, *d.inspected, playback_.cursor().events, playback_.cursor().t);
  d.inspected_at = key;
}

// Why the checks in sight are broken; each is looked into once.
void Workbench::explain_checks() {
  if (view_.bottom != BottomTab::kChecks) return;
  std::vector<CheckModel> fresh;
  for (const CheckModel& check : model().checks) {
    const bool broken = check.outcome == CheckOutcome::kBroken;
    if (broken && !facts_.broken.contains(check.event)) fresh.push_back(check);
  }
  for (const CheckModel& check : fresh)
    facts_.broken.emplace(check.event, reason_of(derived_->history, check));
}

// The text of another step is read from its beginning. The stage follows whoever the moment speaks of; while
// it plays, every event would turn it, so only steps do.
void Workbench::follow_story() {
  if (const int told = due_lesson_step(); told != told_) {
    told_ = told;
    view_.scroll[static_cast<int>(ListName::kLesson)] = 0;
  }
  const Story story = story_at(input(model(), 0, 0));
  if (tab_ ? !story.turns_from(*tab_) : view_.playing && story.by < Story::By::kStep) return;
  tab_.reset();
  view_.producer = story.producer;
}

FrameInput Workbench::input(const PipelineModel& at, float width, float height) const {
  return {at,
          session_->log(),
          derived_->tracks,
          derived_->axis,
          derived_->history.travel(),
          derived_->inspection,
          facts_,
          view_,
          playback_.cursor(),
          width,
          height};
}

// Events that a frame counts at most: a few milliseconds.
constexpr std::size_t kCountedAFrame = 8000;

Scene Workbench::frame(const TextMeasure& measure, float width, float height) {
  update_axis();
  listen();
  inspect();  // before model(): all of these move the history's look
  explain_checks();
  if (!knows_choices()) facts_.choices.reset();
  follow_story();
  count_latencies(kCountedAFrame);
  see_truths();
  return build_frame(input(model(), width, height), measure);
}

std::string Workbench::sentence() const { return sentence_at(session_->log(), playback_.cursor().events); }

int Workbench::due_lesson_step() const { return due_step(facts_, view_, playback_.cursor()); }

std::vector<PaletteEntry> Workbench::palette() {
  listen();
  return palette_entries(input(model(), 0, 0));
}

double Workbench::fitting_speed() const {
  if (view_.following) return 1;
  constexpr double kSeconds = 15, kSlowest = 0.001, kFastest = 1;
  Nanos silence = 0;
  for (const TimeAxis::Gap& gap : derived_->axis.gaps()) silence += gap.to - gap.from;
  const double busy = static_cast<double>(std::max<Nanos>(1, derived_->axis.end() - silence)) / 1e9;
  const double power = std::round(std::log10(busy / kSeconds) * 5) / 5;
  return std::clamp(std::pow(10.0, power), kSlowest, kFastest);
}

void Workbench::seek_x(const Rect& plot, float x) {
  const Nanos t = timeline_time(plot, derived_->axis, view_, x);
  if (points_at_time(t)) return;
  view_.following = false;
  playback_.seek_time(session_->log(), t);
}

std::optional<std::size_t> Workbench::take_open() { return std::exchange(open_, std::nullopt); }
std::optional<std::string> Workbench::take_copy() { return std::exchange(copy_, std::nullopt); }

}  // namespace sendscope::ui
