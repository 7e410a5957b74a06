// What the TransactionManager asks of the cluster: the requests in line, their results, and their order.
// Kafka: TransactionManager.TxnRequestHandler, Priority; TransactionalRequestResult.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/base/waiter.h"
#include "core/producer/transaction_offsets.h"
#include "core/wire/add_offsets_to_txn.h"
#include "core/wire/add_partitions_to_txn.h"
#include "core/wire/end_txn.h"
#include "core/wire/find_coordinator.h"
#include "core/wire/init_producer_id.h"
#include "core/wire/txn_offset_commit.h"

namespace sendscope {

// The outcome of a transactional call. It opens once; a later failure replaces the error. Thread-safe.
class TransactionalRequestResult {
 public:
  void done() EXCLUDES_LOCK(mutex_);
  void fail(const Error& error) EXCLUDES_LOCK(mutex_);
  bool is_completed() const EXCLUDES_LOCK(mutex_);
  std::optional<Error> error() const EXCLUDES_LOCK(mutex_);
  // The caller has seen the outcome: the operation is no longer pending.
  void acknowledge() EXCLUDES_LOCK(mutex_);
  bool is_acked() const EXCLUDES_LOCK(mutex_);
  // Queues a waiter to be woken at completion; false (and not queued) when it is completed already.
  bool wait(Waiter& waiter) EXCLUDES_LOCK(mutex_);
  void stop_waiting(Waiter& waiter) EXCLUDES_LOCK(mutex_);

 private:
  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  bool completed_ GUARDED_BY(mutex_) = false;
  bool acked_ GUARDED_BY(mutex_) = false;
  std::optional<Error> error_ GUARDED_BY(mutex_);
  WaitQueue waiters_ GUARDED_BY(mutex_);
};
using TxnResultPtr = std::shared_ptr<TransactionalRequestResult>;

// Smaller goes first.
enum class TxnPriority : std::uint8_t {
  kFindCoordinator,
  kInitProducerId,
  kAddPartitionsOrOffsets,
  kEndTxn,
  kEpochBump
};

struct TxnRequest {
  using Body =
      std::variant<wire::FindCoordinatorRequest, wire::InitProducerIdRequest, wire::AddPartitionsToTxnRequest,
                   wire::AddOffsetsToTxnRequest, wire::TxnOffsetCommitRequest, wire::EndTxnRequest>;
  Body body;
  TxnPriority priority = TxnPriority::kInitProducerId;
  std::optional<wire::CoordinatorType> coordinator;  // none: any node will do
  std::string coordinator_key;
  std::int16_t min_version = 0;
  std::int16_t max_version = 0;
  Millis retry_backoff_ms = 0;
  bool is_retry = false;
  ErrorCode last_error = ErrorCode::kNone;  // what it was last answered with
  TxnResultPtr result = std::make_shared<TransactionalRequestResult>();
  TxnOffsets offsets;           // AddOffsetsToTxn: what is committed afterwards
  ConsumerGroupMetadata group;  // same

  bool is_end_txn() const { return priority == TxnPriority::kEndTxn; }
  bool is_epoch_bump() const { return priority == TxnPriority::kEpochBump; }
  bool is_find_coordinator() const { return priority == TxnPriority::kFindCoordinator; }
};
using TxnRequestPtr = std::shared_ptr<TxnRequest>;

// The requests in line: by priority; a binary heap, so that equals leave in the order Kafka's do.
class TxnRequestQueue {
 public:
  bool empty() const { return heap_.empty(); }
  void push(TxnRequestPtr request);
  // REQUIRES: !empty()
  const TxnRequestPtr& front() const { return heap_.front(); }
  TxnRequestPtr pop();
  // Whatever is in line, in no particular order.
  const std::vector<TxnRequestPtr>& all() const { return heap_; }

 private:
  std::vector<TxnRequestPtr> heap_;
};

}  // namespace sendscope
