#include "core/net/network_metrics.h"

#include <limits>
#include <string>

namespace sendscope {

NetworkMetrics::NetworkMetrics(const StatisticsSettings& settings)
    : settings_(settings),
      all_(settings),
      made_(settings),
      closed_(settings),
      transfers_(settings),
      polls_(settings),
      waited_(settings),
      worked_(settings),
      wait_(settings),
      work_(settings),
      throttle_(settings) {}

NetworkMetrics::Traffic& NetworkMetrics::node(NodeId id) {
  return nodes_.try_emplace(id, settings_).first->second;
}

void NetworkMetrics::connection_made(NodeId id, Millis now_ms) {
  MutexLock lock(mutex_);
  node(id);
  made_.record(1, now_ms);
}

void NetworkMetrics::connection_refused(NodeId id) {
  MutexLock lock(mutex_);
  node(id);
}

void NetworkMetrics::connection_closed(Millis now_ms) {
  MutexLock lock(mutex_);
  closed_.record(1, now_ms);
}

void NetworkMetrics::bytes_sent(NodeId id, std::size_t bytes, Millis now_ms) {
  MutexLock lock(mutex_);
  const auto size = static_cast<double>(bytes);
  transfers_.record(1, now_ms);
  all_.outgoing_bytes.record(size, now_ms);
  node(id).outgoing_bytes.record(size, now_ms);
}

void NetworkMetrics::request_sent(NodeId id, std::size_t frame_bytes, Millis now_ms) {
  MutexLock lock(mutex_);
  for (Traffic* traffic : {&all_, &node(id)}) {
    traffic->requests.record(1, now_ms);
    traffic->request_size.record(static_cast<double>(frame_bytes), now_ms);
  }
}

void NetworkMetrics::response_received(NodeId id, std::size_t frame_bytes, Millis now_ms) {
  MutexLock lock(mutex_);
  transfers_.record(1, now_ms);
  for (Traffic* traffic : {&all_, &node(id)}) {
    traffic->incoming_bytes.record(static_cast<double>(frame_bytes), now_ms);
    traffic->responses.record(1, now_ms);
  }
}

void NetworkMetrics::throttled(Millis throttle_ms, Millis now_ms) {
  MutexLock lock(mutex_);
  throttle_.record(static_cast<double>(throttle_ms), now_ms);
}

void NetworkMetrics::produce_answered(NodeId id, Millis latency_ms, Millis now_ms) {
  MutexLock lock(mutex_);
  for (Traffic* traffic : {&all_, &node(id)})
    traffic->request_latency.record(static_cast<double>(latency_ms), now_ms);
}

void NetworkMetrics::polled(Nanos waited, Nanos worked, Millis now_ms) {
  MutexLock lock(mutex_);
  polls_.record(1, now_ms);
  waited_.record(static_cast<double>(waited), now_ms);
  wait_.record(static_cast<double>(waited), now_ms);
  worked_.record(static_cast<double>(worked), now_ms);
  work_.record(static_cast<double>(worked), now_ms);
}

void NetworkMetrics::at_rest(std::size_t connections, std::size_t requests_in_flight) {
  MutexLock lock(mutex_);
  connections_ = connections;
  requests_in_flight_ = requests_in_flight;
}

// ---- report

void NetworkMetrics::Traffic::report(MetricReport& out) {
  out.rate_and_total("outgoing-byte", "bytes written", outgoing_bytes);
  out.rate_and_total("incoming-byte", "bytes read", incoming_bytes);
  out.rate_and_total("request", "requests sent", requests);
  out.average_and_maximum("request-size", "bytes of a request", request_size);
  out.rate_and_total("response", "responses received", responses);
  out.average_and_maximum("request-latency", "ms until a produce request is answered", request_latency);
}

void NetworkMetrics::report_polls(MetricReport& out) {
  out.rate_and_total("select", "polls of the sender", polls_);
  out.add("io-wait-time-ns-avg", "nanoseconds the sender waits in a poll: average",
          wait_.average(out.now_ms()));
  out.share_of_time("io-wait", "waiting of the sender", waited_);
  out.add("io-time-ns-avg", "nanoseconds of a pass of the sender without waiting: average",
          work_.average(out.now_ms()));
  out.share_of_time("io", "work of the sender", worked_);
}

void NetworkMetrics::report_security(MetricReport& out) {
  for (const char* name : {"successful-authentication", "failed-authentication",
                           "successful-reauthentication", "failed-reauthentication"}) {
    out.add(std::string(name) + "-rate", "always 0 without SASL and TLS", 0);
    out.add(std::string(name) + "-total", "always 0 without SASL and TLS", 0);
  }
  out.add("successful-authentication-no-reauth-total", "always 0 without SASL", 0);
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  out.add("reauthentication-latency-avg", "never anything without SASL", kNothing);
  out.add("reauthentication-latency-max", "never anything without SASL", kNothing);
}

void NetworkMetrics::report(MetricReport& out, const MetricTags& client) {
  MutexLock lock(mutex_);
  out.in_group("producer-metrics", client);
  all_.report(out);
  out.rate_and_total("connection-creation", "connections made", made_);
  out.rate_and_total("connection-close", "connections closed", closed_);
  out.add("connection-count", "connections that are open or being made", static_cast<double>(connections_));
  out.rate_and_total("network-io", "reads and writes", transfers_);
  out.add("requests-in-flight", "requests sent and not answered", static_cast<double>(requests_in_flight_));
  out.average_and_maximum("produce-throttle-time", "ms a response asks to wait", throttle_);
  report_polls(out);
  report_security(out);
  for (auto& [id, traffic] : nodes_) {
    MetricTags tags = client;
    tags.emplace_back("node-id", "node-" + std::to_string(id));
    out.in_group("producer-node-metrics", std::move(tags));
    traffic.report(out);
  }
}

}  // namespace sendscope
