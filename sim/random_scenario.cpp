#include "sim/random_scenario.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "core/base/prng.h"

namespace sendscope::sim {
namespace {

constexpr Nanos kColdFaultsBegin = 20 * kNanosPerMilli;
constexpr Nanos kWarmFaultsBegin = 1000 * kNanosPerMilli;
constexpr Nanos kUntil = 70 * kNanosPerSecond;
constexpr std::int64_t kDeliveryTimeoutMs = 15'000;

class Drawing {
 public:
  explicit Drawing(std::uint64_t seed) : prng_(seed, 77) { scenario_.seed = seed; }

  Scenario draw() {
    scenario_.title = "Random " + std::to_string(scenario_.seed);
    scenario_.until = kUntil;
    warm_ = chance(75);
    draw_cluster();
    const auto producers = between(1, 2);
    for (std::int64_t i = 0; i < producers; ++i) draw_producer("p" + std::to_string(i + 1));
    draw_faults();
    draw_codecs();
    draw_propagation();
    draw_naps();
    expect_what_must_hold();
    return std::move(scenario_);
  }

 private:
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(prng_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  template <typename T, std::size_t N>
  T pick(const T (&choices)[N]) {
    return choices[prng_.below(N)];
  }
  Nanos millis(std::int64_t low, std::int64_t high) { return between(low, high) * kNanosPerMilli; }

  void draw_cluster() {
    ClusterSpec& cluster = scenario_.cluster;
    const auto nodes = between(1, 4);
    LinkSpec link;
    link.latency = Distribution::constant(between(50, 5000) * kNanosPerMicro);
    if (chance(60)) link.jitter = Distribution::uniform(0, between(0, 3000) * kNanosPerMicro);
    if (chance(20)) link.bandwidth = static_cast<std::uint64_t>(between(1, 50)) * 1'000'000;
    ServiceSpec service;
    service.by_api[ApiKey::kProduce] = chance(50)
                                           ? Distribution::constant(between(50, 3000) * kNanosPerMicro)
                                           : Distribution::exponential(between(100, 3000) * kNanosPerMicro);
    for (NodeId id = 1; id <= nodes; ++id) cluster.nodes.push_back({id, {}, link, service});
    cluster.inter_broker = link;
    cluster.config.session_timeout = millis(200, 2000);
    cluster.config.replica_lag_time_max = millis(500, 3000);
    cluster.config.transaction_cleanup_interval = kNanosPerSecond;
    cluster.config.transaction_version = pick({std::int16_t{2}, std::int16_t{2}, std::int16_t{1}});
    if (chance(30)) cluster.config.transaction_marker_delay = millis(1, 200);
    const auto topics = between(1, 2);
    for (std::int64_t i = 0; i < topics; ++i) {
      TopicSpec topic;
      topic.name = "t" + std::to_string(i);
      topic.partitions = static_cast<std::int32_t>(between(1, 4));
      topic.replicas = static_cast<std::int32_t>(between(1, std::min<std::int64_t>(nodes, 3)));
      topic.min_insync_replicas = static_cast<std::int32_t>(between(1, topic.replicas));
      // Some batches are too large then, and a few records are.
      if (chance(10)) topic.max_message_bytes = static_cast<std::int32_t>(between(1000, 4000));
      cluster.topics.push_back(std::move(topic));
    }
  }

  // What a topic stores with, whatever its producers send: a batch may be too large only then.
  void draw_codecs() {
    using enum wire::CompressionType;
    for (TopicSpec& topic : scenario_.cluster.topics) {
      if (chance(25)) topic.compression = pick({kNone, kNone, kGzip, kSnappy, kLz4, kZstd});
    }
  }

  // The brokers may hear late of a new leader, each at its own time.
  void draw_propagation() {
    if (chance(25)) scenario_.cluster.propagation = Distribution::uniform(0, millis(10, 800));
  }

  // Some threads send again after longer than anything else takes, and some callbacks take as long.
  void draw_naps() {
    for (ProducerSpec& producer : scenario_.producers) {
      if (!chance(15)) continue;
      const bool transactional =
          std::any_of(producer.config.begin(), producer.config.end(),
                      [](const auto& entry) { return entry.first == "transactional.id"; });
      std::vector<Step>& steps = producer.threads.front().steps;
      const Nanos nap = pick({60, 90, 120, 240}) * kNanosPerSecond;
      scenario_.until += nap;
      steps.push_back({SleepStep{Distribution::constant(nap)}});
      SendStep send = draw_send();
      send.count = static_cast<std::uint64_t>(between(1, 3));
      send.on_callback.reset();
      if (!transactional && chance(40)) {
        auto on_callback = std::make_shared<OnCallback>();
        const Nanos taken = pick({1, 40, 90}) * kNanosPerSecond;
        on_callback->take = Distribution::constant(taken);
        send.on_callback = std::move(on_callback);
        scenario_.until += taken * static_cast<Nanos>(send.count);
      }
      if (transactional) steps.push_back({BeginStep{}});
      steps.push_back({std::move(send)});
      if (transactional) steps.push_back({CommitStep{}});
    }
  }

  void draw_producer(const std::string& name) {
    ProducerSpec producer;
    producer.name = name;
    const bool idempotent = chance(65);
    const bool transactional = idempotent && chance(40);
    const auto set = [&](const char* key, std::int64_t value) {
      producer.config.emplace_back(key, std::to_string(value));
    };
    producer.config.emplace_back("enable.idempotence", idempotent ? "true" : "false");
    producer.config.emplace_back("acks", idempotent || chance(60) ? "all" : "1");
    set("max.in.flight.requests.per.connection", pick({1, 2, 5, 5}));
    set("linger.ms", pick({0, 0, 2, 5, 20}));
    const std::int64_t batch = pick({512, 1024, 4096, 16384});
    set("batch.size", batch);
    set("buffer.memory", std::max<std::int64_t>(batch, 4096) * between(2, 12));
    set("max.block.ms", between(50, 3000));
    set("request.timeout.ms", between(300, 2000));
    set("delivery.timeout.ms", kDeliveryTimeoutMs);
    set("retry.backoff.ms", between(5, 100));
    set("retry.backoff.max.ms", 500);
    set("reconnect.backoff.ms", between(5, 50));
    set("reconnect.backoff.max.ms", 500);
    if (chance(40)) producer.config.emplace_back("compression.type", pick({"gzip", "snappy", "lz4", "zstd"}));
    if (transactional) {
      producer.config.emplace_back("transactional.id", "tx-" + name);
      set("transaction.timeout.ms", between(5'000, 10'000));
    }
    // One thread for the transactions of a producer: whoever commits ends what all others are doing.
    const auto threads = transactional ? 1 : between(1, 3);
    for (std::int64_t i = 0; i < threads; ++i) {
      producer.threads.push_back(
          {name + "-app-" + std::to_string(i + 1), transactional ? draw_transactions() : draw_steps(i == 0)});
    }
    idempotent_ = idempotent_ && idempotent;
    scenario_.producers.push_back(std::move(producer));
  }

  // A broker that knows nothing of a producer takes any sequence number as the first. If the very first batch
  // of a partition is lost and the second is not, even Kafka's idempotence stores out of order, or twice. So
  // in most scenarios each partition has a record of each producer before the faults begin.
  void add_warm_up(bool sends, std::vector<Step>& steps) {
    for (const TopicSpec& topic : scenario_.cluster.topics) {
      for (PartitionId i = 0; sends && i < topic.partitions; ++i) {
        SendStep send;
        send.topic = topic.name;
        send.partition = i;
        send.await = true;
        steps.push_back({std::move(send)});
      }
    }
    steps.push_back({BarrierStep{"warm"}});
  }

  std::vector<Step> draw_steps(bool first_thread) {
    std::vector<Step> steps;
    if (warm_) add_warm_up(first_thread, steps);
    const auto count = between(1, 4);
    for (std::int64_t i = 0; i < count; ++i) {
      steps.push_back({draw_send()});
      if (chance(30)) steps.push_back({SleepStep{Distribution::constant(millis(0, 500))}});
      if (chance(20)) steps.push_back({FlushStep{}});
    }
    if (chance(50)) steps.push_back({FlushStep{}});
    return steps;
  }

  std::vector<Step> draw_transactions() {
    std::vector<Step> steps;
    if (warm_) {
      steps.push_back({BeginStep{}});
      add_warm_up(true, steps);
      steps.insert(std::prev(steps.end()), Step{CommitStep{}});
    }
    const auto count = between(1, 5);
    for (std::int64_t i = 0; i < count; ++i) {
      steps.push_back({BeginStep{}});
      const auto sends = between(0, 3);
      for (std::int64_t k = 0; k < sends; ++k) steps.push_back({draw_send()});
      if (chance(20)) {
        const TopicSpec& topic = scenario_.cluster.topics.front();
        steps.push_back({OffsetsStep{"group", topic.name, 0, between(0, 100)}});
      }
      if (chance(20)) steps.push_back({SleepStep{Distribution::constant(millis(0, 500))}});
      if (chance(70)) {
        steps.push_back({CommitStep{}});
      } else {
        steps.push_back({AbortStep{}});
      }
    }
    return steps;
  }

  SendStep draw_send() {
    SendStep send;
    const TopicSpec& topic = scenario_.cluster.topics[prng_.below(scenario_.cluster.topics.size())];
    send.topic = topic.name;
    if (chance(40)) {
      send.partition = static_cast<PartitionId>(between(0, topic.partitions - 1));
    } else if (chance(50)) {
      send.key.kind = KeySpec::Kind::kText;
      send.key.text = "key-{i}";
    }
    send.value.size = chance(70) ? Distribution::constant(between(1, 300)) : Distribution::uniform(1, 3000);
    send.count = static_cast<std::uint64_t>(between(1, 60));
    if (chance(70)) {
      send.pace.kind = Pace::Kind::kEvery;
      send.pace.every =
          chance(50) ? Distribution::constant(millis(0, 40)) : Distribution::exponential(millis(1, 30));
    }
    send.await = chance(10);
    if (chance(10)) {
      auto on_callback = std::make_shared<OnCallback>();
      on_callback->take = Distribution::constant(millis(0, 5));
      send.on_callback = std::move(on_callback);
    }
    return send;
  }

  // ---- faults

  NodeId any_node() {
    return static_cast<NodeId>(between(1, static_cast<std::int64_t>(scenario_.cluster.nodes.size())));
  }

  // When it begins, and how long it lasts: it heals in time.
  FaultSpec any_fault() {
    FaultSpec spec;
    spec.at = (warm_ ? kWarmFaultsBegin : kColdFaultsBegin) + millis(0, 4000);
    spec.duration = std::min(millis(10, 2500), kRandomScenarioHealed - *spec.at);
    return spec;
  }

  void add(FaultSpec fault, FaultAction action) {
    fault.action = std::move(action);
    scenario_.faults.push_back(std::move(fault));
  }

  TopicPartition any_partition() {
    const TopicSpec& topic = scenario_.cluster.topics[prng_.below(scenario_.cluster.topics.size())];
    return {topic.name, static_cast<PartitionId>(between(0, topic.partitions - 1))};
  }

  void draw_kill() {
    const bool kills = chance(60);
    const FaultSpec fault = any_fault();
    const NodeFilter node{any_node()};
    add(fault, kills ? FaultAction(Kill{node}) : FaultAction(Pause{node}));
  }

  void draw_respond() {
    FaultSpec fault = any_fault();
    Respond respond;
    respond.api = ApiKey::kProduce;
    respond.error =
        pick({ErrorCode::kNotLeaderOrFollower, ErrorCode::kNotEnoughReplicas, ErrorCode::kRequestTimedOut,
              ErrorCode::kUnknownTopicOrPartition, ErrorCode::kNetworkException});
    respond.after_append = chance(40);
    if (chance(50)) respond.partition = any_partition();
    fault.times = static_cast<std::uint64_t>(between(1, 5));
    add(fault, respond);
  }

  template <typename Verb>
  void draw_message_fault() {
    FaultSpec fault = any_fault();
    Verb verb;
    verb.what = chance(50) ? MessageKind::kRequest : MessageKind::kResponse;
    if (chance(50)) verb.api = ApiKey::kProduce;
    if (chance(50)) verb.node = any_node();
    fault.times = static_cast<std::uint64_t>(between(1, 4));
    fault.per_million = static_cast<std::uint32_t>(between(100'000, 1'000'000));
    if constexpr (std::is_same_v<Verb, Delay>)
      verb.by = Distribution::uniform(millis(1, 50), millis(50, 1500));
    add(fault, verb);
  }

  void draw_disconnect() {
    FaultSpec fault = any_fault();
    fault.duration = 0;
    add(fault, Disconnect{{any_node()}, {}});
  }

  void draw_slow() {
    const FaultSpec fault = any_fault();
    Slow slow;
    slow.node = any_node();
    slow.service.all = Distribution::constant(millis(1, 200));
    add(fault, slow);
  }

  void draw_move_leader() {
    FaultSpec fault = any_fault();
    fault.duration = 0;
    MoveLeader move;
    move.partition = any_partition();
    move.to = any_node();
    add(fault, move);
  }

  void draw_faults() {
    constexpr int kKinds = 7;
    bool known[kKinds];
    for (bool& one : known) one = chance(45);
    const auto count = between(0, 8);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto kind = between(0, kKinds - 1);
      if (!known[kind]) continue;
      switch (kind) {
        case 0: draw_kill(); break;
        case 1: draw_respond(); break;
        case 2: draw_message_fault<Drop>(); break;
        case 3: draw_message_fault<Delay>(); break;
        case 4: draw_disconnect(); break;
        case 5: draw_slow(); break;
        default: draw_move_leader();
      }
    }
    // Whatever happened: everybody is up again in the end.
    scenario_.faults.push_back({.at = kRandomScenarioHealed, .action = Resume{}});
    scenario_.faults.push_back({.at = kRandomScenarioHealed, .action = Restart{}});
  }

  // ---- expectations

  void expect_what_must_hold() {
    const auto expect = [this](const std::string& text) { scenario_.expect.push_back(expectation(text)); };
    expect("always pool.free + pool.used == pool.total");
    expect("finally batches.incomplete == 0 and pool.used == 0B and pool.waiting == 0");
    for (const ProducerSpec& producer : scenario_.producers) {
      for (const auto& [key, id] : producer.config) {
        if (key != "transactional.id") continue;
        const std::string state = "transaction('" + id + "').state";
        expect("finally " + state + " == 'complete_commit' or " + state + " == 'complete_abort' or " + state +
               " == 'empty'");
      }
    }
    for (const TopicSpec& topic : scenario_.cluster.topics) {
      for (PartitionId i = 0; i < topic.partitions; ++i) {
        const std::string log = "partition('" + topic.name + "-" + std::to_string(i) + "').log.";
        expect("finally " + log + "open == 0");
        expect("always " + log + "last_stable <= " + log + "high_watermark");
      }
    }
    expect("finally acked + failed == sent + count('send_failed', thrown=false)");
    for (const ProducerSpec& producer : scenario_.producers) {
      for (const ThreadSpec& thread : producer.threads) {
        expect("finally thread('" + thread.name + "').state == 'closed'");
      }
    }
    if (!idempotent_) return;
    for (const TopicSpec& topic : scenario_.cluster.topics) {
      for (PartitionId i = 0; i < topic.partitions; ++i) {
        const std::string name = "partition('" + topic.name + "-" + std::to_string(i) + "').log.";
        expect("finally " + name + "missing == 0");
        if (!warm_) continue;
        expect("finally " + name + "duplicates == 0");
        expect("finally " + name + "in_order");
      }
    }
  }

  Prng prng_;
  Scenario scenario_;
  bool idempotent_ = true;  // all producers are
  bool warm_ = true;        // brokers know the producers before anything goes wrong
};

}  // namespace

Scenario random_scenario(std::uint64_t seed) { return Drawing(seed).draw(); }

}  // namespace sendscope::sim
