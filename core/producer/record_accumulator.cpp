#include "core/producer/record_accumulator.h"

#include <algorithm>

#include "core/producer/config.h"
#include "core/producer/transaction_manager.h"

namespace sendscope {

AccumulatorSettings accumulator_settings(const ProducerConfig& config) {
  AccumulatorSettings settings;
  settings.batch_size_bytes = config.effective_batch_size_bytes();
  settings.compression = config.compression();
  settings.linger_ms = config.linger_ms;
  settings.retry_backoff_ms = config.retry_backoff_ms;
  settings.retry_backoff_max_ms = config.retry_backoff_max_ms;
  settings.delivery_timeout_ms = config.delivery_timeout_ms;
  settings.adaptive_partitioning = config.partitioner_adaptive_partitioning_enable;
  settings.availability_timeout_ms = config.partitioner_availability_timeout_ms;
  settings.halves_split_batches = config.profile->halves_split_batches;
  return settings;
}

RecordAccumulator::RecordAccumulator(const AccumulatorSettings& settings, BufferPool& pool,
                                     TransactionManager* transactions, RandomSource& random,
                                     const BatchEnvironment& environment)
    : settings_(settings),
      pool_(pool),
      transactions_(transactions),
      random_(random),
      environment_(environment),
      retry_backoff_(settings.retry_backoff_ms, settings.retry_backoff_max_ms),
      incomplete_(environment.sink, environment.producer_index) {
  SENDSCOPE_CHECK(settings.batch_size_bytes >= 1);
}

RecordAccumulator::~RecordAccumulator() = default;

BatchId RecordAccumulator::next_batch_id() {
  return make_id(environment_.producer_index, last_batch_id_.fetch_add(1, std::memory_order_relaxed) + 1);
}

void RecordAccumulator::emit(EventKind kind, const ProducerBatch& batch, std::uint32_t a, std::uint32_t b,
                             Nanos now) {
  environment_.sink.emit({now, kind, environment_.producer_index, batch.place(), batch.id(), a, b});
}

// ---- expiry

void RecordAccumulator::maybe_update_next_batch_expiry_time(const ProducerBatch& batch) {
  if (settings_.delivery_timeout_ms > kForeverMillis - batch.created_ms()) return;
  next_expiry_time_ms_ = std::min(next_expiry_time_ms_, batch.created_ms() + settings_.delivery_timeout_ms);
}

// Muted partitions expire too. The first batch that still has time ends the look at its queue.
std::vector<BatchPtr> RecordAccumulator::expired_batches(Nanos now) {
  std::vector<BatchPtr> expired;
  for (const TopicInfo* topic : index_.listed()) {
    for (PartitionQueue* queue : topic->active) {
      MutexLock lock(queue->mutex);
      while (!queue->batches.empty()) {
        const BatchPtr& head = queue->batches.front();
        if (!head->has_reached_delivery_timeout(settings_.delivery_timeout_ms, to_millis(now))) {
          maybe_update_next_batch_expiry_time(*head);
          break;
        }
        head->abort_record_appends(now);
        expired.push_back(head);
        queue->batches.pop_front();
      }
    }
  }
  return expired;
}

// ---- what comes back

// Batches with sequences go in before the first that has none or a higher one: batches without sequence
// always stay behind. Without sequences it is a plain push to the front, which turns several failed
// batches of a partition around. Kafka: insertInSequenceOrder.
void RecordAccumulator::put_back(const BatchPtr& batch) {
  PartitionQueue* queue = find_queue(batch->topic_partition());
  SENDSCOPE_CHECK(queue != nullptr);
  MutexLock lock(queue->mutex);
  std::deque<BatchPtr>& batches = queue->batches;
  auto place = batches.begin();
  if (transactions_ != nullptr) {
    SENDSCOPE_CHECK(batch->has_sequence());
    while (place != batches.end() && (*place)->has_sequence() &&
           (*place)->base_sequence() < batch->base_sequence()) {
      ++place;
    }
  }
  batches.insert(place, batch);
  if (queue->active) return;
  queue->active = true;
  index_.activate(*queue);
}

void RecordAccumulator::reenqueue(const BatchPtr& batch, Nanos now) {
  SENDSCOPE_CHECK(!batch->on_the_wire());  // it may be open: its sequence was set anew
  batch->reenqueued(to_millis(now));
  put_back(batch);
}

// A child that is too large again is halved, so that repeated rejections end at single records (KAFKA-8350).
int RecordAccumulator::split_and_reenqueue(const BatchPtr& big, Nanos now) {
  estimator_.set(big->topic_partition().topic, settings_.compression.type,
                 std::max(1.0f, big->compression_ratio()));
  const std::size_t batch_size = static_cast<std::size_t>(settings_.batch_size_bytes);
  const std::size_t half = big->estimated_size_in_bytes() / 2;
  big->rewrite_if_reset();
  const bool halve = big->is_split_batch() && settings_.halves_split_batches;
  const std::size_t target = halve ? std::max(big->max_record_size(), half) : batch_size;
  const std::vector<BatchPtr> children = big->split(target, estimator_, last_batch_id_, now);
  emit(EventKind::batch_split, *big, static_cast<std::uint32_t>(children.size()), 0, now);
  for (auto child = children.rbegin(); child != children.rend(); ++child) {
    incomplete_.add(*child);
    if (transactions_ != nullptr) transactions_->add_in_flight_batch(*child);
    put_back(*child);
  }
  return static_cast<int>(children.size());
}

void RecordAccumulator::complete(const BatchPtr& batch, Nanos now) { incomplete_.remove(batch, now); }

Result<void> RecordAccumulator::deallocate(const BatchPtr& batch, Nanos now) {
  if (batch->is_split_batch() || batch->deallocated_) return {};
  batch->deallocated_ = true;
  const std::size_t size = batch->initial_capacity();
  emit(EventKind::batch_freed, *batch, static_cast<std::uint32_t>(size), 0, now);
  keep_thunks(std::move(batch->thunks_));
  if (!batch->on_the_wire()) {
    pool_.deallocate(batch->take_buffer(), size, now);
    return {};
  }
  Buffer other;
  other.data = std::unique_ptr<std::byte[]>(new std::byte[size]);
  other.capacity = size;
  pool_.deallocate(std::move(other), size, now);
  return Error(ErrorCode::kIllegalState, "memory of batch " + std::to_string(batch->id()) + " of " +
                                             to_string(batch->topic_partition()) +
                                             " was given back while a request still refers to it");
}

// ---- muting (max.in.flight.requests.per.connection = 1)

void RecordAccumulator::set_muted(const TopicPartition& tp, bool muted, Nanos now) {
  PartitionQueue* queue = find_queue(tp);
  if (queue == nullptr || queue->muted == muted) return;
  queue->muted = muted;
  const EventKind kind = muted ? EventKind::partition_muted : EventKind::partition_unmuted;
  environment_.sink.emit({now, kind, environment_.producer_index, queue->place, 0, 0, 0});
}

void RecordAccumulator::mute_partition(const TopicPartition& tp, Nanos now) { set_muted(tp, true, now); }
void RecordAccumulator::unmute_partition(const TopicPartition& tp, Nanos now) { set_muted(tp, false, now); }

// ---- aborting

// Takes the batch out of its queue, if it stands in it, so that nothing is appended to it any more.
void RecordAccumulator::withdraw(const BatchPtr& batch, Nanos now) {
  PartitionQueue* queue = find_queue(batch->topic_partition());
  if (queue == nullptr) return;
  MutexLock lock(queue->mutex);
  batch->abort_record_appends(now);
  const auto place = std::find(queue->batches.begin(), queue->batches.end(), batch);
  if (place != queue->batches.end()) queue->batches.erase(place);
}

void RecordAccumulator::abort_batches(const Error& reason, Nanos now) {
  for (const BatchPtr& batch : incomplete_.copy_all()) {
    withdraw(batch, now);
    batch->abort(reason, now);
    complete(batch, now);
    if (!batch->on_the_wire()) static_cast<void>(deallocate(batch, now));
  }
}

void RecordAccumulator::abort_undrained_batches(const Error& reason, Nanos now) {
  for (const BatchPtr& batch : incomplete_.copy_all()) {
    {
      PartitionQueue* queue = find_queue(batch->topic_partition());
      SENDSCOPE_CHECK(queue != nullptr);
      MutexLock lock(queue->mutex);
      const bool drained = transactions_ != nullptr ? batch->has_sequence() : batch->is_closed();
      if (drained) continue;
    }
    withdraw(batch, now);
    batch->abort(reason, now);
    complete(batch, now);
    static_cast<void>(deallocate(batch, now));
  }
}

// Kafka goes on aborting while appends are under way. Here every append looks at closed_ under the lock of
// its queue: after each lock has been held once, whatever saw it open has finished, and nothing new begins.
void RecordAccumulator::abort_incomplete_batches(Nanos now) {
  SENDSCOPE_CHECK(closed_.load(std::memory_order_seq_cst));
  for (const TopicInfo* topic : index_.topics()) {
    for (PartitionQueue* queue : topic->queues) {
      MutexLock lock(queue->mutex);
    }
  }
  abort_batches(Error(ErrorCode::kKafkaException, "the producer was closed by force"), now);
  MutexLock lock(creation_mutex_);
  for (const TopicInfo* topic : index_.topics())
    for (PartitionQueue* queue : topic->queues)
      if (queue->muted) muted_to_the_end_.push_back(queue->tp);
  topics_.clear();
  index_.clear();
}

void RecordAccumulator::close(Nanos now) {
  closed_.store(true, std::memory_order_seq_cst);
  pool_.close(now);
}

// ---- observers

bool RecordAccumulator::has_undrained() {
  for (const TopicInfo* topic : index_.listed()) {
    for (PartitionQueue* queue : topic->active) {
      MutexLock lock(queue->mutex);
      if (!queue->batches.empty()) return true;
    }
  }
  return false;
}

std::vector<RecordAccumulator::QueueView> RecordAccumulator::queues() {
  std::vector<QueueView> views;
  for (const TopicInfo* topic : index_.topics()) {
    for (PartitionQueue* queue : topic->queues) {
      QueueView view{queue->tp, {}, queue->muted};
      MutexLock lock(queue->mutex);
      for (const BatchPtr& batch : queue->batches) view.records.push_back(batch->record_count());
      views.push_back(std::move(view));
    }
  }
  for (const TopicPartition& tp : muted_to_the_end_) views.push_back({tp, {}, true});
  return views;
}

std::vector<const TopicInfo*> RecordAccumulator::topics() {
  const std::vector<TopicInfo*>& topics = index_.topics();
  return {topics.begin(), topics.end()};
}

const TopicInfo* RecordAccumulator::find_topic(std::string_view topic) const {
  return topics_.find(std::hash<std::string_view>{}(topic), topic);
}

}  // namespace sendscope
