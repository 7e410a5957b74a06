// Requests other than Produce, and what all answers have in common.
#include <algorithm>

#include "core/base/bytes.h"
#include "core/wire/api_versions.h"
#include "sim/broker.h"
#include "sim/topic_name.h"

namespace sendscope::sim {
namespace {

constexpr const char* kTransactionVersion = "transaction.version";
constexpr std::int16_t kHighestTransactionVersion = 2;

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
// KIP-511: letters and digits, with '-' and '.' in between.
bool is_software_name(const std::string& text) {
  if (text.empty() || !letter_or_digit(text.front()) || !letter_or_digit(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return letter_or_digit(c) || c == '-' || c == '.'; });
}

// KIP-584. Features that may be absent (level 0) are not told to clients before version 4: theirs would
// choke.
void add_features(wire::ApiVersionsResponse& response, std::int16_t version, const World& world) {
  const std::int16_t level = world.config.transaction_version;
  if (version < 3) return;
  if (version >= 4)
    response.supported_features.push_back({kTransactionVersion, 0, kHighestTransactionVersion});
  response.finalized_features_epoch = world.features_epoch;
  if (level > 0) response.finalized_features.push_back({kTransactionVersion, level, level});
}

// Into the partitions the fault names, or else into its topics, or else over the whole answer.
void put_error(wire::MetadataResponse& response, const FaultSpec& fault) {
  const auto code = static_cast<std::int16_t>(fault.error);
  if (response.topics.empty()) response.error_code = code;
  for (wire::MetadataTopic& topic : response.topics) {
    if (!fault.topic.empty() && topic.name != fault.topic) continue;
    if (!fault.partition) {
      topic.error_code = code;
      topic.partitions.clear();
      continue;
    }
    for (wire::MetadataPartition& part : topic.partitions) {
      if (part.partition_index != *fault.partition) continue;
      part.error_code = code;
      part.leader_id = kNoLeader;
    }
  }
}

}  // namespace

void Broker::handle(ConnId conn, Connection& c, Bytes frame, Nanos now) {
  ByteReader in(frame);
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return close_connection(conn);
  const ApiRow* row = find_api(header->api_key);
  if (row == nullptr) return close_connection(conn);
  const bool known_version = header->version >= row->min_version && header->version <= row->max_version;
  const Call call{conn, c, *header, in, now};
  switch (row->key) {
    case ApiKey::kApiVersions: return handle_api_versions(call);
    case ApiKey::kProduce:
      if (!known_version || header->version > world_.config.produce_max_version) break;
      return handle_produce(call);
    case ApiKey::kMetadata:
      if (!known_version) break;
      return handle_metadata(call);
    default:
      if (known_version && handle_transactional(call)) return;
  }
  close_connection(conn);
}

const ActiveFault* Broker::respond_fault(const Call& call, std::span<const TopicPartition> partitions) {
  return world_.faults.match(FaultVerb::kRespond,
                             {id(), call.header.api_key, call.c.producer, MessageKind::kRequest, partitions,
                              request_id(call.c.producer, call.header.correlation_id),
                              call.c.place_of(call.c.arrivals.front(), MessageKind::kRequest)});
}

// The error a `respond` fault puts into an answer without partitions; kNone without one.
ErrorCode Broker::injected_error(const Call& call) {
  const ActiveFault* fault = respond_fault(call, {});
  return fault == nullptr ? ErrorCode::kNone : fault->spec.error;
}

void Broker::handle_api_versions(const Call& call) {
  const auto& [conn, c, header, in, now] = call;
  wire::ApiVersionsResponse response;
  std::int16_t version = header.version;
  const ApiRow& row = api_row(ApiKey::kApiVersions);
  if (version < 0 || version > row.max_version) {
    // Not understood: answered in the oldest form, with what would be (KIP-511).
    version = 0;
    response.error_code = static_cast<std::int16_t>(ErrorCode::kUnsupportedVersion);
    response.api_keys.push_back({static_cast<std::int16_t>(row.key), row.min_version, row.max_version});
  } else {
    const Result<wire::ApiVersionsRequest> request = wire::ApiVersionsRequest::decode(in, version);
    if (!request) return close_connection(conn);
    ErrorCode error = injected_error(call);
    if (version >= 3 && (!is_software_name(request->client_software_name) ||
                         !is_software_name(request->client_software_version))) {
      error = ErrorCode::kInvalidRequest;
    }
    response.error_code = static_cast<std::int16_t>(error);
    for (const ApiRow& api : api_rows()) {
      if (error != ErrorCode::kNone) break;
      const std::int16_t max =
          api.key == ApiKey::kProduce ? world_.config.produce_max_version : api.broker_max;
      response.api_keys.push_back({key_of(api.key), api.broker_min, max});
    }
    if (error == ErrorCode::kNone) add_features(response, version, world_);
  }
  send(conn, c, header, wire::Frame::response(response, version, header.correlation_id), {}, now);
  finish_request(conn, now);
}

void Broker::handle_metadata(const Call& call) {
  const auto& [conn, c, header, in, now] = call;
  const Result<wire::MetadataRequest> request = wire::MetadataRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  wire::MetadataResponse response;
  response.controller_id = -1;
  response.cluster_id = to_string(world_.catalog.cluster_id);
  for (std::size_t i = 0; i < world_.spec.nodes.size(); ++i) {
    if (!image_.nodes[i]) continue;
    const NodeSpec& node = world_.spec.nodes[i];
    const Endpoint endpoint = endpoint_of(node.id);
    response.brokers.push_back({node.id, endpoint.host, endpoint.port,
                                node.rack.empty() ? std::nullopt : std::optional<std::string>(node.rack)});
    if (response.controller_id < 0) response.controller_id = node.id;
  }
  if (request->topics) {
    for (const wire::MetadataRequestTopic& wanted : *request->topics) {
      response.topics.push_back(describe_topic(wanted, request->allow_auto_topic_creation));
    }
  } else {
    for (std::size_t t = 0; t < image_.topics.size(); ++t) {
      if (image_.topics[t]) response.topics.push_back(describe_topic(t));
    }
  }
  std::vector<TopicPartition> partitions;
  for (const wire::MetadataTopic& topic : response.topics) {
    for (const wire::MetadataPartition& part : topic.partitions) {
      partitions.push_back({*topic.name, part.partition_index});
    }
    if (topic.name && topic.partitions.empty()) partitions.push_back({*topic.name, kUnknownPartition});
  }
  const ActiveFault* fault = respond_fault(call, partitions);
  if (fault != nullptr) put_error(response, fault->spec);
  send(conn, c, header, wire::Frame::response(response, header.version, header.correlation_id), partitions,
       now);
  finish_request(conn, now);
}

wire::MetadataTopic Broker::describe_topic(const wire::MetadataRequestTopic& wanted, bool may_create) {
  wire::MetadataTopic answer;
  answer.name = wanted.name;
  answer.topic_id = wanted.topic_id;
  const Catalog& catalog = world_.catalog;
  if (wanted.name) {
    const auto found = catalog.topic_by_name.find(*wanted.name);
    if (found != catalog.topic_by_name.end() && knows(found->second)) return describe_topic(found->second);
    answer.error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicOrPartition);
    if (!is_topic_name(*wanted.name)) {
      answer.error_code = static_cast<std::int16_t>(ErrorCode::kInvalidTopic);
    } else if (may_create && world_.config.auto_create_topics && found == catalog.topic_by_name.end()) {
      world_.controller.auto_create_topic(*wanted.name);
    }
    return answer;
  }
  const auto found = catalog.topic_by_id.find(wanted.topic_id);
  if (found != catalog.topic_by_id.end() && knows(found->second)) return describe_topic(found->second);
  answer.error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicId);
  return answer;
}

wire::MetadataTopic Broker::describe_topic(std::size_t index) const {
  const Topic& topic = world_.catalog.topics[index];
  wire::MetadataTopic answer;
  answer.name = topic.spec.name;
  answer.topic_id = topic.id;
  for (const PartitionNumber p : topic.partitions) {
    if (p >= image_.partitions.size()) break;  // added a moment ago, not heard of here
    const PartitionState& state = image_.partitions[p];
    wire::MetadataPartition partition;
    partition.partition_index = world_.catalog.partitions[p].id;
    partition.leader_id = state.leader;
    partition.leader_epoch = state.leader_epoch;
    if (state.leader == kNoLeader) {
      partition.error_code = static_cast<std::int16_t>(ErrorCode::kLeaderNotAvailable);
    }
    for (const NodeId node : world_.catalog.partitions[p].replicas) {
      partition.replica_nodes.push_back(node);
      if (!image_.nodes[world_.controller.index_of(node)]) partition.offline_replicas.push_back(node);
    }
    partition.isr_nodes.assign(state.isr.begin(), state.isr.end());
    answer.partitions.push_back(std::move(partition));
  }
  return answer;
}

// ---- sending

void Broker::send(ConnId conn, Connection& c, const wire::RequestHeader& header, const wire::Frame& frame,
                  std::span<const TopicPartition> partitions, Nanos now) {
  if (c.gone) return;
  Event event{.t = now,
              .kind = EventKind::response_sent,
              .actor = c.producer,
              .place = static_cast<std::uint32_t>(id()),
              .subject = request_id(c.producer, header.correlation_id),
              .a = static_cast<std::uint16_t>(header.api_key),
              .b = static_cast<std::uint32_t>(frame.size())};
  world_.sink.emit(event);
  event.a = static_cast<std::uint32_t>(MessageKind::kResponse);
  event.b = 0;
  const Message message{id(),
                        header.api_key,
                        c.producer,
                        MessageKind::kResponse,
                        partitions,
                        request_id(c.producer, header.correlation_id),
                        c.place_of(c.arrivals.front(), MessageKind::kResponse)};
  if (c.mute || world_.faults.match(FaultVerb::kDrop, message) != nullptr) {
    event.kind = EventKind::message_lost;
    if (!c.mute) world_.sink.emit(event);
    c.mute = true;
    return;
  }
  Nanos late = 0;
  if (ActiveFault* fault = world_.faults.match(FaultVerb::kDelay, message)) {
    Prng draws = fault->effect_on(message);
    late = fault->spec.by.draw(draws);
    event.kind = EventKind::message_delayed;
    event.b = static_cast<std::uint32_t>(late / kNanosPerMicro);
    world_.sink.emit(event);
  }
  std::vector<std::byte> bytes = frame.flatten();
  if (ActiveFault* fault = world_.faults.match(FaultVerb::kCorrupt, message)) {
    constexpr std::size_t kBody = 8;  // behind the length and the correlation id
    if (bytes.size() > kBody)
      bytes[kBody + fault->effect_on(message).below(bytes.size() - kBody)] ^= std::byte{0x40};
  }
  world_.network.write(conn, bytes, late);
}

// Bytes of a client against its quota, over Kafka's eleven samples of a second; how long it has to wait.
Nanos Broker::throttle(std::uint16_t producer, std::size_t bytes, Nanos now) {
  if (!world_.faults.any(FaultVerb::kQuota)) return 0;
  constexpr std::size_t kSamples = 11;
  auto& samples = quota_[producer];
  if (samples.empty() || now - samples.back().began >= kNanosPerSecond) samples.push_back({now, 0});
  samples.back().bytes += bytes;
  while (samples.size() > kSamples ||
         now - samples.front().began >= static_cast<Nanos>(kSamples) * kNanosPerSecond) {
    samples.pop_front();
  }
  const Message message{id(), key_of(ApiKey::kProduce), producer, MessageKind::kRequest, {}, 0, 0};
  const ActiveFault* fault = world_.faults.match(FaultVerb::kQuota, message);
  if (fault == nullptr || fault->spec.bytes_per_second == 0) return 0;
  std::uint64_t total = 0;
  for (const QuotaWindow& sample : samples) total += sample.bytes;
  const Nanos window =
      std::max(now - samples.front().began, kNanosPerSecond * static_cast<Nanos>(kSamples - 1));
  const auto allowed = static_cast<std::uint64_t>(window / kNanosPerMilli *
                                                  static_cast<Nanos>(fault->spec.bytes_per_second) / 1000);
  if (total <= allowed || allowed == 0) return 0;
  const std::uint64_t per_mille = (total - allowed) * 1000 / allowed;
  return window / 1000 * static_cast<Nanos>(per_mille);
}

// ---- helpers

bool Broker::knows(std::size_t topic) const { return topic < image_.topics.size() && image_.topics[topic]; }

std::optional<std::size_t> Broker::find_topic(std::int16_t version,
                                              const wire::ProduceTopicData& data) const {
  const Catalog& catalog = world_.catalog;
  if (version >= wire::kProduceTopicIdVersion) {
    const auto found = catalog.topic_by_id.find(data.topic_id);
    if (found == catalog.topic_by_id.end() || !knows(found->second)) return std::nullopt;
    return found->second;
  }
  const auto found = catalog.topic_by_name.find(data.name);
  if (found == catalog.topic_by_name.end() || !knows(found->second)) return std::nullopt;
  return found->second;
}

// The partitions a request speaks of; empty when it cannot be read.
std::vector<TopicPartition> Broker::partitions_in(Bytes frame, std::int16_t api) const {
  std::vector<TopicPartition> result;
  if (api != key_of(ApiKey::kProduce)) return result;
  ByteReader in(frame);
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return result;
  const ApiRow& row = api_row(ApiKey::kProduce);
  if (header->version < row.min_version || header->version > row.max_version) return result;
  const Result<wire::ProduceRequest> request = wire::ProduceRequest::decode(in, header->version);
  if (!request) return result;
  for (const wire::ProduceTopicData& topic : request->topics) {
    const auto known = find_topic(header->version, topic);
    const std::string& name = known ? world_.catalog.topics[*known].spec.name : topic.name;
    for (const wire::ProducePartitionData& part : topic.partitions) result.push_back({name, part.index});
  }
  return result;
}

void Broker::emit_refusal(PartitionNumber p, RequestId request, ErrorCode error, Nanos now) {
  world_.sink.emit({.t = now,
                    .kind = EventKind::log_refused,
                    .actor = static_cast<std::uint16_t>(id()),
                    .place = world_.catalog.partitions[p].event_index,
                    .subject = request,
                    .a = static_cast<std::uint32_t>(static_cast<std::int32_t>(error))});
}

}  // namespace sendscope::sim
