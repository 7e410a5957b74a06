#include "core/model/pipeline_model.h"

#include <algorithm>
#include <utility>

#include "core/model/fold.h"

namespace sendscope {
namespace {

// Names come in the order of their indices, or nearly so.
constexpr std::size_t kMaxGap = 1024;

template <typename T>
T* slot(std::vector<T>& list, std::size_t index, std::size_t limit) {
  if (index < list.size()) return &list[index];
  if (index >= limit || index > list.size() + kMaxGap) return nullptr;
  list.resize(index + 1);
  return &list[index];
}

using Fold = void (*)(PipelineModel&, const Event&);

// Kinds are appended to the table and stand in ranges here: a new one has to be given its place below first.
static_assert(static_cast<int>(EventKind::next_chosen) + 1 == kEventKindCount,
              "kinds.def has gained a kind: say in fold_of() what it folds into, then name it here");

Fold fold_of(EventKind kind) {
  if (kind == EventKind::txn_call_began || kind == EventKind::txn_call_ended) return fold_thread;
  if (kind <= EventKind::node_named) return fold_run;
  if (kind <= EventKind::close_ended && kind != EventKind::record_appended) return fold_thread;
  if (kind == EventKind::record_appended) return fold_accumulator;
  if (kind <= EventKind::waiter_woken) return fold_pool;
  if (kind <= EventKind::batch_backoff) return fold_accumulator;
  if (kind <= EventKind::batch_freed) return fold_completion;
  if (kind <= EventKind::leader_known) return fold_client;
  if (kind <= EventKind::txn_state) return fold_transaction;
  if (kind <= EventKind::leader_elected) return fold_broker;
  if (kind == EventKind::connection_lost) return fold_client;
  if (kind == EventKind::failure_cause) return fold_thread;
  if (kind >= EventKind::txn_coordinated && kind <= EventKind::group_offset) return fold_broker;
  if (kind == EventKind::topic_deleted || kind == EventKind::log_deleted) return fold_broker;
  if (kind == EventKind::topic_unavailable || kind == EventKind::partition_forgotten) return fold_client;
  return fold_run;  // faults, checks, the brokers' configuration, what is told but not kept
}

std::size_t bytes_of(const BatchModel& batch) {
  return sizeof(BatchModel) + 64 + batch.records.size() * sizeof(RecordModel) +
         batch.spans.size() * sizeof(ThreadSpan) + batch.failures.size() * (sizeof(RecordFailures) + 32);
}

std::size_t bytes_of(const ProducerModel& producer) {
  std::size_t out = sizeof(ProducerModel) + producer.latency.bytes();
  for (const auto& [id, batch] : producer.batches) out += bytes_of(batch);
  for (const BatchModel& batch : producer.finished_batches) out += bytes_of(batch);
  for (const auto& [id, request] : producer.requests)
    out += sizeof(RequestModel) + 64 + request.batches.size() * 96;
  for (const auto& [id, partition] : producer.partitions) {
    out +=
        sizeof(ProducerPartition) + 1200 + partition.deque.size() * 4 + partition.acked.ranges().size() * 16;
  }
  return out + producer.callbacks.size() * sizeof(CallbackModel) + producer.links.size() * 700;
}

std::size_t bytes_of(const PartitionModel& partition) {
  std::size_t out = sizeof(PartitionModel) + partition.log.common_markers.size() * sizeof(LogMarker) +
                    partition.log.common_segments.size() * sizeof(LogSegment);
  for (const ReplicaLog& log : partition.log.replicas)
    out += sizeof(ReplicaLog) + log.tail.size() * (sizeof(LogEntry) + 40);
  for (const LogContent* content : {&partition.log.common_content, &partition.log.leader_content}) {
    out += (content->last_of_thread.size() + content->undecided.size()) * 48;
    for (const auto& [id, of] : content->producers) {
      out += 128 + 16 * (of.stored.ranges().size() + of.repeated.ranges().size());
    }
  }
  return out;
}

}  // namespace

void PipelineModel::apply(const Event& event) {
  time = event.t;
  ++events;
  counters.add(event);
  fold_of(event.kind)(*this, event);
}

PipelineModel::PipelineModel() = default;
PipelineModel::PipelineModel(const PipelineModel&) = default;
PipelineModel::PipelineModel(PipelineModel&&) noexcept = default;
PipelineModel& PipelineModel::operator=(const PipelineModel&) = default;
PipelineModel& PipelineModel::operator=(PipelineModel&&) noexcept = default;
PipelineModel::~PipelineModel() = default;
bool PipelineModel::operator==(const PipelineModel&) const = default;

const ProducerModel* PipelineModel::producer(std::size_t index) const {
  return index < producers.size() ? &producers[index] : nullptr;
}

const ProducerPartition* PipelineModel::producer_partition(std::size_t index,
                                                           PartitionIndex partition) const {
  const ProducerModel* of = producer(index);
  if (of == nullptr) return nullptr;
  const auto at = of->partitions.find(partition);
  return at == of->partitions.end() ? nullptr : &at->second;
}

const BatchModel* PipelineModel::batch(BatchId id) const {
  const ProducerModel* of = producer(producer_of_id(id));
  return of == nullptr ? nullptr : of->batch(id);
}

const RequestModel* PipelineModel::request(RequestId id) const {
  const ProducerModel* of = producer(producer_of_id(id));
  return of == nullptr ? nullptr : of->request(id);
}

const NodeLink* PipelineModel::link(std::size_t index, NodeId node) const {
  const ProducerModel* of = producer(index);
  if (of == nullptr) return nullptr;
  const auto at = of->links.find(node);
  return at == of->links.end() ? nullptr : &at->second;
}

std::size_t PipelineModel::approximate_bytes() const {
  std::size_t out =
      sizeof(PipelineModel) + threads.size() * sizeof(ThreadModel) + faults.size() * sizeof(FaultModel);
  for (const ProducerModel& of : producers) out += bytes_of(of);
  for (const PartitionModel& partition : partitions) out += bytes_of(partition);
  return out + counters.bytes();
}

const BatchModel* ProducerModel::batch(BatchId id) const {
  const auto at = batches.find(id);
  if (at != batches.end()) return &at->second;
  const auto old = std::find_if(finished_batches.rbegin(), finished_batches.rend(),
                                [&](const BatchModel& batch) { return batch.id == id; });
  return old == finished_batches.rend() ? nullptr : &*old;
}

const RequestModel* ProducerModel::request(RequestId id) const {
  const auto at = requests.find(id);
  return at == requests.end() ? nullptr : &at->second;
}

ProducerModel* producer_for(PipelineModel& model, std::size_t index) {
  return slot(model.producers, index, kMaxProducers);
}

ThreadModel* thread_for(PipelineModel& model, std::size_t index) {
  return slot(model.threads, index, kMaxThreads);
}

PartitionModel* partition_for(PipelineModel& model, std::size_t index) {
  return slot(model.partitions, index, kMaxPartitions);
}

ProducerPartition* producer_partition_for(PipelineModel& model, ProducerModel& producer,
                                          std::uint32_t partition) {
  if (partition >= model.partitions.size()) return nullptr;
  return &producer.partitions[partition];
}

BatchModel* live_batch(ProducerModel& producer, BatchId id) {
  const auto at = producer.batches.find(id);
  return at == producer.batches.end() ? nullptr : &at->second;
}

BatchModel* any_batch(ProducerModel& producer, BatchId id) {
  return const_cast<BatchModel*>(std::as_const(producer).batch(id));
}

}  // namespace sendscope
