// Every time-out against what Kafka's rules give: it strikes when more than its value has passed, or exactly
// its value, and never twice that. A wait that runs out ends a little late, so the interval is
// [value, value + kLate], unless a rule of Kafka's own adds to it.
#include "sim/io_thread.h"
#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

constexpr Nanos kMs = kNanosPerMilli;
constexpr Nanos kLate = kMs + IoThread::kMaxScheduling;
constexpr std::uint64_t kSeeds = 10;

using Config = std::vector<std::pair<std::string, std::string>>;

struct Span {
  Nanos shortest = kForever;
  Nanos longest = 0;
  void add(Nanos span) {
    shortest = std::min(shortest, span);
    longest = std::max(longest, span);
  }
};

bool within(const Span& span, Nanos value, Nanos more = 0) {
  INFO("from " << span.shortest << " to " << span.longest << " ns");
  CHECK(span.shortest >= value);
  CHECK(span.longest <= value + more + kLate);
  return span.shortest >= value && span.longest <= value + more + kLate;
}

SendStep awaited() {
  SendStep send = send_step(1);
  send.partition = 0;
  send.await = true;
  return send;
}

Step sleep(Nanos time) { return {SleepStep{Distribution::constant(time)}}; }

// Node 2 leads the only partition, node 1 says who does; nothing but what the test is about.
Scenario quiet(std::vector<Step> steps, Config config) {
  Scenario scenario = base_scenario(2, 1, 1);
  scenario.cluster.topics[0].leaders[0] = 2;
  for (NodeSpec& node : scenario.cluster.nodes)
    node.link.latency = Distribution::constant(137 * kNanosPerMicro);
  scenario.until = 400 * kNanosPerSecond;
  const auto set = [&config](const char* key, const char* value) {
    if (std::none_of(config.begin(), config.end(), [key](const auto& c) { return c.first == key; }))
      config.emplace_back(key, value);
  };
  set("bootstrap.servers", "node-1:9092");
  set("enable.idempotence", "false");
  set("linger.ms", "0");
  set("metadata.max.age.ms", "3600000");
  add_producer(scenario, std::move(steps), std::move(config));
  return scenario;
}

// From the last event of `from` that matches to the first of `to` after it that does.
template <typename From, typename To>
Span spans(const Scenario& scenario, From from, To to) {
  Span span;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimRun run(scenario, seed);
    run.finish();
    Nanos began = -1;
    Nanos ended = -1;
    for (const Event& event : run.events) {
      if (from(event)) {
        began = event.t;
        ended = -1;
      }
      if (began >= 0 && ended < 0 && to(event)) ended = event.t;
    }
    REQUIRE(began >= 0);
    REQUIRE(ended >= began);
    span.add(ended - began);
  }
  return span;
}

auto kind_is(EventKind kind) {
  return [kind](const Event& event) { return event.kind == kind; };
}
auto first_of(EventKind kind) {
  return [kind, n = 0](const Event& event) mutable {
    if (event.kind == EventKind::run_started) n = 0;
    return event.kind == kind && n++ == 0;
  };
}
auto connection_is(ConnectionState state, std::uint32_t node) {
  return [state, node](const Event& event) {
    return event.kind == EventKind::connection_state && event.place == node &&
           event.a == static_cast<std::uint32_t>(state);
  };
}

}  // namespace

TEST_CASE("request.timeout.ms: InFlightRequests.hasExpiredRequest, now - sent > timeout") {
  Scenario scenario =
      quiet({{awaited()}, sleep(500 * kMs), {awaited()}}, {{"request.timeout.ms", "5000"}, {"retries", "0"}});
  scenario.faults.push_back({.at = 400 * kMs, .action = Pause{{2}}});
  const auto sent = [](const Event& e) {
    return e.kind == EventKind::request_sent && ApiKey(e.a) == ApiKey::kProduce;
  };
  CHECK(within(spans(scenario, sent, kind_is(EventKind::request_failed)), 5000 * kMs));
}

// While a transactional request is out the sender looks every retry.backoff.ms:
// Sender.maybeSendAndPollTransactionalRequest.
TEST_CASE("request.timeout.ms of a transactional request: the coordinator does not answer") {
  Scenario scenario = quiet({{InitStep{}}}, {{"enable.idempotence", "true"},
                                             {"transactional.id", "tx"},
                                             {"request.timeout.ms", "2000"},
                                             {"delivery.timeout.ms", "3000"},
                                             {"retry.backoff.ms", "10"},
                                             {"max.block.ms", "10000"}});
  Drop lost;
  lost.what = MessageKind::kResponse;
  lost.api = ApiKey::kInitProducerId;
  scenario.faults.push_back({.at = 0, .times = 1, .action = lost});
  const auto sent = [n = 0](const Event& e) mutable {
    if (e.kind == EventKind::run_started) n = 0;
    return e.kind == EventKind::request_sent && ApiKey(e.a) == ApiKey::kInitProducerId && n++ == 0;
  };
  CHECK(within(spans(scenario, sent, kind_is(EventKind::request_failed)), 2000 * kMs, 10 * kMs));
}

TEST_CASE("socket.connection.setup.timeout.ms: now - last attempt > timeout") {
  Scenario scenario =
      quiet({{awaited()}}, {{"socket.connection.setup.timeout.ms", "4000"},
                            {"socket.connection.setup.timeout.max.ms", "4000"},  // constant, without jitter
                            {"delivery.timeout.ms", "8000"},
                            {"request.timeout.ms", "8000"}});
  scenario.faults.push_back({.at = 0, .action = PartitionNetwork{"2", "clients", false}});
  const auto connecting = [n = 0](const Event& e) mutable {
    if (e.kind == EventKind::run_started) n = 0;
    return connection_is(ConnectionState::kConnecting, 2)(e) && n++ == 0;
  };
  CHECK(within(spans(scenario, connecting, connection_is(ConnectionState::kDisconnected, 2)), 4000 * kMs));
}

TEST_CASE("delivery.timeout.ms: delivery timeout <= now - created") {
  Scenario scenario = quiet({{awaited()}, sleep(500 * kMs), {awaited()}},
                            {{"request.timeout.ms", "1000"}, {"delivery.timeout.ms", "3000"}});
  scenario.faults.push_back({.at = 400 * kMs, .action = Kill{{2}}});
  CHECK(within(spans(scenario, kind_is(EventKind::batch_opened), kind_is(EventKind::batch_expired)),
               3000 * kMs));
  scenario.faults[0].action = Pause{{2}};
  CHECK(within(spans(scenario, kind_is(EventKind::batch_opened), kind_is(EventKind::batch_expired)),
               3000 * kMs));
}

TEST_CASE("linger.ms: waited >= linger") {
  const Scenario scenario = quiet({{awaited()}, sleep(500 * kMs), {awaited()}}, {{"linger.ms", "50"}});
  CHECK(
      within(spans(scenario, kind_is(EventKind::batch_opened), kind_is(EventKind::batch_drained)), 50 * kMs));
}

TEST_CASE("retry.backoff.ms: waited >= backoff") {
  Scenario scenario = quiet({{awaited()}}, {{"retry.backoff.ms", "400"}, {"retry.backoff.max.ms", "400"}});
  Respond refuse;
  refuse.api = ApiKey::kProduce;
  refuse.error = ErrorCode::kNotEnoughReplicas;
  scenario.faults.push_back({.at = 0, .times = 1, .action = refuse});
  CHECK(within(spans(scenario, kind_is(EventKind::batch_retried), kind_is(EventKind::batch_drained)),
               400 * kMs));
}

TEST_CASE("reconnect.backoff.ms: from the loss of a connection to the next attempt") {
  Scenario scenario = quiet({{awaited()}, sleep(500 * kMs), {awaited()}},
                            {{"reconnect.backoff.ms", "700"}, {"reconnect.backoff.max.ms", "700"}});
  scenario.faults.push_back({.at = 400 * kMs, .action = Disconnect{{2}, {}}});
  CHECK(within(spans(scenario, connection_is(ConnectionState::kDisconnected, 2),
                     connection_is(ConnectionState::kConnecting, 2)),
               700 * kMs));
}

TEST_CASE("metadata.max.age.ms: from an answer to the next time it is asked for") {
  const Scenario scenario =
      quiet({{awaited()}, sleep(100 * kNanosPerSecond)}, {{"metadata.max.age.ms", "60000"}});
  const auto answered = [](const Event& e) {
    return e.kind == EventKind::metadata_updated && e.t < 10 * kMs;
  };
  CHECK(within(spans(scenario, answered, kind_is(EventKind::metadata_requested)), 60'000 * kMs));
}

// ProducerMetadata.retainTopic looks when an answer comes: the first that is younger than the last use by
// metadata.max.idle.ms or more forgets the topic.
TEST_CASE("metadata.max.idle.ms: the topic is forgotten with the first answer after it") {
  for (const auto& [idle, forgotten] : {std::pair(5000, 10), std::pair(15'000, 20)}) {
    const Scenario scenario =
        quiet({{awaited()}, sleep(35 * kNanosPerSecond)},
              {{"metadata.max.age.ms", "10000"}, {"metadata.max.idle.ms", std::to_string(idle)}});
    const auto answered = [](const Event& e) {
      return e.kind == EventKind::metadata_updated && e.t < 10 * kMs;
    };
    const Nanos answer = 2 * kMs;  // each way, and the node's work
    const int refreshes = forgotten / 10;
    CHECK(within(spans(scenario, answered, kind_is(EventKind::partition_forgotten)),
                 forgotten * kNanosPerSecond, refreshes * (answer + kLate)));
  }
}

// The coordinator looks at intervals of its own: TransactionStateManager.timedOutTransactions.
TEST_CASE("transaction.timeout.ms: the coordinator aborts at its next look") {
  Scenario scenario =
      quiet({{BeginStep{}}, {awaited()}, sleep(20 * kNanosPerSecond)},
            {{"enable.idempotence", "true"}, {"transactional.id", "tx"}, {"transaction.timeout.ms", "5000"}});
  scenario.cluster.config.transaction_cleanup_interval = kNanosPerSecond;
  const auto stage = [](TxnStage wanted) {
    return [wanted](const Event& e) {
      return e.kind == EventKind::txn_coordinated && e.b == static_cast<std::uint32_t>(wanted);
    };
  };
  const auto began = [stage, n = 0](const Event& e) mutable {
    if (e.kind == EventKind::run_started) n = 0;
    return stage(TxnStage::kOngoing)(e) && n++ == 0;
  };
  const auto aborts = [stage](const Event& e) {
    return stage(TxnStage::kPrepareAbort)(e) || stage(TxnStage::kPrepareEpochFence)(e);
  };
  CHECK(within(spans(scenario, began, aborts), 5000 * kMs, kNanosPerSecond));
}

TEST_CASE("max.block.ms: for metadata, for memory, for a coordinator") {
  Scenario scenario = quiet({{awaited()}}, {{"max.block.ms", "2500"}});
  scenario.cluster.config.auto_create_topics = false;
  std::get<SendStep>(scenario.producers[0].threads[0].steps[0].what).topic = "nowhere";
  std::get<SendStep>(scenario.producers[0].threads[0].steps[0].what).partition.reset();
  CHECK(within(
      spans(scenario, kind_is(EventKind::metadata_wait_began), kind_is(EventKind::metadata_wait_ended)),
      2500 * kMs));

  SendStep three = send_step(3);
  three.partition = 0;
  scenario = quiet({{awaited()}, sleep(500 * kMs), {three}}, {{"max.block.ms", "2500"},
                                                              {"batch.size", "200"},
                                                              {"buffer.memory", "400"},
                                                              {"request.timeout.ms", "20000"}});
  std::get<SendStep>(scenario.producers[0].threads[0].steps[2].what).value.size = Distribution::constant(100);
  scenario.faults.push_back({.at = 400 * kMs, .action = Pause{{2}}});
  scenario.until = 20 * kNanosPerSecond;
  CHECK(within(spans(scenario, first_of(EventKind::memory_wait_began), kind_is(EventKind::memory_wait_ended)),
               2500 * kMs));

  scenario = quiet({{InitStep{}}},
                   {{"enable.idempotence", "true"}, {"transactional.id", "tx"}, {"max.block.ms", "2500"}});
  scenario.faults.push_back({.at = 0, .action = Pause{}});
  scenario.until = 4 * kNanosPerSecond;
  CHECK(within(spans(scenario, first_of(EventKind::txn_call_began), kind_is(EventKind::txn_call_ended)),
               2500 * kMs));
}

TEST_CASE("how late a producer's waits end depends on its name and the seed alone") {
  const auto drained = [](const Scenario& scenario, std::uint16_t producer, std::uint64_t seed) {
    SimRun run(scenario, seed);
    run.finish();
    std::vector<Nanos> times;
    for (const Event& event : run.of(EventKind::batch_drained)) {
      if (event.actor == producer) times.push_back(event.t);
    }
    return times;
  };
  SendStep sends = send_step(20);
  sends.partition = 0;
  sends.pace.kind = Pace::Kind::kEvery;
  sends.pace.every = Distribution::constant(30 * kMs);
  Scenario alone = quiet({{sends}}, {{"linger.ms", "7"}});
  alone.cluster.topics.push_back(alone.cluster.topics[0]);
  alone.cluster.topics[1].name = "others";
  alone.producers[0].name = "late";
  Scenario second = alone;
  SendStep other = sends;
  other.topic = "others";
  add_producer(second, {{other}}, {{"linger.ms", "3"}});
  std::swap(second.producers[0], second.producers[1]);
  CHECK(drained(alone, 0, 1).size() == 20);
  CHECK(drained(alone, 0, 1) == drained(second, 1, 1));
  CHECK(drained(alone, 0, 1) != drained(alone, 0, 2));
}

}  // namespace sendscope::sim
