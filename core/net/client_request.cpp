#include "core/net/client_request.h"

namespace sendscope {

namespace {

template <typename Message>
Result<ResponseBody> decode_as(ByteReader& in, std::int16_t version) {
  Result<Message> message = Message::decode(in, version);
  if (!message) return message.error();
  return ResponseBody(std::move(*message));
}

}  // namespace

VersionRange all_versions(ApiKey api) {
  const ApiRow& row = api_row(api);
  return {row.min_version, row.max_version};
}

ApiKey api_of(const RequestBody& body) {
  return std::visit([](const auto& message) { return std::decay_t<decltype(message)>::kApi; }, body);
}

std::int32_t correlation_id_after(std::int32_t previous) {
  constexpr std::int32_t kLastUnreserved = INT32_MAX - 8;
  if (previous == kLastUnreserved) return INT32_MIN;
  return previous + 1;
}

wire::Frame frame_of(const RequestBody& body, std::int16_t version, std::int32_t correlation_id,
                     const std::optional<std::string>& client_id) {
  return std::visit(
      [&](const auto& message) { return wire::Frame::request(message, version, correlation_id, client_id); },
      body);
}

Result<ResponseBody> decode_response(ByteReader& in, ApiKey api, std::int16_t version) {
  switch (api) {
    case ApiKey::kProduce: return decode_as<wire::ProduceResponse>(in, version);
    case ApiKey::kMetadata: return decode_as<wire::MetadataResponse>(in, version);
    case ApiKey::kFindCoordinator: return decode_as<wire::FindCoordinatorResponse>(in, version);
    case ApiKey::kApiVersions: return decode_as<wire::ApiVersionsResponse>(in, version);
    case ApiKey::kInitProducerId: return decode_as<wire::InitProducerIdResponse>(in, version);
    case ApiKey::kAddPartitionsToTxn: return decode_as<wire::AddPartitionsToTxnResponse>(in, version);
    case ApiKey::kAddOffsetsToTxn: return decode_as<wire::AddOffsetsToTxnResponse>(in, version);
    case ApiKey::kEndTxn: return decode_as<wire::EndTxnResponse>(in, version);
    case ApiKey::kTxnOffsetCommit: return decode_as<wire::TxnOffsetCommitResponse>(in, version);
  }
  return Error(ErrorCode::kInvalidInput, "a response of an unknown api");
}

std::int32_t throttle_time_of(const ResponseBody& body) {
  return std::visit([](const auto& message) { return message.throttle_time_ms; }, body);
}

bool throttles_client(ApiKey api, std::int16_t version) {
  switch (api) {
    case ApiKey::kProduce:
    case ApiKey::kMetadata: return version >= 6;
    case ApiKey::kFindCoordinator:
    case ApiKey::kApiVersions: return version >= 2;
    case ApiKey::kInitProducerId:
    case ApiKey::kAddPartitionsToTxn:
    case ApiKey::kAddOffsetsToTxn:
    case ApiKey::kEndTxn:
    case ApiKey::kTxnOffsetCommit: return version >= 1;
  }
  return false;
}

}  // namespace sendscope
