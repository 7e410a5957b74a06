// TxnOffsetCommit 0-5: consumed offsets as part of a transaction. Kafka: TxnOffsetCommitRequest.json and
// -Response.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"
#include "core/wire/add_partitions_to_txn.h"

namespace sendscope::wire {

struct TxnOffsetPartition {
  std::int32_t partition_index = 0;
  std::int64_t committed_offset = 0;
  std::int32_t committed_leader_epoch = -1;  // from version 2
  std::optional<std::string> committed_metadata{};
  bool operator==(const TxnOffsetPartition&) const = default;
};

struct TxnOffsetTopic {
  std::string name{};
  std::vector<TxnOffsetPartition> partitions{};
  bool operator==(const TxnOffsetTopic&) const = default;
};

struct TxnOffsetCommitRequest {
  static constexpr ApiKey kApi = ApiKey::kTxnOffsetCommit;
  std::string transactional_id{};
  std::string group_id{};
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  std::int32_t generation_id = -1;                 // from version 3
  std::string member_id{};                         // from version 3
  std::optional<std::string> group_instance_id{};  // from version 3
  std::vector<TxnOffsetTopic> topics{};

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<TxnOffsetCommitRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const TxnOffsetCommitRequest&) const = default;
};

struct TxnOffsetCommitResponse {
  static constexpr ApiKey kApi = ApiKey::kTxnOffsetCommit;
  std::int32_t throttle_time_ms = 0;
  std::vector<TopicPartitionErrors> topics{};

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<TxnOffsetCommitResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const TxnOffsetCommitResponse&) const = default;
};

}  // namespace sendscope::wire
