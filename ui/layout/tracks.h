// The whole run as lanes: what the timeline draws. A fold over all events of the log, those after the cursor
// included; drawing stops at the cursor.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/error.h"
#include "core/event/event.h"
#include "ui/layout/action.h"

namespace sendscope::ui {

inline constexpr Nanos kNotYet = kForever;

// Something that lasts, on a lane.
struct Span {
  Nanos from = 0, to = kNotYet;
  std::uint64_t id = 0;     // batch, request or, on a thread's lane, its ThreadState
  std::uint32_t row = 0;    // sub-row, so that spans at the same time lie one below another
  std::uint32_t group = 0;  // of the spans that overlap it, and those that overlap them
  std::uint32_t retries = 0;
  ErrorCode error = ErrorCode::kNone;        // of the end
  ErrorCode retry_error = ErrorCode::kNone;  // batch: of the last attempt that was retried
  Nanos drained = kNotYet;                   // batch: when first drained
  std::uint32_t bytes = 0;                   // batch: when last drained
};

struct PoolStep {
  Nanos t = 0;
  std::uint64_t available = 0;
};

// A producer's buffer pool.
struct PoolLane {
  std::uint64_t total = 0;
  std::vector<PoolStep> steps;
};

struct ThreadLane {
  std::vector<Nanos> sends;
  std::vector<Span> waits;
};

// How many sub-rows the groups of a lane have; spans that overlap nothing have the height of the lane.
struct SubRows {
  std::vector<std::uint32_t> of_group;
  std::uint32_t most = 0;

  std::uint32_t of(const Span& span) const { return span.group < of_group.size() ? of_group[span.group] : 1; }
};

struct PartitionLane {
  std::vector<Span> batches;
  SubRows rows;
};

struct NodeLane {
  std::vector<Span> requests;
  std::vector<Span> down;  // killed or paused; id is the NodeState
  SubRows rows;
};

// Bytes of batches that were acked, over all time.
struct AckedStep {
  Nanos t = 0;
  std::uint64_t total = 0;
};

struct AckedLane {
  Nanos begin = kNotYet;  // its first batch
  std::vector<AckedStep> steps;
};

struct Tracks {
  std::vector<PoolLane> pools;            // by producer index
  std::vector<AckedLane> acked;           // by producer index
  std::vector<ThreadLane> threads;        // by thread index
  std::vector<PartitionLane> partitions;  // by PartitionIndex
  std::vector<NodeId> node_ids;           // in the order of the lanes: ascending
  std::vector<NodeLane> nodes;
  std::vector<Nanos> faults;  // when faults began
  std::vector<Nanos> times;   // of all events, each moment once
  Nanos end = 0;

  void apply(const Event& event);

 private:
  struct Place {
    std::uint32_t lane = 0, index = 0;
  };
  std::unordered_map<BatchId, Place> open_batches_;
  std::unordered_map<RequestId, Place> open_requests_;

  std::size_t lane_of(NodeId node);
  void apply_thread(const Event& event);
  void apply_batch(const Event& event);
  void apply_request(const Event& event);
  void apply_node(const Event& event);
  Span* batch_span(const Event& event);
  void close_request(const Event& event, ErrorCode error);
  void note_acked(const Event& event, std::uint32_t bytes);
  void close_all(Nanos t);
};

}  // namespace sendscope::ui
