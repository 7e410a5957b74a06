// How followers copy their leaders' logs: one fetch at a time between every pair of nodes, a long poll that
// is answered as soon as there is something to copy. The next fetch tells the leader what has been copied,
// which is what moves the high watermark. Kafka: ReplicaFetcherThread, Partition.updateFollowerFetchState;
// broker.md 3.5.
#pragma once

#include <vector>

#include "sim/world.h"

namespace sendscope::sim {

class Replication final : private Process {
 public:
  explicit Replication(World& world);

  // The leader's log grew: followers that wait for data get it.
  void on_append(Broker& leader, PartitionNumber p, Nanos now);
  // A broker's process stands still or ended; works again.
  void on_stop(NodeId node, Nanos now);
  void on_go(NodeId node, Nanos now);
  // A broker leads or follows other partitions than before, or the network has healed.
  void on_change(Nanos now);
  // Looks at a leader's followers: who lags longer than replica.lag.time.max.ms leaves the ISR.
  void watch_lag(Broker& leader, PartitionNumber p, Nanos now);

  bool connected(const Broker& a, const Broker& b) const;
  // One way, with the draws of this message.
  Nanos transfer_time(const Broker& from, const Broker& to, std::size_t bytes, Prng draws) const;

 private:
  enum Tag : std::uint32_t { kFetchArrives, kDataArrives, kLagCheck };
  // What a follower does with one leader.
  enum class Phase : std::uint8_t { kIdle, kAsking, kWaiting, kCopying };
  struct Fetcher {
    Phase phase = Phase::kIdle;
    std::uint32_t round = 0;  // of its current fetch; older occurrences are void
    Nanos asked_at = 0;
  };
  struct Lag {
    TimerId timer = kNoTimer;
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  std::optional<Occurrence> tell(std::uint32_t tag, std::uint64_t argument) const override;
  // Of a fetch or its answer.
  Nanos fetch_time(std::size_t from, std::size_t to, std::size_t bytes);
  Fetcher& fetcher(std::size_t follower, std::size_t leader) { return fetchers_[follower * nodes_ + leader]; }
  std::uint64_t argument_of(std::size_t follower, std::size_t leader) {
    return static_cast<std::uint64_t>(fetcher(follower, leader).round) << 32 | (follower * nodes_ + leader);
  }
  void try_fetch(std::size_t follower, std::size_t leader, Nanos now);
  void fetch_arrived(std::size_t follower, std::size_t leader, Nanos now);
  void data_arrived(std::size_t follower, std::size_t leader, Nanos now);
  void answer(std::size_t follower, std::size_t leader, Nanos now);
  bool note_fetch(Broker& leader, Broker& follower, PartitionNumber p, Nanos now);
  void maybe_expand(Broker& leader, PartitionNumber p, NodeId follower, Nanos now);
  void truncate_diverged(Broker& leader, Broker& follower, PartitionNumber p, Nanos now);
  void copy(Broker& leader, Broker& follower, PartitionNumber p, Nanos now);
  void forget_old_batches(PartitionNumber p);
  bool follows(const Broker& follower, const Broker& leader, PartitionNumber p) const;

  World& world_;
  std::size_t nodes_;
  std::vector<Fetcher> fetchers_;
  std::vector<RandomStream> messages_;                // by pair: from, to
  std::vector<std::vector<PartitionNumber>> shared_;  // by pair: partitions both nodes hold
  std::vector<Lag> lags_;                             // by PartitionNumber
  std::size_t known_partitions_ = 0;
  void learn_partitions();
};

}  // namespace sendscope::sim
