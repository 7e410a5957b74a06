// The seam between a broker and whatever carries its bytes: the simulated network, or real sockets. Downwards
// the broker calls its ServerSockets, upwards what happens on a connection comes to its NodePort.
//
// Whoever opens a connection numbers it, uniquely among all that a broker ever sees, and says who the client
// is; a broker knows nothing of clients beyond that.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/types.h"
#include "core/net/transport.h"

namespace sendscope::sim {

// Who opens a connection, as the opener says.
struct ConnectionOrigin {
  std::uint16_t producer = 0;  // in events and request ids: the number of the client
  std::string_view client;     // its name, for what is keyed by it; valid during the call
  std::uint32_t ordinal = 0;   // of the client's connections to this node, which begin at 0
};

class ServerSockets {
 public:
  // All of them REQUIRE a connection whose on_open() has been, and neither its on_reset() nor close() or
  // reset().

  // Queues all of the bytes. They, and what follows on the connection, are late by so much more than the way
  // takes.
  virtual void write(ConnId conn, Bytes bytes, Nanos late) = 0;
  // So many of the bytes that came by on_bytes() are read: there is room for others. REQUIRES: no more than
  // came
  virtual void release(ConnId conn, std::size_t bytes) = 0;
  // An orderly close: what was written still arrives.
  virtual void close(ConnId conn) = 0;
  // What has not left yet is lost.
  virtual void reset(ConnId conn) = 0;

 protected:
  ~ServerSockets() = default;
};

// What a node does with connections.
class NodePort {
 public:
  // Whether its process listens; a connection to one that does not is refused.
  virtual bool listening() const = 0;
  virtual void on_open(ConnId conn, const ConnectionOrigin& origin, Nanos now) = 0;
  // Bytes have arrived in the node's socket. They count as unread until ServerSockets::release().
  virtual void on_bytes(ConnId conn, Bytes bytes, Nanos now) = 0;
  // The client has closed; requests that are already here may still be worked on.
  virtual void on_end(ConnId conn, Nanos now) = 0;
  // The connection is gone.
  virtual void on_reset(ConnId conn, Nanos now) = 0;

 protected:
  ~NodePort() = default;
};

}  // namespace sendscope::sim
