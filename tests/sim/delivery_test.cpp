// What a producer lives through when brokers misbehave: loss, duplicates, waiting, and their absence.
#include <algorithm>
#include <map>

#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

constexpr Nanos kMs = kNanosPerMilli;

SendStep paced(std::uint64_t count, std::uint64_t per_second) {
  SendStep send = send_step(count);
  send.partition = 0;
  send.pace.kind = Pace::Kind::kRate;
  send.pace.per_second = per_second;
  return send;
}

SendStep first_and_wait() {
  SendStep send = send_step(1);
  send.partition = 0;
  send.await = true;
  return send;
}

std::size_t sent(const SimRun& run, ApiKey api) {
  std::size_t n = 0;
  for (const Event& event : run.of(EventKind::request_sent))
    n += event.a == static_cast<std::uint32_t>(api) ? 1 : 0;
  return n;
}

// Records in the real leader's log of the only partition, at the end.
std::uint64_t stored(const SimRun& run) {
  std::map<std::uint16_t, std::uint64_t> ends;
  std::uint32_t leader = 0;
  for (const Event& event : run.events) {
    switch (event.kind) {
      case EventKind::log_appended: ends[event.actor] = event.a + event.b; break;
      case EventKind::log_truncated:
      case EventKind::replica_fetched: ends[event.actor] = event.a; break;
      case EventKind::leader_elected: leader = event.a; break;
      default: break;
    }
  }
  return ends[static_cast<std::uint16_t>(leader)];
}

}  // namespace

TEST_CASE("acks=0 loses in silence what meets a moved leader") {
  Scenario scenario = base_scenario(3, 1, 3);
  scenario.faults.push_back({.at = 500 * kMs, .action = MoveLeader{{{"orders", 0}}, 2}});
  add_producer(scenario, {{first_and_wait()}, {paced(1000, 1000)}, {FlushStep{}}},
               {{"acks", "0"}, {"enable.idempotence", "false"}, {"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) > stored(run));
  CHECK(run.count(EventKind::log_refused) > 0);
  for (const Event& event : run.of(EventKind::response_sent)) CHECK(event.a != 0u);
}

TEST_CASE("acks=1 loses the tail that no follower had; acks=all does not") {
  for (const char* acks : {"1", "all"}) {
    Scenario scenario = base_scenario(3, 1, 3);
    scenario.cluster.config.session_timeout = kNanosPerSecond;
    for (const NodeId node : {2, 3}) {
      scenario.faults.push_back({.at = 1000 * kMs, .duration = 250 * kMs, .action = Pause{{node}}});
    }
    scenario.faults.push_back({.at = 1200 * kMs, .action = Kill{{1}}});
    add_producer(scenario, {{paced(3000, 1000)}, {FlushStep{}}},
                 {{"acks", acks}, {"enable.idempotence", "false"}});
    SimRun run(scenario);
    run.finish();
    CHECK(run.completed(false) == 3000);
    const std::uint64_t in_log = stored(run);
    if (acks == std::string("1")) {
      CHECK(in_log < 3000 - 150);  // a thousand a second for a fifth of a second
      CHECK(in_log > 3000 - 250);
    } else {
      CHECK(in_log >= 3000);
    }
  }
}

TEST_CASE("too few in sync: retries with growing backoff, nothing appended, no metadata asked for") {
  Scenario scenario = base_scenario(3, 1, 3);
  scenario.cluster.topics[0].min_insync_replicas = 2;
  scenario.faults.push_back(
      {.at = 100 * kMs, .duration = 3000 * kMs, .action = ShrinkIsr{{{"orders", 0}}, {}}});
  SendStep second = first_and_wait();
  add_producer(scenario, {{first_and_wait()}, {SleepStep{Distribution::constant(200 * kMs)}}, {second}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 2);
  const std::size_t retries = run.count(EventKind::batch_retried);
  CHECK(retries >= 5);
  CHECK(retries <= 8);
  CHECK(run.count(EventKind::log_appended) == 2);
  CHECK(sent(run, ApiKey::kMetadata) == 1);
}

TEST_CASE(
    "pipelined requests of a connection are worked on one by one: acks=all pays the replicas each time") {
  const auto duration = [](const char* acks) {
    Scenario scenario = base_scenario(2, 1, 2);
    scenario.cluster.inter_broker.latency = Distribution::constant(10 * kMs);
    SendStep burst = paced(5, 2000);
    add_producer(scenario, {{first_and_wait()}, {burst}, {FlushStep{}}},
                 {{"acks", acks}, {"enable.idempotence", "false"}, {"linger.ms", "0"}});
    SimRun run(scenario);
    run.finish();
    std::vector<Nanos> started;
    for (const Event& event : run.of(EventKind::request_started)) {
      if (event.a == 0) started.push_back(event.t);
    }
    REQUIRE(started.size() >= 4);
    return started.back() - started[1];
  };
  CHECK(duration("all") >= 3 * 20 * kMs);
  CHECK(duration("1") < 6 * kMs);
}

TEST_CASE(
    "requests left on an old connection are appended after the new ones: duplicates without idempotence") {
  for (const bool idempotent : {false, true}) {
    Scenario scenario = base_scenario(1, 1, 1);
    scenario.faults.push_back({.at = 195 * kMs, .duration = 800 * kMs, .action = Pause{{1}}});
    add_producer(scenario,
                 {{first_and_wait()},
                  {SleepStep{Distribution::constant(185 * kMs)}},
                  {paced(10, 1000)},
                  {FlushStep{}}},
                 {{"enable.idempotence", idempotent ? "true" : "false"},
                  {"linger.ms", "0"},
                  {"request.timeout.ms", "500"},
                  {"delivery.timeout.ms", "60000"}});
    SimRun run(scenario);
    run.finish();
    CHECK(run.completed(false) == 11);
    if (idempotent) {
      CHECK(stored(run) == 11);
      CHECK(run.count(EventKind::log_duplicate) > 0);
    } else {
      CHECK(stored(run) > 11);
    }
  }
}

TEST_CASE(
    "nobody can be reached: the batch fails when delivery.timeout.ms is over, without a produce request") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.faults.push_back({.at = 100 * kMs, .action = Kill{{1}}});
  SendStep second = first_and_wait();
  add_producer(scenario, {{first_and_wait()}, {SleepStep{Distribution::constant(200 * kMs)}}, {second}},
               {{"metadata.recovery.strategy", "none"},  // or else it forgets where the partition was
                {"delivery.timeout.ms", "2000"},
                {"request.timeout.ms", "1000"},
                {"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(true) == 1);
  const Event opened = run.of(EventKind::batch_opened).back();
  const Event failed = run.of(EventKind::record_completed).back();
  CHECK(failed.t - opened.t >= 2000 * kMs);
  CHECK(failed.t - opened.t < 2010 * kMs);
  CHECK(sent(run, ApiKey::kProduce) == 1);
}

TEST_CASE("reconnecting backs off: 50 ms, doubling to a second, each within a fifth") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.faults.push_back({.at = 100 * kMs, .action = Kill{{1}}});
  scenario.until = 10'100 * kMs;
  add_producer(scenario,
               {{first_and_wait()}, {SleepStep{Distribution::constant(150 * kMs)}}, {first_and_wait()}},
               {{"metadata.recovery.strategy", "none"}});
  SimRun run(scenario);
  run.finish();
  std::vector<Nanos> tries;
  for (const Event& event : run.of(EventKind::connection_state)) {
    if (event.t > 100 * kMs && event.a == static_cast<std::uint32_t>(ConnectionState::kConnecting)) {
      tries.push_back(event.t);
    }
  }
  CHECK(tries.size() >= 10);
  CHECK(tries.size() <= 18);
  for (std::size_t i = 6; i + 1 < tries.size(); ++i) {
    CHECK(tries[i + 1] - tries[i] >= 790 * kMs);
    CHECK(tries[i + 1] - tries[i] <= 1210 * kMs);
  }
}

TEST_CASE("a moved leader: with the hint in the answer no metadata is needed, without it it is") {
  const auto recovery = [](std::int16_t version, std::size_t& metadata_requests) {
    Scenario scenario = base_scenario(2, 1, 2);
    scenario.cluster.config.produce_max_version = version;
    scenario.faults.push_back({.at = 200 * kMs, .action = MoveLeader{{{"orders", 0}}, 2}});
    SendStep second = first_and_wait();
    add_producer(scenario, {{first_and_wait()}, {SleepStep{Distribution::constant(300 * kMs)}}, {second}},
                 {{"linger.ms", "0"}});
    SimRun run(scenario);
    run.finish();
    CHECK(run.completed(false) == 2);
    CHECK(run.count(EventKind::batch_retried) == 1);
    metadata_requests = sent(run, ApiKey::kMetadata);
    return run.of(EventKind::record_completed).back().t - run.of(EventKind::record_appended).back().t;
  };
  std::size_t fast_requests = 0;
  std::size_t slow_requests = 0;
  const Nanos fast = recovery(12, fast_requests);
  const Nanos slow = recovery(7, slow_requests);
  CHECK(fast < 20 * kMs);  // connecting included
  CHECK(slow > fast);
  CHECK(slow_requests > 1);
}

TEST_CASE("a broker that is late with the news is not believed: the epoch never goes back") {
  Scenario scenario = base_scenario(3, 1, 3);
  scenario.cluster.propagation = Distribution::uniform(0, 800 * kMs);
  for (int i = 1; i <= 4; ++i) {
    const MoveLeader move{{{"orders", 0}}, i % 3 + 1};
    scenario.faults.push_back({.at = i * 500 * kMs, .action = move});
  }
  add_producer(scenario, {{paced(1500, 500)}, {FlushStep{}}}, {{"metadata.max.age.ms", "100"}});
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SimRun run(scenario, seed);
    run.finish();
    CHECK(run.completed(false) == 1500);
    CHECK(stored(run) == 1500);
    std::uint32_t epoch = 0;
    for (const Event& event : run.of(EventKind::leader_known)) {
      CHECK(event.b >= epoch);
      epoch = event.b;
    }
  }
}

TEST_CASE("a quota slows the client down to about what it allows") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.faults.push_back({.at = 0, .action = Quota{{}, 100'000}});
  scenario.until = 40 * kNanosPerSecond;
  SendStep send = paced(0, 3000);
  send.duration = 35 * kNanosPerSecond;
  add_producer(scenario, {{send}}, {{"max.block.ms", "60000"}, {"buffer.memory", "1000000"}});
  SimRun run(scenario);
  run.finish();
  std::uint64_t late_bytes = 0;
  for (const Event& event : run.of(EventKind::request_arrived)) {
    if (event.a == 0 && event.t >= 20 * kNanosPerSecond) late_bytes += event.b;
  }
  CHECK(late_bytes / 20 > 85'000);
  CHECK(late_bytes / 20 < 115'000);
  CHECK(run.count(EventKind::node_throttled) > 0);
}

TEST_CASE("in-flight batches that time out raise the epoch locally: no new producer id, no gap") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.faults.push_back({.at = 100 * kMs, .duration = 4000 * kMs, .action = Pause{{1}}});
  add_producer(scenario,
               {{first_and_wait()},
                {SleepStep{Distribution::constant(150 * kMs)}},
                {paced(2, 100)},
                {SleepStep{Distribution::constant(6000 * kMs)}},
                {first_and_wait()}},
               {{"delivery.timeout.ms", "1500"}, {"request.timeout.ms", "1000"}, {"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(true) == 2);
  CHECK(run.completed(false) == 2);
  CHECK(run.count(EventKind::epoch_bumped) == 1);
  CHECK(sent(run, ApiKey::kInitProducerId) == 1);
}

TEST_CASE("flush waits for what was appended before it, whatever the linger") {
  Scenario scenario = base_scenario(1, 1, 1);
  add_producer(scenario, {{paced(100, 1000)}, {FlushStep{}}}, {{"linger.ms", "10000"}});
  scenario.producers[0].threads.push_back({"app-2", {{paced(500, 1000)}}});
  SimRun run(scenario);
  run.finish();
  const Event began = run.of(EventKind::flush_began).front();
  const Event ended = run.of(EventKind::flush_ended).front();
  CHECK(ended.t - began.t < 20 * kMs);
  CHECK(run.completed(false) == 600);
}

TEST_CASE("close with a time-out against a dead cluster: everything fails when it is over") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.faults.push_back({.at = 100 * kMs, .action = Pause{{1}}});
  CloseStep close;
  close.timeout = kNanosPerSecond;
  add_producer(
      scenario,
      {{first_and_wait()}, {SleepStep{Distribution::constant(150 * kMs)}}, {paced(50, 1000)}, {close}});
  SimRun run(scenario);
  run.finish();
  const Event began = run.of(EventKind::close_began).front();
  const Event ended = run.of(EventKind::close_ended).front();
  CHECK(ended.t - began.t >= kNanosPerSecond);
  CHECK(ended.t - began.t < kNanosPerSecond + 20 * kMs);
  CHECK(ended.a == 1);
  CHECK(run.completed(true) == 50);
}

}  // namespace sendscope::sim
