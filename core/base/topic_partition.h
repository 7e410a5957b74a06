// A partition by name, ordered by topic and then by number. Text form: "orders-0".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>

#include "core/base/types.h"

namespace sendscope {

struct TopicPartition {
  std::string topic;
  PartitionId partition = 0;

  bool operator==(const TopicPartition&) const = default;
  bool operator<(const TopicPartition& other) const {
    return std::tie(topic, partition) < std::tie(other.topic, other.partition);
  }
};

inline std::string to_string(const TopicPartition& tp) {
  return tp.topic + "-" + std::to_string(tp.partition);
}

}  // namespace sendscope

template <>
struct std::hash<sendscope::TopicPartition> {
  std::size_t operator()(const sendscope::TopicPartition& tp) const noexcept {
    return std::hash<std::string>{}(tp.topic) * 31 + static_cast<std::size_t>(tp.partition);
  }
};
