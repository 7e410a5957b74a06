// One broker, enough for a producer, over real sockets.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/core/live/broker_answers.h"
#include "tests/core/live/tcp_peer.h"

namespace sendscope::live {

struct FakeBrokerOptions {
  std::int32_t partitions = 3;
  // Answers to Produce are held back until so many wait, and then go out in one write.
  std::size_t answers_per_write = 1;
};

class FakeBroker {
 public:
  explicit FakeBroker(const FakeBrokerOptions& options = {});

  std::string address() const { return "127.0.0.1:" + std::to_string(peer_.port()); }
  // Values stored so far, by partition, in the order of the log.
  std::map<std::int32_t, std::vector<std::string>> stored() const;
  std::size_t stored_count() const;
  void cut() { peer_.cut(); }

 private:
  void serve(PeerSocket& socket);
  BrokerAnswers& answers();  // with the lock held

  const FakeBrokerOptions options_;
  mutable std::mutex mutex_;
  std::optional<BrokerAnswers> answers_;
  TcpPeer peer_;
};

}  // namespace sendscope::live
