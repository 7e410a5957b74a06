// When to ask for metadata, and what the answers add up to. Kafka: Metadata; KIP-320 (leader epochs), KIP-526
// (partial requests), KIP-516 (topic ids), KIP-951 (leader hints), KIP-899 and KIP-1102 (rebootstrap).
//
// Which topics are wanted is a subclass's matter: ProducerMetadata.
//
// Thread-safety: requests, waiting and reading from any thread; bootstrap(), update(), failed_update() and
// the other "I/O thread" methods from the thread that runs the Sender. One lock; waiters are woken under it.
// Events are emitted after it is released.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/random_source.h"
#include "core/base/result.h"
#include "core/base/topic_partition.h"
#include "core/base/waiter.h"
#include "core/event/sink.h"
#include "core/net/cluster.h"
#include "core/net/exponential_backoff.h"
#include "core/net/published.h"
#include "core/wire/metadata.h"

namespace sendscope {

struct MetadataSettings {
  Millis refresh_backoff_ms = 0;
  Millis refresh_backoff_max_ms = 0;
  Millis max_age_ms = 0;
};

// A request to be sent, with what update() wants back when it is answered.
struct MetadataQuery {
  std::vector<std::string> topics;  // sorted; empty asks for no topic, only for the nodes
  std::int32_t request_version = 0;
  bool partial = false;  // only the topics that are new
};

// A hint where a partition's leader is (KIP-951).
struct LeaderHint {
  NodeId leader = kNoNode;
  std::int32_t epoch = kNoLeaderEpoch;
};

class Metadata {
 public:
  // What its events need. All of it outlives the Metadata.
  struct Environment {
    EventSink& sink;
    RandomSource& random;
    std::uint16_t producer_index = 0;
  };

  Metadata(const MetadataSettings& settings, const Environment& environment);
  virtual ~Metadata() = default;

  // ---- reading (any thread)
  // The hot path: valid inside the pin only.
  Published<Cluster>::Pin pin() const { return cluster_.pin(); }
  std::shared_ptr<const Cluster> snapshot() const { return cluster_.share(); }
  std::int32_t update_version() const EXCLUDES_LOCK(mutex_);
  // When the last full update came; nothing: none has.
  std::optional<Millis> last_full_success_ms() const EXCLUDES_LOCK(mutex_);

  // ---- asking for an update (any thread); each returns the update version to wait beyond
  // `reset_backoff`: forget that the last answers brought nothing new.
  std::int32_t request_update(bool reset_backoff) EXCLUDES_LOCK(mutex_);
  // A partial request that does not wait for the refresh backoff.
  std::int32_t request_update_for_new_topics() EXCLUDES_LOCK(mutex_);
  bool update_requested() const EXCLUDES_LOCK(mutex_);

  // ---- waiting (any thread)
  // True: the version is beyond `version`. False: `waiter` now stands in line (or still does) and is woken
  // when another look helps. A fatal error is returned once, to whoever looks first, and then forgotten; a
  // closed Metadata gives kKafkaException. With true or an error the waiter no longer stands in line.
  Result<bool> update_arrived(std::int32_t version, Waiter& waiter) EXCLUDES_LOCK(mutex_);
  void stop_waiting(Waiter& waiter) EXCLUDES_LOCK(mutex_);
  // A fatal error, else what the last answer said against this very topic (not authorized, invalid name).
  // Looking forgets the fatal error and what was said against any topic.
  std::optional<Error> take_error_for_topic(std::string_view topic) EXCLUDES_LOCK(mutex_);
  bool is_closed() const EXCLUDES_LOCK(mutex_);

  // ---- I/O thread
  // Starts at these addresses: no topics, no leaders, a full update is wanted. Wakes nobody.
  void bootstrap(std::vector<Endpoint> addresses, Nanos now) EXCLUDES_LOCK(mutex_);
  // Back to the bootstrap addresses.
  void rebootstrap(Nanos now) EXCLUDES_LOCK(mutex_);
  // 0: an update is due. May draw backoff jitter.
  Millis time_to_next_update(Millis now_ms) EXCLUDES_LOCK(mutex_);
  MetadataQuery next_query(Millis now_ms) EXCLUDES_LOCK(mutex_);
  // An answer to `query`, given in `version` of the api, that names at least one node.
  void update(const MetadataQuery& query, const wire::MetadataResponse& response, std::int16_t version,
              Nanos now) EXCLUDES_LOCK(mutex_);
  // No answer, or one of no use: the next try backs off.
  void failed_update(Millis now_ms) EXCLUDES_LOCK(mutex_);
  // Given to the next waiter that looks.
  void fatal_error(Error error) EXCLUDES_LOCK(mutex_);
  // Takes hints that are newer than what is known. `nodes` are the endpoints that came with them. Neither
  // counts as an update nor wakes anyone. Returns the partitions whose leader changed.
  std::vector<TopicPartition> update_leaders(const std::map<TopicPartition, LeaderHint>& hints,
                                             std::span<const Node> nodes, Nanos now) EXCLUDES_LOCK(mutex_);
  // Waiters get an error from now on.
  void close() EXCLUDES_LOCK(mutex_);

 protected:
  // ---- the topic set; all called with the lock held
  // Whether an answer about this topic is of interest. May forget the topic.
  virtual bool retain_topic(std::string_view topic, Millis now_ms) REQUIRES_LOCK(mutex_) = 0;
  // Sorted.
  virtual std::vector<std::string> topics_for_full_query() REQUIRES_LOCK(mutex_) = 0;
  virtual std::vector<std::string> topics_for_partial_query() REQUIRES_LOCK(mutex_) = 0;
  // An answer has been taken in; waiters are woken next.
  virtual void answered(const wire::MetadataResponse& response, Nanos now) REQUIRES_LOCK(mutex_) = 0;

  // For a subclass that holds the lock.
  std::int32_t request_update_locked(bool reset_backoff) REQUIRES_LOCK(mutex_);
  std::int32_t request_update_for_new_topics_locked() REQUIRES_LOCK(mutex_);

  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);

 private:
  struct Answer;  // what handling one response gathers

  void start_over() REQUIRES_LOCK(mutex_);
  Millis time_to_allow_update(Millis now_ms) REQUIRES_LOCK(mutex_);
  ClusterData read_answer(const Cluster& before, const wire::MetadataResponse& response, bool reliable_epochs,
                          bool partial, Millis now_ms) REQUIRES_LOCK(mutex_);
  void read_topic(const wire::MetadataTopic& topic, bool reliable_epochs, Millis now_ms, Answer& answer)
      REQUIRES_LOCK(mutex_);
  std::optional<Partition> newer_of(const std::string& topic, Partition partition, const Partition* cached,
                                    bool reliable_epochs, bool topic_id_changed) REQUIRES_LOCK(mutex_);
  ClusterData merge(Answer answer, Millis now_ms) REQUIRES_LOCK(mutex_);
  void forget_epochs(Millis now_ms) REQUIRES_LOCK(mutex_);
  void tell_nodes(const Cluster& cluster, Nanos now);
  void tell_update(const Cluster& cluster, std::int32_t version, Nanos now);
  void tell_leaders(const Cluster& before, const Cluster& after, Nanos now);
  void tell_forgotten(const Cluster& before, const Cluster& after, Nanos now);
  void tell_unavailable(const MetadataQuery& query, const wire::MetadataResponse& response, Nanos now);

  const MetadataSettings settings_;
  const Environment environment_;
  const ExponentialBackoff backoff_;
  Published<Cluster> cluster_;  // replaced with the lock held

  WaitQueue waiters_ GUARDED_BY(mutex_);
  std::vector<Endpoint> bootstrap_addresses_ GUARDED_BY(mutex_);
  std::int32_t update_version_ GUARDED_BY(mutex_) = 0;
  std::int32_t request_version_ GUARDED_BY(mutex_) = 0;
  std::optional<Millis> last_refresh_ms_ GUARDED_BY(mutex_);       // none: never, or as good as
  std::optional<Millis> last_full_success_ms_ GUARDED_BY(mutex_);  // none: never
  std::int64_t failed_attempts_ GUARDED_BY(mutex_) = 0;
  std::int64_t equivalent_answers_ GUARDED_BY(mutex_) = 0;
  bool need_full_ GUARDED_BY(mutex_) = false;
  bool need_partial_ GUARDED_BY(mutex_) = false;
  bool closed_ GUARDED_BY(mutex_) = false;
  std::optional<Error> fatal_error_ GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> invalid_topics_ GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> unauthorized_topics_ GUARDED_BY(mutex_);
  std::map<TopicPartition, std::int32_t> last_seen_epochs_ GUARDED_BY(mutex_);

  std::map<NodeId, std::pair<std::string, std::int32_t>, NodeOrder> named_nodes_;  // told as node_named
};

}  // namespace sendscope
