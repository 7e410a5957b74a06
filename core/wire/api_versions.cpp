#include "core/wire/api_versions.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int version) {
  if (version >= 3) {
    c(m.client_software_name);
    c(m.client_software_version);
  }
  c.tags();
}

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

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int version) {
  c(m.error_code);
  c.array(m.api_keys, [&](auto& api) {
    c(api.api_key);
    c(api.min_version);
    c(api.max_version);
    c.tags();
  });
  if (version >= 1) c(m.throttle_time_ms);
  feature_tags(c, m);
}

}  // namespace

void ApiVersionsRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<ApiVersionsRequest> ApiVersionsRequest::decode(ByteReader& in, std::int16_t version) {
  ApiVersionsRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void ApiVersionsResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<ApiVersionsResponse> ApiVersionsResponse::decode(ByteReader& in, std::int16_t version) {
  ByteReader retry = in;
  ApiVersionsResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (in.ok()) return message;
  ApiVersionsResponse oldest;
  Decoder plain(retry, false);
  response_fields(plain, oldest, 0);
  if (!retry.ok()) return decode_error(in, kApi, "response", version);
  in = retry;
  return oldest;
}

}  // namespace sendscope::wire
