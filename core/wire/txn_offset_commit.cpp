#include "core/wire/txn_offset_commit.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int version) {
  c(m.transactional_id);
  c(m.group_id);
  c(m.producer_id);
  c(m.producer_epoch);
  if (version >= 3) {
    c(m.generation_id);
    c(m.member_id);
    c(m.group_instance_id);
  }
  c.array(m.topics, [&](auto& topic) {
    c(topic.name);
    c.array(topic.partitions, [&](auto& partition) {
      c(partition.partition_index);
      c(partition.committed_offset);
      if (version >= 2) c(partition.committed_leader_epoch);
      c(partition.committed_metadata);
      c.tags();
    });
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

void TxnOffsetCommitRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  request_fields(codec, *this, version);
}

Result<TxnOffsetCommitRequest> TxnOffsetCommitRequest::decode(ByteReader& in, std::int16_t version) {
  TxnOffsetCommitRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void TxnOffsetCommitResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<TxnOffsetCommitResponse> TxnOffsetCommitResponse::decode(ByteReader& in, std::int16_t version) {
  TxnOffsetCommitResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
