// ApiVersions 0-4: what a broker can do. Kafka: ApiVersionsRequest.json, ApiVersionsResponse.json.
#pragma once

#include <string>
#include <vector>

#include "core/base/api.h"
#include "core/base/bytes.h"

namespace sendscope::wire {

struct ApiVersionsRequest {
  static constexpr ApiKey kApi = ApiKey::kApiVersions;
  std::string client_software_name{};     // from version 3
  std::string client_software_version{};  // from version 3

  void encode(ByteWriter& out, std::int16_t version) const;
  static Result<ApiVersionsRequest> decode(ByteReader& in, std::int16_t version);
  bool operator==(const ApiVersionsRequest&) const = default;
};

struct ApiVersionRange {
  std::int16_t api_key = 0;
  std::int16_t min_version = 0;
  std::int16_t max_version = 0;
  bool operator==(const ApiVersionRange&) const = default;
};

struct SupportedFeature {
  std::string name{};
  std::int16_t min_version = 0;
  std::int16_t max_version = 0;
  bool operator==(const SupportedFeature&) const = default;
};

struct FinalizedFeature {
  std::string name{};
  std::int16_t max_version_level = 0;
  std::int16_t min_version_level = 0;
  bool operator==(const FinalizedFeature&) const = default;
};

struct ApiVersionsResponse {
  static constexpr ApiKey kApi = ApiKey::kApiVersions;
  std::int16_t error_code = 0;
  std::vector<ApiVersionRange> api_keys{};
  std::int32_t throttle_time_ms = 0;                   // from version 1
  std::vector<SupportedFeature> supported_features{};  // tagged, from version 3
  std::int64_t finalized_features_epoch = -1;          // tagged, from version 3
  std::vector<FinalizedFeature> finalized_features{};  // tagged, from version 3
  bool zk_migration_ready = false;                     // tagged, from version 3

  void encode(ByteWriter& out, std::int16_t version) const;
  // An answer with UNSUPPORTED_VERSION comes in the form of version 0, whatever was asked (KIP-511): a body
  // that does not read in `version` is read in version 0.
  static Result<ApiVersionsResponse> decode(ByteReader& in, std::int16_t version);
  bool operator==(const ApiVersionsResponse&) const = default;
};

}  // namespace sendscope::wire
