// The things a person can point at, and what pointing, clicking and typing ask for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/model/request_model.h"
#include "core/model/subject.h"
#include "sim/scenario.h"

namespace sendscope::ui {

inline bool is_set(const Subject& subject) { return subject.kind != SubjectKind::kNone; }
inline Subject thread_subject(std::uint16_t index) { return {SubjectKind::kThread, index}; }
inline Subject record_subject(RecordId id) { return {SubjectKind::kRecord, id}; }
inline Subject batch_subject(BatchId id) { return {SubjectKind::kBatch, id}; }
inline Subject partition_subject(PartitionIndex index) { return {SubjectKind::kPartition, index}; }
inline Subject request_subject(RequestId id) { return {SubjectKind::kRequest, id}; }
inline Subject node_subject(NodeId id) { return {SubjectKind::kNode, static_cast<std::uint32_t>(id)}; }
inline NodeId node_of(Subject subject) { return static_cast<NodeId>(static_cast<std::uint32_t>(subject.id)); }

enum class Verb : std::uint8_t {
  kNothing,
  kSelect,          // subject
  kSelectPrevious,  // back to what was selected before
  kSelectNext,
  kPlayPause,
  kPlay,
  kPlayBackward,
  kPause,
  kStep,        // one event forward
  kStepBack,    // one event backward
  kStart,       // to the first event
  kEnd,         // to the last event
  kSeek,        // to time `value`
  kSeekEvent,   // so that `value` events have happened
  kFollowNext,  // to the next event of the selected thing
  kFollowPrevious,
  kCause,  // one hop to what led to the last event
  kEffect,
  kNeighbour,  // selects the neighbour on the same lane; value -1 or 1
  kSpeed,      // speed becomes 10^(value / 1000)
  kFaster,
  kSlower,
  kFaultMenu,  // opens the fault menu for `subject`; nothing: for the whole cluster
  kFault,      // `fault` begins at the cursor
  kTheme,      // dark <-> light
  kScale,      // UI scale becomes `value` percent
  kScaleUp,
  kScaleDown,
  kTimelineMode,  // compressed <-> linear
  kTimelineZoom,  // value: steps in (+) or out (-) at the cursor
  kTimelinePan,   // value: steps to the left (-) or right (+)
  kTimelineFit,
  kTimelineGrab,  // the pointer drags the cursor along the timeline
  kTab,           // the tab `value` of the bottom panel
  kSideTab,       // the tab `value` of the panel at the right
  kMenu,          // opens or closes the scenario menu
  kOpen,          // opens the scenario number `value` of the menu
  kKeySheet,      // opens or closes the sheet of keys
  kSearch,        // opens or closes the command palette
  kWhy,           // shows the reasons of the selected thing
  kSide,          // opens or closes the panel at the right of a narrow window
  kLesson,        // step `value` of the lesson
  kMarkSet,       // sets a bookmark at the cursor
  kMarkJump,      // jumps to bookmark `value`
  kScrollColumn,  // scrolls the list under the pointer
  kCopy,          // copies `text`
  kSpeedGrab,     // the pointer drags the speed
  kClose,         // closes whatever lies on top
  kProducer,      // shows the pool and queues of producer `value`, from 1; of the next (0), the previous (-1)
  kFocus,         // the timeline shows the life of what is selected; again: all
  kQuit,
};

enum class BottomTab : std::uint8_t { kNarration, kEvents, kChecks };
enum class SideTab : std::uint8_t { kInspector, kLesson };

struct Action {
  Verb verb = Verb::kNothing;
  std::int64_t value = 0;
  Subject subject;
  std::shared_ptr<const sim::FaultSpec> fault;  // of kFault
  std::string text;

  explicit operator bool() const { return verb != Verb::kNothing; }
};

inline Action act(Verb verb, std::int64_t value = 0) {
  Action action;
  action.verb = verb;
  action.value = value;
  return action;
}

inline Action select_action(Subject subject) {
  Action action;
  action.verb = Verb::kSelect;
  action.subject = subject;
  return action;
}

}  // namespace sendscope::ui
