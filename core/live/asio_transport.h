// The world's bytes over plain TCP: sockets, name look-ups and waiting, by asio.
//
// Thread-safety: wake() from any thread; everything else from the I/O thread only.
#pragma once

#include <memory>

#include "core/base/waiter.h"
#include "core/live/clock.h"
#include "core/net/transport.h"

namespace sendscope::live {

struct SocketOptions {
  // -1: what the system gives.
  std::int32_t send_buffer_bytes = -1;
  std::int32_t receive_buffer_bytes = -1;
};

class AsioTransport final : public Transport, public Waiter {
 public:
  AsioTransport(const SocketOptions& options, const Clock& clock);
  ~AsioTransport() override;

  ConnId connect(NodeId node, const Endpoint& endpoint) override;
  void close(ConnId conn) override;
  std::size_t write(ConnId conn, std::span<const Bytes> slices) override;
  bool next(TransportEvent& event) override;

  // Returns when next() has something to tell, wake() was called since the last return, or the time has come.
  void wait_until(Nanos deadline);
  void wake() noexcept override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sendscope::live
