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
    std::vector<std::pair<PartitionNumber, NodeId>> leaders;
    std::vector<std::pair<PartitionNumber, NodeId>> pinned;
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;
  void begin(const FaultSpec& fault, std::size_t number);
  void emit(EventKind kind, const ActiveFault& fault);
  // Returns whether it lasts.
  bool apply(ActiveFault& fault);
  void apply_to_node(const FaultSpec& fault, Broker& broker);
  void undo(ActiveFault& fault);
  void end(ActiveFault& fault);
  void apply_slow();
  void apply_cuts();
  bool side_matches(const std::string& side, const Party& party) const;
  std::vector<NodeId> nodes_of(const FaultSpec& fault) const;
  std::vector<PartitionNumber> partitions_of(const FaultSpec& fault) const;
  std::optional<std::uint16_t> producer_of(const FaultSpec& fault) const;
  void move_leaders(const ActiveFault& fault);
  void shrink(const ActiveFault& fault);
  void expand(const FaultSpec& fault);

  World& world_;
  const std::vector<FaultSpec>& planned_;
  std::vector<std::string> producers_;
  FaultJudge judge_;
  std::vector<bool> fired_;
  std::size_t given_ = 0;   // that were not planned
  std::vector<Undo> undo_;  // by fault number
};

}  // namespace sendscope::sim
