#include "tests/core/live/tcp_peer.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/check.h"

namespace sendscope::live {

std::vector<std::byte> PeerSocket::read_some() {
  std::vector<std::byte> bytes(64u << 10);
  const ssize_t got = recv(descriptor_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::vector<std::byte> PeerSocket::read_exactly(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = recv(descriptor_, bytes.data() + have, size - have, 0);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

void PeerSocket::write(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

TcpPeer::TcpPeer(Serve serve) : serve_(std::move(serve)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  SENDSCOPE_CHECK(bind(listener_, plain, sizeof address) == 0);
  SENDSCOPE_CHECK(listen(listener_, 16) == 0);
  socklen_t length = sizeof address;
  SENDSCOPE_CHECK(getsockname(listener_, plain, &length) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

TcpPeer::~TcpPeer() {
  ending_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  cut();
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

void TcpPeer::cut() {
  std::lock_guard lock(mutex_);
  for (const int descriptor : open_) shutdown(descriptor, SHUT_RDWR);
}

void TcpPeer::accept_all() {
  while (!ending_) {
    const int descriptor = accept(listener_, nullptr, nullptr);
    if (descriptor < 0) continue;
    std::lock_guard lock(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor] {
      PeerSocket peer(descriptor);
      serve_(peer);
      std::lock_guard inner(mutex_);
      std::erase(open_, descriptor);
      close(descriptor);
    });
  }
}

}  // namespace sendscope::live
