// Which names a topic may have. Kafka: Topic.validate.
#pragma once

#include <algorithm>
#include <string_view>

namespace sendscope::sim {

inline constexpr std::size_t kLongestTopicName = 249;

inline bool is_topic_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestTopicName || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace sendscope::sim
