// Produce requests: the checks in Kafka's order, the append, the wait for replicas, the answer.
#include <algorithm>

#include "sim/broker.h"
#include "sim/replication.h"

namespace sendscope::sim {
namespace {

constexpr std::size_t kSmallestBatch = 14;  // below it there is not even a magic byte to look at
constexpr int kZstd = 4;
constexpr std::int16_t kZstdFrom = 7;
constexpr std::int16_t kLeaderHintsFrom = 10;
constexpr std::size_t kReportedRecordErrors = 1000;

std::int16_t wire_code(ErrorCode code) {
  const auto value = static_cast<std::int16_t>(code);
  return value < 1000 ? value : static_cast<std::int16_t>(ErrorCode::kUnknownServerError);
}

LogBatch log_batch(const wire::RecordBatchView& batch, std::size_t bytes, std::int32_t epoch,
                   RequestId request) {
  const wire::RecordBatchHeader& header = batch.header();
  return {.base_offset = 0,
          .producer_id = header.producer_id,
          .timestamp_ms = header.max_timestamp,
          .records = header.record_count,
          .bytes = static_cast<std::int32_t>(bytes),
          .leader_epoch = epoch,
          .base_sequence = header.base_sequence,
          .producer_epoch = header.producer_epoch,
          .kind = header.is_transactional() ? BatchKind::kTransactional : BatchKind::kRecords,
          .request = request};
}

// The one batch a partition's records must be.
Result<wire::RecordBatchView> parse_shape(const std::optional<Bytes>& records, std::int16_t version) {
  if (!records || records->empty()) return Error(ErrorCode::kInvalidRecord, "there is no record batch");
  if (records->size() < kSmallestBatch) return Error(ErrorCode::kCorruptMessage);
  Result<wire::RecordBatchView> batch = wire::RecordBatchView::parse(*records);
  if (!batch) return batch;
  if (batch->size() != records->size()) {
    return Error(ErrorCode::kInvalidRecord, "more than one record batch for a partition");
  }
  if (batch->header().codec() == kZstd && version < kZstdFrom)
    return Error(ErrorCode::kUnsupportedCompressionType);
  return batch;
}

// What a batch takes in a log of this codec. The records stay the bytes that they are, and the log keeps only
// sizes: so it is enough to pack them. Kafka: LogValidator, which packs anew what has another codec.
std::size_t stored_size(const wire::RecordBatchView& batch, Bytes records,
                        std::optional<wire::CompressionType> codec) {
  if (!codec || batch.header().codec() == static_cast<int>(*codec)) return batch.size();
  if (*codec == wire::CompressionType::kNone) return wire::kRecordBatchOverhead + records.size();
  std::vector<std::byte> packed;
  wire::compress(wire::Compression::of(*codec), records, packed);
  return wire::kRecordBatchOverhead + packed.size();
}

}  // namespace

void Broker::handle_produce(const Call& call) {
  const auto& [conn, c, header, in, now] = call;
  Result<wire::ProduceRequest> request = wire::ProduceRequest::decode(in, header.version);
  if (!request) return close_connection(conn);
  const TransactionalBatches transactional = transactional_batches(header, *request);
  if (!transactional.joining.empty() && !c.verification) {
    for (const auto& [p, batch] : transactional.joining) replica(p).producers.note_verification(batch);
    const bool adds = header.version >= kImplicitAddFrom;
    return ask_coordinator(call, transactional.who.transactional_id, adds);
  }
  ProduceWork work;
  work.header = header;
  work.acks = request->acks;
  std::vector<TopicPartition> partitions;
  if (world_.faults.any(FaultVerb::kRespond)) partitions = partitions_in(c.inbox.frame(0), header.api_key);
  const ActiveFault* fault = respond_fault(call, partitions);
  for (std::size_t t = 0; t < request->topics.size(); ++t) {
    work.topics.push_back({request->topics[t].name, request->topics[t].topic_id, {}});
    for (std::size_t i = 0; i < request->topics[t].partitions.size(); ++i) {
      Answer answer = transactional.error == ErrorCode::kNone
                          ? judge_and_append(header, c.producer, *request, t, i, fault,
                                             c.verification ? &*c.verification : nullptr, now)
                          : refused_with_all(*request, t, i, transactional.error);
      work.answers.push_back(std::move(answer));
    }
  }
  c.produce = std::move(work);
  const bool waits = request->acks == -1 && !world_.sabotage.ignore_min_isr && !settled(*c.produce);
  if (!waits) return finish_produce(conn, c, now);
  c.phase = Phase::kWaiting;
  for (const Answer& answer : c.produce->answers) {
    if (answer.required_offset >= 0) replica(*answer.partition).waiting.push_back(conn);
  }
  // In the background: whoever waits for the answer has a time-out of its own.
  c.produce->timeout = world_.loop.at(now + to_nanos(std::max(request->timeout_ms, 0)), *this,
                                      kProduceTimeout, conn, Weight::kBackground);
}

// An error of the whole request.
Broker::Answer Broker::refused_with_all(const wire::ProduceRequest& request, std::size_t topic,
                                        std::size_t index, ErrorCode error) {
  Answer answer;
  answer.topic = topic;
  answer.response.index = request.topics[topic].partitions[index].index;
  answer.response.error_code = wire_code(error);
  return answer;
}

Broker::Answer Broker::judge_and_append(const wire::RequestHeader& header, std::uint16_t producer,
                                        const wire::ProduceRequest& request, std::size_t topic,
                                        std::size_t index, const ActiveFault* fault,
                                        const Verification* verification, Nanos now) {
  const wire::ProduceTopicData& data = request.topics[topic];
  const wire::ProducePartitionData& part = data.partitions[index];
  const RequestId number = request_id(producer, header.correlation_id);
  Answer answer;
  answer.topic = topic;
  answer.response.index = part.index;
  const auto refuse = [&](ErrorCode code) {
    answer.response.error_code = wire_code(code);
    if (answer.partition) emit_refusal(*answer.partition, number, code, now);
    return answer;
  };
  // The topic, by id or name, and the partition, as this broker knows them.
  std::optional<std::size_t> found = find_topic(header.version, data);
  if (!found) {
    return refuse(header.version >= wire::kProduceTopicIdVersion ? ErrorCode::kUnknownTopicId
                                                                 : ErrorCode::kUnknownTopicOrPartition);
  }
  const Topic& known = world_.catalog.topics[*found];
  answer.tp = {known.spec.name, part.index};
  if (part.index < 0 || static_cast<std::size_t>(part.index) >= known.partitions.size() ||
      known.partitions[static_cast<std::size_t>(part.index)] >= image_.partitions.size()) {
    return refuse(ErrorCode::kUnknownTopicOrPartition);
  }
  answer.partition = known.partitions[static_cast<std::size_t>(part.index)];
  if (fault != nullptr && speaks_of(fault->spec, answer.tp)) {
    if (!fault->spec.after_append) return refuse(fault->spec.error);
    answer.forced = true;
    answer.forced_error = fault->spec.error;
  }
  const Result<wire::RecordBatchView> batch = parse_shape(part.records, header.version);
  if (!batch) return refuse(batch.error().code);
  if (request.acks < -1 || request.acks > 1) return refuse(ErrorCode::kInvalidRequiredAcks);
  const Replica& mine = replica(*answer.partition);
  if (!mine.hosted || !mine.leading) return refuse(ErrorCode::kNotLeaderOrFollower);
  if (request.acks == -1 && mine.isr.size() < world_.catalog.effective_min_isr(*answer.partition)) {
    answer.response.log_start_offset = mine.log.start_offset();
    return refuse(ErrorCode::kNotEnoughReplicas);
  }
  if (const auto error = check_batch(answer, known, *batch, now)) return refuse(*error);
  bool joins = false;
  if (batch->header().is_transactional() &&
      !mine.producers.has_open_transaction(batch->header().producer_id, batch->header().producer_epoch)) {
    // Led only since the coordinator was asked: nobody asked about this one.
    ErrorCode verified = ErrorCode::kNotEnoughReplicas;
    if (verification != nullptr && verification->partitions.contains(*answer.partition))
      verified = verification->partitions.at(*answer.partition);
    if (verified != ErrorCode::kNone) return refuse(verified);
    joins = true;
  }
  append(answer, *batch, request.acks, number, joins && header.version >= kImplicitAddFrom, now);
  return answer;
}

std::optional<ErrorCode> Broker::check_batch(Answer& answer, const Topic& topic,
                                             const wire::RecordBatchView& batch, Nanos now) const {
  const wire::RecordBatchHeader& header = batch.header();
  if (header.base_offset != 0) return ErrorCode::kInvalidRecord;
  if (batch.size() > largest_batch(topic)) return ErrorCode::kMessageTooLarge;
  if (!world_.sabotage.skip_crc_check && !batch.crc_ok()) return ErrorCode::kCorruptMessage;
  const bool counted = header.record_count > 0 && header.last_offset_delta == header.record_count - 1;
  if (!counted || header.is_control() || (header.has_producer_id() && header.base_sequence < 0)) {
    return ErrorCode::kInvalidRecord;
  }
  return check_records(answer, topic, batch, now);
}

std::size_t Broker::largest_batch(const Topic& topic) const {
  const std::int32_t own = topic.spec.max_message_bytes;
  return static_cast<std::size_t>(own > 0 ? own : world_.config.message_max_bytes);
}

// Looks at every record: keys on a compacted topic, times on one with CreateTime; and at what is stored.
std::optional<ErrorCode> Broker::check_records(Answer& answer, const Topic& topic,
                                               const wire::RecordBatchView& batch, Nanos now) const {
  // Kafka: CompressionType.forId throws, and nobody expects it.
  if (batch.header().codec() >= wire::kCompressionTypes) return ErrorCode::kUnknownServerError;
  const bool claims_append_time = batch.header().timestamp_type() == wire::TimestampType::kLogAppendTime;
  if (claims_append_time && !topic.spec.log_append_time) return ErrorCode::kInvalidTimestamp;
  std::vector<std::byte> storage;
  const Result<Bytes> bytes = batch.record_bytes(storage);
  if (!bytes) return bytes.error().code;
  const Nanos after = world_.config.timestamp_after_max;
  const std::int64_t latest = after == kForever ? kForeverMillis : to_millis(now + after);
  wire::RecordIterator records(batch.header(), *bytes);
  wire::RecordView record;
  std::optional<ErrorCode> error;
  for (std::int32_t i = 0; records.next(record); ++i) {
    const bool too_new = !topic.spec.log_append_time && record.timestamp > latest;
    const bool keyless = topic.spec.compacted && !record.key;
    if (!too_new && !keyless) continue;
    if (too_new || !error) error = too_new ? ErrorCode::kInvalidTimestamp : ErrorCode::kInvalidRecord;
    if (answer.response.record_errors.size() < kReportedRecordErrors) {
      answer.response.record_errors.push_back(
          {i, too_new ? "the record's timestamp lies too far ahead of the broker's clock"
                      : "a compacted topic takes no record without key"});
    }
  }
  if (!records.ok() || !records.at_end()) return ErrorCode::kInvalidRecord;
  if (error) {
    answer.response.log_start_offset = 0;
    answer.response.error_message = "one or more records were refused";
    return error;
  }
  answer.stored_bytes = stored_size(batch, *bytes, topic.spec.compression);
  if (answer.stored_bytes > largest_batch(topic)) return ErrorCode::kMessageTooLarge;
  return std::nullopt;
}

// `joins`: the batch is the first of its transaction here, which began only with it (KIP-890).
void Broker::append(Answer& answer, const wire::RecordBatchView& batch, std::int16_t acks, RequestId request,
                    bool joins, Nanos now) {
  const PartitionNumber p = *answer.partition;
  Replica& mine = replica(p);
  LogBatch entry = log_batch(batch, answer.stored_bytes, mine.leader_epoch, request);
  wire::ProducePartitionResponse& response = answer.response;
  response.log_start_offset = mine.log.start_offset();
  Event event{.t = now,
              .kind = EventKind::log_appended,
              .actor = static_cast<std::uint16_t>(id()),
              .place = world_.catalog.partitions[p].event_index,
              .subject = request,
              .b = static_cast<std::uint32_t>(entry.records)};
  if (entry.producer_id >= 0 && !world_.sabotage.skip_sequence_check) {
    const SequenceVerdict verdict = mine.producers.judge(entry, joins);
    const bool zombie_may = world_.sabotage.skip_fencing && verdict.error == ErrorCode::kInvalidProducerEpoch;
    if (verdict.error != ErrorCode::kNone && !zombie_may) {
      response.error_code = wire_code(verdict.error);
      return emit_refusal(p, request, verdict.error, now);
    }
    if (verdict.duplicate) {
      response.base_offset = verdict.duplicate->base_offset;
      response.log_append_time_ms = verdict.duplicate->timestamp_ms;
      if (acks == -1) answer.required_offset = verdict.duplicate->end_offset();
      event.kind = EventKind::log_duplicate;
      event.a = static_cast<std::uint32_t>(response.base_offset);
      return world_.sink.emit(event);
    }
  }
  response.base_offset = mine.log.end_offset();
  if (world_.catalog.topic_of(p).spec.log_append_time)
    entry.timestamp_ms = response.log_append_time_ms = to_millis(now);
  if (world_.sabotage.forget_append && ++appends_ % 7 == 0) return;
  mine.log.append(entry);
  entry.base_offset = response.base_offset;
  mine.producers.on_append(entry);
  event.a = static_cast<std::uint32_t>(response.base_offset);
  if (entry.kind == BatchKind::kTransactional) {
    Event belongs = event;
    belongs.kind = EventKind::txn_appended;
    belongs.subject = static_cast<std::uint64_t>(entry.producer_id);
    world_.sink.emit(belongs);
  }
  world_.sink.emit(event);
  if (acks == -1) answer.required_offset = entry.end_offset();
  world_.replication->on_append(*this, p, now);
  advance_high_watermark(p, now);
}

// ---- waiting for the replicas

// Whether a partition's fate is final; writes the error where it is one. Kafka: DelayedProduce.
void Broker::settle(Answer& answer) {
  if (answer.required_offset < 0) return;
  const Replica& mine = replica(*answer.partition);
  if (!mine.leading) {
    answer.response.error_code =
        wire_code(mine.hosted ? ErrorCode::kNotLeaderOrFollower : ErrorCode::kUnknownTopicOrPartition);
  } else if (mine.high_watermark < answer.required_offset) {
    return;
  } else if (mine.isr.size() < world_.catalog.effective_min_isr(*answer.partition)) {
    answer.response.error_code = wire_code(ErrorCode::kNotEnoughReplicasAfterAppend);
  }
  answer.required_offset = -1;
}

bool Broker::settled(ProduceWork& work) {
  bool all = true;
  for (Answer& answer : work.answers) {
    settle(answer);
    if (answer.required_offset >= 0) all = false;
  }
  return all;
}

void Broker::revisit_waiting(PartitionNumber p, Nanos now) {
  const std::vector<ConnId> waiting = std::exchange(replica(p).waiting, {});
  for (const ConnId conn : waiting) {
    Connection* c = find(conn);
    if (c == nullptr || c->phase != Phase::kWaiting || !c->produce) continue;
    if (settled(*c->produce)) {
      finish_produce(conn, *c, now);
      continue;
    }
    const auto& answers = c->produce->answers;
    const bool still = std::any_of(answers.begin(), answers.end(), [p](const Answer& answer) {
      return answer.partition == p && answer.required_offset >= 0;
    });
    if (still) replica(p).waiting.push_back(conn);
  }
}

// ---- the answer

void Broker::finish_produce(ConnId conn, Connection& c, Nanos now) {
  ProduceWork work = std::move(*c.produce);
  c.produce.reset();
  world_.loop.cancel(work.timeout);
  wire::ProduceResponse whole;
  whole.topics = std::move(work.topics);
  std::vector<TopicPartition> partitions;
  bool failed = false;
  for (Answer& answer : work.answers) {
    if (answer.partition) std::erase(replica(*answer.partition).waiting, conn);
    if (answer.required_offset >= 0 && !world_.sabotage.ignore_min_isr) {
      answer.response.error_code = wire_code(ErrorCode::kRequestTimedOut);
    }
    if (answer.forced) answer.response.error_code = wire_code(answer.forced_error);
    failed = failed || answer.response.error_code != 0;
    add_leader_hint(work.header.version, answer, whole);
    partitions.push_back(answer.tp);
    whole.topics[answer.topic].partitions.push_back(std::move(answer.response));
  }
  const Nanos throttled = throttle(c.producer, c.arrivals.front().size, now);
  whole.throttle_time_ms = static_cast<std::int32_t>(to_millis(throttled));
  if (work.acks == 0) {
    if (failed) return close_connection(conn);
  } else {
    send(conn, c, work.header, wire::Frame::response(whole, work.header.version, work.header.correlation_id),
         partitions, now);
  }
  if (throttled == 0) return finish_request(conn, now);
  c.phase = Phase::kThrottled;
  world_.loop.at(now + throttled, *this, kThrottleEnds, conn);
}

// Who leads instead, so that the client need not ask (KIP-951).
void Broker::add_leader_hint(std::int16_t version, Answer& answer, wire::ProduceResponse& whole) const {
  if (version < kLeaderHintsFrom || !answer.partition) return;
  if (answer.response.error_code != wire_code(ErrorCode::kNotLeaderOrFollower)) return;
  const PartitionState& state = image_.partitions[*answer.partition];
  answer.response.current_leader = {state.leader, state.leader_epoch};
  if (state.leader == kNoLeader || !image_.nodes[world_.controller.index_of(state.leader)]) return;
  const auto known =
      std::find_if(whole.node_endpoints.begin(), whole.node_endpoints.end(),
                   [&](const wire::NodeEndpoint& node) { return node.node_id == state.leader; });
  if (known != whole.node_endpoints.end()) return;
  const Endpoint endpoint = endpoint_of(state.leader);
  whole.node_endpoints.push_back({state.leader, endpoint.host, endpoint.port, std::nullopt});
}

}  // namespace sendscope::sim
