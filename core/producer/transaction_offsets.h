// What an application commits along with its records: the offsets of a consumer group, made part of the
// transaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/base/topic_partition.h"

namespace sendscope {

// Kafka: ConsumerGroupMetadata, OffsetAndMetadata.
struct ConsumerGroupMetadata {
  std::string group_id{};
  std::int32_t generation_id = -1;
  std::string member_id{};
  std::optional<std::string> group_instance_id{};
};
struct OffsetAndMetadata {
  std::int64_t offset = 0;
  std::string metadata{};
  std::int32_t leader_epoch = -1;
};
using TxnOffsets = std::map<TopicPartition, OffsetAndMetadata>;

}  // namespace sendscope
