#include "core/model/history.h"

namespace sendscope {

History::History(const EventLog& log, HistoryLimits limits)
    : log_(&log), limits_(limits), distance_(std::max<std::size_t>(limits.distance, 1)) {
  snapshots_.push_back({});
  update();
}

const Event* History::take_next() {
  if (taken_ == log_->size()) return nullptr;
  if (taken_ - snapshots_.back().events >= distance_) take_snapshot();
  const Event& event = (*log_)[taken_++];
  latest_.apply(event);
  travel_.note(event);
  return &event;
}

void History::update() {
  while (take_next() != nullptr) {
  }
}

void History::take_snapshot() {
  const std::size_t bytes = latest_.approximate_bytes();
  snapshots_.push_back({taken_, bytes, latest_});
  snapshot_bytes_ += bytes;
  while (snapshots_.size() > 2 &&
         (snapshots_.size() > limits_.max_snapshots || snapshot_bytes_ > limits_.max_bytes)) {
    thin_out();
  }
}

// Keeps every second one, the empty model among them.
void History::thin_out() {
  std::vector<Snapshot> kept;
  snapshot_bytes_ = 0;
  for (std::size_t i = 0; i < snapshots_.size(); i += 2) {
    snapshot_bytes_ += snapshots_[i].bytes;
    kept.push_back(std::move(snapshots_[i]));
  }
  snapshots_ = std::move(kept);
  distance_ *= 2;
}

const PipelineModel& History::model_at(std::size_t n) {
  n = std::min(n, taken_);
  if (n == taken_) return latest_;
  if (n == cursor_.events) return cursor_;
  const auto behind =
      std::upper_bound(snapshots_.begin(), snapshots_.end(), n,
                       [](std::size_t at, const Snapshot& snapshot) { return at < snapshot.events; });
  const Snapshot& nearest = *(behind - 1);
  // Going on from the last look is the cheaper way when it is not further than the snapshot, or nearly so:
  // a copy costs as much as some thousand events.
  constexpr std::size_t kCopyCost = 2000;
  const bool go_on = cursor_.events <= n && cursor_.events + kCopyCost >= nearest.events;
  if (!go_on) cursor_ = nearest.model;
  while (cursor_.events < n) cursor_.apply((*log_)[cursor_.events]);
  return cursor_;
}

PipelineModel model_after(const EventLog& log, std::size_t events) {
  PipelineModel model;
  for (std::size_t i = 0; i < events; ++i) model.apply(log[i]);
  return model;
}

}  // namespace sendscope
