// Application threads: paces, blocking, callbacks, barriers, repetition.
#include "sim/virtual_thread.h"

#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

std::vector<Nanos> times(const SimRun& run, EventKind kind) {
  std::vector<Nanos> result;
  for (const Event& event : run.of(kind)) result.push_back(event.t);
  return result;
}

// Everything is known beforehand, so that what follows is about paces only.
std::vector<Step> warmed_up(std::vector<Step> steps) {
  SendStep first = send_step(1);
  first.await = true;
  steps.insert(steps.begin(), Step{first});
  return steps;
}

std::vector<ThreadState> states(const SimRun& run, std::uint16_t thread) {
  std::vector<ThreadState> result;
  for (const Event& event : run.of(EventKind::thread_state)) {
    if (event.actor == thread) result.push_back(static_cast<ThreadState>(event.a));
  }
  return result;
}

}  // namespace

TEST_CASE("every: so long from one send to the next") {
  Scenario scenario = base_scenario(1, 1, 1);
  SendStep send = send_step(4);
  send.pace.kind = Pace::Kind::kEvery;
  send.pace.every = Distribution::constant(3 * kNanosPerMilli);
  add_producer(scenario, warmed_up({{send}}));
  SimRun run(scenario);
  run.finish();
  const auto sent = times(run, EventKind::record_appended);
  REQUIRE(sent.size() == 5);
  for (int i = 2; i < 5; ++i) CHECK(sent[i] - sent[i - 1] == 3 * kNanosPerMilli);
}

TEST_CASE("rate: so many a second, for so long, also at odd rates") {
  Scenario scenario = base_scenario(1, 1, 1);
  SendStep send = send_step(0);
  send.duration = 2 * kNanosPerSecond;
  send.pace.kind = Pace::Kind::kRate;
  send.pace.per_second = 333;
  add_producer(scenario, warmed_up({{send}}));
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 667);
}

TEST_CASE("poisson: about so many a second, unevenly") {
  Scenario scenario = base_scenario(1, 1, 1);
  SendStep send = send_step(0);
  send.duration = 5 * kNanosPerSecond;
  send.pace.kind = Pace::Kind::kPoisson;
  send.pace.per_second = 1000;
  add_producer(scenario, warmed_up({{send}}));
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) > 4700);
  CHECK(run.completed(false) < 5300);
}

TEST_CASE("await: the next send waits for the result of the last") {
  Scenario scenario = base_scenario(1, 1, 1);
  SendStep send = send_step(5);
  send.await = true;
  add_producer(scenario, {{send}}, {{"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  const auto sent = times(run, EventKind::record_appended);
  const auto done = times(run, EventKind::record_completed);
  REQUIRE(sent.size() == 5);
  REQUIRE(done.size() == 5);
  for (int i = 1; i < 5; ++i) CHECK(sent[i] == done[i - 1]);
}

TEST_CASE("a thread tells what it does: metadata, result, sleep, flush, close") {
  Scenario scenario = base_scenario(1, 1, 1);
  SendStep send = send_step(1);
  send.await = true;
  add_producer(scenario, {{send},
                          {SleepStep{Distribution::constant(kNanosPerMilli)}},
                          {send_step(1)},
                          {FlushStep{}},
                          {CloseStep{}}});
  SimRun run(scenario);
  run.finish();
  using S = ThreadState;
  CHECK(states(run, 0) == std::vector<S>{S::kRunning, S::kWaitingMetadata, S::kRunning, S::kWaitingResult,
                                         S::kRunning, S::kSleeping, S::kRunning, S::kFlushing, S::kRunning,
                                         S::kClosing, S::kClosed});
  CHECK(run.count(EventKind::close_ended) == 1);
}

TEST_CASE("no memory: the thread waits in line until max.block.ms is over, then goes on") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.faults.push_back({.at = 50 * kNanosPerMilli, .action = Pause{}});
  SendStep send = send_step(6);
  send.value.size = Distribution::constant(15'000);
  SendStep first = send_step(1);
  first.await = true;
  add_producer(scenario, {{first}, {SleepStep{Distribution::constant(100 * kNanosPerMilli)}}, {send}},
               {{"buffer.memory", "65536"}, {"max.block.ms", "500"}, {"linger.ms", "0"}});
  scenario.until = 3 * kNanosPerSecond;
  SimRun run(scenario);
  run.finish();
  const auto waits = run.of(EventKind::memory_wait_began);
  const auto ends = run.of(EventKind::memory_wait_ended);
  REQUIRE(waits.size() == 2);
  REQUIRE(ends.size() == 2);
  for (int i = 0; i < 2; ++i) {
    CHECK(ends[i].t - waits[i].t == 500 * kNanosPerMilli);
    CHECK(ends[i].b == static_cast<std::uint32_t>(ErrorCode::kBufferExhausted));
  }
  CHECK(run.count(EventKind::send_failed) == 2);
}

TEST_CASE("repeat and barrier: threads meet before each round") {
  Scenario scenario = base_scenario(1, 1, 1);
  const auto steps = [](Nanos pause) {
    RepeatStep repeat;
    repeat.times = 3;
    repeat.steps = {{BarrierStep{"meet"}}, {send_step(1)}, {SleepStep{Distribution::constant(pause)}}};
    return std::vector<Step>{{repeat}};
  };
  add_producer(scenario, steps(kNanosPerMilli));
  scenario.producers[0].threads.push_back({"app-2", steps(40 * kNanosPerMilli)});
  SimRun run(scenario);
  run.finish();
  const auto sent = run.of(EventKind::send_called);
  REQUIRE(sent.size() == 6);
  for (int round = 0; round < 3; ++round) CHECK(sent[2 * round].t == sent[2 * round + 1].t);
  CHECK(sent[4].t - sent[2].t >= 40 * kNanosPerMilli);
}

TEST_CASE("a callback that takes its time keeps the I/O thread; nothing is read meanwhile") {
  Scenario scenario = base_scenario(1, 1, 1);
  auto on_callback = std::make_shared<OnCallback>();
  on_callback->take = Distribution::constant(200 * kNanosPerMilli);
  SendStep slow = send_step(1);
  slow.on_callback = on_callback;
  slow.await = true;
  SendStep next = send_step(1);
  next.await = true;
  add_producer(scenario, {{slow}, {next}}, {{"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  const auto busy = run.of(EventKind::callback_busy);
  REQUIRE(busy.size() == 1);
  CHECK(busy[0].subject == static_cast<std::uint64_t>(200 * kNanosPerMilli));
  for (const Event& event : run.events) {
    if (event.kind != EventKind::request_sent && event.kind != EventKind::response_received) continue;
    CHECK((event.t <= busy[0].t || event.t >= busy[0].t + 200 * kNanosPerMilli));
  }
}

TEST_CASE("a callback may send; that record has its own callback") {
  Scenario scenario = base_scenario(1, 2, 1);
  auto on_callback = std::make_shared<OnCallback>();
  SendStep inner = send_step(2);
  inner.partition = 1;
  on_callback->steps.push_back({inner});
  SendStep outer = send_step(3);
  outer.partition = 0;
  outer.on_callback = on_callback;
  add_producer(scenario, {{outer}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 9);
}

TEST_CASE("a send in a callback that finds no memory blocks the I/O thread until max.block.ms") {
  Scenario scenario = base_scenario(1, 1, 1);
  auto on_callback = std::make_shared<OnCallback>();
  SendStep inner = send_step(5);
  inner.value.size = Distribution::constant(15'000);
  on_callback->steps.push_back({inner});
  SendStep outer = send_step(1);
  outer.on_callback = on_callback;
  add_producer(scenario, {{outer}}, {{"buffer.memory", "49152"}, {"max.block.ms", "300"}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) + run.completed(true) + run.count(EventKind::send_failed) >= 6);
  CHECK(run.count(EventKind::memory_wait_began) >= 1);
  CHECK(run.simulation->now() >= 600 * kNanosPerMilli);
}

TEST_CASE("keys, zipf keys, headers and texts arrive as records of their size") {
  Scenario scenario = base_scenario(1, 4, 1);
  SendStep keyed = send_step(50);
  keyed.key.kind = KeySpec::Kind::kText;
  keyed.key.text = "user-{i}";
  keyed.value.kind = ValueSpec::Kind::kText;
  keyed.value.text = "value {i} of {i}";
  keyed.headers = {{"h", "1"}};
  SendStep zipf = send_step(50);
  zipf.key.kind = KeySpec::Kind::kZipf;
  zipf.key.zipf = 3;
  SendStep empty = send_step(1);
  empty.value.kind = ValueSpec::Kind::kNone;
  add_producer(scenario, {{keyed}, {zipf}, {empty}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 101);
  std::set<std::uint32_t> places;
  for (const Event& event : run.of(EventKind::record_appended)) places.insert(event.place);
  CHECK(places.size() == 4);
}

TEST_CASE("a thread that awaits a record is not let go by the callback of an earlier one") {
  Scenario scenario = base_scenario(2, 2, 1);
  scenario.cluster.topics[0].leaders = {{0, 1}, {1, 2}};
  scenario.cluster.nodes[1].link.latency = Distribution::constant(40 * kNanosPerMilli);
  SendStep warm = send_step(1), early = send_step(1), awaited = send_step(1);
  warm.partition = 0;
  warm.await = true;
  early.partition = 0;
  awaited.partition = 1;
  awaited.await = true;
  add_producer(scenario, {{warm}, {early}, {awaited}}, {{"linger.ms", "0"}});
  SimRun run(scenario);
  run.finish();
  // The slow record is the last to be completed, and only then is the thread at its end.
  const std::vector<Event> completed = run.of(EventKind::record_completed);
  REQUIRE(completed.size() == 3);
  const std::vector<Event> states = run.of(EventKind::thread_state);
  CHECK(completed[2].t - completed[1].t > 30 * kNanosPerMilli);
  CHECK(states.back().a == static_cast<std::uint32_t>(ThreadState::kClosed));
  CHECK(states.back().t >= completed[2].t);
}

}  // namespace sendscope::sim
