#include "core/wire/add_partitions_to_txn.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto add_partitions_to_txn_request_fields = [](auto& c, auto& m, int) {
  c(m.transactional_id);
  c(m.producer_id);
  c(m.producer_epoch);
  c.array(m.topics, [&](auto& topic) {
    c(topic.name);
    c(topic.partitions);
    c.tags();
  });
  c.tags();
};

constexpr auto add_partitions_to_txn_response_fields = [](auto& c, auto& m, int) {
  c(m.throttle_time_ms);
  c.array(m.topics, [&](auto& topic) {
    c(topic.name);
    c.array(topic.partitions, [&](auto& partition) {
      c(partition.partition_index);
      c(partition.error_code);
      c.tags();
    });
    c.tags();
  });
  c.tags();
};

}  // namespace

void AddPartitionsToTxnRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, add_partitions_to_txn_request_fields);
}

Result<AddPartitionsToTxnRequest> AddPartitionsToTxnRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<AddPartitionsToTxnRequest>(in, "request", version, add_partitions_to_txn_request_fields);
}

void AddPartitionsToTxnResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, add_partitions_to_txn_response_fields);
}

Result<AddPartitionsToTxnResponse> AddPartitionsToTxnResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<AddPartitionsToTxnResponse>(in, "response", version, add_partitions_to_txn_response_fields);
}

}  // namespace sendscope::wire
