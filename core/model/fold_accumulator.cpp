#include <algorithm>

#include "core/model/fold.h"

namespace sendscope {
namespace {

BatchModel& add_batch(PipelineModel& model, ProducerModel& producer, const Event& event, BatchId id) {
  const auto [at, added] = producer.batches.try_emplace(id);
  BatchModel& batch = at->second;
  if (!added) return batch;
  batch.id = id;
  batch.producer = static_cast<std::uint16_t>(producer_of_id(id));
  batch.partition = event.place;
  batch.created = event.t;
  ProducerPartition& partition = *producer_partition_for(model, producer, event.place);
  batch.first_number = partition.appended;
  partition.deque.push_back(id);
  std::vector<BatchId>& incomplete = producer.incomplete_batches;
  incomplete.insert(std::upper_bound(incomplete.begin(), incomplete.end(), id), id);
  return batch;
}

void open_batch(PipelineModel& model, ProducerModel& producer, const Event& event) {
  BatchModel& batch = add_batch(model, producer, event, event.subject);
  batch.capacity = event.a;
  batch.pooled = event.b != 0;
  producer.pool.in_batches += batch.capacity;
}

void append_record(PipelineModel& model, ProducerModel& producer, const Event& event) {
  BatchModel& batch = add_batch(model, producer, event, batch_beside(event.subject, event.a));
  ProducerPartition& partition = *producer_partition_for(model, producer, batch.partition);
  RecordModel record{event.subject, event.actor, event.t, event.t};
  if (ThreadModel* thread = event.actor == kNoActor ? nullptr : thread_for(model, event.actor)) {
    if (thread->record == event.subject) record.sent = thread->send_began;
    thread->in_send = false;
    thread->partition = event.place;
    ++thread->accepted;
  }
  if (batch.record_count == 0) batch.first_record = event.subject;
  batch.last_record = event.subject;
  batch.bytes = event.b;
  add_to_spans(batch.spans, event.actor, partition.appended);
  batch.records.push_back(record);
  ++batch.record_count;
  ++partition.appended;
  ++producer.sent;
}

// Events of single records may be masked: then the batch tells how many there were.
void close_batch(PipelineModel& model, ProducerModel& producer, BatchModel& batch, const Event& event) {
  if (batch.closed < 0) batch.closed = event.t;
  if (batch.state == BatchState::kOpen) batch.state = BatchState::kClosed;
  batch.bytes = event.b;
  if (batch.record_count >= event.a || batch.parent != 0) return;
  const std::uint32_t unseen = event.a - batch.record_count;
  ProducerPartition& partition = *producer_partition_for(model, producer, batch.partition);
  batch.spans.push_back({kNoActor, partition.appended, partition.appended + unseen - 1});
  batch.record_count = event.a;
  partition.appended += unseen;
  producer.sent += unseen;
}

void ready_batch(BatchModel& batch, const Event& event) {
  batch.ready_reason = static_cast<ReadyReason>(event.a);
  if (batch.ready < 0) batch.ready = event.t;
  if (batch.state == BatchState::kOpen || batch.state == BatchState::kClosed)
    batch.state = BatchState::kReady;
}

void drain_batch(PipelineModel& model, ProducerModel& producer, BatchModel& batch, const Event& event) {
  remove_from_deque(model, producer, batch);
  batch.state = BatchState::kInFlight;
  batch.drained = event.t;
  batch.node = static_cast<NodeId>(event.a);
  batch.bytes = event.b;
  batch.backoff_until = -1;
  if (batch.closed < 0) batch.closed = event.t;
  if (batch.ready < 0) batch.ready = event.t;
  producer.metrics.drained(batch);
}

void retry_batch(PipelineModel& model, ProducerModel& producer, BatchModel& batch, const Event& event) {
  remove_from_deque(model, producer, batch);
  batch.state = BatchState::kRetrying;
  batch.last_error = static_cast<std::int16_t>(event.a);
  batch.attempts = event.b;
  batch.retried = event.t;
  batch.ready = -1;
  put_back(model, producer, batch);
  producer.metrics.retry(batch, event.t);
}

void assign_sequence(PipelineModel& model, ProducerModel& producer, BatchModel& batch, const Event& event) {
  batch.sequence = event.a;
  batch.epoch = event.b;
  batch.pid = producer.txn.pid;
  ProducerPartition& partition = *producer_partition_for(model, producer, batch.partition);
  // Sequences go from 2^31 - 1 on to 0. The parts of a split batch get theirs last part first.
  const std::uint32_t next = (event.a + batch.record_count) & 0x7fffffffu;
  const std::uint32_t behind = (partition.next_sequence - next) & 0x7fffffffu;
  if (partition.sequence_epoch == static_cast<std::int32_t>(event.b) && behind < 0x40000000u) return;
  partition.next_sequence = next;
  partition.sequence_epoch = event.b;
}

void switch_sticky(PipelineModel& model, ProducerModel& producer, const Event& event) {
  const auto [at, first] = producer.sticky.try_emplace(event.a, event.place);
  if (!first) producer_partition_for(model, producer, at->second)->sticky = false;
  at->second = event.place;
  producer_partition_for(model, producer, event.place)->sticky = true;
}

void fold_batch(PipelineModel& model, ProducerModel& producer, BatchModel& batch, const Event& event) {
  ProducerPartition& partition = *producer_partition_for(model, producer, batch.partition);
  switch (event.kind) {
    case EventKind::batch_closed: close_batch(model, producer, batch, event); break;
    case EventKind::batch_ready: ready_batch(batch, event); break;
    case EventKind::batch_drained: drain_batch(model, producer, batch, event); break;
    case EventKind::sequence_assigned: assign_sequence(model, producer, batch, event); break;
    case EventKind::batch_retried: retry_batch(model, producer, batch, event); break;
    case EventKind::batch_backoff:
      batch.backoff_until = after(std::max<Nanos>(batch.retried, 0), to_nanos(event.a));
      break;
    case EventKind::inflight_added:
      batch.in_flight = true;
      partition.in_flight_batches.push_back(batch.id);
      break;
    case EventKind::inflight_removed:
      batch.in_flight = false;
      std::erase(partition.in_flight_batches, batch.id);
      break;
    default: break;
  }
}

}  // namespace

void add_to_spans(std::vector<ThreadSpan>& spans, std::uint16_t thread, std::uint64_t number) {
  for (ThreadSpan& span : spans) {
    if (span.thread != thread) continue;
    span.last = number;
    return;
  }
  spans.push_back({thread, number, number});
}

void remove_from_deque(PipelineModel& model, ProducerModel& producer, const BatchModel& batch) {
  std::deque<BatchId>& deque = producer_partition_for(model, producer, batch.partition)->deque;
  const auto at = std::find(deque.begin(), deque.end(), batch.id);
  if (at != deque.end()) deque.erase(at);
}

// Without sequences a retried batch goes to the front. With them, behind the batches at the front that have a
// lower one (Kafka: RecordAccumulator.insertInSequenceOrder).
void put_back(PipelineModel& model, ProducerModel& producer, const BatchModel& batch) {
  std::deque<BatchId>& deque = producer_partition_for(model, producer, batch.partition)->deque;
  auto at = deque.begin();
  while (batch.has_sequence() && at != deque.end()) {
    const BatchModel* other = live_batch(producer, *at);
    if (other == nullptr || !other->has_sequence() || other->sequence >= batch.sequence) break;
    ++at;
  }
  deque.insert(at, batch.id);
}

void fold_accumulator(PipelineModel& model, const Event& event) {
  const bool append = event.kind == EventKind::record_appended;
  ProducerModel* producer = producer_for(model, append ? producer_of_id(event.subject) : event.actor);
  if (producer == nullptr) return;
  ProducerPartition* partition = producer_partition_for(model, *producer, event.place);
  if (partition == nullptr) return;
  switch (event.kind) {
    case EventKind::record_appended: append_record(model, *producer, event); return;
    case EventKind::batch_opened: open_batch(model, *producer, event); return;
    case EventKind::sticky_switched: switch_sticky(model, *producer, event); return;
    case EventKind::partition_muted:
      if (!partition->muted) partition->muted_since = event.t;
      partition->muted = true;
      return;
    case EventKind::partition_unmuted: partition->muted = false; return;
    default: break;
  }
  BatchModel* batch = live_batch(*producer, event.subject);
  if (batch != nullptr) fold_batch(model, *producer, *batch, event);
}

}  // namespace sendscope
