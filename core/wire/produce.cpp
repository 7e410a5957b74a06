#include "core/wire/produce.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Topic>
void topic_identity(Codec& c, Topic& topic, int version) {
  if (version >= kProduceTopicIdVersion) {
    c(topic.topic_id);
  } else {
    c(topic.name);
  }
}

constexpr auto produce_request_fields = [](auto& c, auto& m, int version) {
  c(m.transactional_id);
  c(m.acks);
  c(m.timeout_ms);
  c.array(m.topics, [&](auto& topic) {
    topic_identity(c, topic, version);
    c.array(topic.partitions, [&](auto& partition) {
      c(partition.index);
      c(partition.records);
      c.tags();
    });
    c.tags();
  });
  c.tags();
};

template <typename Codec, typename Partition>
void partition_response_fields(Codec& c, Partition& p, int version) {
  c(p.index);
  c(p.error_code);
  c(p.base_offset);
  c(p.log_append_time_ms);
  if (version >= 5) c(p.log_start_offset);
  if (version >= 8) {
    c.array(p.record_errors, [&](auto& record) {
      c(record.batch_index);
      c(record.message);
      c.tags();
    });
    c(p.error_message);
  }
  const auto leader = [&](auto& codec) {
    codec(p.current_leader.leader_id);
    codec(p.current_leader.leader_epoch);
    codec.tags();
  };
  if (version >= 10) {
    c.tags(Tag{0, p.current_leader != LeaderIdAndEpoch{}, leader});
  } else {
    c.tags();
  }
}

constexpr auto produce_response_fields = [](auto& c, auto& m, int version) {
  c.array(m.topics, [&](auto& topic) {
    topic_identity(c, topic, version);
    c.array(topic.partitions, [&](auto& partition) { partition_response_fields(c, partition, version); });
    c.tags();
  });
  c(m.throttle_time_ms);
  const auto endpoints = [&](auto& codec) {
    codec.array(m.node_endpoints, [&](auto& node) {
      codec(node.node_id);
      codec(node.host);
      codec(node.port);
      codec(node.rack);
      codec.tags();
    });
  };
  if (version >= 10) {
    c.tags(Tag{0, !m.node_endpoints.empty(), endpoints});
  } else {
    c.tags();
  }
};

}  // namespace

void ProduceRequest::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, produce_request_fields);
}

Result<ProduceRequest> ProduceRequest::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<ProduceRequest>(in, "request", version, produce_request_fields);
}

void ProduceResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, produce_response_fields);
}

Result<ProduceResponse> ProduceResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<ProduceResponse>(in, "response", version, produce_response_fields);
}

}  // namespace sendscope::wire
