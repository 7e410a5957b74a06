// Decides when a metadata request goes out, and to which node. Kafka: NetworkClient.DefaultMetadataUpdater;
// KIP-899 and KIP-1102 (rebootstrap).
#pragma once

#include <optional>

#include "core/event/sink.h"
#include "core/net/metadata.h"
#include "core/wire/metadata.h"

namespace sendscope {

struct LeastLoadedNode {
  std::optional<Node> node;       // none: no node can be used now
  bool connection_ready = false;  // some connection is ready, be it with or without room

  bool usable() const { return node.has_value() || connection_ready; }
};

struct MetadataUpdaterSettings {
  Millis request_timeout_ms = 0;
  Millis reconnect_backoff_ms = 0;
  bool rebootstrap = false;
  Millis rebootstrap_trigger_ms = 0;
  std::uint16_t producer_index = 0;
};

class MetadataUpdater {
 public:
  // What it needs of the NetworkClient.
  class Client {
   public:
    virtual LeastLoadedNode least_loaded_node(Nanos now) = 0;
    virtual bool can_send(NodeId node, Nanos now) const = 0;
    virtual bool can_connect(NodeId node, Nanos now) const = 0;
    virtual bool is_connecting(NodeId node) const = 0;
    virtual void connect_to(const Node& node, Nanos now) = 0;
    // May come back with request_failed() at once.
    virtual void send_metadata_request(NodeId node, wire::MetadataRequest request, Nanos now) = 0;

   protected:
    ~Client() = default;
  };

  MetadataUpdater(const MetadataUpdaterSettings& settings, Metadata& metadata, Client& client,
                  EventSink& sink)
      : settings_(settings), metadata_(metadata), client_(client), sink_(sink) {}

  // An update should be asked for now and is not under way.
  bool is_update_due(Nanos now);
  // Asks for an update or begins to connect for one, if due. How long a poll may last before another look.
  Millis maybe_update(Nanos now);
  void handle_response(const wire::MetadataResponse& response, std::int16_t version, Nanos now);
  // `fatal`: the next waiter for metadata gets it.
  void request_failed(ErrorCode why, std::optional<Error> fatal, Nanos now);
  void node_lost(Nanos now);

  // Updates have failed for so long that it is time to start over.
  bool needs_rebootstrap(Nanos now) const;
  void rebootstrap(Nanos now);

 private:
  Millis ask(const Node& node, Nanos now);
  void tell_failure(ErrorCode why, Nanos now);

  const MetadataUpdaterSettings settings_;
  Metadata& metadata_;
  Client& client_;
  EventSink& sink_;
  std::optional<MetadataQuery> in_progress_;
  std::optional<Millis> attempt_start_ms_;  // of updates that have not succeeded since
  bool rebootstrap_required_ = false;       // a broker said so (KIP-1102)
};

}  // namespace sendscope
