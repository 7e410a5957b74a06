#include <algorithm>

#include "core/model/fold.h"

namespace sendscope {
namespace {

std::size_t index_of(const BatchModel& batch, RecordId record) {
  // Callbacks run in append order.
  if (batch.callbacks_done < batch.records.size() && batch.records[batch.callbacks_done].id == record) {
    return batch.callbacks_done;
  }
  const auto at = std::find_if(batch.records.begin(), batch.records.end(),
                               [&](const RecordModel& other) { return other.id == record; });
  return static_cast<std::size_t>(at - batch.records.begin());
}

void count_callbacks(ProducerModel& producer, ProducerPartition& partition, std::int32_t error,
                     std::uint64_t count) {
  if (error == 0) {
    producer.acked += count;
    partition.acked_count += count;
    return;
  }
  producer.failed += count;
  producer.failed_by[error] += count;
  partition.failed_count += count;
}

void note_failure(BatchModel& batch, RecordId record, std::int32_t error) {
  auto at = std::find_if(batch.failures.begin(), batch.failures.end(),
                         [&](const RecordFailures& failures) { return failures.error == error; });
  if (at == batch.failures.end()) at = batch.failures.insert(at, {error, 0, {}});
  ++at->count;
  if (at->first.size() < kFailuresNamed) at->first.push_back(record);
}

void complete_record(PipelineModel& model, ProducerModel& producer, const Event& event) {
  ProducerPartition* partition = producer_partition_for(model, producer, event.place);
  if (partition == nullptr) return;
  const auto error = static_cast<std::int32_t>(static_cast<std::int16_t>(event.a));
  CallbackModel callback{event.t, event.subject, event.place, kNoActor, error, -1, 0};
  if (error == 0 && event.b != 0xffffffffu) callback.offset = event.b;
  BatchModel* batch = live_batch(producer, producer.completing);
  const std::size_t index = batch == nullptr ? 0 : index_of(*batch, event.subject);
  if (batch != nullptr && index < batch->records.size()) {
    const RecordModel& record = batch->records[index];
    ++batch->callbacks_done;
    callback.thread = record.thread;
    callback.latency = event.t - record.sent;
    if (error != 0) note_failure(*batch, record.id, error);
    if (error == 0) {
      partition->acked.add(batch->first_number + index, batch->first_number + index + 1);
      producer.latency.add(callback.latency);
    }
  }
  count_callbacks(producer, *partition, error, 1);
  producer.callbacks.push_back(callback);
  if (producer.callbacks.size() > kCallbacksKept) producer.callbacks.pop_front();
}

void complete_batch(PipelineModel& model, ProducerModel& producer, BatchModel& batch, const Event& event) {
  remove_from_deque(model, producer, batch);
  batch.completed = event.t;
  batch.error = static_cast<std::int16_t>(event.a);
  batch.backoff_until = -1;
  if (batch.error != 0) producer.metrics.failed_records(batch.record_count, event.t);
  if (batch.state != BatchState::kExpired && batch.state != BatchState::kSplit)
    batch.state = BatchState::kDone;
  producer.completing = batch.id;
}

// Callbacks that were not told one by one (events of records may be masked) have run by now.
void open_latch(ProducerModel& producer, ProducerPartition& partition, BatchModel& batch) {
  batch.latch_open = true;
  if (producer.completing == batch.id) producer.completing = 0;
  if (batch.error == kNoErrorYet || batch.state == BatchState::kSplit) return;
  const std::uint32_t untold = batch.record_count - std::min(batch.callbacks_done, batch.record_count);
  if (untold == 0) return;
  count_callbacks(producer, partition, batch.error, untold);
  const std::uint64_t first = batch.first_number + batch.callbacks_done;
  if (batch.error == 0) partition.acked.add(first, first + untold);
  batch.callbacks_done = batch.record_count;
}

void free_batch(ProducerModel& producer, BatchModel& batch) {
  if (!batch.memory_returned) producer.pool.in_batches -= batch.capacity;
  batch.memory_returned = true;
}

void forget_incomplete(ProducerModel& producer, BatchModel& batch) {
  batch.in_incomplete_batches = false;
  std::vector<BatchId>& list = producer.incomplete_batches;
  const auto at = std::lower_bound(list.begin(), list.end(), batch.id);
  if (at != list.end() && *at == batch.id) list.erase(at);
}

// The child's records are the parent's next ones.
void take_records(BatchModel& child, BatchModel& parent, std::uint32_t count) {
  const std::uint32_t skip = parent.split_records;
  count = std::min(count, parent.record_count - skip);
  parent.split_records += count;
  child.record_count = count;
  child.first_number = parent.first_number + skip;
  if (parent.has_sequence()) child.sequence = (parent.sequence + skip) & 0x7fffffffu;
  for (std::size_t i = skip; i < skip + count && i < parent.records.size(); ++i) {
    const RecordModel& record = parent.records[i];
    if (child.records.empty()) child.first_record = record.id;
    child.last_record = record.id;
    child.records.push_back(record);
    add_to_spans(child.spans, record.thread, parent.first_number + i);
  }
}

// Kafka tells the children in the order of their records, and puts them to the front in that order.
void add_child(PipelineModel& model, ProducerModel& producer, const Event& event) {
  BatchModel* parent = live_batch(producer, batch_beside(event.subject, event.a));
  const BatchId id = event.subject;
  if (parent == nullptr || event.place >= model.partitions.size() || producer.batches.contains(id)) return;
  BatchModel child;
  child.id = id;
  child.producer = parent->producer;
  child.partition = event.place;
  child.state = BatchState::kClosed;
  child.parent = parent->id;
  child.created = parent->created;
  child.closed = event.t;
  child.memory_returned = true;
  child.pid = parent->pid;
  child.epoch = parent->epoch;
  take_records(child, *parent, event.b);
  std::deque<BatchId>& deque = producer_partition_for(model, producer, event.place)->deque;
  const BatchModel& added = producer.batches.emplace(id, std::move(child)).first->second;
  if (added.has_sequence()) {
    put_back(model, producer, added);
  } else {
    const auto behind_siblings = std::find_if(deque.begin(), deque.end(), [&](BatchId other) {
      const BatchModel* batch = live_batch(producer, other);
      return batch == nullptr || batch->parent != added.parent;
    });
    deque.insert(behind_siblings, id);
  }
  std::vector<BatchId>& incomplete = producer.incomplete_batches;
  incomplete.insert(std::upper_bound(incomplete.begin(), incomplete.end(), id), id);
}

// Its records, callbacks and futures live on in the children: its own latch opens at once.
void split_batch(PipelineModel& model, ProducerModel& producer, BatchModel& batch) {
  remove_from_deque(model, producer, batch);
  batch.state = BatchState::kSplit;
  batch.latch_open = true;
}

}  // namespace

void settle_batch(ProducerModel& producer, BatchId id) {
  const auto at = producer.batches.find(id);
  if (at == producer.batches.end() || !at->second.finished()) return;
  BatchModel batch = std::move(at->second);
  producer.batches.erase(at);
  batch.records = {};
  batch.spans = {};
  producer.finished_batches.push_back(std::move(batch));
  if (producer.finished_batches.size() > kFinishedBatchesKept) producer.finished_batches.pop_front();
}

void fold_completion(PipelineModel& model, const Event& event) {
  ProducerModel* producer = producer_for(model, event.actor);
  if (producer == nullptr) return;
  if (event.kind == EventKind::record_completed) return complete_record(model, *producer, event);
  if (event.kind == EventKind::batch_child) return add_child(model, *producer, event);
  if (event.kind == EventKind::callback_busy) {
    producer->sender.callback_busy_until = after(event.t, static_cast<Nanos>(event.subject));
    return;
  }
  const BatchId id = event.subject;
  BatchModel* batch = any_batch(*producer, id);
  if (batch == nullptr) return;
  switch (event.kind) {
    case EventKind::batch_completed: complete_batch(model, *producer, *batch, event); break;
    case EventKind::batch_stored: batch->base_offset = event.a; break;
    case EventKind::batch_expired:
      batch->state = BatchState::kExpired;
      remove_from_deque(model, *producer, *batch);
      break;
    case EventKind::batch_split: split_batch(model, *producer, *batch); break;
    case EventKind::latch_released:
      if (!batch->latch_open) {
        open_latch(*producer, *producer_partition_for(model, *producer, batch->partition), *batch);
      }
      break;
    case EventKind::incomplete_removed: forget_incomplete(*producer, *batch); break;
    case EventKind::batch_freed: free_batch(*producer, *batch); break;
    default: break;
  }
  settle_batch(*producer, id);
}

}  // namespace sendscope
