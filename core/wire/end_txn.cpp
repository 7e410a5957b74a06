#include "core/wire/end_txn.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int) {
  c(m.transactional_id);
  c(m.producer_id);
  c(m.producer_epoch);
  c(m.committed);
  c.tags();
}

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int version) {
  c(m.throttle_time_ms);
  c(m.error_code);
  if (version >= 5) {
    c(m.producer_id);
    c(m.producer_epoch);
  }
  c.tags();
}

}  // namespace

void EndTxnRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<EndTxnRequest> EndTxnRequest::decode(ByteReader& in, std::int16_t version) {
  EndTxnRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void EndTxnResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<EndTxnResponse> EndTxnResponse::decode(ByteReader& in, std::int16_t version) {
  EndTxnResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
