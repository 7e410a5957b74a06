// The things of a scenario that its expressions may speak of.
#pragma once

#include <string>
#include <vector>

#include "core/event/names.h"
#include "sim/scenario.h"

namespace sendscope::sim {

class ScenarioNames {
 public:
  // The scenario outlives it.
  explicit ScenarioNames(const Scenario& scenario);

  // Empty when all that the name speaks of exists, or may come to be; otherwise what was expected.
  std::string missing(const NameRef& name) const;
  // Whether a producer, a thread or a partition has this name, or may come to have it.
  bool has(const std::string& name) const;

 private:
  std::string missing_producer(const std::string& name) const;
  std::string missing_node(std::int64_t node) const;
  std::string missing_nodes(const std::vector<std::uint64_t>& nodes) const;
  std::string missing_partition(const std::string& name) const;
  std::string missing_match(const NameRef& name) const;
  bool sends_to(const std::string& topic) const;

  const Scenario& scenario_;
  std::vector<std::string> producers_, threads_, partitions_;
  std::vector<NodeId> nodes_;
};

}  // namespace sendscope::sim
