// Produce 3-13. Kafka: ProduceRequest.json, ProduceResponse.json; KIP-467 (record errors), KIP-951 (leader
// hints), KIP-516 (topic ids).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

// From this version on topics go by id instead of name.
inline constexpr std::int16_t kProduceTopicIdVersion = 13;

struct ProducePartitionData {
  std::int32_t index = 0;
  std::optional<Bytes> records{};  // a view: of the batch when sent, of the frame when received
};

struct ProduceTopicData {
  std::string name{};  // up to version 12
  Uuid topic_id{};     // from version 13
  std::vector<ProducePartitionData> partitions{};
};

struct ProduceRequest {
  static constexpr ApiKey kApi = ApiKey::kProduce;
  std::optional<std::string> transactional_id{};
  std::int16_t acks = -1;
  std::int32_t timeout_ms = 0;
  std::vector<ProduceTopicData> topics{};

  // The records go into `out` as externals.
  void encode(ByteWriter& out, std::int16_t version) const;
  // The records stay views of what `in` reads.
  static Result<ProduceRequest> decode(ByteReader& in, std::int16_t version);
};

struct ProduceRecordError {
  std::int32_t batch_index = 0;
  std::optional<std::string> message{};
  bool operator==(const ProduceRecordError&) const = default;
};

struct LeaderIdAndEpoch {
  std::int32_t leader_id = -1;
  std::int32_t leader_epoch = -1;
  bool operator==(const LeaderIdAndEpoch&) const = default;
};

struct ProducePartitionResponse {
  std::int32_t index = 0;
  std::int16_t error_code = 0;
  std::int64_t base_offset = -1;
  std::int64_t log_append_time_ms = -1;
  std::int64_t log_start_offset = -1;               // from version 5
  std::vector<ProduceRecordError> record_errors{};  // from version 8
  std::optional<std::string> error_message{};       // from version 8
  LeaderIdAndEpoch current_leader{};                // tagged, from version 10
  bool operator==(const ProducePartitionResponse&) const = default;
};

struct ProduceTopicResponse {
  std::string name{};  // up to version 12
  Uuid topic_id{};     // from version 13
  std::vector<ProducePartitionResponse> partitions{};
  bool operator==(const ProduceTopicResponse&) const = default;
};

struct NodeEndpoint {
  std::int32_t node_id = 0;
  std::string host{};
  std::int32_t port = 0;
  std::optional<std::string> rack{};
  bool operator==(const NodeEndpoint&) const = default;
};

struct ProduceResponse {
  static constexpr ApiKey kApi = ApiKey::kProduce;
  std::vector<ProduceTopicResponse> topics{};
  std::int32_t throttle_time_ms = 0;
  std::vector<NodeEndpoint> node_endpoints{};  // tagged, from version 10

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<ProduceResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const ProduceResponse&) const = default;
};

}  // namespace sendscope::wire
