// Appending what a producer sends: the checks in Kafka's order, sequence numbers, the log.
#include <algorithm>

#include "sim/replica_manager.h"

namespace sendscope::sim {
namespace {

constexpr std::size_t kSmallestBatch = 14;  // below it there is not even a magic byte to look at
constexpr int kZstd = 4;
constexpr std::int16_t kZstdFrom = 7;
constexpr std::size_t kReportedRecordErrors = 1000;

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

std::int16_t wire_code(ErrorCode code) {
  const auto value = static_cast<std::int16_t>(code);
  return value < 1000 ? value : static_cast<std::int16_t>(ErrorCode::kUnknownServerError);
}

void ReplicaManager::refuse(ProduceResult& result, RequestId request, ErrorCode error, Nanos now) const {
  result.response.error_code = wire_code(error);
  if (!result.partition) return;
  Event refused = event(EventKind::log_refused, *result.partition, now);
  refused.subject = request;
  refused.a = static_cast<std::uint32_t>(static_cast<std::int32_t>(error));
  env_.sink.emit(refused);
}

void ReplicaManager::append(ProduceResult& result, const std::optional<Bytes>& records,
                            const AppendRequest& request, Nanos now) {
  const PartitionNumber p = *result.partition;
  const Topic& topic = catalog_.topic_of(p);
  const auto refused = [&](ErrorCode error) { refuse(result, request.id, error, now); };
  const Result<wire::RecordBatchView> batch = parse_shape(records, request.version);
  if (!batch) return refused(batch.error().code);
  if (request.acks < -1 || request.acks > 1) return refused(ErrorCode::kInvalidRequiredAcks);
  const Replica& mine = replica(p);
  if (!mine.hosted || !mine.leading) return refused(ErrorCode::kNotLeaderOrFollower);
  if (request.acks == -1 && mine.isr.size() < catalog_.effective_min_isr(p)) {
    result.response.log_start_offset = mine.log.start_offset();
    return refused(ErrorCode::kNotEnoughReplicas);
  }
  if (const auto error = check_batch(result, topic, *batch, now)) return refused(*error);
  const wire::RecordBatchHeader& header = batch->header();
  const bool joins = header.is_transactional() &&
                     !mine.producers.has_open_transaction(header.producer_id, header.producer_epoch);
  if (joins && request.verified != ErrorCode::kNone) return refused(request.verified);
  append_batch(result, *batch, request, joins && request.version >= kImplicitAddFrom, now);
}

std::optional<ErrorCode> ReplicaManager::check_batch(ProduceResult& result, const Topic& topic,
                                                     const wire::RecordBatchView& batch, Nanos now) const {
  const wire::RecordBatchHeader& header = batch.header();
  if (header.base_offset != 0) return ErrorCode::kInvalidRecord;
  if (batch.size() > largest_batch(topic)) return ErrorCode::kMessageTooLarge;
  if (!env_.sabotage.skip_crc_check && !batch.crc_ok()) return ErrorCode::kCorruptMessage;
  const bool counted = header.record_count > 0 && header.last_offset_delta == header.record_count - 1;
  if (!counted || header.is_control() || (header.has_producer_id() && header.base_sequence < 0)) {
    return ErrorCode::kInvalidRecord;
  }
  return check_records(result, topic, batch, now);
}

std::size_t ReplicaManager::largest_batch(const Topic& topic) const {
  const std::int32_t own = topic.spec.max_message_bytes;
  return static_cast<std::size_t>(own > 0 ? own : env_.config.message_max_bytes);
}

// Looks at every record: keys on a compacted topic, times on one with CreateTime; and at what is stored.
std::optional<ErrorCode> ReplicaManager::check_records(ProduceResult& result, const Topic& topic,
                                                       const wire::RecordBatchView& batch, Nanos now) const {
  // Kafka: CompressionType.forId throws, and nobody expects it.
  if (batch.header().codec() >= wire::kCompressionTypes) return ErrorCode::kUnknownServerError;
  const bool claims_append_time = batch.header().timestamp_type() == wire::TimestampType::kLogAppendTime;
  if (claims_append_time && !topic.spec.log_append_time) return ErrorCode::kInvalidTimestamp;
  std::vector<std::byte> storage;
  const Result<Bytes> bytes = batch.record_bytes(storage);
  if (!bytes) return bytes.error().code;
  const Nanos after = env_.config.timestamp_after_max;
  const std::int64_t latest = after == kForever ? kForeverMillis : to_millis(now + after);
  wire::RecordIterator records(batch.header(), *bytes);
  wire::RecordView record;
  std::optional<ErrorCode> error;
  for (std::int32_t i = 0; records.next(record); ++i) {
    const bool too_new = !topic.spec.log_append_time && record.timestamp > latest;
    const bool keyless = topic.spec.compacted && !record.key;
    if (!too_new && !keyless) continue;
    if (too_new || !error) error = too_new ? ErrorCode::kInvalidTimestamp : ErrorCode::kInvalidRecord;
    if (result.response.record_errors.size() < kReportedRecordErrors) {
      result.response.record_errors.push_back(
          {i, too_new ? "the record's timestamp lies too far ahead of the broker's clock"
                      : "a compacted topic takes no record without key"});
    }
  }
  if (!records.ok() || !records.at_end()) return ErrorCode::kInvalidRecord;
  if (error) {
    result.response.log_start_offset = 0;
    result.response.error_message = "one or more records were refused";
    return error;
  }
  result.stored_bytes = stored_size(batch, *bytes, topic.spec.compression);
  if (result.stored_bytes > largest_batch(topic)) return ErrorCode::kMessageTooLarge;
  return std::nullopt;
}

bool ReplicaManager::judge_sequence(ProduceResult& result, const LogBatch& entry,
                                    const AppendRequest& request, bool joins, Nanos now) {
  const PartitionNumber p = *result.partition;
  const SequenceVerdict verdict = replica(p).producers.judge(entry, joins);
  const bool zombie_may = env_.sabotage.skip_fencing && verdict.error == ErrorCode::kInvalidProducerEpoch;
  if (verdict.error != ErrorCode::kNone && !zombie_may) {
    refuse(result, request.id, verdict.error, now);
    return true;
  }
  if (!verdict.duplicate) return false;
  result.response.base_offset = verdict.duplicate->base_offset;
  result.response.log_append_time_ms = verdict.duplicate->timestamp_ms;
  if (request.acks == -1) result.required_offset = verdict.duplicate->end_offset();
  Event known = event(EventKind::log_duplicate, p, now);
  known.subject = request.id;
  known.a = static_cast<std::uint32_t>(result.response.base_offset);
  known.b = static_cast<std::uint32_t>(entry.records);
  env_.sink.emit(known);
  return true;
}

// `joins`: the batch is the first of its transaction here, which began only with it (KIP-890).
void ReplicaManager::append_batch(ProduceResult& result, const wire::RecordBatchView& batch,
                                  const AppendRequest& request, bool joins, Nanos now) {
  const PartitionNumber p = *result.partition;
  Replica& mine = replica(p);
  LogBatch entry = log_batch(batch, result.stored_bytes, mine.leader_epoch, request.id);
  wire::ProducePartitionResponse& response = result.response;
  response.log_start_offset = mine.log.start_offset();
  if (entry.producer_id >= 0 && !env_.sabotage.skip_sequence_check &&
      judge_sequence(result, entry, request, joins, now)) {
    return;
  }
  response.base_offset = mine.log.end_offset();
  if (catalog_.topic_of(p).spec.log_append_time) {
    entry.timestamp_ms = response.log_append_time_ms = to_millis(now);
  }
  if (env_.sabotage.forget_append && ++appends_ % 7 == 0) return;
  mine.log.append(entry, batch.bytes());
  entry.base_offset = response.base_offset;
  mine.producers.on_append(entry);
  Event appended = event(EventKind::log_appended, p, now);
  appended.subject = request.id;
  appended.a = static_cast<std::uint32_t>(response.base_offset);
  appended.b = static_cast<std::uint32_t>(entry.records);
  if (entry.kind == BatchKind::kTransactional) {
    Event belongs = appended;
    belongs.kind = EventKind::txn_appended;
    belongs.subject = static_cast<std::uint64_t>(entry.producer_id);
    env_.sink.emit(belongs);
  }
  env_.sink.emit(appended);
  if (request.acks == -1) result.required_offset = entry.end_offset();
  listener_.on_log_grew(p, now);
  advance_high_watermark(p, now);
}

}  // namespace sendscope::sim
