#include "core/wire/end_txn.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto end_txn_request_fields = [](auto& c, auto& m, int) {
  c(m.transactional_id);
  c(m.producer_id);
  c(m.producer_epoch);
  c(m.committed);
  c.tags();
};

constexpr auto end_txn_response_fields = [](auto& c, auto& m, int version) {
  c(m.throttle_time_ms);
  c(m.error_code);
  if (version >= 5) {
    c(m.producer_id);
    c(m.producer_epoch);
  }
  c.tags();
};

}  // namespace

void EndTxnRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, end_txn_request_fields);
}

Result<EndTxnRequest> EndTxnRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<EndTxnRequest>(in, "request", version, end_txn_request_fields);
}

void EndTxnResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, end_txn_response_fields);
}

Result<EndTxnResponse> EndTxnResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<EndTxnResponse>(in, "response", version, end_txn_response_fields);
}

}  // namespace sendscope::wire
