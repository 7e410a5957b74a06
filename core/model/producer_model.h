// One producer: pool, accumulator, sender, network client, metadata and transaction manager.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "core/base/types.h"
#include "core/event/event.h"
#include "core/model/batch_model.h"
#include "core/model/latency_distribution.h"
#include "core/model/metrics_model.h"
#include "core/model/partition_model.h"
#include "core/model/pool_model.h"
#include "core/model/request_model.h"

namespace sendscope {

struct ConfigEntry {
  StringId key = 0;
  StringId value = 0;
  ConfigSource source = ConfigSource::kGiven;
  bool operator==(const ConfigEntry&) const = default;
};

// A callback that ran: of a record that was delivered or given up, or of a send() that failed.
struct CallbackModel {
  Nanos t = 0;
  RecordId record = 0;
  std::uint32_t partition = kNoPlace;
  std::uint16_t thread = kNoActor;
  std::int32_t error = 0;
  std::int64_t offset = -1;
  Nanos latency = 0;  // since send()
  bool operator==(const CallbackModel&) const = default;
};

struct SenderModel {
  Nanos waits_since = -1;  // -1: has not waited yet
  Nanos waits_until = -1;  // kForever: until something happens
  std::uint32_t ready_nodes = 0;
  Nanos callback_busy_until = -1;  // a slow callback keeps the I/O thread
  bool operator==(const SenderModel&) const = default;
};

struct MetadataModel {
  std::uint32_t version = 0;
  std::uint32_t nodes = 0;
  Nanos updated = -1;
  Nanos requested = -1;  // a request is on its way since; -1: none
  NodeId requested_from = 0;
  std::int32_t error = 0;  // of the last update that failed
  bool operator==(const MetadataModel&) const = default;
};

struct TransactionModel {
  std::int64_t pid = -1;
  std::int64_t epoch = -1;
  TxnState state = TxnState::kUninitialized;
  bool operator==(const TransactionModel&) const = default;
};

inline constexpr std::size_t kFinishedBatchesKept = 256;
inline constexpr std::size_t kEndedRequestsKept = 256;
inline constexpr std::size_t kAbandonedRequestsKept = 4096;
inline constexpr std::size_t kCallbacksKept = 64;

struct ProducerModel {
  bool created = false;
  StringId client_id = 0;
  Nanos started = 0;
  std::vector<ConfigEntry> config;  // in the order set
  bool closed = false;

  PoolModel pool;
  std::map<PartitionIndex, ProducerPartition> partitions;
  std::map<BatchId, BatchModel> batches;      // not finished, by age
  std::deque<BatchModel> finished_batches;    // the last few, newest at the back
  std::map<StringId, PartitionIndex> sticky;  // the sticky partitioner's choice, by topic
  // RecordAccumulator.IncompleteBatches: queued or in flight, by age.
  std::vector<BatchId> incomplete_batches;

  std::map<NodeId, NodeLink> links;            // each with its in_flight_requests
  std::map<RequestId, RequestModel> requests;  // not settled, and the last few that are
  std::deque<RequestId> ended_requests;        // answered or given up, in the order that happened
  std::deque<RequestId> abandoned_requests;    // given up long ago, but they may still reach the broker

  SenderModel sender;
  MetadataModel metadata;
  TransactionModel txn;
  MetricsModel metrics;

  std::uint64_t sent = 0;                           // records accepted
  std::uint64_t acked = 0;                          // callbacks without an error
  std::uint64_t failed = 0;                         // callbacks with one
  std::map<std::int32_t, std::uint64_t> failed_by;  // by error code
  std::uint64_t thrown = 0;                         // sends that threw: no callback
  LatencyDistribution latency;                      // send() to callback of acked records
  std::deque<CallbackModel> callbacks;              // the last few, newest at the back
  BatchId completing = 0;                           // the batch whose callbacks run

  // Also among the finished ones; nullptr when it does not know it (any more).
  const BatchModel* batch(BatchId id) const;
  const RequestModel* request(RequestId id) const;
  bool operator==(const ProducerModel&) const = default;
};

}  // namespace sendscope
