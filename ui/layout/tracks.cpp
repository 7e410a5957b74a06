#include "ui/layout/tracks.h"

#include <algorithm>

#include "core/event/name_book.h"

namespace sendscope::ui {
namespace {

constexpr std::uint32_t kMostRows = 32;

// The sub-rows on which something of the lane still lasts at `from`. Only recent spans can overlap.
std::uint32_t taken_rows(const std::vector<Span>& spans, Nanos from) {
  constexpr std::size_t kRecent = 64;
  std::uint32_t taken = 0;
  const std::size_t first = spans.size() > kRecent ? spans.size() - kRecent : 0;
  for (std::size_t i = first; i < spans.size(); ++i) {
    if (spans[i].to > from && spans[i].row < kMostRows) taken |= 1u << spans[i].row;
  }
  return taken;
}

// Begins a span on the first sub-row that is free.
void begin_span(std::vector<Span>& spans, SubRows& rows, Nanos from, std::uint64_t id) {
  const std::uint32_t taken = taken_rows(spans, from);
  if (taken == 0) rows.of_group.push_back(0);
  Span span;
  span.from = from;
  span.id = id;
  while (span.row + 1 < kMostRows && (taken >> span.row & 1) != 0) ++span.row;
  span.group = static_cast<std::uint32_t>(rows.of_group.size() - 1);
  rows.of_group.back() = std::max(rows.of_group.back(), span.row + 1);
  rows.most = std::max(rows.most, span.row + 1);
  spans.push_back(span);
}

// Of the wire, or the client's own.
ErrorCode error_of(std::uint32_t field) { return static_cast<ErrorCode>(static_cast<std::int16_t>(field)); }

bool waits(std::uint32_t state) {
  const auto s = static_cast<ThreadState>(state);
  return s != ThreadState::kRunning && s != ThreadState::kSleeping && s != ThreadState::kClosed;
}

template <typename T>
T& grow_to(std::vector<T>& lanes, std::size_t index) {
  if (index >= lanes.size()) lanes.resize(index + 1);
  return lanes[index];
}

}  // namespace

// Whatever was open may have ended in what is missing.
void Tracks::close_all(Nanos t) {
  for (const auto& [batch, at] : open_batches_) partitions[at.lane].batches[at.index].to = t;
  for (const auto& [request, at] : open_requests_) nodes[at.lane].requests[at.index].to = t;
  open_batches_.clear();
  open_requests_.clear();
}

void Tracks::apply(const Event& event) {
  end = std::max(end, event.t);
  if (times.empty() || times.back() < event.t) times.push_back(event.t);
  switch (event.kind) {
    case EventKind::producer_created:
    case EventKind::memory_allocated:
    case EventKind::memory_freed:
      if (event.actor >= kMaxProducers) break;
      if (event.kind == EventKind::producer_created) grow_to(pools, event.actor).total = event.subject;
      grow_to(pools, event.actor).steps.push_back({event.t, event.subject});
      break;
    case EventKind::fault_began: faults.push_back(event.t); break;
    case EventKind::partition_named:
      if (event.place < kMaxPartitions) grow_to(partitions, event.place);
      break;
    case EventKind::node_named: lane_of(static_cast<NodeId>(event.place)); break;
    case EventKind::node_state: apply_node(event); break;
    case EventKind::events_lost: close_all(event.t); break;
    default:
      apply_thread(event);
      apply_batch(event);
      apply_request(event);
  }
}

std::size_t Tracks::lane_of(NodeId node) {
  const auto at = std::lower_bound(node_ids.begin(), node_ids.end(), node);
  const auto index = static_cast<std::size_t>(at - node_ids.begin());
  if (at != node_ids.end() && *at == node) return index;
  node_ids.insert(at, node);
  nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(index), NodeLane{});
  for (auto& [request, place] : open_requests_) {
    if (place.lane >= index) ++place.lane;
  }
  return index;
}

void Tracks::apply_thread(const Event& event) {
  const bool about_threads = event.kind == EventKind::thread_named || event.kind == EventKind::thread_state ||
                             event.kind == EventKind::send_called;
  if (!about_threads || event.actor >= kMaxThreads) return;
  ThreadLane& lane = grow_to(threads, event.actor);
  if (event.kind == EventKind::send_called) lane.sends.push_back(event.t);
  if (event.kind != EventKind::thread_state) return;
  if (!lane.waits.empty() && lane.waits.back().to == kNotYet) lane.waits.back().to = event.t;
  if (waits(event.a)) {
    Span& span = lane.waits.emplace_back();
    span.from = event.t;
    span.id = event.a;
  }
}

Span* Tracks::batch_span(const Event& event) {
  const auto found = open_batches_.find(event.subject);
  if (found == open_batches_.end()) return nullptr;
  return &partitions[found->second.lane].batches[found->second.index];
}

void Tracks::apply_batch(const Event& event) {
  if (event.kind == EventKind::batch_opened || event.kind == EventKind::batch_child) {
    if (event.place >= kMaxPartitions) return;
    PartitionLane& lane = grow_to(partitions, event.place);
    open_batches_[event.subject] = {event.place, static_cast<std::uint32_t>(lane.batches.size())};
    begin_span(lane.batches, lane.rows, event.t, event.subject);
    if (event.actor < kMaxProducers) {
      AckedLane& acked_by = grow_to(acked, event.actor);
      acked_by.begin = std::min(acked_by.begin, event.t);
    }
    return;
  }
  const bool drained = event.kind == EventKind::batch_drained,
             retried = event.kind == EventKind::batch_retried;
  const bool completed = event.kind == EventKind::batch_completed;
  const bool gone = event.kind == EventKind::incomplete_removed;
  if (!drained && !retried && !completed && !gone) return;
  Span* span = batch_span(event);
  if (span == nullptr) return;
  if (drained && span->drained == kNotYet) span->drained = event.t;
  if (drained) span->bytes = event.b;
  if (retried) ++span->retries;
  if (retried) span->retry_error = error_of(event.a);
  if (completed) span->error = error_of(event.a);
  if (completed && span->error == ErrorCode::kNone) note_acked(event, span->bytes);
  if (gone || completed) span->to = event.t;
  if (gone) open_batches_.erase(event.subject);
}

void Tracks::note_acked(const Event& event, std::uint32_t bytes) {
  if (event.actor >= kMaxProducers) return;
  std::vector<AckedStep>& steps = grow_to(acked, event.actor).steps;
  const std::uint64_t before = steps.empty() ? 0 : steps.back().total;
  steps.push_back({event.t, before + bytes});
}

void Tracks::close_request(const Event& event, ErrorCode error) {
  const auto found = open_requests_.find(event.subject);
  if (found == open_requests_.end()) return;
  Span& span = nodes[found->second.lane].requests[found->second.index];
  span.to = event.t;
  span.error = error;
  open_requests_.erase(found);
}

void Tracks::apply_request(const Event& event) {
  const RequestId id = event.subject;
  switch (event.kind) {
    case EventKind::request_sent: {
      const auto lane_index = lane_of(static_cast<NodeId>(event.place));
      NodeLane& lane = nodes[lane_index];
      open_requests_[id] = {static_cast<std::uint32_t>(lane_index),
                            static_cast<std::uint32_t>(lane.requests.size())};
      begin_span(lane.requests, lane.rows, event.t, id);
      break;
    }
    case EventKind::response_received:
    case EventKind::request_failed:
      close_request(event, event.kind == EventKind::request_failed ? error_of(event.b) : ErrorCode::kNone);
      break;
    default: break;
  }
}

void Tracks::apply_node(const Event& event) {
  NodeLane& lane = nodes[lane_of(static_cast<NodeId>(event.place))];
  if (!lane.down.empty() && lane.down.back().to == kNotYet) lane.down.back().to = event.t;
  if (event.a == static_cast<std::uint32_t>(NodeState::kUp)) return;
  Span& span = lane.down.emplace_back();
  span.from = event.t;
  span.id = event.a;
}

}  // namespace sendscope::ui
