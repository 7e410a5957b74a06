#include "core/wire/init_producer_id.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int version) {
  c(m.transactional_id);
  c(m.transaction_timeout_ms);
  if (version >= 3) {
    c(m.producer_id);
    c(m.producer_epoch);
  }
  c.tags();
}

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int) {
  c(m.throttle_time_ms);
  c(m.error_code);
  c(m.producer_id);
  c(m.producer_epoch);
  c.tags();
}

}  // namespace

void InitProducerIdRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<InitProducerIdRequest> InitProducerIdRequest::decode(ByteReader& in, std::int16_t version) {
  InitProducerIdRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void InitProducerIdResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<InitProducerIdResponse> InitProducerIdResponse::decode(ByteReader& in, std::int16_t version) {
  InitProducerIdResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
