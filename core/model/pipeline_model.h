// The state of a whole run at one moment: a pure fold of its events. Everything shown is drawn from it.
//
// Plain values: copyable, comparable, no pointers, no clock. Equal event prefixes give equal models. Words
// are StringIds; ask the run's StringTable (EventLog::strings). What cannot be right (a trace is bytes from
// outside) is ignored, never followed: events of unknown batches, nodes or partitions change the counters
// only.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "core/event/event.h"
#include "core/event/name_book.h"
#include "core/model/counters.h"
#include "core/model/partition_model.h"
#include "core/model/producer_model.h"
#include "core/model/thread_model.h"

namespace sendscope {

struct RunModel {
  bool started = false;
  bool live = false;  // real brokers: what they hold is unknown
  std::uint64_t seed = 0;
  StringId title = 0;
  StringId profile = 0;
  bool ended = false;
  StringId end_reason = 0;
  std::uint64_t events_lost = 0;  // by the recording: counts are too low by what they would have told
  bool operator==(const RunModel&) const = default;
};

// A broker node as it really is.
struct BrokerModel {
  bool named = false;
  StringId host = 0;
  std::uint32_t port = 0;
  NodeState state = NodeState::kUp;
  Nanos since = 0;
  bool operator==(const BrokerModel&) const = default;
};

// A transactional id as its coordinator has it.
struct CoordinatedTransaction {
  NodeId coordinator = kNoNode;
  std::int64_t pid = -1;
  std::uint16_t epoch = 0;
  TxnStage stage = TxnStage::kEmpty;
  Nanos since = 0;
  bool operator==(const CoordinatedTransaction&) const = default;
};

struct FaultModel {
  std::uint64_t id = 0;
  std::uint32_t node = kNoPlace;  // kNoPlace: not about one node
  StringId verb = 0;
  StringId description = 0;
  Nanos began = 0;
  Nanos ended = -1;
  bool operator==(const FaultModel&) const = default;
};

struct CheckModel {
  std::uint64_t id = 0;
  CheckOutcome outcome{};
  StringId text = 0;
  Nanos t = 0;
  std::uint64_t event = 0;  // number of the event that told it
  bool operator==(const CheckModel&) const = default;
};

// A key that was set while the run went on.
struct SettingModel {
  StringId topic = 0;    // 0: the brokers
  StringId setting = 0;  // of a topic "key = value", of the brokers the key
  StringId value = 0;    // of the brokers
  bool operator==(const SettingModel&) const = default;
};

inline constexpr std::size_t kFaultsKept = 256;
inline constexpr std::size_t kMaxTransactions = 256;

class PipelineModel {
 public:
  // Written once, in the source: copying and comparing all of it is more code than most files that do so.
  PipelineModel();
  PipelineModel(const PipelineModel& other);
  PipelineModel(PipelineModel&& other) noexcept;
  PipelineModel& operator=(const PipelineModel& other);
  PipelineModel& operator=(PipelineModel&& other) noexcept;
  ~PipelineModel();
  bool operator==(const PipelineModel& other) const;

  void apply(const Event& event);

  Nanos time = 0;
  std::uint64_t events = 0;  // applied so far
  RunModel run;
  std::vector<ProducerModel> producers;    // by producer index
  std::vector<ThreadModel> threads;        // by actor
  std::vector<PartitionModel> partitions;  // by PartitionIndex
  std::map<NodeId, BrokerModel> brokers;
  std::map<StringId, CoordinatedTransaction> transactions;  // by transactional id
  std::deque<FaultModel> faults;                            // in order of their beginning; the last few
  std::vector<CheckModel> checks;                           // decided ones
  std::deque<SettingModel> settings;                        // in the order of being set; the last few
  EventCounters counters;

  // nullptr for what it does not know (any more).
  const ProducerModel* producer(std::size_t index) const;
  const ProducerPartition* producer_partition(std::size_t producer, PartitionIndex partition) const;
  const BatchModel* batch(BatchId id) const;
  const RequestModel* request(RequestId id) const;
  const NodeLink* link(std::size_t producer, NodeId node) const;
  // Room it takes, roughly: for bounding the memory of snapshots.
  std::size_t approximate_bytes() const;
};

}  // namespace sendscope
