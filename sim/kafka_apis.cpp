#include "sim/kafka_apis.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/check.h"
#include "core/base/overloaded.h"
#include "core/wire/api_versions.h"
#include "sim/topic_name.h"
#include "sim/world.h"

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
void add_features(wire::ApiVersionsResponse& response, std::int16_t version, const SimEnvironment& env) {
  const std::int16_t level = env.config.transaction_version;
  if (version < 3) return;
  if (version >= 4)
    response.supported_features.push_back({kTransactionVersion, 0, kHighestTransactionVersion});
  response.finalized_features_epoch = env.features_epoch;
  if (level > 0) response.finalized_features.push_back({kTransactionVersion, level, level});
}

// Into the partition that the fault names, or else over the whole answer.
void put_error(wire::MetadataResponse& response, const Respond& fault) {
  const auto code = static_cast<std::int16_t>(fault.error);
  if (response.topics.empty()) response.error_code = code;
  for (wire::MetadataTopic& topic : response.topics) {
    if (!fault.partition) {
      topic.error_code = code;
      topic.partitions.clear();
      continue;
    }
    if (topic.name != fault.partition->topic) continue;
    for (wire::MetadataPartition& part : topic.partitions) {
      if (part.partition_index != fault.partition->partition) continue;
      part.error_code = code;
      part.leader_id = kNoLeader;
    }
  }
}

}  // namespace

const KafkaApis::ApiHandler KafkaApis::kHandlers[] = {
    {ApiKey::kProduce, &KafkaApis::handle_produce},
    {ApiKey::kMetadata, &KafkaApis::handle_metadata},
    {ApiKey::kFindCoordinator, &KafkaApis::handle_find_coordinator},
    {ApiKey::kApiVersions, &KafkaApis::handle_api_versions},
    {ApiKey::kInitProducerId, &KafkaApis::handle_init_producer_id},
    {ApiKey::kAddPartitionsToTxn, &KafkaApis::handle_add_partitions},
    {ApiKey::kAddOffsetsToTxn, &KafkaApis::handle_add_offsets},
    {ApiKey::kEndTxn, &KafkaApis::handle_end_txn},
    {ApiKey::kTxnOffsetCommit, &KafkaApis::handle_offset_commit}};

const KafkaApis::ApiHandler* KafkaApis::find_handler(ApiKey key) {
  const auto found = std::find_if(std::begin(kHandlers), std::end(kHandlers),
                                  [key](const ApiHandler& handler) { return handler.key == key; });
  return found == std::end(kHandlers) ? nullptr : found;
}

void KafkaApis::shut_down() {
  for (auto& [conn, work] : in_hand_) {
    if (work.produce) parts_.env.loop.cancel(work.produce->timeout);
  }
  in_hand_.clear();
}

// ---- a request and what becomes of it

void KafkaApis::on_request(const IncomingRequest& request, Nanos now) {
  const auto [place, fresh] = in_hand_.try_emplace(request.conn);
  SENDSCOPE_CHECK(fresh);
  carry_out(request, dispatch(request, place->second, now), now);
}

void KafkaApis::on_wakeup(ConnId conn, Wakeup reason, Nanos now) {
  const auto found = in_hand_.find(conn);
  if (found == in_hand_.end()) return;
  InHand& work = found->second;
  const IncomingRequest request = parts_.server.request_of(conn);
  switch (reason) {
    case Wakeup::kReplyDue:
      if (work.held) carry_out(request, Reply{std::move(*work.held)}, now);
      return;
    case Wakeup::kCoordinatorAnswers: return on_coordinator_answers(request, work, now);
    case Wakeup::kReplicasTimeOut:
      if (auto results = parts_.replicas.give_up(conn)) on_produce_settled(conn, std::move(*results), now);
      return;
  }
}

KafkaApis::Outcome KafkaApis::dispatch(const IncomingRequest& request, InHand& work, Nanos now) {
  ByteReader in(request.frame);
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return CloseConnection{};
  const ApiRow* row = find_api(header->api_key);
  const ApiHandler* handler = row == nullptr ? nullptr : find_handler(row->key);
  if (handler == nullptr) return CloseConnection{};
  std::int16_t newest = row->max_version;
  if (row->key == ApiKey::kProduce) newest = std::min(newest, parts_.env.config.produce_max_version);
  const bool known_version = header->version >= row->min_version && header->version <= newest;
  // An ApiVersions that is not understood is answered all the same (KIP-511).
  if (!known_version && row->key != ApiKey::kApiVersions) return CloseConnection{};
  return (this->*handler->handle)({request, work, *header, in, now});
}

void KafkaApis::carry_out(const IncomingRequest& request, Outcome outcome, Nanos now) {
  const ConnId conn = request.conn;
  SocketServer& server = parts_.server;
  std::visit(Overloaded{[&](Reply& reply) {
                          if (reply.after > 0) {
                            server.wait(conn);
                            in_hand_.at(conn).held = std::move(reply.frame);
                            server.wake_at(now + reply.after, conn, Wakeup::kReplyDue);
                            return;
                          }
                          server.send(conn, reply.frame, reply.partitions, now);
                          leave(conn, reply.throttled, now);
                        },
                        [&](NoReply& none) { leave(conn, none.throttled, now); },
                        [&](CloseConnection&) {
                          in_hand_.erase(conn);
                          server.close(conn);
                        },
                        [&](AwaitCoordinator& wait) {
                          server.wait(conn);
                          server.wake_at(now + wait.takes, conn, Wakeup::kCoordinatorAnswers);
                        },
                        [&](AwaitReplicas& wait) {
                          server.wait(conn);
                          parts_.replicas.delay(conn, std::move(wait.results));
                          // In the background: whoever waits for the answer has a time-out of its own.
                          in_hand_.at(conn).produce->timeout = server.wake_at(
                              now + wait.timeout, conn, Wakeup::kReplicasTimeOut, Weight::kBackground);
                        }},
             outcome);
}

void KafkaApis::leave(ConnId conn, Nanos throttled, Nanos now) {
  in_hand_.erase(conn);
  if (throttled > 0) return parts_.server.throttle(conn, throttled, now);
  parts_.server.finish(conn, now);
}

const Respond* KafkaApis::respond_fault(const Call& call, std::span<const TopicPartition> partitions) {
  const IncomingRequest& request = call.request;
  const ActiveFault* fault =
      parts_.env.faults.match<Respond>({parts_.node, request.api, request.producer, MessageKind::kRequest,
                                        partitions, request.id, request.fault_place});
  return fault == nullptr ? nullptr : &fault->as<Respond>();
}

ErrorCode KafkaApis::injected_error(const Call& call) {
  const Respond* fault = respond_fault(call, {});
  return fault == nullptr ? ErrorCode::kNone : fault->error;
}

// ---- ApiVersions, Metadata

KafkaApis::Outcome KafkaApis::handle_api_versions(const Call& call) {
  wire::ApiVersionsResponse response;
  std::int16_t version = call.header.version;
  const ApiRow& row = api_row(ApiKey::kApiVersions);
  if (version < 0 || version > row.max_version) {
    // Not understood: answered in the oldest form, with what would be (KIP-511).
    version = 0;
    response.error_code = static_cast<std::int16_t>(ErrorCode::kUnsupportedVersion);
    response.api_keys.push_back({key_of(row.key), row.min_version, row.max_version});
  } else {
    const Result<wire::ApiVersionsRequest> request = wire::ApiVersionsRequest::decode(call.in, version);
    if (!request) return CloseConnection{};
    ErrorCode error = injected_error(call);
    if (version >= 3 && (!is_software_name(request->client_software_name) ||
                         !is_software_name(request->client_software_version))) {
      error = ErrorCode::kInvalidRequest;
    }
    response.error_code = static_cast<std::int16_t>(error);
    for (const ApiRow& api : api_rows()) {
      if (error != ErrorCode::kNone) break;
      const std::int16_t max =
          api.key == ApiKey::kProduce ? parts_.env.config.produce_max_version : api.broker_max;
      response.api_keys.push_back({key_of(api.key), api.broker_min, max});
    }
    if (error == ErrorCode::kNone) add_features(response, version, parts_.env);
  }
  return Reply{wire::Frame::response(response, version, call.header.correlation_id)};
}

KafkaApis::Outcome KafkaApis::handle_metadata(const Call& call) {
  const Result<wire::MetadataRequest> request = wire::MetadataRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  wire::MetadataResponse response;
  response.controller_id = -1;
  response.cluster_id = to_string(parts_.catalog.cluster_id);
  for (std::size_t i = 0; i < parts_.spec.nodes.size(); ++i) {
    if (!parts_.image.nodes[i]) continue;
    const NodeSpec& node = parts_.spec.nodes[i];
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
    for (std::size_t t = 0; t < parts_.image.topics.size(); ++t) {
      if (parts_.image.topics[t]) response.topics.push_back(describe_topic(t));
    }
  }
  std::vector<TopicPartition> partitions;
  for (const wire::MetadataTopic& topic : response.topics) {
    for (const wire::MetadataPartition& part : topic.partitions) {
      partitions.push_back({*topic.name, part.partition_index});
    }
  }
  const Respond* fault = respond_fault(call, partitions);
  if (fault != nullptr) put_error(response, *fault);
  Reply answer = reply(call, response);
  answer.partitions = std::move(partitions);
  return answer;
}

wire::MetadataTopic KafkaApis::describe_topic(const wire::MetadataRequestTopic& wanted, bool may_create) {
  wire::MetadataTopic answer;
  answer.name = wanted.name;
  answer.topic_id = wanted.topic_id;
  const Catalog& catalog = parts_.catalog;
  if (wanted.name) {
    const auto found = catalog.topic_by_name.find(*wanted.name);
    if (found != catalog.topic_by_name.end() && knows(found->second)) return describe_topic(found->second);
    answer.error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicOrPartition);
    if (!is_topic_name(*wanted.name)) {
      answer.error_code = static_cast<std::int16_t>(ErrorCode::kInvalidTopic);
    } else if (may_create && parts_.env.config.auto_create_topics && found == catalog.topic_by_name.end()) {
      parts_.controller.auto_create_topic(*wanted.name);
    }
    return answer;
  }
  const auto found = catalog.topic_by_id.find(wanted.topic_id);
  if (found != catalog.topic_by_id.end() && knows(found->second)) return describe_topic(found->second);
  answer.error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicId);
  return answer;
}

wire::MetadataTopic KafkaApis::describe_topic(std::size_t index) const {
  const Topic& topic = parts_.catalog.topics[index];
  wire::MetadataTopic answer;
  answer.name = topic.spec.name;
  answer.topic_id = topic.id;
  for (const PartitionNumber p : topic.partitions) {
    if (p >= parts_.image.partitions.size()) break;  // added a moment ago, not heard of here
    const PartitionState& state = parts_.image.partitions[p];
    wire::MetadataPartition partition;
    partition.partition_index = parts_.catalog.partitions[p].id;
    partition.leader_id = state.leader;
    partition.leader_epoch = state.leader_epoch;
    if (state.leader == kNoLeader) {
      partition.error_code = static_cast<std::int16_t>(ErrorCode::kLeaderNotAvailable);
    }
    for (const NodeId node : parts_.catalog.partitions[p].replicas) {
      partition.replica_nodes.push_back(node);
      if (!parts_.image.nodes[parts_.controller.index_of(node)]) partition.offline_replicas.push_back(node);
    }
    partition.isr_nodes.assign(state.isr.begin(), state.isr.end());
    answer.partitions.push_back(std::move(partition));
  }
  return answer;
}

bool KafkaApis::knows(std::size_t topic) const {
  return topic < parts_.image.topics.size() && parts_.image.topics[topic];
}

std::optional<std::size_t> KafkaApis::find_topic(std::int16_t version,
                                                 const wire::ProduceTopicData& data) const {
  const Catalog& catalog = parts_.catalog;
  if (version >= wire::kProduceTopicIdVersion) {
    const auto found = catalog.topic_by_id.find(data.topic_id);
    if (found == catalog.topic_by_id.end() || !knows(found->second)) return std::nullopt;
    return found->second;
  }
  const auto found = catalog.topic_by_name.find(data.name);
  if (found == catalog.topic_by_name.end() || !knows(found->second)) return std::nullopt;
  return found->second;
}

std::vector<TopicPartition> KafkaApis::partitions_in(Bytes frame, std::int16_t api) const {
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
    const std::string& name = known ? parts_.catalog.topics[*known].spec.name : topic.name;
    for (const wire::ProducePartitionData& part : topic.partitions) result.push_back({name, part.index});
  }
  return result;
}

std::optional<PartitionNumber> KafkaApis::find_partition(const std::string& topic,
                                                         PartitionId partition) const {
  const auto found = parts_.catalog.topic_by_name.find(topic);
  if (found == parts_.catalog.topic_by_name.end() || !knows(found->second)) return std::nullopt;
  const auto& partitions = parts_.catalog.topics[found->second].partitions;
  if (partition < 0 || static_cast<std::size_t>(partition) >= partitions.size()) return std::nullopt;
  return partitions[static_cast<std::size_t>(partition)];
}

}  // namespace sendscope::sim
