#include "core/producer/producer_metrics.h"

#include "core/producer/record_accumulator.h"

namespace sendscope {

ProducerMetrics::ProducerMetrics(const StatisticsSettings& settings)
    : settings_(settings),
      batch_size_(settings),
      queue_time_(settings),
      record_size_(settings),
      compression_(settings),
      per_request_(settings),
      sent_(settings),
      retried_(settings),
      failed_(settings),
      splits_(settings),
      memory_wait_(settings),
      exhausted_(settings) {}

ProducerMetrics::Topic* ProducerMetrics::find_topic(std::string_view name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

void ProducerMetrics::send_failed(Millis now_ms) {
  MutexLock lock(mutex_);
  failed_.record(1, now_ms);
}

void ProducerMetrics::memory_waited(Nanos waited, Millis now_ms) {
  MutexLock lock(mutex_);
  memory_wait_.record(static_cast<double>(waited), now_ms);
}

void ProducerMetrics::memory_exhausted(Millis now_ms) {
  MutexLock lock(mutex_);
  exhausted_.record(1, now_ms);
}

void ProducerMetrics::flushed(Nanos took) {
  MutexLock lock(mutex_);
  flush_ns_ += took;
}

void ProducerMetrics::metadata_waited(Nanos waited) {
  MutexLock lock(mutex_);
  metadata_wait_ns_ += waited;
}

void ProducerMetrics::transaction_called(TransactionCall call, Nanos took) {
  MutexLock lock(mutex_);
  transaction_ns_[call] += took;
}

void ProducerMetrics::drained(std::span<const NodeBatches> nodes, Millis now_ms) {
  if (nodes.empty()) return;
  MutexLock lock(mutex_);
  for (const NodeBatches& node : nodes) {
    double records = 0;
    for (const BatchPtr& batch : node.batches) {
      const auto count = static_cast<double>(batch->record_count());
      const auto bytes = static_cast<double>(batch->estimated_size_in_bytes());
      const auto ratio = static_cast<double>(batch->compression_ratio());
      Topic& topic = topics_.try_emplace(batch->topic_partition().topic, settings_).first->second;
      topic.sent.record(count, now_ms);
      topic.bytes.record(bytes, now_ms);
      topic.compression.record(ratio, now_ms);
      batch_size_.record(bytes, now_ms);
      queue_time_.record(static_cast<double>(batch->queue_time_ms()), now_ms);
      compression_.record(ratio, now_ms);
      record_size_.record(static_cast<double>(batch->max_record_size()), now_ms);
      records += count;
    }
    per_request_.record(records, now_ms);
    sent_.record(records, now_ms);
  }
}

void ProducerMetrics::retried(std::string_view topic, std::int32_t records, Millis now_ms) {
  MutexLock lock(mutex_);
  retried_.record(records, now_ms);
  if (Topic* known = find_topic(topic)) known->retried.record(records, now_ms);
}

void ProducerMetrics::failed(std::string_view topic, std::int32_t records, Millis now_ms) {
  MutexLock lock(mutex_);
  failed_.record(records, now_ms);
  if (Topic* known = find_topic(topic)) known->failed.record(records, now_ms);
}

void ProducerMetrics::split(Millis now_ms) {
  MutexLock lock(mutex_);
  splits_.record(1, now_ms);
}

// ---- report

void ProducerMetrics::report(MetricReport& out, const MetricTags& client) {
  MutexLock lock(mutex_);
  out.in_group("producer-metrics", client);
  report_sender(out);
  report_calls(out);
  report_topics(out, client);
}

void ProducerMetrics::report_sender(MetricReport& out) {
  out.average_and_maximum("batch-size", "bytes of a batch that is sent", batch_size_);
  out.add("compression-rate-avg", "compressed over uncompressed bytes of a batch: average",
          compression_.average(out.now_ms()));
  out.average_and_maximum("record-queue-time", "ms from the opening of a batch to its drain", queue_time_);
  // Of every batch its largest record, as an upper bound: the average is one of maxima.
  out.average_and_maximum("record-size", "bytes of the largest record of a batch", record_size_);
  out.add("records-per-request-avg", "records of a request: average", per_request_.average(out.now_ms()));
  out.rate_and_total("record-send", "records drained, again with every retry", sent_);
  out.rate_and_total("record-retry", "records put back to be sent again", retried_);
  out.rate_and_total("record-error", "records that failed", failed_);
  out.rate_and_total("batch-split", "batches split because they were too large for the broker", splits_);
}

void ProducerMetrics::report_calls(MetricReport& out) {
  out.share_of_time("bufferpool-wait", "waiting for buffer memory", memory_wait_);
  out.rate_and_total("buffer-exhausted", "sends that got no buffer memory in time", exhausted_);
  const auto total = [&](std::string_view name, std::string_view what, Nanos nanos) {
    out.add(name, what, static_cast<double>(nanos));
  };
  total("flush-time-ns-total", "nanoseconds in flush()", flush_ns_);
  total("metadata-wait-time-ns-total", "nanoseconds waited for metadata of a topic", metadata_wait_ns_);
  struct Row {
    TransactionCall call;
    std::string_view name, what;
  };
  constexpr Row kRows[] = {
      {TransactionCall::kInit, "txn-init-time-ns-total", "nanoseconds in initTransactions()"},
      {TransactionCall::kBegin, "txn-begin-time-ns-total", "nanoseconds in beginTransaction()"},
      {TransactionCall::kSendOffsets, "txn-send-offsets-time-ns-total",
       "nanoseconds in sendOffsetsToTransaction()"},
      {TransactionCall::kCommit, "txn-commit-time-ns-total", "nanoseconds in commitTransaction()"},
      {TransactionCall::kAbort, "txn-abort-time-ns-total", "nanoseconds in abortTransaction()"},
  };
  for (const Row& row : kRows) {
    const auto found = transaction_ns_.find(row.call);
    total(row.name, row.what, found == transaction_ns_.end() ? 0 : found->second);
  }
  total("txn-prepare-time-ns-total", "always 0: nothing can prepare a transaction yet", 0);
}

void ProducerMetrics::report_topics(MetricReport& out, const MetricTags& client) {
  for (auto& [name, topic] : topics_) {
    MetricTags tags = client;
    tags.emplace_back("topic", name);
    out.in_group("producer-topic-metrics", std::move(tags));
    out.rate_and_total("record-send", "records drained, again with every retry", topic.sent);
    out.rate_and_total("byte", "bytes of batches drained", topic.bytes);
    out.add("compression-rate", "compressed over uncompressed bytes of a batch: average",
            topic.compression.average(out.now_ms()));
    out.rate_and_total("record-retry", "records put back to be sent again", topic.retried);
    out.rate_and_total("record-error", "records that failed", topic.failed);
  }
}

}  // namespace sendscope
