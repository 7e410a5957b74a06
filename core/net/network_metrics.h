// What the network side of a producer counts: Kafka's selector metrics, client-wide and per node, and those
// of its NetworkClient. Spec of the names: Kafka Selector.SelectorMetrics, SenderMetricsRegistry.
//
// How the selector's view maps to ours:
// - A poll (begin_poll to finish_poll) is a select. io-wait is what passed between them; io-time is the
//   rest: a whole pass of the sender, callbacks included, where Kafka counts only reading and writing
//   sockets. Both are known only where the driver tells when it begins to wait (Sender::wait_begins);
//   otherwise a pass takes no time, as in virtual time.
// - Bytes of a response count when the whole of it is reported, as one read; bytes of a request as the
//   transport takes them.
// - Security is not implemented, and its metrics stay as a plaintext connection of Kafka leaves them.
//   The groups of plug-ins (KIP-877) and the *-handshake metrics of TLS do not exist, as in a plaintext
//   client.
//
// Thread-safety: report() from any thread, the rest from the thread that runs the Sender. One lock.
#pragma once

#include <map>

#include "core/base/mutex.h"
#include "core/base/statistics.h"
#include "core/net/cluster.h"
#include "core/net/metric_report.h"

namespace sendscope {

class NetworkMetrics {
 public:
  explicit NetworkMetrics(const StatisticsSettings& settings);

  // ---- connections; a node is known from the first thing that happens to its connection
  void connection_made(NodeId node, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void connection_refused(NodeId node) EXCLUDES_LOCK(mutex_);
  // Also for one that was never made.
  void connection_closed(Millis now_ms) EXCLUDES_LOCK(mutex_);

  // ---- bytes
  void bytes_sent(NodeId node, std::size_t bytes, Millis now_ms) EXCLUDES_LOCK(mutex_);
  // The frame is with the transport completely.
  void request_sent(NodeId node, std::size_t frame_bytes, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void response_received(NodeId node, std::size_t frame_bytes, Millis now_ms) EXCLUDES_LOCK(mutex_);

  // ---- requests and polls
  // Kafka: every response of any api, though the name speaks of produce requests.
  void throttled(Millis throttle_ms, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void produce_answered(NodeId node, Millis latency_ms, Millis now_ms) EXCLUDES_LOCK(mutex_);
  void polled(Nanos waited, Nanos worked, Millis now_ms) EXCLUDES_LOCK(mutex_);
  // What there is at the end of a pass.
  void at_rest(std::size_t connections, std::size_t requests_in_flight) EXCLUDES_LOCK(mutex_);

  // `client` are the tags of all that is client-wide.
  void report(MetricReport& out, const MetricTags& client) EXCLUDES_LOCK(mutex_);

 private:
  struct Traffic {
    explicit Traffic(const StatisticsSettings& settings)
        : outgoing_bytes(settings),
          incoming_bytes(settings),
          requests(settings),
          request_size(settings),
          responses(settings),
          request_latency(settings) {}
    void report(MetricReport& out);

    Meter outgoing_bytes, incoming_bytes, requests;
    AverageAndMaximum request_size;
    Meter responses;
    AverageAndMaximum request_latency;  // of produce requests, from creation to response
  };
  Traffic& node(NodeId id) REQUIRES_LOCK(mutex_);
  void report_polls(MetricReport& out) REQUIRES_LOCK(mutex_);
  static void report_security(MetricReport& out);

  const StatisticsSettings settings_;
  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  Traffic all_ GUARDED_BY(mutex_);
  std::map<NodeId, Traffic> nodes_ GUARDED_BY(mutex_);
  Meter made_ GUARDED_BY(mutex_), closed_ GUARDED_BY(mutex_), transfers_ GUARDED_BY(mutex_);
  Meter polls_ GUARDED_BY(mutex_), waited_ GUARDED_BY(mutex_), worked_ GUARDED_BY(mutex_);
  AverageAndMaximum wait_ GUARDED_BY(mutex_), work_ GUARDED_BY(mutex_), throttle_ GUARDED_BY(mutex_);
  std::size_t connections_ GUARDED_BY(mutex_) = 0;
  std::size_t requests_in_flight_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sendscope
