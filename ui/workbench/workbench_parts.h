// What a Workbench derives from the log of its session; shared by its two files.
#pragma once

#include <tuple>

#include "ui/workbench/workbench.h"

namespace sendscope::ui {

struct Workbench::Derived {
  explicit Derived(History& history_) : history(history_) {}

  std::uint64_t generation = 0;
  History& history;  // the session's
  Tracks tracks;
  std::size_t tracked = 0;  // events that the tracks have seen
  TimeAxis axis;
  AxisMode axis_mode = AxisMode::kCompressed;
  std::size_t axis_times = 0;
  Nanos axis_end = -1;
  std::optional<LatencyLedger> ledger;                     // once it was asked for
  std::tuple<Subject, std::size_t, std::size_t> split_of;  // selected, producer, events counted
  std::optional<SubjectEvents> inspected;
  Inspection inspection;  // of what, where, and of how many events: inspected_at
  std::tuple<Subject, Cursor, std::size_t> inspected_at;
};

}  // namespace sendscope::ui
