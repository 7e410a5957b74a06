// What a scenario says, as plain data: everything is parsed, every default is filled in, durations are
// nanoseconds, sizes bytes, bandwidth bits a second. The loader (scenario_loader.h) makes one from a file;
// tests build them by hand.
//
// A key that the file leaves out has the value that stands here.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/api.h"
#include "core/base/types.h"
#include "core/event/expectation.h"
#include "core/wire/compression.h"
#include "sim/distribution.h"
#include "sim/fault_spec.h"

namespace sendscope {
struct Profile;
}

namespace sendscope::sim {

// ---- the cluster

struct LinkSpec {
  Distribution latency = Distribution::constant(500 * kNanosPerMicro);  // one way
  Distribution jitter =
      Distribution::constant(0);            // JSON "jitter": "100us" is uniform(0, 100us), added to latency
  std::uint64_t bandwidth = 1'000'000'000;  // bits a second and direction; 0: without limit

  bool operator==(const LinkSpec&) const = default;
};

// How long a broker works on a request of an API, beyond what waiting for replicas takes. An API that is
// absent takes `other`.
struct ServiceSpec {
  std::map<ApiKey, Distribution> by_api = {{ApiKey::kProduce, Distribution::constant(200 * kNanosPerMicro)}};
  Distribution other = Distribution::constant(100 * kNanosPerMicro);

  const Distribution& of(ApiKey api) const {
    const auto found = by_api.find(api);
    return found == by_api.end() ? other : found->second;
  }
  bool operator==(const ServiceSpec&) const = default;
};

struct NodeSpec {
  NodeId id = 0;
  std::string rack;
  LinkSpec link;        // the loader lays the node's own values over the cluster's
  ServiceSpec service;  // same
};

struct TopicSpec {
  std::string name;
  std::int32_t partitions = 1;
  std::int32_t replicas = 1;
  std::int32_t min_insync_replicas = 1;  // min.insync.replicas
  std::int32_t max_message_bytes = 0;    // max.message.bytes; 0: the brokers' message.max.bytes
  bool unclean_leader_election = false;  // unclean.leader.election.enable
  bool log_append_time = false;          // message.timestamp.type=LogAppendTime
  bool compacted = false;                // cleanup.policy=compact: keys are required
  // compression.type: what batches are stored with. None: as the producer sent them.
  std::optional<wire::CompressionType> compression;
  std::map<PartitionId, NodeId> leaders;  // first leaders; others go round-robin over the node ids
};

// Broker keys under Kafka's names; those without a name of Kafka's belong to the simulation.
struct BrokerConfig {
  std::int32_t message_max_bytes = 1'048'588;           // message.max.bytes
  std::int32_t socket_request_max_bytes = 104'857'600;  // socket.request.max.bytes
  bool auto_create_topics = true;                       // auto.create.topics.enable
  std::int32_t num_partitions = 1;                      // num.partitions
  std::int32_t default_replication_factor = 1;          // default.replication.factor
  std::int32_t min_insync_replicas = 1;                 // min.insync.replicas
  std::int32_t num_io_threads = 8;                      // num.io.threads
  Nanos session_timeout = 9 * kNanosPerSecond;          // broker.session.timeout.ms
  Nanos replica_lag_time_max = 30 * kNanosPerSecond;    // replica.lag.time.max.ms
  Nanos timestamp_after_max = 3'600 * kNanosPerSecond;  // log.message.timestamp.after.max.ms
  // transaction.max.timeout.ms
  Nanos transaction_max_timeout = 900 * kNanosPerSecond;
  // transaction.abort.timed.out.transaction.cleanup.interval.ms
  Nanos transaction_cleanup_interval = 10 * kNanosPerSecond;
  std::int16_t transaction_version = 2;  // the finalized feature "transaction.version"; 2 is KIP-890
  Nanos transaction_marker_delay = 0;    // "transaction.marker.delay.ms": on top of the way to the leader
  Nanos auto_create_delay = 20 * kNanosPerMilli;  // "auto.create.delay.ms"
  // "produce.max.version": what ApiVersions announces
  std::int16_t produce_max_version = api_row(ApiKey::kProduce).broker_max;
  std::uint32_t socket_buffer = 262'144;  // "socket.buffer.bytes": unsent or unread bytes a direction holds
  bool keep_batches = false;              // whether logs keep the bytes of batches; no scenario key
};

struct ClusterSpec {
  std::vector<NodeSpec> nodes;    // ascending ids, at least one
  std::vector<TopicSpec> topics;  // in the file's order
  BrokerConfig config;
  LinkSpec
      inter_broker;  // JSON "replication": {"latency", "jitter", "bandwidth"}; left out: the cluster's "link"
  Distribution propagation =
      Distribution::constant(5 * kNanosPerMilli);  // controller to a broker's metadata image
};

// ---- producers and their application threads

struct KeySpec {
  enum class Kind : std::uint8_t { kNone, kText, kZipf };
  Kind kind = Kind::kNone;
  std::string text;        // kText; "{i}" stands for the number of the record within the step, from 0
  std::uint32_t zipf = 0;  // kZipf: "key-<r>" with r in [0, zipf), weight 1/(r+1)
};

struct ValueSpec {
  enum class Kind : std::uint8_t { kNone, kSize, kText };
  Kind kind = Kind::kSize;
  Distribution size = Distribution::constant(100);
  std::string text;  // kText; "{i}" as in keys
};

// When the records of one step are sent. Without a pace the thread sends as fast as send() returns.
struct Pace {
  enum class Kind : std::uint8_t { kNone, kEvery, kRate, kPoisson };
  Kind kind = Kind::kNone;
  Distribution every;            // kEvery: from one send to the next
  std::uint64_t per_second = 0;  // kRate, kPoisson
};

struct Step;

struct OnCallback {
  Distribution take;        // how long the callback keeps the I/O thread
  std::vector<Step> steps;  // what it does there: sends
};

struct SendStep {
  std::string topic;
  std::optional<PartitionId> partition;
  KeySpec key;
  ValueSpec value;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::int64_t> timestamp_ms;
  std::uint64_t count = 1;  // 0: as many as fit into `duration`
  Nanos duration = 0;       // JSON "for"; 0: no limit
  Pace pace;
  bool await = false;
  std::shared_ptr<const OnCallback> on_callback;  // null: the callback only counts
};
struct SleepStep {
  Distribution duration;
};
struct FlushStep {};
struct CloseStep {
  Nanos timeout = kForever;
};
struct RepeatStep {
  std::uint64_t times = 0;  // 0: for ever
  std::vector<Step> steps;
};
struct BarrierStep {
  std::string name;  // threads of the whole scenario whose steps name it meet; "" is a name like others
};
// Of the brokers, as an administrator does it: a producer's configuration is read once, when it is made.
struct SetStep {
  std::string key, value;
};
// The transactional calls, made as every well-written application makes them: the first begin of a producer
// calls initTransactions() before; a commit (or offsets) that fails with an error that allows it is followed
// by an abort; after a fatal error the producer is closed and the thread is over; what timed out is called
// again before anything else is, and left to the producer when nothing else comes.
struct InitStep {};
struct BeginStep {};
struct CommitStep {};
struct AbortStep {};
struct OffsetsStep {
  std::string group, topic;
  PartitionId partition = 0;
  std::int64_t offset = 0;
};

struct Step {
  std::variant<SendStep, SleepStep, FlushStep, CloseStep, RepeatStep, BarrierStep, SetStep, InitStep,
               BeginStep, CommitStep, AbortStep, OffsetsStep>
      what;
};

struct ThreadSpec {
  std::string name;
  std::vector<Step> steps;
};

struct ProducerSpec {
  std::string name;
  std::string profile;                                      // empty: the scenario's
  std::vector<std::pair<std::string, std::string>> config;  // Kafka's keys; values as their text
  std::vector<ThreadSpec> threads;                          // in the file's order
};

// ---- all of it

struct Scenario {
  std::string title;
  std::string summary;
  std::uint64_t seed = 0;
  std::string profile = "kafka-4.3";
  ClusterSpec cluster;
  std::vector<ProducerSpec> producers;
  std::vector<FaultSpec> faults;
  Nanos until = 60 * kNanosPerSecond;
  std::vector<Expectation> expect;
  std::string lesson;
};

// By index.
std::vector<std::string> producer_names(const Scenario& scenario);
// By their numbers in the run.
std::vector<std::string> thread_names(const Scenario& scenario);
// Of all producers; of all topics, as the run begins.
std::size_t thread_count(const Scenario& scenario);
std::size_t partition_count(const Scenario& scenario);

// The generation of Kafka's client that a producer of it is; nullptr when there is none of that name.
const Profile* profile_of(const Scenario& scenario, const ProducerSpec& producer);

}  // namespace sendscope::sim
