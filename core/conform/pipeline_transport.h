// The Transport under a producer that replays a transcript: what the producer does to it is listed, what the
// transcript says the network did is handed in.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/conform/transcript.h"
#include "core/net/network_client.h"
#include "core/net/transport.h"

namespace sendscope::conform {

class PipelineTransport final : public Transport {
 public:
  explicit PipelineTransport(std::size_t frame_limit) : frame_limit_(frame_limit) {}

  // Transcripts do not list what a client closes at its end.
  void ignore_closes_of(const NetworkClient& client) { client_ = &client; }

  ConnId connect(NodeId node, const Endpoint& endpoint) override;
  void close(ConnId conn) override;
  std::size_t write(ConnId conn, std::span<const Bytes> slices) override;
  bool next(TransportEvent& event) override;

  // One element of "events". Fails when the producer has no connection or request it could belong to.
  Result<void> inject(const Json& event);
  // What the producer did since the last call, as "wire" has it: in order for each node, nodes sorted.
  Json take_actions();

 private:
  struct Action {
    NodeId node;
    Json json;
  };
  struct Pending {
    TransportEventKind kind;
    ConnId conn;
    std::vector<std::byte> bytes;
  };

  // A frame as transcripts write it: correlation id zeroed, long ones shortened.
  Json describe(const std::vector<std::byte>& frame, NodeId node);
  Result<void> reply(NodeId node, ConnId conn, const Json& event);

  const std::size_t frame_limit_;
  const NetworkClient* client_ = nullptr;
  ConnId last_conn_ = kNoConn;
  std::map<ConnId, NodeId> nodes_;
  std::map<NodeId, ConnId> conns_;
  std::map<NodeId, std::deque<std::int32_t>> unanswered_;  // correlation ids, oldest first
  std::vector<Action> actions_;
  std::deque<Pending> pending_;
  std::vector<std::byte> current_;  // what the last event points to
};

}  // namespace sendscope::conform
