#include "core/net/metadata.h"

#include <algorithm>

namespace sendscope {

namespace {

// How much of `span_ms` since `start` is left.
Millis left_of(std::optional<Millis> start, Millis span_ms, Millis now_ms) {
  return start ? std::max<Millis>(span_ms - (now_ms - *start), 0) : 0;
}

}  // namespace

Metadata::Metadata(const MetadataSettings& settings, const Environment& environment)
    : settings_(settings),
      environment_(environment),
      backoff_(settings.refresh_backoff_ms, settings.refresh_backoff_max_ms),
      cluster_(Cluster::bootstrap({})) {}

// ---- asking

std::optional<Millis> Metadata::last_full_success_ms() const {
  MutexLock lock(mutex_);
  return last_full_success_ms_;
}

std::int32_t Metadata::update_version() const {
  MutexLock lock(mutex_);
  return update_version_;
}

std::int32_t Metadata::request_update(bool reset_backoff) {
  MutexLock lock(mutex_);
  return request_update_locked(reset_backoff);
}

std::int32_t Metadata::request_update_locked(bool reset_backoff) {
  need_full_ = true;
  if (reset_backoff) equivalent_answers_ = 0;
  return update_version_;
}

std::int32_t Metadata::request_update_for_new_topics() {
  MutexLock lock(mutex_);
  return request_update_for_new_topics_locked();
}

std::int32_t Metadata::request_update_for_new_topics_locked() {
  last_refresh_ms_.reset();
  need_partial_ = true;
  equivalent_answers_ = 0;
  ++request_version_;
  return update_version_;
}

bool Metadata::update_requested() const {
  MutexLock lock(mutex_);
  return need_full_ || need_partial_;
}

// ---- waiting

Result<bool> Metadata::update_arrived(std::int32_t version, Waiter& waiter) {
  MutexLock lock(mutex_);
  const bool waits = !fatal_error_ && !closed_ && update_version_ <= version;
  if (waits != waiter.linked()) waits ? waiters_.push_back(waiter) : waiters_.remove(waiter);
  if (fatal_error_) {
    Error error = *std::move(fatal_error_);
    fatal_error_.reset();
    return error;
  }
  if (closed_) return Error(ErrorCode::kKafkaException, "the producer was closed while metadata was awaited");
  return !waits;
}

void Metadata::stop_waiting(Waiter& waiter) {
  MutexLock lock(mutex_);
  if (waiter.linked()) waiters_.remove(waiter);
}

std::optional<Error> Metadata::take_error_for_topic(std::string_view topic) {
  MutexLock lock(mutex_);
  std::optional<Error> error = std::move(fatal_error_);
  if (!error && unauthorized_topics_.contains(topic)) {
    error.emplace(ErrorCode::kTopicAuthorizationFailed, "not authorized for topic " + std::string(topic));
  } else if (!error && invalid_topics_.contains(topic)) {
    error.emplace(ErrorCode::kInvalidTopic, "the topic name is not valid: " + std::string(topic));
  }
  fatal_error_.reset();
  unauthorized_topics_.clear();
  invalid_topics_.clear();
  return error;
}

bool Metadata::is_closed() const {
  MutexLock lock(mutex_);
  return closed_;
}

void Metadata::fatal_error(Error error) {
  MutexLock lock(mutex_);
  fatal_error_ = std::move(error);
  waiters_.wake_all();
}

void Metadata::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  waiters_.wake_all();
}

// ---- when to ask

Millis Metadata::time_to_next_update(Millis now_ms) {
  MutexLock lock(mutex_);
  const bool requested = need_full_ || need_partial_;
  const Millis fresh_for = requested ? 0 : left_of(last_full_success_ms_, settings_.max_age_ms, now_ms);
  return std::max(fresh_for, time_to_allow_update(now_ms));
}

Millis Metadata::time_to_allow_update(Millis now_ms) {
  const Millis after_failure =
      backoff_.after(std::max<std::int64_t>(failed_attempts_ - 1, 0), environment_.random);
  // The periodic refresh does not back off, however often it brought nothing new.
  if (left_of(last_full_success_ms_, settings_.max_age_ms, now_ms) == 0) equivalent_answers_ = 0;
  const Millis after_nothing_new =
      equivalent_answers_ > 0 ? backoff_.after(equivalent_answers_ - 1, environment_.random) : 0;
  return std::max(left_of(last_refresh_ms_, after_failure, now_ms),
                  left_of(last_refresh_ms_, after_nothing_new, now_ms));
}

MetadataQuery Metadata::next_query(Millis now_ms) {
  MutexLock lock(mutex_);
  const bool partial = !need_full_ && left_of(last_full_success_ms_, settings_.max_age_ms, now_ms) > 0;
  return {partial ? topics_for_partial_query() : topics_for_full_query(), request_version_, partial};
}

void Metadata::failed_update(Millis now_ms) {
  MutexLock lock(mutex_);
  last_refresh_ms_ = now_ms;
  ++failed_attempts_;
  equivalent_answers_ = 0;
}

// ---- starting over

void Metadata::bootstrap(std::vector<Endpoint> addresses, Nanos now) {
  {
    MutexLock lock(mutex_);
    bootstrap_addresses_ = std::move(addresses);
    start_over();
  }
  tell_nodes(*cluster_.share(), now);
}

void Metadata::rebootstrap(Nanos now) {
  const std::shared_ptr<const Cluster> before = cluster_.share();
  {
    MutexLock lock(mutex_);
    start_over();
  }
  const std::shared_ptr<const Cluster> after = cluster_.share();
  tell_nodes(*after, now);
  tell_forgotten(*before, *after, now);
}

void Metadata::start_over() {
  need_full_ = true;
  ++update_version_;
  cluster_.publish(Cluster::bootstrap(bootstrap_addresses_));
}

// ---- events

void Metadata::tell_nodes(const Cluster& cluster, Nanos now) {
  for (const Node& node : cluster.nodes()) {
    const auto [known, added] = named_nodes_.try_emplace(node.id, node.host, node.port);
    if (!added && known->second == std::pair(node.host, node.port)) continue;
    known->second = {node.host, node.port};
    environment_.sink.emit({.t = now,
                            .kind = EventKind::node_named,
                            .place = static_cast<std::uint32_t>(node.id),
                            .a = environment_.sink.intern(node.host),
                            .b = static_cast<std::uint32_t>(node.port)});
  }
}

void Metadata::tell_update(const Cluster& cluster, std::int32_t version, Nanos now) {
  environment_.sink.emit({.t = now,
                          .kind = EventKind::metadata_updated,
                          .actor = environment_.producer_index,
                          .a = static_cast<std::uint32_t>(version),
                          .b = static_cast<std::uint32_t>(cluster.nodes().size())});
}

void Metadata::tell_leaders(const Cluster& before, const Cluster& after, Nanos now) {
  if (!environment_.sink.wants(EventKind::leader_known)) return;
  for (const auto& [name, topic] : after.topics()) {
    const Topic* old_topic = before.find_topic(name);
    for (const Partition& partition : topic.partitions) {
      const Partition* old = old_topic == nullptr ? nullptr : old_topic->find(partition.id);
      const NodeId old_leader = old == nullptr ? kNoNode : old->leader;
      const std::int32_t old_epoch = old == nullptr ? kNoLeaderEpoch : old->leader_epoch;
      if (partition.leader == old_leader && partition.leader_epoch == old_epoch) continue;
      const NodeId told = partition.leader == kNoNode ? -1 : partition.leader;
      environment_.sink.emit({.t = now,
                              .kind = EventKind::leader_known,
                              .actor = environment_.producer_index,
                              .place = environment_.sink.partition({name, partition.id}, now),
                              .a = static_cast<std::uint32_t>(told),
                              .b = static_cast<std::uint32_t>(partition.leader_epoch)});
    }
  }
}

// What was deleted, or not used for so long that it is no longer asked for.
void Metadata::tell_forgotten(const Cluster& before, const Cluster& after, Nanos now) {
  if (!environment_.sink.wants(EventKind::partition_forgotten)) return;
  for (const auto& [name, topic] : before.topics()) {
    for (const Partition& partition : topic.partitions) {
      if (after.find_partition(name, partition.id) != nullptr) continue;
      environment_.sink.emit({.t = now,
                              .kind = EventKind::partition_forgotten,
                              .actor = environment_.producer_index,
                              .place = environment_.sink.partition({name, partition.id}, now)});
    }
  }
}

void Metadata::tell_unavailable(const MetadataQuery& query, const wire::MetadataResponse& response,
                                Nanos now) {
  if (!environment_.sink.wants(EventKind::topic_unavailable)) return;
  for (const wire::MetadataTopic& topic : response.topics) {
    const ErrorCode error = error_from_wire(topic.error_code);
    if (!topic.name || error == ErrorCode::kNone) continue;
    if (!std::binary_search(query.topics.begin(), query.topics.end(), *topic.name)) continue;
    environment_.sink.emit({.t = now,
                            .kind = EventKind::topic_unavailable,
                            .actor = environment_.producer_index,
                            .a = environment_.sink.intern(*topic.name),
                            .b = static_cast<std::uint32_t>(error)});
  }
}

}  // namespace sendscope
