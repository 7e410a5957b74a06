// The parts of PipelineModel::apply, one file for each side of the picture. They only follow what the model
// knows; see pipeline_model.h for what happens to the rest.
#pragma once

#include <algorithm>

#include "core/base/saturating.h"
#include "core/model/pipeline_model.h"

namespace sendscope {

void fold_run(PipelineModel& model, const Event& event);          // the run and its names, checks, faults
void fold_thread(PipelineModel& model, const Event& event);       // application threads and their waits
void fold_pool(PipelineModel& model, const Event& event);         // BufferPool
void fold_accumulator(PipelineModel& model, const Event& event);  // RecordAccumulator: deques and batches
void fold_completion(PipelineModel& model, const Event& event);   // the end of batches, callbacks
void fold_client(PipelineModel& model, const Event& event);       // Sender, NetworkClient, Metadata
void fold_transaction(PipelineModel& model, const Event& event);  // TransactionManager
void fold_broker(PipelineModel& model, const Event& event);       // the brokers' side

// Grow with the names of the run, within the limits of name_book.h; nullptr beyond them.
ProducerModel* producer_for(PipelineModel& model, std::size_t index);
ThreadModel* thread_for(PipelineModel& model, std::size_t index);
PartitionModel* partition_for(PipelineModel& model, std::size_t index);
// The producer's view of a partition that the run has named; nullptr of one it has not.
ProducerPartition* producer_partition_for(PipelineModel& model, ProducerModel& producer,
                                          std::uint32_t partition);
// A batch that is not finished; nullptr: no such.
BatchModel* live_batch(ProducerModel& producer, BatchId id);
// Also a finished one that is still remembered.
BatchModel* any_batch(ProducerModel& producer, BatchId id);

// Back into the deque after a failed attempt, or as a child of a split.
void put_back(PipelineModel& model, ProducerModel& producer, const BatchModel& batch);
void remove_from_deque(PipelineModel& model, ProducerModel& producer, const BatchModel& batch);
// Record `number` of the partition is this thread's.
void add_to_spans(std::vector<ThreadSpan>& spans, std::uint16_t thread, std::uint64_t number);
// Moves the batch to the finished ones once it is.
void settle_batch(ProducerModel& producer, BatchId id);

// t plus a duration, at most kForever: both may come from a file.
inline Nanos after(Nanos t, Nanos duration) { return saturating_sum(t, std::max<Nanos>(duration, 0)); }

}  // namespace sendscope
