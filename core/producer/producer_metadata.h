// The topics a producer wants to know about: those it sent to, until they have been idle for
// metadata.max.idle.ms. Kafka: ProducerMetadata; KIP-526.
//
// Thread-safety: add(), request_update_for_topic(), topic_error() and troubles() from any thread; the rest as
// Metadata.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/net/metadata.h"
#include "core/producer/grow_only_map.h"

namespace sendscope {

class ProducerMetadata final : public Metadata {
 public:
  ProducerMetadata(const MetadataSettings& settings, Millis max_idle_ms, const Environment& environment);

  // The topic is wanted; its idle time starts anew. A topic that was not wanted before is asked for at once,
  // on its own. For a topic wanted already this takes no lock.
  void add(std::string_view topic, Millis now_ms) EXCLUDES_LOCK(mutex_);
  // Returns the update version to wait beyond.
  std::int32_t request_update_for_topic(std::string_view topic) EXCLUDES_LOCK(mutex_);
  // What the last answer said about the topic; kNone when it said nothing bad.
  ErrorCode topic_error(std::string_view topic) const EXCLUDES_LOCK(mutex_);
  // One sentence for every topic that the last answer said something bad about, or that lacks a leader.
  std::vector<std::string> troubles() const EXCLUDES_LOCK(mutex_);

 protected:
  bool retain_topic(std::string_view topic, Millis now_ms) override REQUIRES_LOCK(mutex_);
  std::vector<std::string> topics_for_full_query() override REQUIRES_LOCK(mutex_);
  std::vector<std::string> topics_for_partial_query() override REQUIRES_LOCK(mutex_);
  void answered(const wire::MetadataResponse& response, Nanos now) override REQUIRES_LOCK(mutex_);

 private:
  static constexpr Millis kNotWanted = -1;

  struct Entry {
    Entry(std::string_view name_, std::uint64_t hash_) : hash(hash_), name(name_) {}
    bool is(std::string_view other) const { return name == other; }
    const std::uint64_t hash;
    const std::string name;
    std::atomic<Millis> expires_ms{kNotWanted};
  };

  const Millis max_idle_ms_;
  GrowOnlyMap<Entry> entries_;  // insertions: mutex_
  std::map<std::string, Entry*, std::less<>> wanted_ GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> new_topics_ GUARDED_BY(mutex_);  // never answered so far
  std::map<std::string, ErrorCode, std::less<>> errors_ GUARDED_BY(mutex_);
};

}  // namespace sendscope
