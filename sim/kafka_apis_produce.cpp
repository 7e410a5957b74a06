// Produce: which partition is meant, the append, the wait for replicas, the answer.
#include <algorithm>

#include "sim/kafka_apis.h"
#include "sim/world.h"

namespace sendscope::sim {
namespace {

constexpr std::int16_t kLeaderHintsFrom = 10;

// An error of the whole request.
ProduceResult refused_with_all(const wire::ProduceRequest& request, std::size_t topic, std::size_t index,
                               ErrorCode error) {
  ProduceResult result;
  result.topic = topic;
  result.response.index = request.topics[topic].partitions[index].index;
  result.response.error_code = wire_code(error);
  return result;
}

}  // namespace

KafkaApis::Outcome KafkaApis::handle_produce(const Call& call) {
  Result<wire::ProduceRequest> request = wire::ProduceRequest::decode(call.in, call.header.version);
  if (!request) return CloseConnection{};
  const TransactionalBatches transactional = transactional_batches(call.header, *request);
  if (!transactional.joining.empty() && !call.work.verification) {
    for (const auto& [p, batch] : transactional.joining) {
      parts_.replicas.replica(p).producers.note_verification(batch);
    }
    const bool adds = call.header.version >= kImplicitAddFrom;
    return ask_coordinator(call, transactional.who.transactional_id, adds);
  }
  std::vector<TopicPartition> partitions;
  if (parts_.env.faults.any<Respond>()) {
    partitions = partitions_in(call.request.frame, call.header.api_key);
  }
  const Respond* fault = respond_fault(call, partitions);
  ProduceWork work{call.header, request->acks, {}};
  std::vector<ProduceResult> results;
  for (std::size_t t = 0; t < request->topics.size(); ++t) {
    work.topics.push_back({request->topics[t].name, request->topics[t].topic_id, {}});
    for (std::size_t i = 0; i < request->topics[t].partitions.size(); ++i) {
      results.push_back(transactional.error == ErrorCode::kNone
                            ? append(call, *request, t, i, fault)
                            : refused_with_all(*request, t, i, transactional.error));
    }
  }
  const bool waits =
      request->acks == -1 && !parts_.env.sabotage.ignore_min_isr && !parts_.replicas.settled(results);
  if (!waits) return finish_produce(call.request, std::move(work), std::move(results), call.now);
  call.work.produce = std::move(work);
  return AwaitReplicas{std::move(results), to_nanos(std::max(request->timeout_ms, 0))};
}

// The topic, by id or name, and the partition, as this broker knows them.
ProduceResult KafkaApis::append(const Call& call, const wire::ProduceRequest& request, std::size_t topic,
                                std::size_t index, const Respond* fault) {
  const wire::ProduceTopicData& data = request.topics[topic];
  const wire::ProducePartitionData& part = data.partitions[index];
  ProduceResult result;
  result.topic = topic;
  result.response.index = part.index;
  const auto refused = [&](ErrorCode error) {
    parts_.replicas.refuse(result, call.request.id, error, call.now);
    return result;
  };
  const std::optional<std::size_t> found = find_topic(call.header.version, data);
  if (!found) {
    return refused(call.header.version >= wire::kProduceTopicIdVersion ? ErrorCode::kUnknownTopicId
                                                                       : ErrorCode::kUnknownTopicOrPartition);
  }
  const Topic& known = parts_.catalog.topics[*found];
  result.tp = {known.spec.name, part.index};
  if (part.index < 0 || static_cast<std::size_t>(part.index) >= known.partitions.size() ||
      known.partitions[static_cast<std::size_t>(part.index)] >= parts_.image.partitions.size()) {
    return refused(ErrorCode::kUnknownTopicOrPartition);
  }
  result.partition = known.partitions[static_cast<std::size_t>(part.index)];
  if (fault != nullptr && speaks_of(*fault, result.tp)) {
    if (!fault->after_append) return refused(fault->error);
    result.forced = true;
    result.forced_error = fault->error;
  }
  AppendRequest wanted{call.request.id, request.acks, call.header.version};
  if (call.work.verification) {
    const auto& verified = call.work.verification->partitions;
    // One led only since the coordinator was asked: nobody asked about it.
    if (const auto said = verified.find(*result.partition); said != verified.end()) {
      wanted.verified = said->second;
    }
  }
  parts_.replicas.append(result, part.records, wanted, call.now);
  return result;
}

// ---- the answer

void KafkaApis::on_produce_settled(ConnId conn, std::vector<ProduceResult> results, Nanos now) {
  const IncomingRequest request = parts_.server.request_of(conn);
  ProduceWork work = std::move(*in_hand_.at(conn).produce);
  parts_.env.loop.cancel(work.timeout);
  carry_out(request, finish_produce(request, std::move(work), std::move(results), now), now);
}

KafkaApis::Outcome KafkaApis::finish_produce(const IncomingRequest& request, ProduceWork work,
                                             std::vector<ProduceResult> results, Nanos now) {
  wire::ProduceResponse whole;
  whole.topics = std::move(work.topics);
  std::vector<TopicPartition> partitions;
  bool failed = false;
  for (ProduceResult& result : results) {
    if (result.required_offset >= 0 && !parts_.env.sabotage.ignore_min_isr) {
      result.response.error_code = wire_code(ErrorCode::kRequestTimedOut);
    }
    if (result.forced) result.response.error_code = wire_code(result.forced_error);
    failed = failed || result.response.error_code != 0;
    add_leader_hint(work.header.version, result, whole);
    partitions.push_back(result.tp);
    whole.topics[result.topic].partitions.push_back(std::move(result.response));
  }
  const Nanos throttled = throttle(request, now);
  whole.throttle_time_ms = static_cast<std::int32_t>(to_millis(throttled));
  if (work.acks == 0) {
    if (failed) return CloseConnection{};
    return NoReply{throttled};
  }
  return Reply{wire::Frame::response(whole, work.header.version, work.header.correlation_id),
               std::move(partitions), 0, throttled};
}

// Bytes of a client against its quota, over Kafka's eleven samples of a second; how long it has to wait.
Nanos KafkaApis::throttle(const IncomingRequest& request, Nanos now) {
  if (!parts_.env.faults.any<Quota>()) return 0;
  constexpr std::size_t kSamples = 11;
  auto& samples = quota_[request.producer];
  if (samples.empty() || now - samples.back().began >= kNanosPerSecond) samples.push_back({now, 0});
  samples.back().bytes += request.size;
  while (samples.size() > kSamples ||
         now - samples.front().began >= static_cast<Nanos>(kSamples) * kNanosPerSecond) {
    samples.pop_front();
  }
  const Message message{
      parts_.node, key_of(ApiKey::kProduce), request.producer, MessageKind::kRequest, {}, 0, 0};
  const ActiveFault* fault = parts_.env.faults.match<Quota>(message);
  if (fault == nullptr) return 0;
  const auto bytes_per_second = static_cast<Nanos>(fault->as<Quota>().bytes_per_second);
  std::uint64_t total = 0;
  for (const QuotaWindow& sample : samples) total += sample.bytes;
  const Nanos window =
      std::max(now - samples.front().began, kNanosPerSecond * static_cast<Nanos>(kSamples - 1));
  const auto allowed = static_cast<std::uint64_t>(window / kNanosPerMilli * bytes_per_second / 1000);
  if (total <= allowed || allowed == 0) return 0;
  const std::uint64_t per_mille = (total - allowed) * 1000 / allowed;
  return window / 1000 * static_cast<Nanos>(per_mille);
}

// Who leads instead, so that the client need not ask (KIP-951).
void KafkaApis::add_leader_hint(std::int16_t version, ProduceResult& result,
                                wire::ProduceResponse& whole) const {
  if (version < kLeaderHintsFrom || !result.partition) return;
  if (result.response.error_code != wire_code(ErrorCode::kNotLeaderOrFollower)) return;
  const PartitionState& state = parts_.image.partitions[*result.partition];
  result.response.current_leader = {state.leader, state.leader_epoch};
  if (state.leader == kNoLeader || !parts_.image.nodes[parts_.controller.index_of(state.leader)]) return;
  const auto known =
      std::find_if(whole.node_endpoints.begin(), whole.node_endpoints.end(),
                   [&](const wire::NodeEndpoint& node) { return node.node_id == state.leader; });
  if (known != whole.node_endpoints.end()) return;
  const Endpoint endpoint = endpoint_of(state.leader);
  whole.node_endpoints.push_back({state.leader, endpoint.host, endpoint.port, std::nullopt});
}

}  // namespace sendscope::sim
