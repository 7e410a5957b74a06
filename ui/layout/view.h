// What a person has chosen to see, and what the frame shows besides the model. Plain values: the window owns
// them, layout only reads them.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/model/check_reason.h"
#include "ui/layout/action.h"
#include "ui/layout/geometry.h"
#include "ui/layout/prediction.h"
#include "ui/layout/time_axis.h"

namespace sendscope::ui {

// Lists that scroll when they are longer than their place.
enum class ListName : std::uint8_t {
  kThreads,
  kPool,
  kPartitions,
  kNodes,
  kLanes,
  kEvents,
  kByHand,
  kNext,
  kSide,
  kMenu,
  kPalette,
  kChecks,
  kFacts,
  kLesson,
  kFaults,
  kCount_
};

// What the search has to say to what is typed, besides names.
struct Answer {
  std::string label, hint;
  Action action;
  bool words = false;  // the events whose sentences have these words
  bool wrong = false;  // what is wrong with an expression, and where
};
// The lanes of the timeline by what they are of.
enum class LaneGroup : std::uint8_t { kThreads, kPartitions, kNodes };
inline constexpr int kLaneGroups = 3;

// Sizes of everything, in per cent, as commands step through them.
inline constexpr std::array<int, 8> kScales = {75, 90, 100, 110, 125, 150, 175, 200};

struct View {
  Subject selected;
  BottomTab bottom = BottomTab::kNarration;
  SideTab side = SideTab::kLesson;
  SidePage page = SidePage::kFacts;  // of the inspector, where the selected thing has it
  AxisMode axis = AxisMode::kCompressed;
  double axis_from = 0, axis_to = 1;  // the visible part of the axis
  bool playing = false;
  bool backward = false;
  double speed = 0.02;  // simulated seconds per second; 0: as fast as it goes
  int scale_percent = 100;
  std::size_t producer = 0;   // whose pool and queues are shown
  bool pool_reasons = false;  // the pool shows why its memory is held, not by which partitions
  bool side_by_side = false;  // several producers share the stage, where there are several
  bool light = false;
  std::optional<int> presenting;  // for an audience; the scale to go back to
  bool menu_open = false, keys_open = false, palette_open = false;
  std::optional<std::size_t> setting;  // that the palette asks a value for
  std::optional<int> question;         // the step for whose question the palette asks a number
  std::string palette_text;
  int palette_row = 0;
  std::array<float, static_cast<int>(ListName::kCount_)> scroll{};
  Point pointer{-1, -1};
  int step = -1;            // of the steps that one event reaches, the one that is read
  bool read_along = false;  // a step goes on by itself once there was time to read it
  bool tip = true;          // what lies under the pointer is explained
  bool following = false;   // stays at the end of a run that grows
  bool fault_open = false, dragging = false;
  Subject pointed_at;    // a row under the pointer speaks of it: it is lit
  Subject fault_target;  // the thing whose fault menu is open
  Point fault_at;
  bool side_open = false;  // a narrow window shows the panel at the right also with nothing selected
  std::vector<Nanos> bookmarks;
  std::vector<Answer> answers;             // to palette_text
  std::string found_text;                  // what was searched for; empty: nothing
  std::vector<std::size_t> found;          // the events found, by their numbers, ascending
  std::array<bool, kLaneGroups> folded{};  // groups of lanes, each drawn on one lane
  bool idle_lanes = false;                 // lanes on which nothing happens are shown too

  bool lanes_folded(LaneGroup group) const { return folded[static_cast<std::size_t>(group)]; }
  float scrolled(ListName list) const { return scroll[static_cast<int>(list)]; }
  // The page of the inspector that the selected thing has.
  SidePage shown_page() const {
    if (selected.kind == SubjectKind::kProducer) return page;
    return selected.kind == SubjectKind::kNode && page == SidePage::kSplit ? page : SidePage::kFacts;
  }
};

// What the session says about itself.
struct LessonText {
  std::string heading, text;
  Nanos due = -1;                       // -1: this run has not come there
  std::size_t due_events = 0;           // how many events have happened then
  std::string when;                     // the expression that says so; may be empty
  std::vector<std::string> names = {};  // of things it speaks of, and words that name nothing
  std::optional<run::Question> question = {};
  std::optional<run::Truth> truth = {};  // the answer of this run to it
};
struct MenuItem {
  std::string title, summary, path;
  std::optional<int> step = {};  // of its lesson, the furthest that was reached, from 0
  int steps = 0;                 // of its lesson; 0: it has none
  std::string told = {};         // all that its lesson and its file say, for the search
};
// A fault that was ordered by hand.
struct OrderText {
  Nanos at = 0;
  std::string words;
  std::string dropped;  // why it is not carried out; empty: it is
};
// A run that was made by hand, beside the one that is shown: what it has and this one has not, and the other
// way round.
struct BranchText {
  std::size_t point = 0;
  std::string with, without;  // empty: nothing
};
// Something that could happen next.
struct ChoiceText {
  sim::Occurrence what;
  Nanos due = 0;
};
// A setting of the scenario.
struct SettingText {
  std::string owner, name;
  std::string written;  // in the file; empty: it says nothing of it
  std::string doc;
  std::vector<std::string> presets;
  std::optional<std::string> edited;            // its value by hand, from the start
  bool from_start = true, at_run_time = false;  // how it can be changed
};
struct Facts {
  std::string title, summary, profile, source, kind;  // kind: "simulated", "live", "recorded"
  std::optional<std::uint64_t> seed;
  std::vector<std::string> producers;  // their names in the scenario, by their index; of a simulated run
  bool can_submit = false, growing = false;
  std::vector<LessonText> lesson;
  PredictionMap predictions;
  std::vector<MenuItem> menu;
  std::vector<OrderText> orders;
  std::vector<BranchText> branches;
  std::optional<std::vector<ChoiceText>>
      choices;  // what could happen next at the cursor; none: not known yet
  std::vector<SettingText> settings;
  std::map<std::uint64_t, CheckReason> broken;  // why a check is broken, by the event that told it
  std::string warning;                          // what is not whole about the recording; empty: nothing
  std::string notice;    // what went wrong with the last command; shown until the next one
  std::string renewing;  // how far a run has come that begins anew; empty: none does, or not for long
  std::string news;      // what the last command has done, where nothing else shows it
};

// The item of the menu that is the next lesson after the one that is open; none: it is the last.
std::optional<std::size_t> next_lesson(const Facts& facts);

// Where the frame stands: `events` events have happened, the last of them at or before `t`.
struct Cursor {
  std::size_t events = 0;
  Nanos t = 0;
  bool operator==(const Cursor&) const = default;
};

// The last step of the lesson that was reached. Of several that one event reaches: view.step, else the first.
// -1: none.
int reached_step(const Facts& facts, const View& view, const Cursor& cursor);
// The step that is told at the cursor: the one reached, before that the introduction; -1 without a lesson.
int due_step(const Facts& facts, const View& view, const Cursor& cursor);
// The cursor stands at the very event that reaches the due step, for it to be read.
bool stands_at_step(const Facts& facts, const View& view, const Cursor& cursor);
// The step that is told and whose question waits for its answer; -1: none.
int open_question(const Facts& facts, const View& view, const Cursor& cursor);
// The step whose question is shown with a step: its own, else the one that it reveals; -1: none.
int shown_question(const Facts& facts, int step);

}  // namespace sendscope::ui
