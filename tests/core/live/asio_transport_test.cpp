#include "core/live/asio_transport.h"

#include "tests/core/live/tcp_peer.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;

namespace {

constexpr Nanos kPatience = 20 * kNanosPerSecond;

// The next event, waiting for it.
TransportEvent next_event(AsioTransport& transport, const Clock& clock) {
  TransportEvent event;
  const Nanos deadline = clock.now() + kPatience;
  while (!transport.next(event)) {
    REQUIRE(clock.now() < deadline);
    transport.wait_until(deadline);
  }
  return event;
}

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 31 + i / 251);
  return bytes;
}

void echo(PeerSocket& peer) {
  for (;;) {
    const std::vector<std::byte> bytes = peer.read_some();
    if (bytes.empty()) return;
    peer.write(bytes);
  }
}

void greet_and_echo(PeerSocket& peer) {
  const std::vector<std::byte> greeting(100);
  peer.write(greeting);
  echo(peer);
}

}  // namespace

TEST_CASE("bytes go out as slices, short writes go on, and everything comes back") {
  const Clock clock;
  TcpPeer peer(echo);
  AsioTransport transport({16 << 10, 16 << 10}, clock);
  const ConnId conn = transport.connect(1, {"127.0.0.1", peer.port()});
  CHECK(next_event(transport, clock).kind == TransportEventKind::kConnected);

  const std::vector<std::byte> sent = pattern(6'000'000);
  std::vector<std::byte> received;
  std::size_t written = 0;
  bool went_short = false;
  bool may_write = true;
  while (received.size() < sent.size()) {
    if (may_write && written < sent.size()) {
      std::vector<Bytes> slices;
      const Bytes rest = Bytes(sent).subspan(written);
      for (std::size_t at = 0; at < rest.size(); at += 10'000) {
        slices.push_back(rest.subspan(at, std::min<std::size_t>(10'000, rest.size() - at)));
      }
      written += transport.write(conn, slices);
      may_write = written == sent.size();
      went_short |= !may_write;
    }
    const TransportEvent event = next_event(transport, clock);
    REQUIRE(event.conn == conn);
    if (event.kind == TransportEventKind::kWritable) may_write = true;
    if (event.kind == TransportEventKind::kReceived) {
      received.insert(received.end(), event.bytes.begin(), event.bytes.end());
    }
    REQUIRE(event.kind != TransportEventKind::kDisconnected);
  }
  CHECK(went_short);
  CHECK(received == sent);
}

TEST_CASE("refused, unknown and cut connections end with one event and a reason") {
  const Clock clock;
  AsioTransport transport({}, clock);
  std::uint16_t dead_port = 0;
  {
    TcpPeer gone(echo);
    dead_port = gone.port();
  }
  const ConnId refused = transport.connect(1, {"127.0.0.1", dead_port});
  TransportEvent event = next_event(transport, clock);
  CHECK(event.kind == TransportEventKind::kDisconnected);
  CHECK(event.conn == refused);
  CHECK(event.loss == LossReason::kRefused);
  CHECK(event.words == "Connection refused");
  CHECK(transport.write(refused, {}) == 0);
  CHECK_FALSE(transport.next(event));

  // Too long for a name, so that no name server is asked.
  const ConnId unknown = transport.connect(2, {std::string(300, 'x'), 9092});
  event = next_event(transport, clock);
  CHECK(event.kind == TransportEventKind::kDisconnected);
  CHECK(event.conn == unknown);
  CHECK(event.loss == LossReason::kUnknownHost);
  CHECK_FALSE(event.words.empty());

  TcpPeer peer(greet_and_echo);
  const ConnId cut = transport.connect(3, {"localhost", peer.port()});
  CHECK(next_event(transport, clock).kind == TransportEventKind::kConnected);
  CHECK(next_event(transport, clock).kind == TransportEventKind::kReceived);
  peer.cut();
  event = next_event(transport, clock);
  CHECK(event.kind == TransportEventKind::kDisconnected);
  CHECK(event.conn == cut);
  CHECK(event.loss == LossReason::kClosedByPeer);
  CHECK(cut != unknown);
}

TEST_CASE("nothing is told of a connection that was closed here") {
  const Clock clock;
  TcpPeer peer(greet_and_echo);
  AsioTransport transport({}, clock);
  const ConnId first = transport.connect(1, {"127.0.0.1", peer.port()});
  CHECK(next_event(transport, clock).kind == TransportEventKind::kConnected);
  CHECK(next_event(transport, clock).kind == TransportEventKind::kReceived);
  transport.close(first);
  const ConnId early = transport.connect(1, {"127.0.0.1", peer.port()});
  transport.close(early);
  TransportEvent event;
  transport.wait_until(clock.now() + 20 * kNanosPerMilli);
  CHECK_FALSE(transport.next(event));
}

TEST_CASE("a wake-up from another thread ends the wait, also one that came before it") {
  const Clock clock;
  AsioTransport transport({}, clock);
  for (int i = 0; i < 2000; ++i) {
    std::thread waker([&] { transport.wake(); });
    transport.wait_until(clock.now() + kPatience);
    waker.join();
    // At most one request is left over from a wake-up that came late.
    transport.wait_until(clock.now());
  }
  transport.wake();
  const Nanos before = clock.now();
  transport.wait_until(kForever);
  CHECK(clock.now() - before < kPatience);
  transport.wait_until(clock.now() + kNanosPerMilli);
  CHECK(clock.now() - before >= kNanosPerMilli);
}
