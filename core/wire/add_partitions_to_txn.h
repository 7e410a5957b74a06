// AddPartitionsToTxn 0-3, the clients' form. Kafka: AddPartitionsToTxnRequest.json and -Response.json.
#pragma once

#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

struct AddPartitionsTopic {
  std::string name{};
  std::vector<std::int32_t> partitions{};
  bool operator==(const AddPartitionsTopic&) const = default;
};

struct AddPartitionsToTxnRequest {
  static constexpr ApiKey kApi = ApiKey::kAddPartitionsToTxn;
  std::string transactional_id{};
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  std::vector<AddPartitionsTopic> topics{};

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<AddPartitionsToTxnRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const AddPartitionsToTxnRequest&) const = default;
};

struct PartitionError {
  std::int32_t partition_index = 0;
  std::int16_t error_code = 0;
  bool operator==(const PartitionError&) const = default;
};

struct TopicPartitionErrors {
  std::string name{};
  std::vector<PartitionError> partitions{};
  bool operator==(const TopicPartitionErrors&) const = default;
};

struct AddPartitionsToTxnResponse {
  static constexpr ApiKey kApi = ApiKey::kAddPartitionsToTxn;
  std::int32_t throttle_time_ms = 0;
  std::vector<TopicPartitionErrors> topics{};

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<AddPartitionsToTxnResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const AddPartitionsToTxnResponse&) const = default;
};

}  // namespace sendscope::wire
