#include "core/wire/api_versions.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto api_versions_request_fields = [](auto& c, auto& m, int version) {
  if (version >= 3) {
    c(m.client_software_name);
    c(m.client_software_version);
  }
  c.tags();
};

template <typename Codec, typename Message>
void feature_tags(Codec& c, Message& m) {
  const auto supported = [&](auto& codec) {
    codec.array(m.supported_features, [&](auto& feature) {
      codec(feature.name);
      codec(feature.min_version);
      codec(feature.max_version);
      codec.tags();
    });
  };
  const auto epoch = [&](auto& codec) { codec(m.finalized_features_epoch); };
  const auto finalized = [&](auto& codec) {
    codec.array(m.finalized_features, [&](auto& feature) {
      codec(feature.name);
      codec(feature.max_version_level);
      codec(feature.min_version_level);
      codec.tags();
    });
  };
  const auto migration = [&](auto& codec) { codec(m.zk_migration_ready); };
  c.tags(Tag{0, !m.supported_features.empty(), supported}, Tag{1, m.finalized_features_epoch != -1, epoch},
         Tag{2, !m.finalized_features.empty(), finalized}, Tag{3, m.zk_migration_ready, migration});
}

constexpr auto api_versions_response_fields = [](auto& c, auto& m, int version) {
  c(m.error_code);
  c.array(m.api_keys, [&](auto& api) {
    c(api.api_key);
    c(api.min_version);
    c(api.max_version);
    c.tags();
  });
  if (version >= 1) c(m.throttle_time_ms);
  feature_tags(c, m);
};

}  // namespace

void ApiVersionsRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, api_versions_request_fields);
}

Result<ApiVersionsRequest> ApiVersionsRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<ApiVersionsRequest>(in, "request", version, api_versions_request_fields);
}

void ApiVersionsResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, api_versions_response_fields);
}

Result<ApiVersionsResponse> ApiVersionsResponse::decode(ByteReader& in, std::int16_t version) {
  ByteReader retry = in;
  Result<ApiVersionsResponse> message =
      decode_fields<ApiVersionsResponse>(in, "response", version, api_versions_response_fields);
  if (message) return message;
  Result<ApiVersionsResponse> oldest =
      decode_fields<ApiVersionsResponse>(retry, "response", 0, api_versions_response_fields);
  if (!oldest) return message;
  in = retry;
  return oldest;
}

}  // namespace sendscope::wire
