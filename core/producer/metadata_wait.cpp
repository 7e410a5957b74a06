#include "core/producer/metadata_wait.h"

#include "core/producer/sender.h"

namespace sendscope {

MetadataWait::MetadataWait(ProducerMetadata& metadata, Sender& sender, std::string_view topic,
                           PartitionId partition, Millis max_block_ms, Waiter& waiter)
    : metadata_(metadata),
      sender_(sender),
      topic_(topic),
      partition_(partition),
      max_block_ms_(max_block_ms),
      waiter_(waiter) {}

MetadataWait::~MetadataWait() {
  if (state_ == State::kWaiting) metadata_.stop_waiting(waiter_);
}

bool MetadataWait::satisfied(const Cluster& cluster) const {
  const std::int32_t count = cluster.partition_count(topic_);
  return count > 0 && (partition_ == kUnknownPartition || partition_ < count);
}

Step MetadataWait::finish(Result<std::shared_ptr<const Cluster>> result, Nanos now) {
  if (state_ == State::kWaiting) {
    metadata_.stop_waiting(waiter_);
    if (result) waited_ = now - began_;
  }
  state_ = State::kDone;
  result_.emplace(std::move(result));
  return Step::kDone;
}

Step MetadataWait::advance(Nanos now) {
  switch (state_) {
    case State::kNew: return begin(now);
    case State::kWaiting: return look(now);
    case State::kDone: break;
  }
  return Step::kDone;
}

Step MetadataWait::begin(Nanos now) {
  began_ = now;
  deadline_ = time_after(now, to_nanos(max_block_ms_));
  std::shared_ptr<const Cluster> cluster = metadata_.snapshot();
  if (cluster->is_invalid_topic(topic_))
    return finish(Error(ErrorCode::kInvalidTopic, "invalid topic name: " + std::string(topic_)), now);
  metadata_.add(topic_, to_millis(now));
  if (satisfied(*cluster)) return finish(std::move(cluster), now);
  known_partitions_ = cluster->partition_count(topic_);
  return ask(now);
}

Step MetadataWait::ask(Nanos now) {
  metadata_.add(topic_, to_millis(now));
  version_ = metadata_.request_update_for_topic(topic_);
  sender_.wakeup();
  state_ = State::kWaiting;
  return look(now);
}

Step MetadataWait::look(Nanos now) {
  const Result<bool> arrived = metadata_.update_arrived(version_, waiter_);
  waited_ms_ = to_millis(now) - to_millis(began_);
  if (!arrived) return finish(arrived.error(), now);
  const bool out_of_time = waited_ms_ >= max_block_ms_;
  if (!*arrived) return out_of_time ? finish(timed_out(false), now) : Step::kBlocked;
  if (out_of_time) return finish(timed_out(true), now);
  if (std::optional<Error> error = metadata_.take_error_for_topic(topic_))
    return finish(std::move(*error), now);
  std::shared_ptr<const Cluster> cluster = metadata_.snapshot();
  if (satisfied(*cluster)) return finish(std::move(cluster), now);
  known_partitions_ = cluster->partition_count(topic_);
  return ask(now);
}

Error MetadataWait::timed_out(bool only_retriable_cause) const {
  const std::string after = "present in metadata after " + std::to_string(max_block_ms_) + " ms.";
  std::string text = "Topic " + std::string(topic_) + " not " + after;
  if (known_partitions_ > 0)
    text = "Partition " + std::to_string(partition_) + " of topic " + std::string(topic_) +
           " with partition count " + std::to_string(known_partitions_) + " is not " + after;
  const ErrorCode cause = metadata_.topic_error(topic_);
  if (only_retriable_cause && !is_retriable(cause)) return Error(ErrorCode::kTimeout, std::move(text));
  return Error(ErrorCode::kTimeout, std::move(text), cause);
}

}  // namespace sendscope
