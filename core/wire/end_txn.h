// EndTxn 0-5: commit or abort. Kafka: EndTxnRequest.json, EndTxnResponse.json; KIP-890.
#pragma once

#include <string>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

struct EndTxnRequest {
  static constexpr ApiKey kApi = ApiKey::kEndTxn;
  std::string transactional_id{};
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  bool committed = false;

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<EndTxnRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const EndTxnRequest&) const = default;
};

struct EndTxnResponse {
  static constexpr ApiKey kApi = ApiKey::kEndTxn;
  std::int32_t throttle_time_ms = 0;
  std::int16_t error_code = 0;
  std::int64_t producer_id = -1;     // from version 5
  std::int16_t producer_epoch = -1;  // from version 5

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<EndTxnResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const EndTxnResponse&) const = default;
};

}  // namespace sendscope::wire
