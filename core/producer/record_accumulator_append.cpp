// The append protocol: pick the partition, try the last batch of its queue, get memory without holding any
// lock, look again, open a batch. Kafka: RecordAccumulator.append, appendNewBatch, tryAppend,
// partitionChanged.
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
  created_.push(created);
  return created;
}

PartitionQueue* RecordAccumulator::find_queue(const TopicPartition& tp) const {
  const std::string_view name = tp.topic;
  TopicInfo* topic = topics_.find(std::hash<std::string_view>{}(name), name);
  return topic == nullptr ? nullptr : topic->partitions.find(hash_of_number(tp.partition), tp.partition);
}

// ---- memory

std::size_t RecordAccumulator::size_to_allocate(const AppendRequest& request) const {
  return std::max(static_cast<std::size_t>(settings_.batch_size_bytes),
                  wire::batch_size_upper_bound(request.key, request.value, request.headers));
}

void RecordAccumulator::accept_memory(Attempt& attempt, Buffer buffer) {
  attempt.buffer = std::move(buffer);
  attempt.has_buffer = true;
  MutexLock lock(spare_mutex_);
  if (spare_thunks_.empty()) return;
  attempt.thunks = std::move(spare_thunks_.back());
  spare_thunks_.pop_back();
}

void RecordAccumulator::keep_thunks(std::vector<Thunk> thunks) {
  if (thunks.capacity() == 0) return;
  MutexLock lock(spare_mutex_);
  if (spare_thunks_.size() < kSpareThunks) spare_thunks_.push_back(std::move(thunks));
}

void RecordAccumulator::give_back(Attempt& attempt, Nanos now) {
  if (!attempt.has_buffer) return;
  attempt.has_buffer = false;
  pool_.deallocate(std::move(attempt.buffer), now);
  keep_thunks(std::move(attempt.thunks));
}

BatchPtr RecordAccumulator::make_batch(Attempt& attempt, Nanos now) {
  BatchParts parts;
  parts.tp = &attempt.queue->tp;
  parts.place = attempt.queue->place;
  parts.created_ms = to_millis(now);
  parts.options.write_limit = attempt.buffer.capacity;
  parts.options.compression = settings_.compression;
  parts.options.estimated_ratio = estimator_.estimation(attempt.topic->name, settings_.compression.type);
  parts.buffer = std::move(attempt.buffer);
  parts.thunks = std::move(attempt.thunks);
  return std::make_shared<ProducerBatch>(environment_, std::move(parts));
}

// ---- the protocol

void RecordAccumulator::choose(const AppendRequest& request, const Cluster& cluster, Attempt& attempt,
                               RecordAppendResult& result, Nanos now) {
  if (attempt.topic == nullptr) attempt.topic = &topic_info(request.topic);
  if (request.partition == kUnknownPartition) {
    BuiltInPartitioner& partitioner = attempt.topic->partitioner;
    attempt.sticky = partitioner.peek(cluster);
    result.partition = attempt.sticky.partition;
  } else {
    result.partition = request.partition;
  }
  attempt.queue = &queue_of(*attempt.topic, result.partition, now);
}

// True when this append must choose again. Also completes a switch that was put off because the partition had
// a batch that was not full. Kafka: partitionChanged.
bool RecordAccumulator::sticky_has_moved(const Cluster& cluster, Attempt& attempt, StickySwitch& moved) {
  if (!attempt.sticky) return false;
  BuiltInPartitioner& partitioner = attempt.topic->partitioner;
  if (partitioner.is_changed(attempt.sticky)) return true;
  if (!all_batches_full(attempt.queue->batches)) return false;
  moved.produced = partitioner.update(attempt.sticky, 0, cluster, true);
  moved.to = partitioner.current().partition;
  return moved.produced != BuiltInPartitioner::kStayed;
}

// What follows every append: the events, the sticky bytes, the answer. Kafka: updatePartitionInfo.
void RecordAccumulator::appended(const AppendRequest& request, const Cluster& cluster, ProducerBatch& batch,
                                 std::int64_t bytes, Attempt& attempt, RecordAppendResult& result,
                                 StickySwitch& moved, Nanos now) {
  if (environment_.sink.wants(EventKind::record_appended)) {
    environment_.sink.emit({now, EventKind::record_appended, request.thread, attempt.queue->place,
                            request.record, static_cast<std::uint32_t>(batch.id()),
                            static_cast<std::uint32_t>(batch.estimated_size_in_bytes())});
  }
  const bool full = batch.is_full();
  if (attempt.sticky) {
    moved.produced = attempt.topic->partitioner.update(attempt.sticky, bytes, cluster, full);
    moved.to = attempt.topic->partitioner.current().partition;
  }
  result.status = AppendStatus::kAppended;
  result.batch_is_full = full || attempt.queue->batches.size() > 1;
  result.appended_bytes = bytes;
}

RecordAccumulator::Outcome RecordAccumulator::append_to_tail(const AppendRequest& request,
                                                             const Cluster& cluster, Attempt& attempt,
                                                             RecordAppendResult& result, StickySwitch& moved,
                                                             Nanos now) {
  if (sticky_has_moved(cluster, attempt, moved)) return Outcome::kStale;
  if (closed_.load(std::memory_order_seq_cst)) {
    result.error = closed_while_sending_error();
    return Outcome::kDone;
  }
  if (attempt.queue->batches.empty()) return Outcome::kNoRoom;
  ProducerBatch& tail = *attempt.queue->batches.back();
  const std::size_t before = tail.estimated_size_in_bytes();
  const wire::AppendResult outcome = tail.try_append(request, to_millis(now));
  if (outcome == wire::AppendResult::kNoRoom) {
    if (!attempt.only_looking) tail.close_for_record_appends(now);
    return Outcome::kNoRoom;
  }
  if (outcome != wire::AppendResult::kAppended) {
    result.error = wire::append_error(outcome);
    return Outcome::kDone;
  }
  const auto growth = static_cast<std::int64_t>(tail.estimated_size_in_bytes() - before);
  if (request.announce != nullptr) request.announce->tell(environment_.sink);
  appended(request, cluster, tail, growth, attempt, result, moved, now);
  return Outcome::kDone;
}

RecordAccumulator::Outcome RecordAccumulator::try_tail(const AppendRequest& request, const Cluster& cluster,
                                                       Attempt& attempt, RecordAppendResult& result,
                                                       Nanos now) {
  StickySwitch moved;
  Outcome outcome;
  {
    MutexLock lock(attempt.queue->mutex);
    outcome = append_to_tail(request, cluster, attempt, result, moved, now);
  }
  if (moved.produced != BuiltInPartitioner::kStayed) tell_switch(attempt, moved, now);
  return outcome;
}

RecordAccumulator::Outcome RecordAccumulator::append_to_new(const AppendRequest& request,
                                                            const Cluster& cluster, const BatchPtr& batch,
                                                            Attempt& attempt, RecordAppendResult& result,
                                                            StickySwitch& moved, Nanos now) {
  batch->id_ = next_batch_id();
  const bool pooled = batch->buffer_.pooled;
  const wire::AppendResult outcome = batch->try_append(request, to_millis(now));
  if (outcome != wire::AppendResult::kAppended) {
    result.error = wire::append_error(outcome);
    return Outcome::kDone;
  }
  attempt.queue->batches.push_back(batch);
  incomplete_.add(batch);
  emit(EventKind::batch_opened, *batch, static_cast<std::uint32_t>(batch->initial_capacity()), pooled ? 1 : 0,
       now);
  if (!attempt.queue->active) {
    attempt.queue->active = true;
    activated_.push(*attempt.queue);
  }
  result.new_batch_created = true;
  appended(request, cluster, *batch, static_cast<std::int64_t>(batch->estimated_size_in_bytes()), attempt,
           result, moved, now);
  return Outcome::kDone;
}

// The second look, with memory in hand. The batch is made before the lock is taken, since that allocates;
// when it turns out not to be needed, its memory goes back to the attempt.
RecordAccumulator::Outcome RecordAccumulator::open_batch(const AppendRequest& request, const Cluster& cluster,
                                                         Attempt& attempt, RecordAppendResult& result,
                                                         Nanos now) {
  const BatchPtr batch = make_batch(attempt, now);
  StickySwitch moved;
  Outcome outcome;
  {
    MutexLock lock(attempt.queue->mutex);
    outcome = append_to_tail(request, cluster, attempt, result, moved, now);
    if (outcome == Outcome::kNoRoom) {
      outcome = append_to_new(request, cluster, batch, attempt, result, moved, now);
    }
  }
  if (moved.produced != BuiltInPartitioner::kStayed) tell_switch(attempt, moved, now);
  if (result.new_batch_created) {
    attempt.has_buffer = false;
  } else {
    attempt.buffer = std::move(batch->buffer_);
    attempt.thunks = std::move(batch->thunks_);
  }
  return outcome;
}

RecordAccumulator::Outcome RecordAccumulator::run(const AppendRequest& request, const Cluster& cluster,
                                                  Attempt& attempt, RecordAppendResult& result, Nanos now) {
  for (;;) {
    choose(request, cluster, attempt, result, now);
    Outcome outcome = try_tail(request, cluster, attempt, result, now);
    if (outcome == Outcome::kNoRoom) {
      if (!attempt.has_buffer) return Outcome::kNeedsMemory;
      outcome = open_batch(request, cluster, attempt, result, now);
    }
    if (outcome == Outcome::kDone) return outcome;
  }
}

RecordAppendResult RecordAccumulator::try_append(const AppendRequest& request, const Cluster& cluster,
                                                 Nanos now) {
  RecordAppendResult result;
  Attempt attempt;
  attempt.only_looking = true;  // should memory be short, nothing has happened
  if (run(request, cluster, attempt, result, now) == Outcome::kDone) return result;
  Result<Buffer> memory = pool_.try_allocate(size_to_allocate(request), now, request.announce);
  if (!memory) {
    result.error = memory.error();
    return result;
  }
  if (!*memory) {
    result.status = AppendStatus::kWouldBlock;
    return result;
  }
  attempt.only_looking = false;
  accept_memory(attempt, std::move(*memory));
  run(request, cluster, attempt, result, now);  // with memory in hand it comes to an end
  give_back(attempt, now);
  return result;
}

void RecordAccumulator::tell_switch(const Attempt& attempt, const StickySwitch& moved, Nanos now) {
  EventSink& sink = environment_.sink;
  if (!sink.wants(EventKind::sticky_switched)) return;
  const std::string& topic = attempt.topic->name;
  sink.emit({now, EventKind::sticky_switched, environment_.producer_index,
             sink.partition({topic, moved.to}, now), static_cast<std::uint64_t>(moved.produced),
             sink.intern(topic), static_cast<std::uint32_t>(attempt.sticky.partition)});
}

// ---- AppendOp

AppendOp::AppendOp(RecordAccumulator& accumulator, const AppendRequest& request, Millis budget_ms,
                   Waiter& waiter)
    : accumulator_(accumulator), request_(request), budget_ms_(budget_ms), waiter_(waiter) {}

AppendOp::~AppendOp() { accumulator_.give_back(attempt_, last_now_); }

Step AppendOp::finish(RecordAccumulator::Outcome outcome, Nanos now) {
  if (outcome == RecordAccumulator::Outcome::kNeedsMemory) {
    allocation_.emplace(accumulator_.pool_, accumulator_.size_to_allocate(request_), budget_ms_, waiter_,
                        request_.thread);
    state_ = State::kAllocating;
    return take_memory(now);
  }
  accumulator_.give_back(attempt_, now);
  state_ = State::kDone;
  return Step::kDone;
}

Step AppendOp::take_memory(Nanos now) {
  if (allocation_->advance(now) == Step::kBlocked) return Step::kBlocked;
  Result<Buffer>& memory = allocation_->result();
  if (!memory) {
    result_.error = memory.error();
    state_ = State::kDone;
    return Step::kDone;
  }
  accumulator_.accept_memory(attempt_, std::move(*memory));
  state_ = State::kAllocated;
  return Step::kYield;
}

Step AppendOp::advance(const Cluster& cluster, Nanos now) {
  using Outcome = RecordAccumulator::Outcome;
  last_now_ = now;
  switch (state_) {
    case State::kStart: return finish(accumulator_.run(request_, cluster, attempt_, result_, now), now);
    case State::kAllocating: return take_memory(now);
    case State::kAllocated: {
      Outcome outcome = accumulator_.open_batch(request_, cluster, attempt_, result_, now);
      if (outcome == Outcome::kStale) outcome = accumulator_.run(request_, cluster, attempt_, result_, now);
      return finish(outcome, now);
    }
    case State::kDone: break;
  }
  return Step::kDone;
}

}  // namespace sendscope
