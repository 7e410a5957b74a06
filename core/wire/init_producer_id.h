// InitProducerId 0-5: a producer id and an epoch for an idempotent producer.
// Kafka: InitProducerIdRequest.json, InitProducerIdResponse.json.
#pragma once

#include <optional>
#include <string>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

struct InitProducerIdRequest {
  static constexpr ApiKey kApi = ApiKey::kInitProducerId;
  std::optional<std::string> transactional_id{};
  std::int32_t transaction_timeout_ms = 0;
  std::int64_t producer_id = -1;     // from version 3
  std::int16_t producer_epoch = -1;  // from version 3

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<InitProducerIdRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const InitProducerIdRequest&) const = default;
};

struct InitProducerIdResponse {
  static constexpr ApiKey kApi = ApiKey::kInitProducerId;
  std::int32_t throttle_time_ms = 0;
  std::int16_t error_code = 0;
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = 0;

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<InitProducerIdResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const InitProducerIdResponse&) const = default;
};

}  // namespace sendscope::wire
