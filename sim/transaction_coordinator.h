// The transaction coordinators of the cluster: what a broker decides when it is asked as the coordinator of a
// transactional id, and what it does afterwards on its own (markers, time-outs).
//
// The state of a transactional id is kept here once, as if every replica of __transaction_state always had
// it; writing there takes the time it takes to copy. Which node may speak for an id follows from the id's
// hash and from which nodes live: the first live one from the hashed one on. Who takes over loads the state
// first, and finishes what the one before it had decided.
//
// Rules: Kafka's TransactionCoordinator, TransactionMetadata, TransactionMarkerChannelManager; broker.md 3.9;
// KIP-98, KIP-360, KIP-890.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/group_offsets.h"
#include "sim/world.h"

namespace sendscope::sim {

// Who sends, and what it claims to be.
struct TransactionalProducer {
  std::string transactional_id;
  std::int64_t producer_id = -1;
  std::int16_t epoch = -1;

  // As any request of wire/ that speaks for a transaction has it.
  template <typename Request>
  static TransactionalProducer of(const Request& request) {
    return {request.transactional_id, request.producer_id, request.producer_epoch};
  }
};

// What a transaction may touch: partitions, and offsets of groups.
struct TransactionParts {
  std::vector<PartitionNumber> partitions{};
  std::vector<std::string> groups{};
};

struct CoordinatorAnswer {
  ErrorCode error = ErrorCode::kNone;
  std::int64_t producer_id = -1;
  std::int16_t epoch = -1;
  Nanos after = 0;  // the answer leaves that much later: the decision is written first
};

class TransactionCoordinator final : private Process {
 public:
  explicit TransactionCoordinator(World& world) : world_(world) {}

  // The node that coordinates a transactional id or a group when these nodes live; kNoLeader when none does.
  NodeId coordinator_of(std::string_view key, const std::vector<bool>& alive) const;
  // ... as it really is.
  NodeId coordinator_of(std::string_view key) const;

  // ---- what a broker answers. `node` is the broker that was asked; it is the one that works on it.
  CoordinatorAnswer init_producer_id(NodeId node, const TransactionalProducer& who, std::int32_t timeout_ms);
  // Adds what is not there yet; the transaction begins with the first.
  CoordinatorAnswer add(NodeId node, const TransactionalProducer& who, const TransactionParts& parts);
  // kNone when all of it is part of the open transaction (transactions V1, from a partition's leader).
  ErrorCode verify(NodeId node, const TransactionalProducer& who, const TransactionParts& parts);
  // `bumps`: EndTxn 5 and later, which raises the epoch with every end.
  CoordinatorAnswer end(NodeId node, const TransactionalProducer& who, bool commit, bool bumps);

  // ---- what it is told
  // The high watermark has risen: a marker may be safe.
  void on_high_watermark(PartitionNumber p);

  GroupOffsets& offsets() { return offsets_; }
  // Whether a broker that asks the other gets an answer.
  bool answers(NodeId from, NodeId to) const;
  // From one broker to another, for a transactional id or a group: 0 to itself. kForever when they cannot
  // talk.
  Nanos travel(NodeId from, NodeId to, const std::string& key);
  // Until all replicas of __transaction_state have a decision about it.
  Nanos write_time(const std::string& key);

 private:
  enum Tag : std::uint32_t { kSendMarker, kMarkerArrives, kMarkerWaits, kMarkerDone, kComplete, kTimeout };
  std::optional<Occurrence> tell(std::uint32_t, std::uint64_t) const override { return Occurrence{}; }

  struct Transaction {
    std::string id;
    std::int64_t producer_id = -1;
    std::int64_t previous_id = -1;
    std::int64_t next_id = -1;  // the epochs of this one are used up
    std::int16_t epoch = -1;
    std::int16_t last_epoch = -1;
    std::int32_t timeout_ms = 0;
    TxnStage stage = TxnStage::kEmpty;
    std::set<PartitionNumber> partitions;
    std::set<std::string> groups;
    NodeId node = kNoLeader;  // that has it loaded
    Nanos loaded_at = 0;
    Nanos written_at = 0;  // until then a decision is being written
    std::uint32_t markers_left = 0;
    TimerId timeout = kNoTimer;
    TimerId completion = kNoTimer;

    bool preparing() const { return stage == TxnStage::kPrepareCommit || stage == TxnStage::kPrepareAbort; }
  };
  // One marker on its way to the leader of a partition, or to the coordinator of a group.
  struct Marker {
    std::size_t transaction = 0;
    std::optional<PartitionNumber> partition;
    std::string group;
    bool replicating = false;
    NodeId leader = kNoLeader;
    std::int32_t leader_epoch = -1;
    std::int64_t required_offset = -1;
  };
  // Who goes on with a decision. A node that has just taken over knows of no marker and sends all anew.
  enum class Turn : std::uint8_t { kOurs, kTakenOver, kNobody };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  // The state of an id on behalf of a node that may speak for it; nullptr with the error otherwise. An id
  // that does not exist is kInvalidProducerIdMapping.
  Transaction* find(NodeId node, const std::string& id, ErrorCode& error);
  ErrorCode may_speak(NodeId node, const std::string& id) const;
  ErrorCode judge_member(const Transaction& t, const TransactionalProducer& who) const;
  ErrorCode judge_end(const Transaction& t, const TransactionalProducer& who, bool commit) const;
  ErrorCode judge_bumping_end(const Transaction& t, const TransactionalProducer& who, bool commit) const;
  CoordinatorAnswer write(Transaction& t, ErrorCode error = ErrorCode::kNone);
  void take_over(Transaction& t, NodeId node);
  bool has_all(const Transaction& t, const TransactionParts& parts) const;
  void raise_epoch(Transaction& t);
  CoordinatorAnswer next_epoch(Transaction& t, const TransactionalProducer& who);
  void fence(Transaction& t);
  void prepare(Transaction& t, bool commit);
  void set_stage(Transaction& t, TxnStage stage);
  std::size_t index_of(const Transaction& t) const;
  void arm_timeout(Transaction& t);
  void time_out(Transaction& t, Nanos now);

  // ---- markers (transaction_markers.cpp)
  void send_markers(Transaction& t, Nanos at);
  void later(std::uint64_t marker, Tag tag, Nanos at);
  Turn turn_of(Transaction& t);
  bool coordinator_works(Transaction& t, std::uint64_t marker, Nanos now);
  void send_marker(std::uint64_t number, Marker& marker, Nanos now);
  void marker_arrives(std::uint64_t number, Marker& marker, Nanos now);
  void marker_waits(std::uint64_t number, Marker& marker, Nanos now);
  void marker_done(std::uint64_t number, Marker& marker, Nanos now);
  void complete(Transaction& t);

  Prng draws_for(const std::string& key);
  bool can_talk(NodeId from, NodeId to) const;

  World& world_;
  std::map<std::string, RandomStream> messages_;  // by transactional id or group
  GroupOffsets offsets_;
  std::deque<Transaction> transactions_;  // never erased: addresses and indices stay
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::uint64_t, Marker> markers_;
  std::uint64_t next_marker_ = 1;
};

}  // namespace sendscope::sim
