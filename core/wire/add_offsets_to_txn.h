// AddOffsetsToTxn 0-4: a group joins a transaction. Kafka: AddOffsetsToTxnRequest.json and -Response.json.
#pragma once

#include <string>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

struct AddOffsetsToTxnRequest {
  static constexpr ApiKey kApi = ApiKey::kAddOffsetsToTxn;
  std::string transactional_id{};
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  std::string group_id{};

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<AddOffsetsToTxnRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const AddOffsetsToTxnRequest&) const = default;
};

struct AddOffsetsToTxnResponse {
  static constexpr ApiKey kApi = ApiKey::kAddOffsetsToTxn;
  std::int32_t throttle_time_ms = 0;
  std::int16_t error_code = 0;

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<AddOffsetsToTxnResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const AddOffsetsToTxnResponse&) const = default;
};

}  // namespace sendscope::wire
