// Begins faults when they are due, does what they say to the cluster, and heals them.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "sim/world.h"

namespace sendscope::sim {

class FaultRunner final : private Process {
 public:
  FaultRunner(World& world, const std::vector<FaultSpec>& planned, std::vector<std::string> producers);
  // The names of the application threads, by number.
  void set_threads(std::vector<std::string> threads) { threads_ = std::move(threads); }

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
  // Makes the choices whose moment has come; before the first occurrence, and after every one.
  void choose();
  // What can be chosen now.
  std::vector<Upcoming> upcoming() const;
  // Ends faults whose `times` are used up. Cheap; after every occurrence.
  void sweep();
  // A key of the brokers or of a topic has this value from now on. REQUIRES: check_scenario lets it through
  void set(const Set& change);
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
  void carry_out(std::size_t planned);
  void sort_choices();
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
  std::uint64_t happened_at(Nanos time) const;
  Next named(const Occurrence& what) const;
  std::optional<TimerId> find(const Next& next) const;
  void bring_forward(const Next& next);
  void set_topic(const Set& change);

  World& world_;
  const std::vector<FaultSpec>& planned_;
  std::vector<std::string> producers_;
  std::vector<std::string> threads_;  // by number
  FaultJudge judge_;
  std::deque<std::size_t> choices_;  // planned ones that are still to be made, by their moment
  std::vector<bool> fired_;
  std::size_t given_ = 0;   // that were not planned
  std::vector<Undo> undo_;  // by fault number
};

}  // namespace sendscope::sim
