// What can be selected and followed, and the events that concern it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/event/event_log.h"

namespace sendscope {

enum class SubjectKind : std::uint8_t {
  kNone,
  kRecord,
  kBatch,
  kRequest,
  kPartition,
  kNode,
  kThread,
  kProducer
};

struct Subject {
  SubjectKind kind = SubjectKind::kNone;
  std::uint64_t id = 0;  // RecordId, BatchId, RequestId, PartitionIndex, NodeId as uint32, thread, producer
  bool operator==(const Subject&) const = default;
};

// "batch 17 of orders-0", "record 201", "node 2", "app-1".
std::string describe(const Subject& subject, const EventLog& log);

// Which events concern a subject. A record takes its batch's events with it, a batch its requests'.
class SubjectEvents {
 public:
  // Looks through the whole log once.
  SubjectEvents(const EventLog& log, Subject subject);
  // Takes in the events that the log has gained.
  void update();
  const Subject& subject() const { return subject_; }
  // Numbers of the events that concern it, ascending.
  const std::vector<std::size_t>& events() const { return events_; }
  // The first of them at or after, the last before event number n; the log's size when there is none.
  std::size_t next(std::size_t n) const;
  std::size_t previous(std::size_t n) const;
  // A record's batch, once appended; a batch itself; else 0.
  BatchId batch() const { return batch_; }

 private:
  bool concerns(const Event& event) const;
  bool concerns_batch(const Event& event) const;

  void note_request(const Event& event, std::size_t index);

  const EventLog* log_;
  Subject subject_;
  std::size_t looked_ = 0;
  BatchId batch_ = 0;
  std::set<BatchId> batches_;  // it, and the children of its split
  std::uint32_t partition_ = kNoPlace;
  std::set<RequestId> requests_;
  // The last request_sent: a request says which batches it carries only after it was sent.
  RequestId last_request_ = 0;
  std::size_t last_request_index_ = 0;
  std::vector<std::size_t> events_;
};

}  // namespace sendscope
