#include "core/wire/add_offsets_to_txn.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int) {
  c(m.transactional_id);
  c(m.producer_id);
  c(m.producer_epoch);
  c(m.group_id);
  c.tags();
}

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int) {
  c(m.throttle_time_ms);
  c(m.error_code);
  c.tags();
}

}  // namespace

void AddOffsetsToTxnRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<AddOffsetsToTxnRequest> AddOffsetsToTxnRequest::decode(ByteReader& in, std::int16_t version) {
  AddOffsetsToTxnRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void AddOffsetsToTxnResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<AddOffsetsToTxnResponse> AddOffsetsToTxnResponse::decode(ByteReader& in, std::int16_t version) {
  AddOffsetsToTxnResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
