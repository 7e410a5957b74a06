#include "core/producer/producer_metadata.h"

#include <algorithm>
#include <functional>

namespace sendscope {

namespace {

std::uint64_t hash_of(std::string_view topic) { return std::hash<std::string_view>{}(topic); }

std::string trouble_of_topic(const std::string& topic, ErrorCode error) {
  const ErrorRow& row = error_row(error);
  if (error == ErrorCode::kUnknownTopicOrPartition) {
    return "topic " + topic + " does not exist, the brokers say (" + std::string(row.name) +
           "): is its name right? They do not create it by themselves";
  }
  return "topic " + topic + " cannot be used, the brokers say (" + std::string(row.name) +
         "): " + std::string(row.text);
}

}  // namespace

ProducerMetadata::ProducerMetadata(const MetadataSettings& settings, Millis max_idle_ms,
                                   const Environment& environment)
    : Metadata(settings, environment), max_idle_ms_(max_idle_ms) {}

void ProducerMetadata::add(std::string_view topic, Millis now_ms) {
  const std::uint64_t hash = hash_of(topic);
  const Millis expires = now_ms + max_idle_ms_;
  Entry* entry = entries_.find(hash, topic);
  if (entry != nullptr) {
    Millis before = entry->expires_ms.load(std::memory_order_relaxed);
    while (before != kNotWanted) {
      if (before == expires) return;
      if (entry->expires_ms.compare_exchange_weak(before, expires, std::memory_order_relaxed)) return;
    }
  }
  MutexLock lock(mutex_);
  entry = entries_.find(hash, topic);
  if (entry == nullptr) entry = &entries_.insert(std::make_unique<Entry>(topic, hash));
  entry->expires_ms.store(expires, std::memory_order_relaxed);
  if (!wanted_.emplace(entry->name, entry).second) return;
  new_topics_.insert(entry->name);
  request_update_for_new_topics_locked();
}

std::int32_t ProducerMetadata::request_update_for_topic(std::string_view topic) {
  MutexLock lock(mutex_);
  if (new_topics_.count(topic) != 0) return request_update_for_new_topics_locked();
  return request_update_locked(false);
}

ErrorCode ProducerMetadata::topic_error(std::string_view topic) const {
  MutexLock lock(mutex_);
  const auto found = errors_.find(topic);
  return found == errors_.end() ? ErrorCode::kNone : found->second;
}

std::vector<std::string> ProducerMetadata::troubles() const {
  std::vector<std::string> troubles;
  {
    MutexLock lock(mutex_);
    for (const auto& [topic, error] : errors_) troubles.push_back(trouble_of_topic(topic, error));
  }
  const std::shared_ptr<const Cluster> cluster = snapshot();
  for (const auto& [name, topic] : cluster->topics()) {
    const auto leaderless = std::count_if(topic.partitions.begin(), topic.partitions.end(),
                                          [](const Partition& p) { return p.leader == kNoNode; });
    if (leaderless == 0) continue;
    troubles.push_back("topic " + name + " has " + std::to_string(topic.partitions.size()) +
                       " partitions, and " + std::to_string(leaderless) +
                       " of them no leader: do the brokers that hold them run?");
  }
  return troubles;
}

bool ProducerMetadata::retain_topic(std::string_view topic, Millis now_ms) {
  const auto found = wanted_.find(topic);
  if (found == wanted_.end()) return false;
  if (new_topics_.count(topic) != 0) return true;
  Entry& entry = *found->second;
  Millis expires = entry.expires_ms.load(std::memory_order_relaxed);
  while (expires <= now_ms) {
    if (!entry.expires_ms.compare_exchange_weak(expires, kNotWanted, std::memory_order_relaxed)) continue;
    wanted_.erase(found);
    return false;
  }
  return true;
}

std::vector<std::string> ProducerMetadata::topics_for_full_query() {
  std::vector<std::string> topics;
  for (const auto& [name, entry] : wanted_) topics.push_back(name);
  return topics;
}

std::vector<std::string> ProducerMetadata::topics_for_partial_query() {
  return {new_topics_.begin(), new_topics_.end()};
}

void ProducerMetadata::answered(const wire::MetadataResponse& response, Nanos) {
  errors_.clear();
  for (const wire::MetadataTopic& topic : response.topics) {
    if (!topic.name) continue;
    new_topics_.erase(*topic.name);
    const ErrorCode error = error_from_wire(topic.error_code);
    if (error != ErrorCode::kNone) errors_[*topic.name] = error;
  }
}

}  // namespace sendscope
