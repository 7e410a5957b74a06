// Metadata 0-13: nodes, topics, leaders. Kafka: MetadataRequest.json, MetadataResponse.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

struct MetadataRequestTopic {
  Uuid topic_id{};                    // from version 10
  std::optional<std::string> name{};  // null only from version 10
  bool operator==(const MetadataRequestTopic&) const = default;
};

struct MetadataRequest {
  static constexpr ApiKey kApi = ApiKey::kMetadata;
  std::optional<std::vector<MetadataRequestTopic>> topics{};  // null: all topics; empty: none
  bool allow_auto_topic_creation = true;                      // from version 4
  bool include_cluster_authorized_operations = false;         // versions 8-10
  bool include_topic_authorized_operations = false;           // from version 8

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<MetadataRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const MetadataRequest&) const = default;
};

struct MetadataBroker {
  std::int32_t node_id = 0;
  std::string host{};
  std::int32_t port = 0;
  std::optional<std::string> rack{};
  bool operator==(const MetadataBroker&) const = default;
};

struct MetadataPartition {
  std::int16_t error_code = 0;
  std::int32_t partition_index = 0;
  std::int32_t leader_id = -1;
  std::int32_t leader_epoch = -1;  // from version 7
  std::vector<std::int32_t> replica_nodes{};
  std::vector<std::int32_t> isr_nodes{};
  std::vector<std::int32_t> offline_replicas{};  // from version 5
  bool operator==(const MetadataPartition&) const = default;
};

inline constexpr std::int32_t kNoAuthorizedOperations = INT32_MIN;

struct MetadataTopic {
  std::int16_t error_code = 0;
  std::optional<std::string> name{};  // null only from version 12
  Uuid topic_id{};                    // from version 10
  bool is_internal = false;
  std::vector<MetadataPartition> partitions{};
  std::int32_t topic_authorized_operations = kNoAuthorizedOperations;  // from version 8
  bool operator==(const MetadataTopic&) const = default;
};

struct MetadataResponse {
  static constexpr ApiKey kApi = ApiKey::kMetadata;
  std::int32_t throttle_time_ms = 0;  // from version 3
  std::vector<MetadataBroker> brokers{};
  std::optional<std::string> cluster_id{};  // from version 2
  std::int32_t controller_id = -1;
  std::vector<MetadataTopic> topics{};
  std::int32_t cluster_authorized_operations = kNoAuthorizedOperations;  // versions 8-10
  std::int16_t error_code = 0;                                           // from version 13

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<MetadataResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const MetadataResponse&) const = default;
};

}  // namespace sendscope::wire
