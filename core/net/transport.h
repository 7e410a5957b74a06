// The seam between the producer and the world's bytes: sockets live, simulated links in the simulation, a
// transcript in the conformance replayer. It knows connections and bytes and nothing of Kafka.
//
// Thread-safety: only the thread that runs the Sender calls it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/types.h"
#include "core/event/event.h"

namespace sendscope {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const Endpoint&) const = default;
};

// Never reused within one Transport.
using ConnId = std::uint64_t;
inline constexpr ConnId kNoConn = 0;

enum class TransportEventKind : std::uint8_t {
  kConnected,     // connect() succeeded
  kReceived,      // bytes arrived; `bytes` is valid until the next call of next()
  kWritable,      // a write that came up short may go on
  kDisconnected,  // refused, reset or closed by the peer; the connection is gone
};

struct TransportEvent {
  TransportEventKind kind{};
  ConnId conn = kNoConn;
  Bytes bytes;
  // Of kDisconnected: kRefused, kUnreachable, kUnknownHost or kClosedByPeer, and the system's words for it,
  // valid until the next call of next(); may be empty.
  LossReason loss = LossReason::kClosedByPeer;
  std::string_view words = {};
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Begins to connect; the outcome comes as an event. `node` is only a name for pictures and transcripts.
  virtual ConnId connect(NodeId node, const Endpoint& endpoint) = 0;
  // No event follows, and none that was queued for it is delivered any more.
  virtual void close(ConnId conn) = 0;
  // Takes as many bytes of the slices as it can, returns how many. When fewer than all, kWritable follows.
  virtual std::size_t write(ConnId conn, std::span<const Bytes> slices) = 0;
  // The next thing that happened, in order; false when there is nothing (it never waits).
  virtual bool next(TransportEvent& event) = 0;
};

}  // namespace sendscope
