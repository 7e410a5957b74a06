#include "ui/layout/related.h"

#include <algorithm>

namespace sendscope::ui {

Related::Related(const PipelineModel& model, const Subject& selected) : selected_(selected) {
  if (selected.kind == SubjectKind::kNone || selected.kind == SubjectKind::kProducer) return;
  add(selected);
  switch (selected.kind) {
    case SubjectKind::kBatch: add_batch(model, selected.id); break;
    case SubjectKind::kRequest: add_request(model, selected.id); break;
    case SubjectKind::kPartition: add_partition(model, static_cast<PartitionIndex>(selected.id)); break;
    case SubjectKind::kNode: add_node(model, node_of(selected)); break;
    case SubjectKind::kThread: add_thread(model, static_cast<std::uint16_t>(selected.id)); break;
    case SubjectKind::kRecord: add_record(model, selected.id); break;
    case SubjectKind::kProducer:
    case SubjectKind::kNone: break;
  }
}

Related::Related(const PipelineModel& model, const std::vector<Subject>& lit) : lit_(lit) {
  const bool singles = std::any_of(lit.begin(), lit.end(), [](const Subject& subject) {
    return subject.kind == SubjectKind::kBatch || subject.kind == SubjectKind::kRequest;
  });
  for (const Subject& subject : lit) {
    add(subject);
    const bool holds_many = subject.kind == SubjectKind::kPartition || subject.kind == SubjectKind::kNode;
    if (!singles || !holds_many) add_held(model, subject);
  }
}

bool Related::is_meant(const Subject& subject) const {
  return is_selected(subject) || std::find(lit_.begin(), lit_.end(), subject) != lit_.end();
}

float Related::opacity(const Subject& subject) const {
  if (members_.empty() || !is_set(subject)) return 1;
  return members_.contains({subject.kind, subject.id}) ? 1 : dimmed_;
}

void Related::add_held(const PipelineModel& model, const Subject& subject) {
  switch (subject.kind) {
    case SubjectKind::kPartition:
      for (const ProducerModel& producer : model.producers) {
        const auto found = producer.partitions.find(static_cast<PartitionIndex>(subject.id));
        if (found == producer.partitions.end()) continue;
        for (const BatchId id : found->second.deque) add(batch_subject(id));
        for (const BatchId id : found->second.in_flight_batches) add(batch_subject(id));
      }
      break;
    case SubjectKind::kBatch: {
      const BatchModel* batch = model.batch(subject.id);
      if (batch != nullptr && batch->in_flight) add(request_subject(batch->request));
      break;
    }
    case SubjectKind::kRequest: {
      const RequestModel* request = model.request(subject.id);
      if (request == nullptr) break;
      for (const CarriedBatch& carried : request->batches) add(batch_subject(carried.batch));
      break;
    }
    case SubjectKind::kNode:
      for (const ProducerModel& producer : model.producers) {
        const auto link = producer.links.find(node_of(subject));
        if (link == producer.links.end()) continue;
        for (const RequestId id : link->second.in_flight_requests) add(request_subject(id));
      }
      break;
    case SubjectKind::kProducer:
      for (std::size_t i = 0; i < model.threads.size(); ++i) {
        if (model.threads[i].named && model.threads[i].producer == subject.id)
          add(thread_subject(static_cast<std::uint16_t>(i)));
      }
      break;
    default: break;
  }
}

void Related::add_batch(const PipelineModel& model, BatchId id) {
  add(batch_subject(id));
  const BatchModel* batch = model.batch(id);
  if (batch == nullptr) return;
  add(partition_subject(batch->partition));
  for (const ThreadSpan& span : batch->spans) add(thread_subject(span.thread));
  for (const RecordModel& record : batch->records) {
    add(record_subject(record.id));
    add(thread_subject(record.thread));
  }
  if (batch->record_count > 0) {
    // Ids of one producer are consecutive, but a batch's are not: only its callbacks that are still shown.
    if (const ProducerModel* producer = model.producer(batch->producer)) {
      for (const CallbackModel& callback : producer->callbacks) {
        const bool within = callback.record >= batch->first_record && callback.record <= batch->last_record;
        if (callback.partition == batch->partition && within) add(record_subject(callback.record));
      }
    }
  }
  if (batch->request != kNoRequest) add(request_subject(batch->request));
  if (batch->drained >= 0) add(node_subject(batch->node));
  if (const ProducerPartition* p = model.producer_partition(batch->producer, batch->partition)) {
    add(node_subject(p->leader));
  }
}

void Related::add_request(const PipelineModel& model, RequestId id) {
  add(request_subject(id));
  const RequestModel* request = model.request(id);
  if (request == nullptr) return;
  add(node_subject(request->node));
  for (const CarriedBatch& carried : request->batches) add_batch(model, carried.batch);
}

void Related::add_partition(const PipelineModel& model, PartitionIndex partition) {
  add(partition_subject(partition));
  for (const ProducerModel& producer : model.producers) {
    const auto found = producer.partitions.find(partition);
    if (found == producer.partitions.end()) continue;
    if (found->second.leader >= 0) add(node_subject(found->second.leader));
    for (const BatchId id : found->second.deque) add_batch(model, id);
    for (const BatchId id : found->second.in_flight_batches) add_batch(model, id);
    for (const CallbackModel& callback : producer.callbacks) {
      if (callback.partition == partition) add(record_subject(callback.record));
    }
  }
}

void Related::add_node(const PipelineModel& model, NodeId node) {
  add(node_subject(node));
  for (const ProducerModel& producer : model.producers) {
    const auto link = producer.links.find(node);
    if (link != producer.links.end()) {
      for (const RequestId id : link->second.in_flight_requests) add_request(model, id);
    }
    for (const auto& [index, partition] : producer.partitions) {
      if (partition.leader == node) add(partition_subject(index));
    }
    for (const auto& [id, request] : producer.requests) {
      if (request.node == node && !request.settled()) add(request_subject(id));
    }
  }
}

void Related::add_thread(const PipelineModel& model, std::uint16_t thread) {
  add(thread_subject(thread));
  for (const ProducerModel& producer : model.producers) {
    for (const auto& [id, batch] : producer.batches) {
      const bool its = std::any_of(batch.records.begin(), batch.records.end(),
                                   [&](const RecordModel& record) { return record.thread == thread; });
      if (its) add_batch(model, id);
    }
    for (const CallbackModel& callback : producer.callbacks) {
      if (callback.thread == thread) add(record_subject(callback.record));
    }
  }
  if (thread < model.threads.size() && model.threads[thread].partition != kNoPlace) {
    add(partition_subject(model.threads[thread].partition));
  }
}

void Related::add_record(const PipelineModel& model, RecordId record) {
  add(record_subject(record));
  for (const ProducerModel& producer : model.producers) {
    for (const auto& [id, batch] : producer.batches) {
      for (const RecordModel& member : batch.records) {
        if (member.id != record) continue;
        add_batch(model, id);
        return;
      }
    }
  }
  for (std::size_t i = 0; i < model.threads.size(); ++i) {
    if (model.threads[i].in_send && model.threads[i].record == record) {
      add(thread_subject(static_cast<std::uint16_t>(i)));
    }
  }
}

}  // namespace sendscope::ui
