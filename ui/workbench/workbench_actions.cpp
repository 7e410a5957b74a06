// What each action does.
#include <algorithm>
#include <cmath>

#include "core/model/named_subject.h"
#include "ui/layout/commands.h"
#include "ui/layout/fault_menu.h"
#include "ui/layout/texts.h"
#include "ui/workbench/workbench_parts.h"

namespace sendscope::ui {
namespace {

constexpr double kSlowestSpeed = 0.001, kFastestSpeed = 100;

// The next stop of the speed, ten a decade; beyond the fastest lies "max" (0).
double next_speed(double speed, int direction) {
  if (speed <= 0) return direction > 0 ? 0 : kFastestSpeed;
  const double power = std::round(std::log10(speed) * 5) / 5 + 0.2 * direction;
  const double next = std::pow(10.0, power);
  if (next > kFastestSpeed * 1.01) return 0;
  return std::max(kSlowestSpeed, next);
}

int next_scale(int percent, int direction) {
  if (direction > 0) {
    for (const int scale : kScales) {
      if (scale > percent) return scale;
    }
    return kScales.back();
  }
  int below = kScales.front();
  for (const int scale : kScales) {
    if (scale < percent) below = scale;
  }
  return below;
}

int chosen_tab(std::int64_t value, int shown, int count) {
  return static_cast<int>((value == kNextTab ? shown + 1 : value) % count);
}

// The thing that an event is most about.
Subject main_subject(const Event& event) {
  for (const Unit unit :
       {Unit::kBatch, Unit::kRequest, Unit::kRecord, Unit::kThread, Unit::kPartition, Unit::kNode}) {
    for (int i = 0; i < kFieldCount; ++i) {
      const FieldView field = event_field(event, i);
      if (field.row.unit == unit) return subject_of(field);
    }
  }
  return {};
}

}  // namespace

void Workbench::select(const Subject& subject, bool remember) {
  if (subject.kind == SubjectKind::kProducer) show_producer(static_cast<std::size_t>(subject.id));
  if (view_.selected == subject) return;
  view_.selected = subject;
  view_.scroll[static_cast<int>(ListName::kSide)] = view_.scroll[static_cast<int>(ListName::kFacts)] = 0;
  // With nothing selected the inspector has nothing to say.
  view_.side = is_set(subject) || facts_.lesson.empty() ? SideTab::kInspector : SideTab::kLesson;
  if (!remember || !is_set(subject)) return;
  if (!selected_before_.empty()) selected_before_.resize(selected_at_ + 1);
  selected_before_.push_back(subject);
  selected_at_ = selected_before_.size() - 1;
}

void Workbench::follow(int direction) {
  inspect();
  if (!derived_->inspected) return;
  const std::size_t here = playback_.cursor().events;
  const SubjectEvents& events = *derived_->inspected;
  const std::size_t found = direction > 0 ? events.next(here) : events.previous(here > 0 ? here - 1 : 0);
  if (found < session_->log().size()) playback_.seek_event(session_->log(), found + 1);
}

void Workbench::hop(int direction) {
  const EventLog& log = session_->log();
  const std::size_t here = playback_.cursor().events;
  if (here == 0) return;
  const Subject about = main_subject(log[here - 1]);
  if (!is_set(about)) return;
  const SubjectEvents events(log, about);
  const std::size_t found = direction > 0 ? events.next(here) : events.previous(here - 1);
  if (found < log.size()) playback_.seek_event(log, found + 1);
}

void Workbench::neighbour(int direction) {
  Subject next = view_.selected;
  const std::uint64_t step = direction > 0 ? 1 : static_cast<std::uint64_t>(-1);
  const PipelineModel& at = model();
  const auto lane = [&](const std::vector<Span>& spans) {
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (spans[i].id != next.id) continue;
      const std::size_t to = i + static_cast<std::size_t>(step);
      if (to < spans.size()) next.id = spans[to].id;
      return;
    }
  };
  switch (next.kind) {
    case SubjectKind::kBatch:
      for (const PartitionLane& track : derived_->tracks.partitions) lane(track.batches);
      break;
    case SubjectKind::kRequest:
      for (const NodeLane& track : derived_->tracks.nodes) lane(track.requests);
      break;
    case SubjectKind::kThread:
      if (next.id + step < at.threads.size()) next.id += step;
      break;
    case SubjectKind::kPartition:
      if (next.id + step < at.partitions.size()) next.id += step;
      break;
    case SubjectKind::kNode: {
      const NodeId to = node_of(next) + (direction > 0 ? 1 : -1);
      if (at.brokers.contains(to)) next = node_subject(to);
      break;
    }
    case SubjectKind::kProducer:
      if (next.id + step < at.producers.size()) next.id += step;
      break;
    case SubjectKind::kRecord: next.id += step; break;
    default: break;
  }
  select(next);
}

// For an audience: two sizes larger, the narration and the lesson, and no more around than that.
void Workbench::toggle_presenting() {
  if (view_.presenting) {
    view_.scale_percent = *view_.presenting;
    view_.presenting.reset();
    return;
  }
  view_.presenting = view_.scale_percent;
  view_.scale_percent = next_scale(next_scale(view_.scale_percent, 1), 1);
  view_.bottom = BottomTab::kNarration;
  if (!facts_.lesson.empty() && !is_set(view_.selected)) show_lesson();
}

void Workbench::toggle_side() {
  const bool open = wishes_of(view_).side;
  if (open) select({});
  view_.side_open = !open;
  if (!open) view_.side = facts_.lesson.empty() ? SideTab::kInspector : SideTab::kLesson;
}

// For a search, or for the value of a setting.
void Workbench::open_palette(std::string text, std::optional<std::size_t> setting) {
  view_.palette_open = true;
  view_.palette_text = std::move(text);
  view_.palette_row = 0;
  view_.setting = setting;
  view_.question.reset();
}

bool Workbench::overlay_open() const {
  return view_.menu_open || view_.keys_open || view_.palette_open || view_.fault_open;
}

void Workbench::close_top() {
  if (!facts_.notice.empty() || !facts_.news.empty()) {
    facts_.notice.clear();
    facts_.news.clear();
  } else if (overlay_open()) {
    view_.menu_open = view_.keys_open = view_.palette_open = view_.fault_open = false;
  } else if (!view_.found_text.empty()) {
    forget_found();
  } else {
    select({});
    view_.side_open = false;
  }
}

void Workbench::act_on_time(const Action& action) {
  const EventLog& log = session_->log();
  const auto play = [&](bool backward) {
    if (view_.playing && view_.backward == backward) view_.speed = next_speed(view_.speed, 1);
    view_.playing = true;
    view_.backward = backward;
  };
  const auto stop_and = [&](auto move) {
    view_.playing = false;
    move();
  };
  switch (action.verb) {
    case Verb::kPlayPause:
      if (!view_.playing && at_end()) playback_.seek_event(log, 0);
      view_.playing = !view_.playing;
      view_.backward = false;
      break;
    case Verb::kPlay: play(false); break;
    case Verb::kPlayBackward: play(true); break;
    case Verb::kGoOn:
      view_.playing = !at_end();
      view_.backward = false;
      break;
    case Verb::kPause: view_.playing = false; break;
    case Verb::kStep:
      stop_and([&, next = next_step()] {
        playback_.step(log, 1);
        stop_at(next);
      });
      break;
    case Verb::kStepBack: stop_and([&] { playback_.step(log, -1); }); break;
    case Verb::kStart: stop_and([&] { playback_.seek_event(log, 0); }); break;
    case Verb::kEnd:
      stop_and([&] { playback_.seek_event(log, log.size()); });
      view_.following = !session_->finished() && session_->info().kind == run::SessionKind::kLive;
      break;
    case Verb::kSeek: playback_.seek_time(log, action.value); break;
    case Verb::kSeekEvent:
      stop_and([&] { playback_.seek_event(log, static_cast<std::size_t>(action.value)); });
      break;
    case Verb::kFind: stop_and([&] { find(action.text); }); break;
    case Verb::kFindNext: stop_and([&] { find_next(static_cast<int>(action.value)); }); break;
    case Verb::kLesson: lesson_step(static_cast<int>(action.value)); break;
    case Verb::kLessonMove: lesson_step(due_lesson_step() + static_cast<int>(action.value)); break;
    case Verb::kFollowNext: stop_and([&] { follow(1); }); break;
    case Verb::kFollowPrevious: stop_and([&] { follow(-1); }); break;
    case Verb::kCause: stop_and([&] { hop(-1); }); break;
    case Verb::kEffect: stop_and([&] { hop(1); }); break;
    case Verb::kMarkJump:
      if (static_cast<std::size_t>(action.value) < view_.bookmarks.size()) {
        stop_and([&] { playback_.seek_time(log, view_.bookmarks[static_cast<std::size_t>(action.value)]); });
      }
      break;
    default: break;
  }
}

void Workbench::act_on_view(const Action& action, float width, float height) {
  switch (action.verb) {
    case Verb::kFaster: view_.speed = next_speed(view_.speed, 1); break;
    case Verb::kSlower: view_.speed = next_speed(view_.speed, -1); break;
    case Verb::kTheme: view_.light = !view_.light; break;
    case Verb::kScale:
      view_.scale_percent = std::clamp(static_cast<int>(action.value), kScales.front(), kScales.back());
      break;
    case Verb::kScaleUp: {
      const int next = next_scale(view_.scale_percent, 1);
      view_.scale_percent = next == view_.scale_percent ? kScales.front() : next;
      break;
    }
    case Verb::kScaleDown: view_.scale_percent = next_scale(view_.scale_percent, -1); break;
    case Verb::kScrollTo:
      view_.scroll[static_cast<std::size_t>(action.scroll.list)] = static_cast<float>(action.value);
      break;
    case Verb::kInspect: turn_to_page(static_cast<SidePage>(action.value)); break;
    case Verb::kProducer: turn_to_producer(action.value); break;
    case Verb::kPoolReasons: view_.pool_reasons = !view_.pool_reasons; break;
    case Verb::kSideBySide: put_side_by_side(action.value); break;
    case Verb::kTab:
      view_.bottom =
          static_cast<BottomTab>(chosen_tab(action.value, static_cast<int>(view_.bottom), kBottomTabs));
      break;
    case Verb::kSideTab:
      view_.side = static_cast<SideTab>(chosen_tab(action.value, static_cast<int>(view_.side), kSideTabs));
      view_.side_open = true;
      break;
    case Verb::kSide: toggle_side(); break;
    case Verb::kPresent: toggle_presenting(); break;
    case Verb::kReadAlong:
      view_.read_along = !view_.read_along;
      if (reading_ > 0) view_.playing = false;
      reading_ = 0;
      break;
    case Verb::kMarkSet:
      view_.bookmarks.push_back(cursor().t);
      std::sort(view_.bookmarks.begin(), view_.bookmarks.end());
      break;
    default: act_on_timeline(action, width, height);
  }
}

void Workbench::act(const Action& action, float width, float height) {
  if (action && action.verb != Verb::kSearch && action.verb != Verb::kClose) view_.palette_open = false;
  if (action.verb != Verb::kClose) facts_.news.clear();
  if (act_by_hand(action)) return;
  switch (action.verb) {
    case Verb::kNothing: break;
    case Verb::kSelect: point_at(action.subject); break;
    case Verb::kSelectPrevious:
      if (selected_at_ > 0) select(selected_before_[--selected_at_], false);
      break;
    case Verb::kSelectNext:
      if (selected_at_ + 1 < selected_before_.size()) select(selected_before_[++selected_at_], false);
      break;
    case Verb::kNeighbour: neighbour(static_cast<int>(action.value)); break;
    case Verb::kFaultMenu:
      if (!facts_.can_submit) {
        facts_.notice = said(Text::cannot_be_changed);
        break;
      }
      view_.fault_open = true;
      view_.scroll[static_cast<int>(ListName::kFaults)] = 0;
      view_.fault_target = breakable({model(), session_->log().strings(), facts_.producers}, action.subject);
      view_.fault_at = view_.pointer;
      break;
    case Verb::kMenu: view_.menu_open = !view_.menu_open && !facts_.menu.empty(); break;
    case Verb::kOpen:
      view_.menu_open = false;
      open_ = static_cast<std::size_t>(action.value);
      break;
    case Verb::kNextLesson: open_next_lesson(); break;
    case Verb::kPredict:
    case Verb::kAnswer:
    case Verb::kAnswerNumber:
    case Verb::kCurvePoint:
    case Verb::kSureness: act_on_prediction(action); break;
    case Verb::kSave: save(); break;
    case Verb::kSetting:
      facts_.notice.clear();
      ask_for_setting(static_cast<std::size_t>(action.value));
      break;
    case Verb::kKeySheet: view_.keys_open = !view_.keys_open; break;
    case Verb::kSearch:
      if (view_.palette_open) {
        view_.palette_open = false;
      } else {
        open_palette(action.text);
      }
      break;
    case Verb::kWhy:
      if (is_set(view_.selected)) view_.side = SideTab::kInspector;
      break;
    case Verb::kCopy: copy_ = action.text.empty() ? sentence() : action.text; break;
    case Verb::kClose: close_top(); break;
    case Verb::kQuit: quit_ = true; break;
    default:
      if (moves_cursor(action.verb)) {
        view_.following = false;
        reading_ = 0;
        act_on_time(action);
      } else {
        act_on_view(action, width, height);
      }
  }
}

}  // namespace sendscope::ui
