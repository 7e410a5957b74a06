// How an answer, or a hint about leaders, becomes the next snapshot.
#include <algorithm>

#include "core/net/metadata.h"

namespace sendscope {

// What one response said about the topics that are of interest.
struct Metadata::Answer {
  const Cluster& before;
  std::set<std::string, std::less<>> mentioned;  // also topics of no interest
  std::map<std::string, Uuid> ids;               // of all topics mentioned, where valid
  ClusterData data;
};

namespace {

Partition partition_of(const wire::MetadataPartition& from) {
  Partition partition;
  partition.id = from.partition_index;
  partition.leader_id = from.leader_id < 0 ? kNoNode : from.leader_id;
  partition.leader_epoch = from.leader_epoch;
  partition.replicas = from.replica_nodes;
  partition.in_sync = from.isr_nodes;
  partition.offline = from.offline_replicas;
  partition.error = error_from_wire(from.error_code);
  return partition;
}

ClusterData empty_answer(const wire::MetadataResponse& response) {
  ClusterData data;
  data.cluster_id = response.cluster_id;
  data.controller_id = response.controller_id;
  for (const wire::MetadataBroker& broker : response.brokers) {
    data.nodes.push_back({broker.node_id, broker.host, broker.port, broker.rack});
  }
  return data;
}

// From this version on the leader epoch of a response can be relied upon (Kafka: hasReliableLeaderEpochs).
constexpr std::int16_t kReliableEpochsVersion = 9;

}  // namespace

void Metadata::update(const MetadataQuery& query, const wire::MetadataResponse& response,
                      std::int16_t version, Nanos now) {
  const Millis now_ms = to_millis(now);
  const std::shared_ptr<const Cluster> before = cluster_.share();
  std::shared_ptr<const Cluster> after;
  std::int32_t new_version = 0;
  {
    MutexLock lock(mutex_);
    need_partial_ = query.request_version < request_version_;
    last_refresh_ms_ = now_ms;
    failed_attempts_ = 0;
    new_version = ++update_version_;
    if (!query.partial) {
      need_full_ = false;
      last_full_success_ms_ = now_ms;
    }
    ++equivalent_answers_;
    const bool reliable_epochs = version >= kReliableEpochsVersion;
    after = std::make_shared<const Cluster>(
        read_answer(*before, response, reliable_epochs, query.partial, now_ms));
    cluster_.publish(after);
    invalid_topics_ = {after->invalid_topics().begin(), after->invalid_topics().end()};
    unauthorized_topics_ = {after->unauthorized_topics().begin(), after->unauthorized_topics().end()};
    forget_epochs(now_ms);
    answered(response, now);
    waiters_.wake_all();
  }
  tell_nodes(*after, now);
  tell_update(*after, new_version, now);
  tell_unavailable(query, response, now);
  tell_forgotten(*before, *after, now);
  tell_leaders(*before, *after, now);
}

ClusterData Metadata::read_answer(const Cluster& before, const wire::MetadataResponse& response,
                                  bool reliable_epochs, bool partial, Millis now_ms) {
  Answer answer{before, {}, {}, empty_answer(response)};
  for (const wire::MetadataTopic& topic : response.topics) {
    if (topic.name) read_topic(topic, reliable_epochs, now_ms, answer);
  }
  if (partial) return merge(std::move(answer), now_ms);
  for (const auto& [name, id] : answer.ids) answer.data.topics[name].id = id;
  return std::move(answer.data);
}

void Metadata::read_topic(const wire::MetadataTopic& topic, bool reliable_epochs, Millis now_ms,
                          Answer& answer) {
  const std::string& name = *topic.name;
  answer.mentioned.insert(name);
  bool id_changed = false;
  if (!topic.topic_id.is_zero()) {
    answer.ids[name] = topic.topic_id;
    const Topic* old = answer.before.find_topic(name);
    id_changed = old == nullptr || old->id != topic.topic_id;
  }
  if (!retain_topic(name, now_ms)) return;

  const ErrorCode error = error_from_wire(topic.error_code);
  if (is_invalid_metadata(error)) request_update_locked(false);
  if (error == ErrorCode::kInvalidTopic) answer.data.invalid_topics.push_back(name);
  if (error == ErrorCode::kTopicAuthorizationFailed) answer.data.unauthorized_topics.push_back(name);
  if (error != ErrorCode::kNone || topic.partitions.empty()) return;

  Topic& into = answer.data.topics[name];
  into.internal = topic.is_internal;
  for (const wire::MetadataPartition& from : topic.partitions) {
    // Also with an error a partition may bring a new epoch.
    Partition partition = partition_of(from);
    if (is_invalid_metadata(partition.error)) request_update_locked(false);
    const Partition* cached = answer.before.find_partition(name, partition.id);
    if (auto newer = newer_of(name, std::move(partition), cached, reliable_epochs, id_changed)) {
      into.partitions.push_back(*std::move(newer));
    }
  }
}

// An answer from a broker that is behind must not undo what another has said (KIP-320), unless the topic was
// created anew, which starts its epochs over.
std::optional<Partition> Metadata::newer_of(const std::string& topic, Partition partition,
                                            const Partition* cached, bool reliable_epochs,
                                            bool topic_id_changed) {
  const TopicPartition tp{topic, partition.id};
  if (!reliable_epochs || partition.leader_epoch == kNoLeaderEpoch) {
    last_seen_epochs_.erase(tp);
    equivalent_answers_ = 0;
    partition.leader_epoch = kNoLeaderEpoch;
    return partition;
  }
  const auto [seen, first] = last_seen_epochs_.try_emplace(tp, partition.leader_epoch);
  if (first || topic_id_changed || partition.leader_epoch > seen->second) {
    equivalent_answers_ = 0;
  } else if (partition.leader_epoch < seen->second) {
    return cached == nullptr ? std::nullopt : std::optional<Partition>(*cached);
  }
  seen->second = partition.leader_epoch;
  return partition;
}

// A partial answer: what it mentions replaces what was known, the rest stays as long as it is of interest.
ClusterData Metadata::merge(Answer answer, Millis now_ms) {
  const auto stays = [&](const std::string& topic) REQUIRES_LOCK(mutex_) {
    return !answer.mentioned.contains(topic) && retain_topic(topic, now_ms);
  };
  ClusterData& data = answer.data;
  for (auto& [name, topic] : data.topics) {
    const auto id = answer.ids.find(name);
    if (id != answer.ids.end()) topic.id = id->second;
  }
  for (const auto& [name, topic] : answer.before.topics()) {
    if (stays(name)) data.topics.emplace(name, topic);
  }
  for (const std::string& topic : answer.before.invalid_topics()) {
    if (stays(topic)) data.invalid_topics.push_back(topic);
  }
  for (const std::string& topic : answer.before.unauthorized_topics()) {
    if (stays(topic)) data.unauthorized_topics.push_back(topic);
  }
  return std::move(answer.data);
}

void Metadata::forget_epochs(Millis now_ms) {
  for (auto entry = last_seen_epochs_.begin(); entry != last_seen_epochs_.end();) {
    entry = retain_topic(entry->first.topic, now_ms) ? std::next(entry) : last_seen_epochs_.erase(entry);
  }
}

std::vector<TopicPartition> Metadata::update_leaders(const std::map<TopicPartition, LeaderHint>& hints,
                                                     std::span<const Node> nodes, Nanos now) {
  const std::shared_ptr<const Cluster> before = cluster_.share();
  ClusterData data = before->data();
  data.nodes.insert(data.nodes.end(), nodes.begin(), nodes.end());  // of equal numbers the later holds
  const auto is_node = [&data](NodeId id) {
    return std::any_of(data.nodes.begin(), data.nodes.end(),
                       [id](const Node& node) { return node.id == id; });
  };
  std::vector<TopicPartition> changed;
  {
    MutexLock lock(mutex_);
    for (const auto& [tp, hint] : hints) {
      const auto topic = data.topics.find(tp.topic);
      if (hint.leader < 0 || hint.epoch < 0 || topic == data.topics.end() || !is_node(hint.leader)) continue;
      auto& partitions = topic->second.partitions;
      const auto partition = std::find_if(partitions.begin(), partitions.end(),
                                          [&tp = tp](const Partition& p) { return p.id == tp.partition; });
      if (partition == partitions.end()) continue;
      const auto seen = last_seen_epochs_.find(tp);
      if (hint.epoch <= (seen != last_seen_epochs_.end() ? seen->second : partition->leader_epoch)) continue;
      partition->leader_id = hint.leader;
      partition->leader_epoch = hint.epoch;
      last_seen_epochs_[tp] = hint.epoch;
      changed.push_back(tp);
    }
    if (changed.empty()) return changed;
    cluster_.publish(std::make_shared<const Cluster>(std::move(data)));
  }
  const std::shared_ptr<const Cluster> after = cluster_.share();
  tell_nodes(*after, now);
  tell_leaders(*before, *after, now);
  return changed;
}

}  // namespace sendscope
