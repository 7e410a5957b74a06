// Begins faults when they are due, does what they say to the cluster, and heals them.
#pragma once

#include <optional>
#include <vector>

#include "core/base/result.h"
#include "sim/world.h"

namespace sendscope::sim {

class FaultRunner final : private Process {
 public:
  FaultRunner(World& world, const std::vector<FaultSpec>& planned, std::vector<std::string> producers);

  // Schedules those that have a time: each begins after everything else that is due then.
  void start(FaultJudge judge = {});
  // Whether a fault names only what exists.
  Result<void> check(const FaultSpec& fault) const;
  // One that is not planned begins now. Returns the number of its events.
  std::size_t begin(const FaultSpec& fault);
  // kInvalidInput when there is no such fault, or it is over.
  Result<void> heal(std::size_t number);
  // A planned fault whose `when` came true; only the first call counts.
  void fire(std::size_t planned);
  // Ends faults whose `times` are used up. Cheap; after every occurrence.
  void sweep();
  // Whether bytes from one party to the other are lost at present.
  bool cut(const Party& from, const Party& to) const;

 private:
  enum Tag : std::uint32_t { kBegin, kHeal };
  // What a fault changed, for putting it back.
  struct Undo {
    std::optional<std::pair<PartitionNumber, NodeId>> led;  // who led before
    std::vector<std::pair<PartitionNumber, NodeId>> pinned;
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  void begin(const FaultSpec& fault, std::size_t number);
  void emit(EventKind kind, const ActiveFault& fault);
  void apply(const ActiveFault& fault);
  void undo(const ActiveFault& fault);
  void end(ActiveFault& fault);

  // ---- what exists
  bool has_node(NodeId id) const;
  bool has_side(const std::string& side) const;
  std::optional<std::uint16_t> producer_called(const std::string& name) const;  // its index
  std::vector<Broker*> brokers_of(const NodeFilter& filter) const;
  std::optional<std::size_t> find(const OnTopic& on) const;
  std::optional<PartitionNumber> find(const OnPartition& on) const;
  // In words what an action names and is not there; empty when nothing is missing.
  std::string what_is_missing(const FaultAction& action) const;

  // ---- the verbs
  void each(const NodeFilter& nodes, void (Broker::*act)());
  void disconnect(const Disconnect& reset);
  void apply_slow();
  void apply_cuts();
  void heal_cuts();
  bool side_matches(const std::string& side, const Party& party) const;
  void move_leader(const MoveLeader& move, Undo& undo);
  void move_back(const Undo& before);
  void shrink(const ShrinkIsr& isr, Undo& undo);
  void unpin(const Undo& before);
  void expand(const ExpandIsr& isr);
  void add_partitions(const AddPartitions& more);
  void delete_topic(const DeleteTopic& gone);

  World& world_;
  const std::vector<FaultSpec>& planned_;
  std::vector<std::string> producers_;
  FaultJudge judge_;
  std::vector<bool> fired_;
  std::size_t given_ = 0;   // that were not planned
  std::vector<Undo> undo_;  // by fault number
};

}  // namespace sendscope::sim
