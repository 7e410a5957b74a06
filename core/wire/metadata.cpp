#include "core/wire/metadata.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

constexpr auto metadata_request_fields = [](auto& c, auto& m, int version) {
  c.array(m.topics, [&](auto& topic) {
    if (version >= 10) c(topic.topic_id);
    c(topic.name);
    c.tags();
  });
  if (version >= 4) c(m.allow_auto_topic_creation);
  if (version >= 8 && version <= 10) c(m.include_cluster_authorized_operations);
  if (version >= 8) c(m.include_topic_authorized_operations);
  c.tags();
};

template <typename Codec, typename Broker>
void broker_fields(Codec& c, Broker& broker, int version) {
  c(broker.node_id);
  c(broker.host);
  c(broker.port);
  if (version >= 1) c(broker.rack);
  c.tags();
}

template <typename Codec, typename Partition>
void partition_fields(Codec& c, Partition& partition, int version) {
  c(partition.error_code);
  c(partition.partition_index);
  c(partition.leader_id);
  if (version >= 7) c(partition.leader_epoch);
  c(partition.replica_nodes);
  c(partition.isr_nodes);
  if (version >= 5) c(partition.offline_replicas);
  c.tags();
}

template <typename Codec, typename Topic>
void topic_fields(Codec& c, Topic& topic, int version) {
  c(topic.error_code);
  c(topic.name);
  if (version >= 10) c(topic.topic_id);
  if (version >= 1) c(topic.is_internal);
  c.array(topic.partitions, [&](auto& partition) { partition_fields(c, partition, version); });
  if (version >= 8) c(topic.topic_authorized_operations);
  c.tags();
}

constexpr auto metadata_response_fields = [](auto& c, auto& m, int version) {
  if (version >= 3) c(m.throttle_time_ms);
  c.array(m.brokers, [&](auto& broker) { broker_fields(c, broker, version); });
  if (version >= 2) c(m.cluster_id);
  if (version >= 1) c(m.controller_id);
  c.array(m.topics, [&](auto& topic) { topic_fields(c, topic, version); });
  if (version >= 8 && version <= 10) c(m.cluster_authorized_operations);
  if (version >= 13) c(m.error_code);
  c.tags();
};

}  // namespace

void MetadataRequest::encode(ByteWriter& out, std::int16_t version) const {
  // Version 0 knows no null: its empty list means all topics.
  if (version == 0 && !topics) return out.i32(0);
  encode_fields(out, *this, version, metadata_request_fields);
}

Result<MetadataRequest> MetadataRequest::decode(ByteReader& in, std::int16_t version) {
  Result<MetadataRequest> message = decode_fields<MetadataRequest>(in, "request", version, metadata_request_fields);
  if (message && version == 0 && message->topics && message->topics->empty()) message->topics.reset();
  return message;
}

void MetadataResponse::encode(ByteWriter& out, std::int16_t version) const {
  encode_fields(out, *this, version, metadata_response_fields);
}

Result<MetadataResponse> MetadataResponse::decode(ByteReader& in, std::int16_t version) {
  return decode_fields<MetadataResponse>(in, "response", version, metadata_response_fields);
}

}  // namespace sendscope::wire
