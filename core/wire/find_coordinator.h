// FindCoordinator 0-6: which broker coordinates a transaction or a group.
// Kafka: FindCoordinatorRequest.json, FindCoordinatorResponse.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

enum class CoordinatorType : std::int8_t { kGroup = 0, kTransaction = 1 };

struct FindCoordinatorRequest {
  static constexpr ApiKey kApi = ApiKey::kFindCoordinator;
  std::string key{};                            // up to version 3
  std::int8_t key_type = 0;                     // from version 1; a CoordinatorType
  std::vector<std::string> coordinator_keys{};  // from version 4

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<FindCoordinatorRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const FindCoordinatorRequest&) const = default;
};

struct Coordinator {
  std::string key{};
  std::int32_t node_id = -1;
  std::string host{};
  std::int32_t port = -1;
  std::int16_t error_code = 0;
  std::optional<std::string> error_message{};
  bool operator==(const Coordinator&) const = default;
};

struct FindCoordinatorResponse {
  static constexpr ApiKey kApi = ApiKey::kFindCoordinator;
  std::int32_t throttle_time_ms = 0;        // from version 1
  std::vector<Coordinator> coordinators{};  // exactly one, without its key, up to version 3

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<FindCoordinatorResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const FindCoordinatorResponse&) const = default;
};

}  // namespace sendscope::wire
