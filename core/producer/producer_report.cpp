// All metrics of a producer put together. Kafka: KafkaProducer.metrics, AppInfoParser, Metrics.
#include <algorithm>
#include <tuple>

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
  const Millis age_ms = out.now_ms() - parts.metadata.last_full_success_ms();
  out.add("metadata-age", "seconds since the last full update of the metadata",
          static_cast<double>(age_ms) / kMillisPerSecond);
}

// Of before Kafka 4.0, which named the unit.
void add_old_time_metrics(std::vector<MetricValue>& all) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"bufferpool-wait-time-ns-total", "bufferpool-wait-time-total"},
      {"io-time-ns-total", "iotime-total"},
      {"io-wait-time-ns-total", "io-waittime-total"}};
  for (const auto& [name, old_name] : kNames) {
    const auto same = [name = name](const MetricValue& metric) { return metric.name == name; };
    MetricValue copy = *std::find_if(all.begin(), all.end(), same);
    copy.name = old_name;
    const auto place = std::find_if(all.begin(), all.end(), [&](const MetricValue& metric) {
      return std::tie(copy.group, copy.tags, copy.name) < std::tie(metric.group, metric.tags, metric.name);
    });
    all.insert(place, std::move(copy));
  }
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
  std::vector<MetricValue> all = out.take();
  if (parts.config.profile->old_time_metrics) add_old_time_metrics(all);
  const double count = static_cast<double>(all.size()) + 1;
  const auto after = std::find_if(all.begin(), all.end(),
                                  [](const MetricValue& metric) { return metric.group != "app-info"; });
  all.insert(after, {"kafka-metrics-count", client, "count", "how many metrics there are", count});
  return all;
}

}  // namespace sendscope
