#include "core/wire/init_producer_id.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto init_producer_id_request_fields = [](auto& c, auto& m, int version) {
  c(m.transactional_id);
  c(m.transaction_timeout_ms);
  if (version >= 3) {
    c(m.producer_id);
    c(m.producer_epoch);
  }
  c.tags();
};

constexpr auto init_producer_id_response_fields = [](auto& c, auto& m, int) {
  c(m.throttle_time_ms);
  c(m.error_code);
  c(m.producer_id);
  c(m.producer_epoch);
  c.tags();
};

}  // namespace

void InitProducerIdRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, init_producer_id_request_fields);
}

Result<InitProducerIdRequest> InitProducerIdRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<InitProducerIdRequest>(in, "request", version, init_producer_id_request_fields);
}

void InitProducerIdResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, init_producer_id_response_fields);
}

Result<InitProducerIdResponse> InitProducerIdResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<InitProducerIdResponse>(in, "response", version, init_producer_id_response_fields);
}

}  // namespace sendscope::wire
