// The other end of a connection, for tests of sockets: a listening port on the loopback interface whose peers
// are served by a function on a thread each.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/types.h"

namespace sendscope::live {

// A connected socket. Its functions block.
class PeerSocket {
 public:
  explicit PeerSocket(int descriptor) : descriptor_(descriptor) {}
  // Fewer bytes than asked for only at the end of the stream; empty: closed.
  std::vector<std::byte> read_some();
  std::vector<std::byte> read_exactly(std::size_t size);
  void write(Bytes bytes);

 private:
  int descriptor_;
};

class TcpPeer {
 public:
  using Serve = std::function<void(PeerSocket&)>;
  // Serves every connection with `serve`, on a thread of its own, and closes it when that returns.
  explicit TcpPeer(Serve serve);
  // Cuts all connections and waits for their threads.
  ~TcpPeer();

  std::uint16_t port() const { return port_; }
  // Cuts the connections there are; new ones are taken.
  void cut();

 private:
  void accept_all();

  Serve serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_{false};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace sendscope::live
