#include "core/wire/txn_offset_commit.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto txn_offset_commit_request_fields = [](auto& c, auto& m, int version) {
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
};

constexpr auto txn_offset_commit_response_fields = [](auto& c, auto& m, int) {
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

void TxnOffsetCommitRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, txn_offset_commit_request_fields);
}

Result<TxnOffsetCommitRequest> TxnOffsetCommitRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<TxnOffsetCommitRequest>(in, "request", version, txn_offset_commit_request_fields);
}

void TxnOffsetCommitResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, txn_offset_commit_response_fields);
}

Result<TxnOffsetCommitResponse> TxnOffsetCommitResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<TxnOffsetCommitResponse>(in, "response", version, txn_offset_commit_response_fields);
}

}  // namespace sendscope::wire
