// send(): the path that never waits, and the one that may. Kafka: KafkaProducer.doSend.
#include <algorithm>
#include <array>

#include "core/producer/future_record_metadata.h"
#include "core/producer/metadata_wait.h"
#include "core/producer/producer_parts.h"
#include "core/wire/record_format.h"

namespace sendscope {

namespace {

AppendRequest append_request(const Record& record, const Producer::Parts::Serialized& data,
                             PartitionId partition, Millis now_ms, const Delivery& delivery, RecordId id,
                             std::uint16_t thread, FutureRecordMetadata* future) {
  AppendRequest request;
  request.topic = record.topic;
  request.partition = partition;
  request.timestamp_ms = record.timestamp_ms == kNoTimestamp ? now_ms : record.timestamp_ms;
  request.key = data.key;
  request.value = data.value;
  request.headers = record.headers;
  request.delivery = delivery;
  request.record = id;
  request.thread = thread;
  request.future = future;
  return request;
}

}  // namespace

SendStatus Producer::try_send(const Record& record, Delivery delivery, Nanos now, std::uint16_t thread,
                              FutureRecordMetadata* future, SendResult* more) {
  Parts& p = *parts_;
  if (!p.plugins.interceptors.empty() || p.plugins.partitioner != nullptr) return SendStatus::kWouldBlock;
  const Millis now_ms = to_millis(now);
  const auto cluster = p.metadata.pin();
  const std::int32_t partitions = cluster->partition_count(record.topic);
  const bool open = !p.is_closed();
  if (open && (partitions == 0 || record.partition >= partitions)) return SendStatus::kWouldBlock;

  const RecordId id = p.next_record_id();
  EventSink& sink = p.environment.sink;
  std::optional<Announcement> called;
  if (sink.wants(EventKind::send_called)) called.emplace(p.send_called(record, id, thread, now));
  const auto reject = [&](const Error& error) {
    if (called) called->tell(sink);
    if (more != nullptr) more->error = error;
    return p.fail(record, kUnknownPartition, error, delivery, future, id, thread, now);
  };
  if (!open) return reject(closed_error());
  p.metadata.add(record.topic, now_ms);
  Parts::Serialized data{record.key, record.value};
  std::optional<std::array<std::string, 2>> scratch;
  if (p.has_serializers) {
    scratch.emplace();
    Result<Parts::Serialized> bytes = p.serialize(record, (*scratch)[0], (*scratch)[1]);
    if (!bytes) return reject(bytes.error());
    data = *bytes;
  }
  if (p.too_large(data, record.headers)) return reject(*p.check_size(data, record.headers));

  const PartitionId partition = p.built_in_partition(record, data, partitions);
  AppendRequest request = append_request(record, data, partition, now_ms, delivery, id, thread, future);
  if (called) request.announce = &*called;
  const RecordAppendResult append = p.accumulator.try_append(request, *cluster, now);
  if (append.status == AppendStatus::kAppended && !p.registers_partitions()) {
    if (append.batch_is_full || append.new_batch_created) p.sender.wakeup();
    return SendStatus::kAccepted;
  }
  if (append.status == AppendStatus::kWouldBlock) {
    p.give_back(id);
    return SendStatus::kWouldBlock;
  }
  if (append.status == AppendStatus::kFailed && called) called->tell(sink);
  SendResult result = p.conclude(record, append, delivery, future, id, thread, now);
  const SendStatus status = result.status;
  if (more != nullptr) *more = std::move(result);
  return status;
}

struct SendOp::State {
  enum class Stage : std::uint8_t { kStart, kMetadata, kAppend, kDone };

  State(Producer::Parts& parts, const Record& record_, Delivery delivery_, std::uint16_t thread_,
        Waiter& waiter_, FutureRecordMetadata* future_)
      : p(parts), record(record_), delivery(delivery_), thread(thread_), waiter(waiter_), future(future_) {}

  Step start(Nanos now);
  Step look_at_metadata(Nanos now);
  Step prepare(Nanos now);
  Step append_on(Nanos now);
  Step fail(Error error, Nanos now);

  void emit(EventKind kind, std::uint32_t a, std::uint32_t b, Nanos now) const {
    p.environment.sink.emit({now, kind, thread, kNoPlace, id, a, b});
  }

  Producer::Parts& p;
  Record record;
  const Delivery delivery;
  const std::uint16_t thread;
  Waiter& waiter;
  FutureRecordMetadata* const future;

  Stage stage = Stage::kStart;
  bool told_waiting = false;
  RecordId id = 0;
  std::optional<MetadataWait> metadata;
  std::shared_ptr<const Cluster> cluster;
  std::string key_scratch;
  std::string value_scratch;
  AppendRequest request;
  std::optional<AppendOp> append;
  std::uint32_t wanted_bytes = 0;
  SendResult result;
};

SendOp::SendOp(Producer& producer, const Record& record, Delivery delivery, std::uint16_t thread,
               Waiter& waiter, FutureRecordMetadata* future)
    : state_(std::make_unique<State>(*producer.parts_, record, delivery, thread, waiter, future)) {}
SendOp::~SendOp() = default;

Step SendOp::advance(Nanos now) {
  switch (state_->stage) {
    case State::Stage::kStart: return state_->start(now);
    case State::Stage::kMetadata: return state_->look_at_metadata(now);
    case State::Stage::kAppend: return state_->append_on(now);
    case State::Stage::kDone: break;
  }
  return Step::kDone;
}

BlockReason SendOp::blocked_on() const {
  if (state_->stage == State::Stage::kMetadata) return BlockReason::kMetadata;
  return state_->stage == State::Stage::kAppend ? BlockReason::kMemory : BlockReason::kNone;
}

Nanos SendOp::deadline() const {
  if (state_->stage == State::Stage::kMetadata) return state_->metadata->deadline();
  return state_->stage == State::Stage::kAppend ? state_->append->deadline() : kForever;
}

bool SendOp::signalled() const { return state_->append && state_->append->signalled(); }

const SendResult& SendOp::result() const {
  SENDSCOPE_CHECK(state_->stage == State::Stage::kDone);
  return state_->result;
}

Step SendOp::State::fail(Error error, Nanos now) {
  stage = Stage::kDone;
  result.record = id;
  result.status = p.fail(record, kUnknownPartition, error, delivery, future, id, thread, now);
  result.error = std::move(error);
  return Step::kDone;
}

Step SendOp::State::start(Nanos now) {
  id = p.next_record_id();
  intercept_send(p.plugins.interceptors, record);
  if (p.environment.sink.wants(EventKind::send_called))
    p.environment.sink.emit(p.send_called(record, id, thread, now));
  if (p.is_closed()) return fail(closed_error(), now);
  if (record.partition < kUnknownPartition)
    return fail(
        Error(ErrorCode::kIllegalArgument, "partition " + std::to_string(record.partition) + " is negative"),
        now);
  stage = Stage::kMetadata;
  metadata.emplace(p.metadata, p.sender, record.topic, record.partition, p.config.max_block_ms, waiter);
  return look_at_metadata(now);
}

Step SendOp::State::look_at_metadata(Nanos now) {
  if (metadata->advance(now) == Step::kBlocked) {
    if (!told_waiting && p.environment.sink.wants(EventKind::metadata_wait_began))
      emit(EventKind::metadata_wait_began, p.environment.sink.intern(record.topic), 0, now);
    told_waiting = true;
    return Step::kBlocked;
  }
  const Result<std::shared_ptr<const Cluster>>& known = metadata->result();
  if (told_waiting)
    emit(EventKind::metadata_wait_ended,
         static_cast<std::uint32_t>(known ? ErrorCode::kNone : known.error().code), 0, now);
  told_waiting = false;
  if (known) {
    if (metadata->waited()) p.metrics.metadata_waited(*metadata->waited());
    cluster = *known;
    return prepare(now);
  }
  if (!p.metadata.is_closed()) return fail(known.error(), now);
  return fail(Error(ErrorCode::kKafkaException, "the producer was closed while send() was in progress",
                    known.error().code),
              now);
}

// Serialize, choose, check; then into the accumulator.
Step SendOp::State::prepare(Nanos now) {
  const Result<Producer::Parts::Serialized> data = p.serialize(record, key_scratch, value_scratch);
  if (!data) return fail(data.error(), now);
  const Result<PartitionId> partition = p.choose_partition(record, *data, *cluster);
  if (!partition) return fail(partition.error(), now);
  if (std::optional<Error> error = p.check_size(*data, record.headers)) return fail(std::move(*error), now);
  request = append_request(record, *data, *partition, to_millis(now), delivery, id, thread, future);
  const std::size_t bound = wire::batch_size_upper_bound(data->key, data->value, record.headers);
  wanted_bytes = static_cast<std::uint32_t>(
      std::max<std::size_t>(bound, static_cast<std::size_t>(p.config.effective_batch_size_bytes())));
  const Millis budget_ms = std::max<Millis>(0, p.config.max_block_ms - metadata->waited_ms());
  stage = Stage::kAppend;
  append.emplace(p.accumulator, request, budget_ms, waiter);
  return append_on(now);
}

Step SendOp::State::append_on(Nanos now) {
  const Step step = append->advance(*cluster, now);
  if (step == Step::kBlocked) {
    if (!told_waiting) emit(EventKind::memory_wait_began, wanted_bytes, 0, now);
    told_waiting = true;
    return step;
  }
  const std::optional<Error>& error = append->result().error;
  if (told_waiting)
    emit(EventKind::memory_wait_ended, wanted_bytes,
         static_cast<std::uint32_t>(step == Step::kDone && error ? error->code : ErrorCode::kNone), now);
  told_waiting = false;
  if (step == Step::kYield) return step;
  stage = Stage::kDone;
  result = p.conclude(record, append->result(), delivery, future, id, thread, now);
  return Step::kDone;
}

}  // namespace sendscope
