#include "core/wire/add_partitions_to_txn.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int) {
  c(m.transactional_id);
  c(m.producer_id);
  c(m.producer_epoch);
  c.array(m.topics, [&](auto& topic) {
    c(topic.name);
    c(topic.partitions);
    c.tags();
  });
  c.tags();
}

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int) {
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
}

}  // namespace

void AddPartitionsToTxnRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<AddPartitionsToTxnRequest> AddPartitionsToTxnRequest::decode(ByteReader& in, std::int16_t version) {
  AddPartitionsToTxnRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void AddPartitionsToTxnResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<AddPartitionsToTxnResponse> AddPartitionsToTxnResponse::decode(ByteReader& in, std::int16_t version) {
  AddPartitionsToTxnResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
