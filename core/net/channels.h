// Connections by node over the Transport: frames out, frames in. Kafka: Selector and KafkaChannel.
//
// poll() takes in what the transport has and sorts it as Kafka's selector reports it. At most one frame of a
// connection comes out of one poll; whole frames left over come out of the next ones (ready_now() says so). A
// connection that the peer has closed is reported lost only when its frames are used up.
//
// Thread-safety: only the thread that runs the Sender.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/net/cluster.h"
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
    std::optional<Error> error;  // what was wrong with the bytes that came, if that is why
  };
  // What one poll brought. Each list in the order of arrival.
  struct Arrivals {
    std::vector<NodeId> written;  // their one frame is with the transport completely
    std::vector<Received> received;
    std::vector<Lost> lost;
    std::vector<NodeId> connected;
  };

  // `max_idle_ms`: a connection unused for longer is closed; negative: never.
  Channels(Transport& transport, Millis max_idle_ms) : transport_(transport), max_idle_ms_(max_idle_ms) {}

  // REQUIRES: the node has no connection
  void connect(NodeId node, const Endpoint& endpoint, Millis now_ms);
  // Local: it will not be reported lost, and nothing that was on its way is reported any more. Nothing
  // happens when the node has no connection.
  void close(NodeId node);
  void close_all();
  // Connected, and not known to be lost.
  bool is_ready(NodeId node) const;
  // Begins to write a frame; a later poll reports it written. What the frame points to must stay until then
  // or until the connection is closed or reported lost. REQUIRES: is_ready(node), no frame being written
  void send(NodeId node, wire::Frame frame);
  // The next poll has something to report although the transport may stay silent.
  bool ready_now() const;

  Arrivals poll(Millis now_ms);

 private:
  struct Channel {
    ConnId conn = kNoConn;
    bool connected = false;
    bool gone = false;  // the transport has forgotten it; frames may be left
    std::optional<Error> broken;
    wire::FrameAssembler assembler;
    std::optional<wire::Frame> outgoing;
    std::size_t outgoing_done = 0;
    bool written = false;  // to be reported
    Millis last_used_ms = 0;
  };

  void take(const TransportEvent& event, Millis now_ms, Arrivals& arrivals);
  void write_on(Channel& channel);
  void take_frames(Arrivals& arrivals);
  void close_one_idle(Millis now_ms, Arrivals& arrivals);

  Transport& transport_;
  const Millis max_idle_ms_;
  std::map<NodeId, Channel, NodeOrder> channels_;
  std::map<ConnId, NodeId> nodes_;
};

}  // namespace sendscope
