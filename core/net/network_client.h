// Requests to nodes, and what became of them. Kafka: NetworkClient.
//
// Kafka's poll waits in its middle. Here it has two halves, and the driver waits in between:
//   begin_poll: decides about metadata and says how long to wait at most;
//   finish_poll: takes in what the transport has and runs the handlers.
//
// Thread-safety of this folder, where a header says nothing else: only the thread that runs the Sender. Of
// metrics(), NetworkMetrics::report() from any.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event/sink.h"
#include "core/net/api_versions.h"
#include "core/net/channels.h"
#include "core/net/client_request.h"
#include "core/net/cluster_connection_states.h"
#include "core/net/in_flight_requests.h"
#include "core/net/metadata.h"
#include "core/net/metadata_updater.h"
#include "core/net/network_metrics.h"
#include "core/net/node_reports.h"

namespace sendscope {

struct NetworkClientSettings {
  std::string client_id;
  std::string software_name = "sendscope";  // told in ApiVersions (KIP-511)
  std::string software_version = "1.0";
  std::int32_t max_in_flight_per_node = 0;
  Millis request_timeout_ms = 0;
  Millis connections_max_idle_ms = 0;  // negative: never closes an idle connection
  ConnectionSettings connections;
  bool rebootstrap = false;  // metadata.recovery.strategy (KIP-899)
  Millis rebootstrap_trigger_ms = 0;
  std::int16_t latest_metadata = all_versions(ApiKey::kMetadata).latest;  // the version to ask in
  StatisticsSettings metrics;
  std::uint16_t producer_index = 0;
};

class NetworkClient final : private MetadataUpdater::Client {
 public:
  // All of it outlives the client.
  struct Environment {
    Transport& transport;
    Metadata& metadata;
    ApiVersions& api_versions;
    RandomSource& random;
    EventSink& sink;
  };

  NetworkClient(const NetworkClientSettings& settings, const Environment& environment);
  ~NetworkClient();
  NetworkClient(const NetworkClient&) = delete;
  NetworkClient& operator=(const NetworkClient&) = delete;

  // ---- nodes
  // Whether a request can be sent to the node now; if not, begins to connect when that is possible.
  bool ready(const Node& node, Nanos now);
  // Metadata goes first: while an update is due, no node is ready.
  bool is_ready(NodeId node, Nanos now);
  Millis connection_delay(NodeId node, Nanos now) const;
  // How long a poll should last at most if all it waits for is this node.
  Millis poll_delay(NodeId node, Nanos now) const;
  Millis throttle_delay(NodeId node, Nanos now) const;
  bool connection_failed(NodeId node) const;  // disconnected, or authentication failed
  std::optional<Error> authentication_error(NodeId node) const;
  bool has_ready_nodes(Nanos now) const;
  // Starts looking at a random node. REQUIRES: the metadata has nodes
  LeastLoadedNode least_loaded_node(Nanos now) override;

  // ---- requests
  // Gives it the next correlation id.
  ClientRequest new_request(NodeId node, RequestBody body, VersionRange versions, Nanos now,
                            bool expects_response, Millis timeout_ms,
                            std::unique_ptr<RequestCompletionHandler> handler);
  // Sends it, or, when the node knows none of its versions, hands the mismatch to the next poll.
  // REQUIRES: is_ready(node) or ready(node) was true at this time
  void send(ClientRequest request, Nanos now);

  std::size_t in_flight_count() const { return in_flight_.count(); }
  std::size_t in_flight_count(NodeId node) const { return in_flight_.count(node); }
  bool has_in_flight_requests() const { return in_flight_.count() > 0; }
  bool has_in_flight_requests(NodeId node) const { return in_flight_.count(node) > 0; }

  // ---- polling
  struct PollStart {
    bool waits = true;      // false: outcomes were waiting and have been handled; no finish_poll follows
    Millis timeout_ms = 0;  // Kafka's poll time-out: how long to wait for the transport or a wake-up
    bool at_once = false;  // something is there already: do not wait, whatever the time-out (Kafka's selector
                           // would return at once)
  };
  PollStart begin_poll(Millis timeout_ms, Nanos now);
  void finish_poll(Nanos now);
  // The wait after begin_poll begins only now: so long the pass has taken. For the metrics.
  void wait_begins(Nanos now) { wait_began_ = now; }

  // ---- closing
  // Gives up what is in flight; its handlers hear of it at the next poll. Nothing when already disconnected.
  void disconnect(NodeId node, Nanos now);
  // Gives up what is in flight without telling, and forgets the node, its backoff too.
  void close(NodeId node, Nanos now);
  // Closes all connections and the metadata. Handlers of what is in flight are not called.
  void close();
  bool active() const { return active_; }

  // ---- for whoever observes
  const ClusterConnectionStates& connections() const { return connections_; }
  const InFlightRequests& in_flight() const { return in_flight_; }
  NetworkMetrics& metrics() { return metrics_; }
  const NodeReports& reports() const { return reports_; }

 private:
  struct Outcome {
    ClientResponse response;
    std::unique_ptr<RequestCompletionHandler> handler;
  };

  // What the metadata updater needs, besides least_loaded_node().
  bool can_send(NodeId node, Nanos now) const override;
  bool can_connect(NodeId node, Nanos now) const override;
  bool is_connecting(NodeId node) const override { return connections_.is_connecting(node); }
  void connect_to(const Node& node, Nanos now) override;
  void send_metadata_request(NodeId node, wire::MetadataRequest request, Nanos now) override;

  // Sends, or keeps the version mismatch.
  void send_in_best_version(ClientRequest request, bool internal, Nanos now);
  void put_in_flight(ClientRequest request, std::int16_t version, bool internal, Nanos now);

  static Outcome outcome_of(ClientRequest request, std::int16_t version, Nanos now);

  // Why a connection is given up. `error` is what request_failed says.
  struct Cause {
    LossReason reason = LossReason::kNone;
    ErrorCode error = ErrorCode::kNetworkException;
    bool timed_out = false;
    std::string text = {};
  };

  // The steps of finish_poll, in order.
  void handle_written(NodeId node, Nanos now);
  void handle_frame(NodeId node, Bytes payload, Nanos now);
  void send_api_versions_requests(Nanos now);
  void handle_setup_timeouts(Nanos now);
  void handle_request_timeouts(Nanos now);
  void handle_rebootstrap(Nanos now);
  static void run_handlers(std::vector<Outcome> outcomes);

  Result<ResponseBody> read_response(NodeId node, Bytes payload) const;
  // The payload is the oldest request in flight, as it was sent.
  bool is_echo(NodeId node, Bytes payload) const;
  // What the loss of a connection by the peer's will means at this stage of it.
  LossReason closed_by_peer(NodeId node) const;
  void handle_response(InFlightRequest request, ResponseBody body, Nanos now);
  void handle_api_versions(NodeId node, std::int16_t version, const wire::ApiVersionsResponse& response,
                           Nanos now);
  void throttle(NodeId node, Millis throttle_ms, Nanos now);
  void drop_connection(NodeId node, const Cause& cause, Nanos now);
  void process_disconnect(NodeId node, const Cause& cause, Nanos now);
  // Handlers learn of it through `outcomes`, or not at all when that is null.
  void cancel_in_flight(NodeId node, const Cause& cause, std::vector<Outcome>* outcomes, Nanos now);

  void tell_connection(NodeId node, ConnectionState state, Nanos now);
  // Both: why it is lost, then that it is disconnected.
  void tell_loss(NodeId node, LossReason reason, Nanos now);
  void tell_request(EventKind kind, const InFlightRequest& request, std::uint32_t b, Nanos now);

  const NetworkClientSettings settings_;
  Metadata& metadata_;
  ApiVersions& api_versions_;
  RandomSource& random_;
  EventSink& sink_;
  NetworkMetrics metrics_;
  Channels channels_;
  ClusterConnectionStates connections_;
  InFlightRequests in_flight_;
  NodeReports reports_;
  MetadataUpdater updater_;
  bool active_ = true;
  Nanos last_poll_ = 0;
  Nanos wait_began_ = 0;
  std::int32_t next_correlation_id_ = 0;
  std::map<NodeId, std::int16_t, NodeOrder> api_versions_wanted_;  // node -> version of the request to send
  std::vector<Outcome> outcomes_;                                  // of this poll
  std::vector<Outcome> aborted_;                                   // for the next poll
};

}  // namespace sendscope
