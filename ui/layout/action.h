// The things a person can point at, and what pointing, clicking and typing ask for.
#pragma once

#include <cstdint>
#include <string>

#include "core/event/event.h"

namespace sendscope::ui {

// A thing of the run that can be selected and followed through time.
enum class EntityKind : std::uint8_t {
  kNone,
  kThread,     // id: index of the thread (Event::actor)
  kRecord,     // id: RecordId
  kBatch,      // id: BatchId
  kPartition,  // id: PartitionIndex
  kRequest,    // id: RequestId
  kNode,       // id: NodeId as uint32
  kProducer,   // id: index of the producer
};

struct Entity {
  EntityKind kind = EntityKind::kNone;
  std::uint64_t id = 0;

  explicit operator bool() const { return kind != EntityKind::kNone; }
  bool operator==(const Entity&) const = default;
};

inline Entity thread_entity(std::uint16_t index) { return {EntityKind::kThread, index}; }
inline Entity record_entity(RecordId id) { return {EntityKind::kRecord, id}; }
inline Entity batch_entity(BatchId id) { return {EntityKind::kBatch, id}; }
inline Entity partition_entity(PartitionIndex index) { return {EntityKind::kPartition, index}; }
inline Entity request_entity(RequestId id) { return {EntityKind::kRequest, id}; }
inline Entity node_entity(NodeId id) { return {EntityKind::kNode, static_cast<std::uint32_t>(id)}; }
inline NodeId node_of(Entity entity) { return static_cast<NodeId>(static_cast<std::uint32_t>(entity.id)); }

enum class Verb : std::uint8_t {
  kNothing,
  kSelect,          // entity
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
  kFault,  // the fault verb `fault`, at the cursor
  kTheme,  // dark <-> light
  kScale,  // UI scale becomes `value` percent
  kScaleUp,
  kScaleDown,
  kTimelineMode,  // compressed <-> linear
  kTimelineZoom,  // value: steps in (+) or out (-) at the cursor
  kTimelinePan,   // value: steps to the left (-) or right (+)
  kTimelineFit,
  kTimelineGrab,  // the pointer drags the cursor along the timeline
  kTab,           // the tab `value` of the bottom or right panel
  kMenu,          // opens or closes the scenario menu
  kOpen,          // opens the scenario number `value` of the menu
  kKeySheet,      // opens or closes the sheet of keys
  kSearch,        // opens or closes the command palette
  kWhy,           // shows the reasons of the selected thing
  kLesson,        // step `value` of the lesson
  kMarkSet,       // sets a bookmark at the cursor
  kMarkJump,      // jumps to bookmark `value`
  kScrollColumn,  // scrolls the list under the pointer
  kCopy,          // copies `text`
  kSpeedGrab,     // the pointer drags the speed
  kClose,         // closes whatever lies on top
  kQuit,
};

enum class BottomTab : std::uint8_t { kNarration, kEvents, kChecks };
enum class SideTab : std::uint8_t { kInspector, kLesson };

// One of the fault verbs of a scenario, as a right-click offers it.
struct FaultOrder {
  std::string verb;       // "kill", "respond", "drop", ...
  NodeId node = kNoNode;  // kNoNode: any
  std::string api;        // "Produce"; empty: any
  std::string partition;  // "orders-0"; empty: any
  std::string what;       // "request" or "response", for drop and delay
  std::string error;      // for respond
  Nanos by = 0;           // for delay
  bool after_append = false;
  int times = 0;  // 0: no limit

  bool operator==(const FaultOrder&) const = default;
};

struct Action {
  Verb verb = Verb::kNothing;
  std::int64_t value = 0;
  Entity entity;
  FaultOrder fault;
  std::string text;

  explicit operator bool() const { return verb != Verb::kNothing; }
};

inline Action act(Verb verb, std::int64_t value = 0) {
  Action action;
  action.verb = verb;
  action.value = value;
  return action;
}

inline Action select_action(Entity entity) {
  Action action;
  action.verb = Verb::kSelect;
  action.entity = entity;
  return action;
}

}  // namespace sendscope::ui
