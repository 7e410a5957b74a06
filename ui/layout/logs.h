// The logs on a broker's card: where there is room the batches at the end of each, in their order there; else
// bars on one scale for the whole cluster, with counts, markers and what is undecided.
#pragma once

#include <vector>

#include "ui/layout/stage.h"

namespace sendscope::ui {

struct LogLine {
  PartitionIndex partition;
  const LogModel* log;
  const ReplicaLog* replica;  // nullptr: the node leads, and has not written yet
};
// The logs of a node: those it leads before those it follows.
std::vector<LogLine> logs_of(const Frame& frame, NodeId node);

// Which logs are drawn batch by batch: of every card the same, by the room on a card of that height.
enum class LogForm : std::uint8_t { kBars, kLedBatches, kBatches };
LogForm log_form(const Frame& frame, float card_height);
// The batches at the end of a log, the newest at the right, as many as fit.
void draw_segments(const Frame& frame, Rect row, const LogLine& line, bool leads);

// Offsets that fill a bar: the longest log of all nodes, rounded up to 1, 2 or 5 times a power of ten, so
// that the scale can be told and changes rarely. At least 10.
std::int64_t log_scale(const PipelineModel& model);
// "full bar: 500", for the heading of the brokers.
std::string log_scale_words(const Frame& frame, float room);

// The part of a broker's card that holds its logs.
Rect logs_area(const Rect& card);
void draw_logs(const Frame& frame, const Rect& card, NodeId node);

}  // namespace sendscope::ui
