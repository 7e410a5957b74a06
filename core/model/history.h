// A run that can be looked at anywhere: its log, snapshots of the model, and the times of every request.
//
// Snapshots are taken every so many events; when they become too many or too large, every second one goes and
// the distance doubles, so memory is bounded however long the run. A look costs one copy of a snapshot and a
// replay of at most that distance, or only the events between when it moves on from the last look.
//
// This is the one fold of a run: whoever needs the model at the newest moment asks latest().
//
// Thread-safety: none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "core/event/event_log.h"
#include "core/model/pipeline_model.h"
#include "core/model/travel.h"

namespace sendscope {

struct HistoryLimits {
  std::size_t distance = 2048;  // events between snapshots, to begin with
  std::size_t max_snapshots = 128;
  std::size_t max_bytes = std::size_t{192} << 20;  // of all snapshots, roughly

  // No snapshots: for a run of which only the newest moment is looked at.
  static HistoryLimits newest_only() { return {.distance = std::numeric_limits<std::size_t>::max()}; }
};

class History {
 public:
  // The log must outlive it. What the log already holds is taken in.
  explicit History(const EventLog& log, HistoryLimits limits = {});

  // Takes in the next event that the log has gained, and returns it; nullptr: there is none.
  const Event* take_next();
  // Takes in all of them.
  void update();

  const EventLog& log() const { return *log_; }
  std::size_t size() const { return taken_; }
  // The model after the first n events (n <= size()). Valid until the next call of model_at.
  const PipelineModel& model_at(std::size_t n);
  // The model after all events taken in.
  const PipelineModel& latest() const { return latest_; }
  // How many events have happened at time t (those at t included): the n for model_at.
  std::size_t event_at(Nanos t) const { return std::min(log_->count_until(t), taken_); }
  const TravelTimes& travel() const { return travel_; }

  std::size_t snapshot_count() const { return snapshots_.size(); }
  std::size_t snapshot_distance() const { return distance_; }

 private:
  struct Snapshot {
    std::size_t events = 0;
    std::size_t bytes = 0;
    PipelineModel model;
  };
  void take_snapshot();
  void thin_out();

  const EventLog* log_;
  HistoryLimits limits_;
  std::size_t distance_;
  std::size_t taken_ = 0;
  std::size_t snapshot_bytes_ = 0;
  std::vector<Snapshot> snapshots_;  // in order; [0] is the empty model
  PipelineModel latest_;
  PipelineModel cursor_;  // the last look
  TravelTimes travel_;
};

// The model after the first `events` events of a log that is looked at once.
PipelineModel model_after(const EventLog& log, std::size_t events);

}  // namespace sendscope
