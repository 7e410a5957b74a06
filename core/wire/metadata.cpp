#include "core/wire/metadata.h"

#include "core/wire/codec.h"

namespace sendscope::wire {
namespace {

template <typename Codec, typename Message>
void request_fields(Codec& c, Message& m, int version) {
  c.array(m.topics, [&](auto& topic) {
    if (version >= 10) c(topic.topic_id);
    c(topic.name);
    c.tags();
  });
  if (version >= 4) c(m.allow_auto_topic_creation);
  if (version >= 8 && version <= 10) c(m.include_cluster_authorized_operations);
  if (version >= 8) c(m.include_topic_authorized_operations);
  c.tags();
}

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

template <typename Codec, typename Message>
void response_fields(Codec& c, Message& m, int version) {
  if (version >= 3) c(m.throttle_time_ms);
  c.array(m.brokers, [&](auto& broker) { broker_fields(c, broker, version); });
  if (version >= 2) c(m.cluster_id);
  if (version >= 1) c(m.controller_id);
  c.array(m.topics, [&](auto& topic) { topic_fields(c, topic, version); });
  if (version >= 8 && version <= 10) c(m.cluster_authorized_operations);
  if (version >= 13) c(m.error_code);
  c.tags();
}

}  // namespace

void MetadataRequest::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  // Version 0 knows no null: its empty list means all topics.
  if (version == 0 && !topics) return out.i32(0);
  request_fields(codec, *this, version);
}

Result<MetadataRequest> MetadataRequest::decode(ByteReader& in, std::int16_t version) {
  MetadataRequest message;
  Decoder codec(in, is_flexible(kApi, version));
  request_fields(codec, message, version);
  if (version == 0 && message.topics && message.topics->empty()) message.topics.reset();
  if (!in.ok()) return decode_error(in, kApi, "request", version);
  return message;
}

void MetadataResponse::encode(ByteWriter& out, std::int16_t version) const {
  Encoder codec(out, is_flexible(kApi, version));
  response_fields(codec, *this, version);
}

Result<MetadataResponse> MetadataResponse::decode(ByteReader& in, std::int16_t version) {
  MetadataResponse message;
  Decoder codec(in, is_flexible(kApi, version));
  response_fields(codec, message, version);
  if (!in.ok()) return decode_error(in, kApi, "response", version);
  return message;
}

}  // namespace sendscope::wire
