// Where records wait to be sent: a queue of batches for every partition, filled by application threads and
// drained by the sender. Source: Kafka RecordAccumulator; KIP-794 (partitioning), KIP-951 (leader epochs).
//
// Thread-safety: try_append(), begin_flush(), end_flush(), close() and the "any thread" observers
// from any thread; everything else from the sender's thread. Callbacks run with no lock held. Orders that can
// be seen are canonical: topics by name, partitions by number, nodes by number, incomplete batches by their
// first record (Kafka's are those of its hash tables). Cost: ready(), drain() and expired_batches() follow
// the partitions that hold batches, not those that exist.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/random_source.h"
#include "core/base/result.h"
#include "core/event/sink.h"
#include "core/net/exponential_backoff.h"
#include "core/producer/append_op.h"
#include "core/producer/buffer_pool.h"
#include "core/producer/incomplete_batches.h"
#include "core/producer/partition_queue.h"
#include "core/producer/producer_batch.h"
#include "core/producer/queue_index.h"
#include "core/wire/compression.h"
#include "core/wire/compression_ratio_estimator.h"

namespace sendscope {

struct ProducerConfig;
class TransactionManager;

struct AccumulatorSettings {
  std::int32_t batch_size_bytes = 1;  // at least 1
  wire::Compression compression;
  std::int64_t linger_ms = 0;
  std::int64_t retry_backoff_ms = 0;
  std::int64_t retry_backoff_max_ms = 0;
  std::int64_t delivery_timeout_ms = 0;
  bool adaptive_partitioning = false;
  bool halves_split_batches = false;  // of the parts of a split batch; else into parts of batch.size again
  std::int64_t availability_timeout_ms = 0;  // 0: slow nodes are not avoided
};
// A producer's, without a compressor of its own.
AccumulatorSettings accumulator_settings(const ProducerConfig& config);

// Kafka: RecordAccumulator.ReadyCheckResult.
struct ReadyCheckResult {
  std::vector<NodeId> ready_nodes;                    // sorted, then RandomSource::order_nodes
  Millis next_ready_check_delay_ms = kForeverMillis;  // until a node not ready now may be
  std::vector<std::string> unknown_leader_topics;     // sorted
};

struct NodeBatches {
  NodeId node = kNoNode;
  std::vector<BatchPtr> batches;
};

class RecordAccumulator {
 public:
  // Everything given here outlives the accumulator. `transactions` is null without idempotence.
  RecordAccumulator(const AccumulatorSettings& settings, BufferPool& pool, TransactionManager* transactions,
                    RandomSource& random, const BatchEnvironment& environment);
  ~RecordAccumulator();
  RecordAccumulator(const RecordAccumulator&) = delete;
  RecordAccumulator& operator=(const RecordAccumulator&) = delete;

  // ---- appending (any thread)
  // The whole append protocol, without ever waiting: into the last batch of the queue, or into a new one if
  // the pool has memory at once. A record that fits the last batch of a known partition takes one lock, that
  // of the queue.
  RecordAppendResult try_append(const AppendRequest& request, const Cluster& cluster, Nanos now);

  // ---- the sender's pass
  // Which nodes have something to send, when to look again, and which topics lack a leader.
  // Kafka: RecordAccumulator.ready.
  void ready(const ClusterPtr& cluster, Nanos now, ReadyCheckResult& out);
  // At most one batch a partition, up to `max_size` bytes a node, closed and with sequences; an entry for
  // every node asked for, in the order asked. Kafka: RecordAccumulator.drain.
  std::vector<NodeBatches> drain(const ClusterPtr& cluster, std::span<const NodeId> nodes,
                                 std::int64_t max_size, Nanos now);
  // Whether a ready node could be sent to; slow nodes get fewer records
  // (partitioner.availability.timeout.ms).
  void update_node_latency_stats(NodeId node, Millis now_ms, bool can_drain);

  // ---- expiry
  // Takes the batches out of their queues whose delivery.timeout.ms has passed.
  std::vector<BatchPtr> expired_batches(Nanos now);
  // The next moment at which a batch expires; kForeverMillis: none known.
  Millis next_expiry_time_ms() const { return next_expiry_time_ms_; }
  void reset_next_batch_expiry_time() { next_expiry_time_ms_ = kForeverMillis; }
  // The sender tells of batches in flight, too.
  void maybe_update_next_batch_expiry_time(const ProducerBatch& batch);
  Millis delivery_timeout_ms() const { return settings_.delivery_timeout_ms; }

  // ---- what comes back
  // To the front; by sequence where there are sequences.
  void reenqueue(const BatchPtr& batch, Nanos now);
  // After MESSAGE_TOO_LARGE; returns how many batches it became. The caller completes and deallocates the big
  // one. Kafka: splitAndReenqueue.
  int split_and_reenqueue(const BatchPtr& big, Nanos now);
  // IncompleteBatches forgets it. REQUIRES: it is incomplete
  void complete(const BatchPtr& batch, Nanos now);
  // Gives its memory back, once. kIllegalState when a request still refers to the memory: the pool then gets
  // other memory of that size, the old stays with the batch.
  Result<void> deallocate(const BatchPtr& batch, Nanos now);

  void mute_partition(const TopicPartition& tp, Nanos now);
  void unmute_partition(const TopicPartition& tp, Nanos now);

  // ---- aborting
  // Everything incomplete fails with `reason`; memory of batches on the wire stays until their request ends.
  // Kafka: abortBatches.
  void abort_batches(const Error& reason, Nanos now);
  // Only what was never drained. Kafka: abortUndrainedBatches.
  void abort_undrained_batches(const Error& reason, Nanos now);
  // The end: everything incomplete fails because the producer was closed by force, and the queues are
  // forgotten. REQUIRES: close() came before. Kafka: abortIncompleteBatches.
  void abort_incomplete_batches(Nanos now);

  // ---- flush and close (any thread)
  // While flushes are on, every batch is sent without lingering.
  void begin_flush() { flushes_.fetch_add(1, std::memory_order_acq_rel); }
  void end_flush() { flushes_.fetch_sub(1, std::memory_order_acq_rel); }
  bool flush_in_progress() const { return flushes_.load(std::memory_order_acquire) > 0; }
  int flushes() const { return flushes_.load(std::memory_order_acquire); }
  // What a flush waits for: the results of all batches incomplete now.
  std::vector<ResultPtr> incomplete_results() const { return incomplete_.request_results(); }
  // Appends fail from here on, waiting ones too; the rest goes on.
  void close(Nanos now);
  bool is_closed() const { return closed_.load(std::memory_order_acquire); }

  // ---- observers
  bool has_incomplete() const { return !incomplete_.empty(); }  // any thread
  std::size_t incomplete_count() const { return incomplete_.size(); }
  bool has_undrained();
  BufferPool& pool() { return pool_; }
  wire::CompressionRatioEstimator& ratio_estimator() { return estimator_; }

  // How things stand, for tests, pictures and the conformance replayer.
  struct QueueView {
    TopicPartition tp;
    std::vector<std::int32_t> records;  // in each batch, front first
    bool muted = false;
  };
  std::vector<QueueView> queues();  // by topic and number, empty ones included
  const TopicInfo* find_topic(std::string_view topic) const;
  std::vector<const TopicInfo*> topics();  // by name

 private:
  friend class AppendAttempt;

  // record_accumulator_append.cpp
  TopicInfo& topic_info(std::string_view name);
  PartitionQueue& queue_of(TopicInfo& topic, PartitionId partition, Nanos now);
  PartitionQueue* find_queue(const TopicPartition& tp) const;
  std::vector<Thunk> take_thunks() EXCLUDES_LOCK(spare_mutex_);
  void keep_thunks(std::vector<Thunk> thunks) EXCLUDES_LOCK(spare_mutex_);
  BatchId next_batch_id();

  // record_accumulator_ready.cpp
  struct HeadOfQueue;
  void ready_topic(TopicInfo& topic, Nanos now, ReadyCheckResult& out);
  static void update_leader_epoch(const PartitionQueue& queue, ProducerBatch& head);
  bool look_at_head(PartitionQueue& queue, Millis now_ms, HeadOfQueue& seen);
  void decide(const PartitionQueue& queue, const HeadOfQueue& seen, bool exhausted, Nanos now,
              ReadyCheckResult& out);
  void publish_load(TopicInfo& topic);
  void list_candidates(TopicInfo& topic, const Topic& known);
  void drop_slots_of_late_nodes(TopicInfo& topic);
  bool is_late(NodeId node) const;
  bool is_backing_off(const ProducerBatch& batch, Millis now_ms);

  // record_accumulator_drain.cpp
  enum class Drained : std::uint8_t { kSkipped, kTaken, kStop };
  void drain_node(NodeBatches& out, const std::vector<PartitionQueue*>& queues, std::int64_t max_size,
                  Nanos now);
  Drained drain_queue(PartitionQueue& queue, NodeBatches& out, std::int64_t& size, std::int64_t max_size,
                      Nanos now);
  bool must_stop(const ProducerBatch& first) const;
  void assign_sequence(const BatchPtr& batch);

  // record_accumulator.cpp
  void put_back(const BatchPtr& batch);
  void withdraw(const BatchPtr& batch, Nanos now);
  void set_muted(const TopicPartition& tp, bool muted, Nanos now);
  void emit(EventKind kind, const ProducerBatch& batch, std::uint32_t a, std::uint32_t b, Nanos now);

  const AccumulatorSettings settings_;
  BufferPool& pool_;
  TransactionManager* const transactions_;
  RandomSource& random_;
  const BatchEnvironment environment_;
  const ExponentialBackoff retry_backoff_;
  wire::CompressionRatioEstimator estimator_;
  IncompleteBatches incomplete_;
  std::atomic<BatchId> last_batch_id_{0};
  std::atomic<int> flushes_{0};
  std::atomic<bool> closed_{false};

  // Guards insertions into topics_ and into TopicInfo::partitions.
  Mutex creation_mutex_ ACQUIRED_AFTER(lock_order::leaves);
  GrowOnlyMap<TopicInfo> topics_;
  QueueIndex index_;

  Mutex spare_mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::vector<std::vector<Thunk>> spare_thunks_ GUARDED_BY(spare_mutex_);

  // The sender's thread only.
  struct NodeLatency {
    Millis ready_ms;
    Millis drain_ms;
  };
  std::vector<std::vector<PartitionQueue*>> by_node_;  // scratch
  std::map<NodeId, std::size_t> drain_cursors_;
  std::map<NodeId, NodeLatency> node_latencies_;
  Millis next_expiry_time_ms_ = kForeverMillis;
  std::vector<TopicPartition> muted_to_the_end_;  // when the queues were forgotten
};

}  // namespace sendscope
