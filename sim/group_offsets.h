// Offsets of consumer groups that producers commit within their transactions: pending until the transaction's
// marker comes. Kafka: GroupCoordinator, OffsetMetadataManager.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "sim/catalog.h"

namespace sendscope::sim {

class GroupOffsets {
 public:
  using Offsets = std::map<PartitionNumber, std::int64_t>;

  void put_pending(const std::string& group, std::int64_t producer_id, PartitionNumber p,
                   std::int64_t offset) {
    groups_[group].pending[producer_id][p] = offset;
  }
  // The marker has come: what was pending is committed, or forgotten. Returns what is committed now and was
  // not before.
  Offsets decide(const std::string& group, std::int64_t producer_id, bool commit) {
    Group& of = groups_[group];
    const auto found = of.pending.find(producer_id);
    if (found == of.pending.end()) return {};
    const Offsets offsets = std::move(found->second);
    of.pending.erase(found);
    if (!commit) return {};
    for (const auto& [p, offset] : offsets) of.committed[p] = offset;
    return offsets;
  }
  // -1: the group has committed nothing there.
  std::int64_t committed(const std::string& group, PartitionNumber p) const {
    const auto of = groups_.find(group);
    if (of == groups_.end()) return -1;
    const auto found = of->second.committed.find(p);
    return found == of->second.committed.end() ? -1 : found->second;
  }

 private:
  struct Group {
    Offsets committed;
    std::map<std::int64_t, Offsets> pending;  // by producer id
  };
  std::map<std::string, Group> groups_;
};

}  // namespace sendscope::sim
