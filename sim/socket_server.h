// A broker's connections: requests arrive whole, are worked on one at a time per connection, and are answered
// in their order, as Kafka does by muting; what arrives meanwhile stays unread in the socket. A request takes
// a handler thread (num.io.threads) for its service time, then the RequestHandler gets it; while the handler
// waits for something, it takes no thread. Faults on messages (drop, delay, corrupt) bite here.
// Kafka: SocketServer, RequestChannel, KafkaRequestHandlerPool.
//
// Phases of a connection: idle, then queued when no thread is free, working, then perhaps waiting, perhaps
// throttled, then idle again; any other change fails a check.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/base/topic_partition.h"
#include "core/wire/frame.h"
#include "sim/environment.h"
#include "sim/inbox.h"
#include "sim/random_stream.h"
#include "sim/server_sockets.h"

namespace sendscope::sim {

// The request in hand of a connection. The frame is without its length, and valid during the call that gives
// it.
struct IncomingRequest {
  ConnId conn = kNoConn;
  std::uint16_t producer = 0;
  RequestId id = 0;
  std::int16_t api = 0;
  std::size_t size = 0;           // with its length
  std::uint64_t fault_place = 0;  // Message::place
  Bytes frame;
};

// What a waiting request may have asked to be woken for.
enum class Wakeup : std::uint8_t { kReplyDue, kCoordinatorAnswers, kReplicasTimeOut };

// Who works on requests. Each ends with SocketServer::finish(), throttle() or close(), at once or later.
class RequestHandler {
 public:
  virtual void on_request(const IncomingRequest& request, Nanos now) = 0;
  // May come too late: the request it was meant for is over.
  virtual void on_wakeup(ConnId conn, Wakeup reason, Nanos now) = 0;
  // The partitions a request speaks of; empty when it cannot be read. Asked only where a fault may bite.
  virtual std::vector<TopicPartition> partitions_in(Bytes frame, std::int16_t api) const = 0;

 protected:
  ~RequestHandler() = default;
};

class SocketServer final : public NodePort, private Process {
 public:
  SocketServer(SimEnvironment& env, ServerSockets& sockets, NodeId node, const ServiceSpec& service)
      : env_(env), sockets_(sockets), node_(node), service_(service) {}

  // REQUIRES: called once, before anything happens
  void attach(RequestHandler& handler) { handler_ = &handler; }

  // ---- the process it belongs to
  void listen() { listening_ = true; }
  // The process has ended: every connection is reset.
  void shut_down();
  void pause() { paused_ = true; }
  // What should have happened meanwhile happens now.
  void resume(Nanos now);
  bool paused() const { return paused_; }
  // Resets the connections of every client, or of the one with this number.
  void disconnect(std::optional<std::uint16_t> producer, Nanos now);
  // How long requests take; a fault may change it.
  ServiceSpec& service() { return service_; }

  // ---- NodePort
  bool listening() const override { return listening_; }
  void on_open(ConnId conn, const ConnectionOrigin& origin, Nanos now) override;
  void on_bytes(ConnId conn, Bytes bytes, Nanos now) override;
  void on_end(ConnId conn, Nanos now) override;
  void on_reset(ConnId conn, Nanos now) override;

  // ---- for the handler. REQUIRES: the connection has a request in hand
  IncomingRequest request_of(ConnId conn) const;
  // The request goes on without a thread.
  void wait(ConnId conn);
  TimerId wake_at(Nanos time, ConnId conn, Wakeup reason, Weight weight = Weight::kForeground);
  // Sends the response, unless nobody is there any more. `partitions`: that it speaks of, for faults.
  void send(ConnId conn, const wire::Frame& frame, std::span<const TopicPartition> partitions, Nanos now);
  // Done; the next request has its turn.
  void finish(ConnId conn, Nanos now);
  // Done, but the client must be quiet for so long (its quota).
  void throttle(ConnId conn, Nanos duration, Nanos now);
  // Closes the connection instead of an answer.
  void close(ConnId conn);

 private:
  enum class Phase : std::uint8_t { kIdle, kQueued, kWorking, kWaiting, kThrottled };
  enum Tag : std::uint32_t { kWorkDone, kLateArrival, kThrottleEnds, kFirstWakeup };
  std::optional<Occurrence> tell(std::uint32_t tag, std::uint64_t argument) const override;

  // What is known of a request that has arrived whole.
  struct Arrival {
    std::int16_t api = 0;
    RequestId request = 0;
    std::size_t size = 0;
    std::uint64_t place = 0;  // among the requests of its connection
    bool lost = false;        // a fault took it on the way
    Nanos available = 0;      // a fault may have made it late
    bool announced = false;
  };
  struct Connection {
    Inbox inbox;
    std::deque<Arrival> arrivals;  // one for each whole request in the inbox
    std::uint16_t producer;
    RandomStream services, messages;
    std::uint64_t requests = 0;  // that have arrived whole
    Phase phase = Phase::kIdle;
    bool ended = false;                // the client has closed
    bool gone = false;                 // reset: what is being worked on goes on, nobody hears the answer
    std::optional<std::uint32_t> due;  // what should have happened while the process stood still
    // A message was lost for good: as TCP keeps the order, what is behind it on its way never arrives either,
    // and no event says so of each.
    bool deaf = false;  // requests
    bool mute = false;  // responses
    std::size_t unreleased = 0;

    Connection(std::size_t max_frame, std::uint16_t producer_, const RandomStream& services_,
               const RandomStream& messages_)
        : inbox(max_frame), producer(producer_), services(services_), messages(messages_) {}
    // Where faults draw for a request, or for the response to it.
    std::uint64_t place_of(const Arrival& arrival, MessageKind kind) const {
      return messages.key_at(2 * arrival.place + (kind == MessageKind::kResponse ? 1 : 0));
    }
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  Connection* find(ConnId conn);
  // With a request in hand.
  Connection& in_hand(ConnId conn);
  static void enter(Connection& c, Phase next);
  void note_arrivals(ConnId conn, Connection& c, Nanos now);
  void meet_faults(Connection& c, Arrival& arrival, MutableBytes frame, Nanos now);
  void announce(Connection& c, Nanos now);
  void update_window(ConnId conn, Connection& c);
  void try_start(ConnId conn, Nanos now);
  void start_work(ConnId conn, Connection& c, Nanos now);
  void free_handler(Nanos now);
  void request_over(ConnId conn, Connection& c, Nanos now);
  void drop(ConnId conn);

  SimEnvironment& env_;
  ServerSockets& sockets_;
  NodeId node_;
  ServiceSpec service_;
  RequestHandler* handler_ = nullptr;
  bool listening_ = false;
  bool paused_ = false;
  std::map<ConnId, Connection> connections_;
  std::deque<ConnId> handler_queue_;
  std::int32_t busy_handlers_ = 0;
};

}  // namespace sendscope::sim
