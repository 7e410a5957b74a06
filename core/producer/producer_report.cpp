// All metrics of a producer put together. Kafka: KafkaProducer.metrics, AppInfoParser, Metrics.
#include "core/producer/producer_parts.h"

namespace sendscope {

namespace {

constexpr double kMillisPerSecond = 1000;

void report_gauges(Producer::Parts& parts, MetricReport& out) {
  const BufferPool& pool = parts.pool;
  out.add("waiting-threads", "threads that wait in line for buffer memory",
          static_cast<double>(pool.queued()));
  out.add("buffer-total-bytes", "buffer.memory", static_cast<double>(pool.total_memory()));
  out.add("buffer-available-bytes", "bytes of it that are not lent out",
          static_cast<double>(pool.available_memory()));
  // Before the first update it is the whole time of the clock, as with Kafka.
  const Millis age_ms = out.now_ms() - parts.metadata.last_full_success_ms().value_or(0);
  out.add("metadata-age", "seconds since the last full update of the metadata",
          static_cast<double>(age_ms) / kMillisPerSecond);
}

// Times as they were named before Kafka 4.0, without their unit.
void repeat_old_times(MetricReport& out) {
  out.repeat("bufferpool-wait-time-ns-total", "bufferpool-wait-time-total");
  out.repeat("io-time-ns-total", "iotime-total");
  out.repeat("io-wait-time-ns-total", "io-waittime-total");
}

}  // namespace

std::vector<MetricValue> Producer::metrics(Nanos now) {
  Parts& parts = *parts_;
  const MetricTags client{{"client-id", parts.config.client_id}};
  MetricReport out(to_millis(now));
  parts.metrics.report(out, client);
  parts.client.metrics().report(out, client);
  out.in_group("producer-metrics", client);
  report_gauges(parts, out);
  out.in_group("app-info", client);
  out.add("version", "version of the client", parts.environment.software_version);
  out.add("commit-id", "the commit it was built from", std::string("unknown"));
  out.add("start-time-ms", "when it was made, on the clock of the run",
          static_cast<double>(to_millis(parts.created)));
  if (parts.config.profile->old_time_metrics) repeat_old_times(out);
  out.in_group("kafka-metrics-count", client);
  out.add("count", "how many metrics there are, this one included", static_cast<double>(out.size()) + 1);
  return out.take();
}

}  // namespace sendscope
