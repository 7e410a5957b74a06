#include "core/wire/add_offsets_to_txn.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto add_offsets_to_txn_request_fields = [](auto& c, auto& m, int) {
  c(m.transactional_id);
  c(m.producer_id);
  c(m.producer_epoch);
  c(m.group_id);
  c.tags();
};

constexpr auto add_offsets_to_txn_response_fields = [](auto& c, auto& m, int) {
  c(m.throttle_time_ms);
  c(m.error_code);
  c.tags();
};

}  // namespace

void AddOffsetsToTxnRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, add_offsets_to_txn_request_fields);
}

Result<AddOffsetsToTxnRequest> AddOffsetsToTxnRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<AddOffsetsToTxnRequest>(in, "request", version, add_offsets_to_txn_request_fields);
}

void AddOffsetsToTxnResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, add_offsets_to_txn_response_fields);
}

Result<AddOffsetsToTxnResponse> AddOffsetsToTxnResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<AddOffsetsToTxnResponse>(in, "response", version, add_offsets_to_txn_response_fields);
}

}  // namespace sendscope::wire
