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
inline Subject producer_subject(std::size_t index) { return {SubjectKind::kProducer, index}; }
inline NodeId node_of(Subject subject) { return static_cast<NodeId>(static_cast<std::uint32_t>(subject.id)); }

// What can be asked for; commands.def says of each what it is.
enum class Verb : std::uint8_t {
  kNothing,
#define VERB(verb, argument, cursor) verb,
#include "ui/layout/commands.def"
};

enum class BottomTab : std::uint8_t { kNarration, kEvents, kChecks, kByHand, kNext };
enum class SideTab : std::uint8_t { kInspector, kLesson };
// What the inspector shows of a producer or node: all its facts, where latencies come from, what bounds its
// rate.
enum class SidePage : std::uint8_t { kFacts, kSplit, kLimits };
inline constexpr int kBottomTabs = 5, kSideTabs = 2;
inline constexpr std::int64_t kNextTab = -1;   // for kTab and kSideTab
inline constexpr std::int64_t kAllLanes = -1;  // for kFoldLanes

// A list that is scrolled: its number as a ListName, the row it begins with, where that may go, and how many
// rows go by for each pixel that its thumb is dragged.
struct Scrolling {
  int list = 0;
  float from = 0, least = 0, last = 0, rows_a_pixel = 0;
};

struct Action {
  Verb verb = Verb::kNothing;
  std::int64_t value = 0;
  Subject subject;
  std::shared_ptr<const sim::FaultSpec> fault;  // of kFault
  std::string text;
  Scrolling scroll;  // of kScrollTo and kScrollGrab

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
