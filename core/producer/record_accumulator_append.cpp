// The append protocol, and where it finds topics and queues. Kafka: RecordAccumulator.append, appendNewBatch,
// tryAppend, partitionChanged.
#include <algorithm>
#include <utility>

#include "core/producer/record_accumulator.h"

namespace sendscope {

namespace {

constexpr std::size_t kSpareThunks = 64;

bool all_batches_full(const std::deque<BatchPtr>& batches) {
  return batches.empty() || batches.back()->is_full();
}

Error closed_while_sending_error() {
  return {ErrorCode::kKafkaException, "the producer was closed while this send was in progress"};
}

}  // namespace

PartitionQueue::PartitionQueue(TopicInfo& topic_, PartitionId partition, PartitionIndex place_)
    : hash(hash_of_number(partition)), tp{topic_.name, partition}, place(place_), topic(topic_) {}

// ---- the map of topics

TopicInfo& RecordAccumulator::topic_info(std::string_view name) {
  const std::uint64_t hash = std::hash<std::string_view>{}(name);
  if (TopicInfo* known = topics_.find(hash, name)) return *known;
  MutexLock lock(creation_mutex_);
  if (TopicInfo* known = topics_.find(hash, name)) return *known;
  return topics_.insert(std::make_unique<TopicInfo>(name, hash, settings_.batch_size_bytes, random_));
}

PartitionQueue& RecordAccumulator::queue_of(TopicInfo& topic, PartitionId partition, Nanos now) {
  const std::uint64_t hash = hash_of_number(partition);
  if (PartitionQueue* known = topic.partitions.find(hash, partition)) return *known;
  const PartitionIndex place = environment_.sink.partition({topic.name, partition}, now);
  MutexLock lock(creation_mutex_);
  if (PartitionQueue* known = topic.partitions.find(hash, partition)) return *known;
  PartitionQueue& created =
      topic.partitions.insert(std::make_unique<PartitionQueue>(topic, partition, place));
  index_.created(created);
  return created;
}

PartitionQueue* RecordAccumulator::find_queue(const TopicPartition& tp) const {
  const std::string_view name = tp.topic;
  TopicInfo* topic = topics_.find(std::hash<std::string_view>{}(name), name);
  return topic == nullptr ? nullptr : topic->partitions.find(hash_of_number(tp.partition), tp.partition);
}

// ---- memory of callbacks, used again

std::vector<Thunk> RecordAccumulator::take_thunks() {
  MutexLock lock(spare_mutex_);
  if (spare_thunks_.empty()) return {};
  std::vector<Thunk> thunks = std::move(spare_thunks_.back());
  spare_thunks_.pop_back();
  return thunks;
}

void RecordAccumulator::keep_thunks(std::vector<Thunk> thunks) {
  if (thunks.capacity() == 0) return;
  MutexLock lock(spare_mutex_);
  if (spare_thunks_.size() < kSpareThunks) spare_thunks_.push_back(std::move(thunks));
}

// ---- AppendAttempt: memory

std::size_t AppendAttempt::size_to_allocate() const {
  return std::max(static_cast<std::size_t>(accumulator_.settings_.batch_size_bytes),
                  wire::batch_size_upper_bound(request_.key, request_.value, request_.headers));
}

void AppendAttempt::accept(Buffer buffer, Nanos now) {
  now_ = now;
  buffer_ = std::move(buffer);
  has_buffer_ = true;
  only_looking_ = false;
  thunks_ = accumulator_.take_thunks();
}

void AppendAttempt::give_back() {
  if (!has_buffer_) return;
  has_buffer_ = false;
  accumulator_.pool_.deallocate(std::move(buffer_), now_);
  accumulator_.keep_thunks(std::move(thunks_));
}

BatchPtr AppendAttempt::make_batch() {
  const AccumulatorSettings& settings = accumulator_.settings_;
  BatchParts parts;
  parts.tp = &queue_->tp;
  parts.place = queue_->place;
  parts.created_ms = to_millis(now_);
  parts.options.write_limit = buffer_.capacity;
  parts.options.compression = settings.compression;
  parts.options.estimated_ratio = accumulator_.estimator_.estimation(topic_->name, settings.compression.type);
  parts.buffer = std::move(buffer_);
  parts.thunks = std::move(thunks_);
  return std::make_shared<ProducerBatch>(accumulator_.environment_, std::move(parts));
}

// ---- AppendAttempt: the protocol

void AppendAttempt::choose() {
  if (topic_ == nullptr) topic_ = &accumulator_.topic_info(request_.topic);
  if (request_.partition == kUnknownPartition) {
    sticky_ = topic_->partitioner.peek(*cluster_);
    result_.partition = sticky_.partition;
  } else {
    result_.partition = request_.partition;
  }
  queue_ = &accumulator_.queue_of(*topic_, result_.partition, now_);
}

void AppendAttempt::update_sticky(std::int64_t bytes, bool may_switch) {
  produced_before_switch_ = topic_->partitioner.update(sticky_, bytes, *cluster_, may_switch);
  switched_to_ = topic_->partitioner.current().partition;
}

// True when this append must choose again. Also completes a switch that was put off because the partition had
// a batch that was not full. Kafka: partitionChanged.
bool AppendAttempt::sticky_has_moved() {
  if (!sticky_) return false;
  if (topic_->partitioner.is_changed(sticky_)) return true;
  if (!all_batches_full(queue_->batches)) return false;
  update_sticky(0, true);
  return produced_before_switch_ != BuiltInPartitioner::kStayed;
}

// What follows every append: the event, the sticky bytes, the answer. Kafka: updatePartitionInfo.
void AppendAttempt::appended(ProducerBatch& batch, std::int64_t bytes) {
  EventSink& sink = accumulator_.environment_.sink;
  if (sink.wants(EventKind::record_appended)) {
    sink.emit({now_, EventKind::record_appended, request_.thread, queue_->place, request_.record,
               static_cast<std::uint32_t>(batch.id()),
               static_cast<std::uint32_t>(batch.estimated_size_in_bytes())});
  }
  const bool full = batch.is_full();
  if (sticky_) update_sticky(bytes, full);
  result_.status = AppendStatus::kAppended;
  result_.batch_is_full = full || queue_->batches.size() > 1;
  result_.appended_bytes = bytes;
}

AppendAttempt::Outcome AppendAttempt::append_to_tail() {
  if (sticky_has_moved()) return Outcome::kStale;
  if (accumulator_.closed_.load(std::memory_order_seq_cst)) {
    result_.error = closed_while_sending_error();
    return Outcome::kDone;
  }
  if (queue_->batches.empty()) return Outcome::kNoRoom;
  ProducerBatch& tail = *queue_->batches.back();
  const std::size_t before = tail.estimated_size_in_bytes();
  const wire::AppendResult outcome = tail.try_append(request_, to_millis(now_));
  if (outcome == wire::AppendResult::kNoRoom) {
    if (!only_looking_) tail.close_for_record_appends(now_);
    return Outcome::kNoRoom;
  }
  if (outcome != wire::AppendResult::kAppended) {
    result_.error = wire::append_error(outcome);
    return Outcome::kDone;
  }
  const auto growth = static_cast<std::int64_t>(tail.estimated_size_in_bytes() - before);
  if (request_.announce != nullptr) request_.announce->tell(accumulator_.environment_.sink);
  appended(tail, growth);
  return Outcome::kDone;
}

AppendAttempt::Outcome AppendAttempt::try_tail() {
  Outcome outcome;
  {
    MutexLock lock(queue_->mutex);
    outcome = append_to_tail();
  }
  tell_switch();
  return outcome;
}

AppendAttempt::Outcome AppendAttempt::append_to_new(const BatchPtr& batch) {
  batch->id_ = accumulator_.next_batch_id();
  const bool pooled = batch->buffer_.pooled;
  const wire::AppendResult outcome = batch->try_append(request_, to_millis(now_));
  if (outcome != wire::AppendResult::kAppended) {
    result_.error = wire::append_error(outcome);
    return Outcome::kDone;
  }
  queue_->batches.push_back(batch);
  accumulator_.incomplete_.add(batch);
  accumulator_.emit(EventKind::batch_opened, *batch, static_cast<std::uint32_t>(batch->initial_capacity()),
                    pooled ? 1 : 0, now_);
  if (!queue_->active) {
    queue_->active = true;
    accumulator_.index_.got_batch(*queue_);
  }
  result_.new_batch_created = true;
  appended(*batch, static_cast<std::int64_t>(batch->estimated_size_in_bytes()));
  return Outcome::kDone;
}

// The second look, with memory in hand. The batch is made before the lock is taken, since that allocates;
// when it turns out not to be needed, its memory goes back to the attempt.
AppendAttempt::Outcome AppendAttempt::open_batch() {
  const BatchPtr batch = make_batch();
  Outcome outcome;
  {
    MutexLock lock(queue_->mutex);
    outcome = append_to_tail();
    if (outcome == Outcome::kNoRoom) outcome = append_to_new(batch);
  }
  tell_switch();
  if (result_.new_batch_created) {
    has_buffer_ = false;
  } else {
    buffer_ = std::move(batch->buffer_);
    thunks_ = std::move(batch->thunks_);
  }
  return outcome;
}

void AppendAttempt::tell_switch() {
  const std::int64_t produced = std::exchange(produced_before_switch_, BuiltInPartitioner::kStayed);
  if (produced == BuiltInPartitioner::kStayed) return;
  const BatchEnvironment& environment = accumulator_.environment_;
  if (!environment.sink.wants(EventKind::sticky_switched)) return;
  environment.sink.emit({now_, EventKind::sticky_switched, environment.producer_index,
                         environment.sink.partition({topic_->name, switched_to_}, now_),
                         static_cast<std::uint64_t>(produced), environment.sink.intern(topic_->name),
                         static_cast<std::uint32_t>(sticky_.partition)});
}

AppendAttempt::Outcome AppendAttempt::run(const Cluster& cluster, Nanos now) {
  cluster_ = &cluster;
  now_ = now;
  for (;;) {
    choose();
    Outcome outcome = try_tail();
    if (outcome == Outcome::kNoRoom) {
      if (!has_buffer_) return Outcome::kNeedsMemory;
      outcome = open_batch();
    }
    if (outcome == Outcome::kDone) return outcome;
  }
}

AppendAttempt::Outcome AppendAttempt::resume(const Cluster& cluster, Nanos now) {
  SENDSCOPE_CHECK(has_buffer_);
  cluster_ = &cluster;
  now_ = now;
  const Outcome outcome = open_batch();
  return outcome == Outcome::kStale ? run(cluster, now) : outcome;
}

RecordAppendResult RecordAccumulator::try_append(const AppendRequest& request, const Cluster& cluster,
                                                 Nanos now) {
  AppendAttempt attempt(*this, request);
  attempt.only_look();  // should memory be short, nothing has happened
  RecordAppendResult& result = attempt.result();
  if (attempt.run(cluster, now) == AppendAttempt::Outcome::kDone) return std::move(result);
  Result<Buffer> memory = pool_.try_allocate(attempt.size_to_allocate(), now, request.announce);
  if (!memory) {
    result.error = memory.error();
  } else if (!*memory) {
    result.status = AppendStatus::kWouldBlock;
  } else {
    attempt.accept(std::move(*memory), now);
    attempt.run(cluster, now);
  }
  return std::move(result);
}

// ---- AppendOp

AppendOp::AppendOp(RecordAccumulator& accumulator, const AppendRequest& request, Millis budget_ms,
                   Waiter& waiter)
    : pool_(accumulator.pool()),
      budget_ms_(budget_ms),
      waiter_(waiter),
      thread_(request.thread),
      attempt_(accumulator, request) {}

Step AppendOp::finish(AppendAttempt::Outcome outcome, Nanos now) {
  if (outcome == AppendAttempt::Outcome::kNeedsMemory) {
    allocation_.emplace(pool_, attempt_.size_to_allocate(), budget_ms_, waiter_, thread_);
    state_ = State::kAllocating;
    return take_memory(now);
  }
  attempt_.give_back();
  state_ = State::kDone;
  return Step::kDone;
}

Step AppendOp::take_memory(Nanos now) {
  if (allocation_->advance(now) == Step::kBlocked) return Step::kBlocked;
  Result<Buffer>& memory = allocation_->result();
  if (!memory) {
    attempt_.result().error = memory.error();
    state_ = State::kDone;
    return Step::kDone;
  }
  attempt_.accept(std::move(*memory), now);
  state_ = State::kAllocated;
  return Step::kYield;
}

Step AppendOp::advance(const Cluster& cluster, Nanos now) {
  switch (state_) {
    case State::kStart: return finish(attempt_.run(cluster, now), now);
    case State::kAllocating: return take_memory(now);
    case State::kAllocated: return finish(attempt_.resume(cluster, now), now);
    case State::kDone: break;
  }
  return Step::kDone;
}

}  // namespace sendscope
