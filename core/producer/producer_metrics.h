// What a producer counts of its records, batches and calls: Kafka's sender, buffer pool and API metrics.
// Those of the network stand in core/net/network_metrics.h. Kafka: SenderMetricsRegistry,
// Sender.SenderMetrics, KafkaProducerMetrics, BufferPool.
//
// Recorded per batch, per request and per call that had to wait, never per record that is accepted.
//
// Not here, since there is nothing they could speak of: metrics that plug-ins register (group "plugins"), and
// those of the telemetry that brokers ask for (KIP-714).
//
// Thread-safety: any thread. One lock.
#pragma once

#include <map>
#include <span>
#include <string>

#include "core/base/mutex.h"
#include "core/base/statistics.h"
#include "core/event/event.h"
#include "core/net/metric_report.h"

namespace sendscope {

struct NodeBatches;

class ProducerMetrics {
 public:
  explicit ProducerMetrics(const StatisticsSettings& settings);

  // ---- calls of the application
  // send() fails with an exception of Kafka's own, delivered or thrown; Java's runtime exceptions do not
  // count.
  void send_failed(Millis now_ms) EXCLUDES_LOCK(mutex_);
  // An application thread has come back from waiting in the pool's line, be it to wait again.
  void memory_waited(Nanos waited, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void memory_exhausted(Millis now_ms) EXCLUDES_LOCK(mutex_);
  void flushed(Nanos took) EXCLUDES_LOCK(mutex_);
  // Only where it did wait, and got what it waited for.
  void metadata_waited(Nanos waited) EXCLUDES_LOCK(mutex_);
  // Only when it succeeds.
  void transaction_called(TransactionCall call, Nanos took) EXCLUDES_LOCK(mutex_);

  // ---- the sender
  // What one turn took out of the queues; a node it could have sent to and took nothing for counts, too.
  void drained(std::span<const NodeBatches> nodes, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void retried(std::string_view topic, std::int32_t records, Millis now_ms) EXCLUDES_LOCK(mutex_);
  // Of a batch that fails, or is told to fail though it is done already.
  void failed(std::string_view topic, std::int32_t records, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void split(Millis now_ms) EXCLUDES_LOCK(mutex_);

  // `client` are the tags of all that is client-wide.
  void report(MetricReport& out, const MetricTags& client) EXCLUDES_LOCK(mutex_);

 private:
  // Known from the first drain of the topic.
  struct Topic {
    explicit Topic(const StatisticsSettings& settings)
        : sent(settings), bytes(settings), retried(settings), failed(settings), compression(settings) {}
    Meter sent, bytes, retried, failed;
    AverageAndMaximum compression;
  };
  Topic* find_topic(std::string_view name) REQUIRES_LOCK(mutex_);
  void report_sender(MetricReport& out) REQUIRES_LOCK(mutex_);
  void report_calls(MetricReport& out) REQUIRES_LOCK(mutex_);
  void report_topics(MetricReport& out, const MetricTags& client) REQUIRES_LOCK(mutex_);

  const StatisticsSettings settings_;
  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  AverageAndMaximum batch_size_ GUARDED_BY(mutex_), queue_time_ GUARDED_BY(mutex_);
  AverageAndMaximum record_size_ GUARDED_BY(mutex_), compression_ GUARDED_BY(mutex_);
  AverageAndMaximum per_request_ GUARDED_BY(mutex_);
  Meter sent_ GUARDED_BY(mutex_), retried_ GUARDED_BY(mutex_), failed_ GUARDED_BY(mutex_);
  Meter splits_ GUARDED_BY(mutex_), memory_wait_ GUARDED_BY(mutex_), exhausted_ GUARDED_BY(mutex_);
  Nanos flush_ns_ GUARDED_BY(mutex_) = 0;
  Nanos metadata_wait_ns_ GUARDED_BY(mutex_) = 0;
  std::map<TransactionCall, Nanos> transaction_ns_ GUARDED_BY(mutex_);
  std::map<std::string, Topic, std::less<>> topics_ GUARDED_BY(mutex_);
};

}  // namespace sendscope
