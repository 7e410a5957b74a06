// Connections by node over the Transport: frames out, frames in. Kafka: Selector and KafkaChannel.
//
// poll() takes in what the transport has and sorts it as Kafka's selector reports it. At most one frame of a
// connection comes out of one poll; whole frames left over come out of the next ones (has_arrivals() says
// so). A connection that the peer has closed is reported lost only when its frames are used up.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/net/cluster.h"
#include "core/net/network_metrics.h"
#include "core/net/transport.h"
#include "core/wire/frame.h"

namespace sendscope {

class Channels {
 public:
  struct Received {
    NodeId node;
    std::vector<std::byte> payload;  // a frame without its length
  };
  struct Lost {
    NodeId node;
    LossReason reason;
    std::string words;  // what was wrong with the bytes that came, or the system's words
  };
  // What one poll brought. Each list in the canonical order of nodes.
  struct Arrivals {
    std::vector<NodeId> written;  // what was being written is with the transport completely
    std::vector<Received> received;
    std::vector<Lost> lost;
    std::vector<NodeId> connected;
  };

  // `max_idle_ms`: a connection unused for longer is closed; negative: never.
  Channels(Transport& transport, Millis max_idle_ms, NetworkMetrics& metrics)
      : transport_(transport), max_idle_ms_(max_idle_ms), metrics_(metrics) {}

  // REQUIRES: the node has no connection
  void connect(NodeId node, const Endpoint& endpoint, Millis now_ms);
  // Local: it will not be reported lost, and nothing that was on its way is reported any more. Nothing
  // happens when the node has no connection.
  void close(NodeId node, Millis now_ms);
  void close_all(Millis now_ms);
  // Open or being made.
  std::size_t count() const { return channels_.size(); }
  // Connected, and not known to be lost.
  bool is_ready(NodeId node) const;
  // Begins to write a frame and returns whether the transport took it all at once; in either case a later
  // poll reports it written. `answer`: what it will be answered with; none: nothing. What the frame points to
  // must stay until it is all written, or the connection is closed or reported lost. REQUIRES:
  // is_ready(node), no frame being written
  bool send(NodeId node, wire::Frame frame, std::optional<ApiKey> answer, Millis now_ms);
  // The next poll has more to report than finished writes even when the transport stays silent.
  bool has_arrivals() const;

  Arrivals poll(Millis now_ms);

 private:
  struct Channel {
    explicit Channel(ConnId id) : conn(id) {}

    ConnId conn;
    bool connected = false;
    bool connected_unreported = false;
    bool gone = false;  // the transport has forgotten it; frames may be left
    LossReason lost_because = LossReason::kNone;
    std::string words;
    bool problem = false;  // with the bytes that came; the connection is of no more use
    bool frame_seen = false;
    wire::FrameAssembler assembler;
    std::deque<ApiKey> expected;                       // the answers that have not come yet, in order
    std::optional<std::vector<std::byte>> next_frame;  // whole, not yet reported
    std::optional<wire::Frame> outgoing;
    std::size_t outgoing_done = 0;
    bool written_unreported = false;
    Millis last_used_ms = 0;
  };
  using Map = std::map<NodeId, Channel, NodeOrder>;

  void take(const TransportEvent& event, Millis now_ms);
  bool write_on(NodeId node, Channel& channel, Millis now_ms);
  void look_for_frame(Channel& channel);
  // Whether the channel lives on.
  bool report(NodeId node, Channel& channel, Arrivals& arrivals, Millis now_ms);
  Map::iterator drop(Map::iterator channel, Millis now_ms);
  void close_one_idle(Millis now_ms, Arrivals& arrivals);

  Transport& transport_;
  const Millis max_idle_ms_;
  NetworkMetrics& metrics_;
  Map channels_;
  std::map<ConnId, NodeId> nodes_;
};

}  // namespace sendscope
