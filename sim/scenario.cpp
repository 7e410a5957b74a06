#include "sim/scenario.h"

#include <algorithm>

namespace sendscope::sim {

std::vector<std::string> producer_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const ProducerSpec& producer : scenario.producers) names.push_back(producer.name);
  return names;
}

std::vector<std::string> thread_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const ProducerSpec& producer : scenario.producers) {
    for (const ThreadSpec& thread : producer.threads) names.push_back(thread.name);
  }
  return names;
}

std::size_t thread_count(const Scenario& scenario) {
  std::size_t count = 0;
  for (const ProducerSpec& producer : scenario.producers) count += producer.threads.size();
  return count;
}

std::size_t partition_count(const Scenario& scenario) {
  std::size_t count = 0;
  for (const TopicSpec& topic : scenario.cluster.topics)
    count += static_cast<std::size_t>(std::max(0, topic.partitions));
  return count;
}

}  // namespace sendscope::sim
