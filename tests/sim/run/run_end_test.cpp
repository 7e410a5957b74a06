// A run is over when nobody has anything to do: no thread a step, no batch and no request an end to come to.
#include "sim/run/invariants.h"
#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

using Config = std::vector<std::pair<std::string, std::string>>;

SendStep one(bool await) {
  SendStep send = send_step(1);
  send.partition = 0;
  send.await = await;
  return send;
}

Step sleep(Nanos time) { return {SleepStep{Distribution::constant(time)}}; }

std::string end_of(const SimRun& run) {
  const std::vector<Event> ends = run.of(EventKind::run_ended);
  if (ends.size() != 1) return "ended " + std::to_string(ends.size()) + " times";
  return run.sink.strings_from(ends[0].a)[0];
}

// What is left of a run that ended with nothing left to do.
std::string left_after(SimRun& run) {
  run.finish();
  if (end_of(run) != "nothing is left to do") return end_of(run);
  run::InvariantChecker checker;
  StringTable strings;
  strings.append(run.sink.strings_from(1));
  for (const Event& event : run.events) checker.observe(event, strings);
  checker.finish(true);
  return checker.violation();
}

Scenario scenario_of(std::vector<Step> steps, const Config& config = {}) {
  Scenario scenario = base_scenario(2, 1, 1);
  scenario.cluster.topics[0].leaders[0] = 2;
  scenario.until = 1200 * kNanosPerSecond;
  add_producer(scenario, std::move(steps), config);
  return scenario;
}

FaultSpec losing(MessageKind what, ApiKey api, Nanos at) {
  Drop lost;
  lost.what = what;
  lost.api = api;
  return {.at = at, .action = lost};
}

}  // namespace

TEST_CASE("a thread that has slept for minutes sends its next record all the same") {
  for (const int seconds : {29, 30, 31, 60, 90, 120, 240, 299, 300, 301, 600}) {
    for (const bool await : {true, false}) {
      INFO(seconds << " s");
      const Scenario scenario = scenario_of({{one(true)}, sleep(seconds * kNanosPerSecond), {one(await)}},
                                            {{"metadata.max.age.ms", "3600000"}});
      SimRun run(scenario);
      CHECK(left_after(run).empty());
      CHECK(run.completed(false) == 2);
    }
  }
}

TEST_CASE("a callback that takes its time is waited for, and what was sent meanwhile") {
  for (const int seconds : {1, 40, 90, 400}) {
    INFO(seconds << " s");
    SendStep slow = one(false);
    auto on_callback = std::make_shared<OnCallback>();
    on_callback->take = Distribution::constant(seconds * kNanosPerSecond);
    slow.on_callback = std::move(on_callback);
    const Scenario scenario = scenario_of({{slow}, sleep(100 * kNanosPerMilli), {one(false)}},
                                          {{"delivery.timeout.ms", "1000000"}});
    SimRun run(scenario);
    CHECK(left_after(run).empty());
    CHECK(run.completed(false) == 2);
    CHECK(run.simulation->now() >= seconds * kNanosPerSecond);
  }
}

TEST_CASE("the last callback is over before the run is, and the run right after it") {
  SendStep slow = one(false);
  auto on_callback = std::make_shared<OnCallback>();
  on_callback->take = Distribution::constant(40 * kNanosPerSecond);
  slow.on_callback = std::move(on_callback);
  const Scenario scenario = scenario_of({{slow}});
  SimRun run(scenario);
  CHECK(left_after(run).empty());
  CHECK(run.simulation->now() == run.of(EventKind::callback_busy)[0].t + 40 * kNanosPerSecond);
}

TEST_CASE("a batch that expired is not the end of its request: its memory comes back first") {
  Scenario scenario = scenario_of({{one(true)}, sleep(500 * kNanosPerMilli), {one(false)}},
                                  {{"linger.ms", "0"},
                                   {"request.timeout.ms", "2000"},
                                   {"delivery.timeout.ms", "3000"},
                                   {"metadata.max.age.ms", "3600000"}});
  scenario.faults.push_back(losing(MessageKind::kRequest, ApiKey::kProduce, 400 * kNanosPerMilli));
  SimRun run(scenario);
  CHECK(left_after(run).empty());
  CHECK(run.completed(true) == 1);
  REQUIRE(run.count(EventKind::batch_expired) == 1);
  CHECK(run.simulation->now() >= run.of(EventKind::batch_expired)[0].t + kNanosPerSecond);
}

TEST_CASE("a request of the producer's own comes to its end before the run does") {
  for (const ApiKey api : {ApiKey::kMetadata, ApiKey::kFindCoordinator}) {
    INFO(api_row(api).name);
    Scenario scenario = scenario_of({{one(true)}, sleep(20'100 * kNanosPerMilli)},
                                    {{"metadata.max.age.ms", "20000"}, {"request.timeout.ms", "5000"}});
    if (api == ApiKey::kFindCoordinator) {
      scenario.producers[0].config.emplace_back("transactional.id", "tx");
      scenario.producers[0].config.emplace_back("max.block.ms", "10");
      scenario.producers[0].threads[0].steps = {{InitStep{}}};
    }
    scenario.faults.push_back(
        losing(MessageKind::kResponse, api, api == ApiKey::kMetadata ? 10 * kNanosPerSecond : 0));
    scenario.faults.back().times = 1;
    SimRun run(scenario);
    CHECK(left_after(run).empty());
    REQUIRE(run.count(EventKind::message_lost) == 1);
    CHECK(run.of(EventKind::request_failed).size() == 1);
    CHECK(run.simulation->now() >= run.of(EventKind::message_lost)[0].t + 4 * kNanosPerSecond);
  }
}

// KafkaProducer.commitTransaction may be called again after a time-out; the sender does not depend on it.
TEST_CASE("a commit that timed out as the last step comes to its end all the same") {
  for (const bool last : {true, false}) {
    Scenario scenario =
        scenario_of({{BeginStep{}}, {one(false)}, {CommitStep{}}}, {{"transactional.id", "tx"},
                                                                    {"request.timeout.ms", "1000"},
                                                                    {"delivery.timeout.ms", "2000"},
                                                                    {"max.block.ms", "3000"}});
    if (!last) scenario.producers[0].threads[0].steps.push_back(sleep(kNanosPerMilli));
    scenario.faults.push_back(losing(MessageKind::kResponse, ApiKey::kEndTxn, 0));
    scenario.faults.back().duration = 8 * kNanosPerSecond;
    SimRun run(scenario);
    CHECK(left_after(run).empty());
    std::size_t timed_out = 0;
    for (const Event& event : run.of(EventKind::txn_call_ended))
      timed_out += event.b == static_cast<std::uint32_t>(ErrorCode::kTimeout);
    CHECK(timed_out == (last ? 1 : 2));
    const Event last_stage = run.of(EventKind::txn_coordinated).back();
    CHECK(last_stage.b == static_cast<std::uint32_t>(TxnStage::kCompleteCommit));
    CHECK(run.simulation->now() > 8 * kNanosPerSecond);
  }
}

TEST_CASE("who waits for what does not come waits until the time is up") {
  Scenario scenario = scenario_of({{one(true)}, sleep(500 * kNanosPerMilli), {one(false)}, {FlushStep{}}},
                                  {{"delivery.timeout.ms", "1000000"}});
  scenario.faults.push_back({.at = 400 * kNanosPerMilli, .action = Pause{}});
  scenario.until = 100 * kNanosPerSecond;
  SimRun run(scenario);
  run.finish();
  CHECK(end_of(run) == "the time is up");
  CHECK(run.simulation->now() == scenario.until);
}

TEST_CASE("who has come to a barrier once more than the others waits there until the time is up") {
  Scenario scenario = scenario_of({{BarrierStep{"b"}}});
  scenario.producers[0].threads.push_back({"app-2", {{BarrierStep{"b"}}, {BarrierStep{"b"}}}});
  scenario.until = 100 * kNanosPerSecond;
  SimRun run(scenario);
  run.finish();
  CHECK(end_of(run) == "the time is up");
  CHECK(run.simulation->now() == scenario.until);
}

TEST_CASE("a run that has a producer at rest and nothing else ends, however often it asks for metadata") {
  const Scenario scenario = scenario_of({{one(false)}}, {{"metadata.max.age.ms", "100"}});
  SimRun run(scenario);
  CHECK(left_after(run).empty());
  CHECK(run.simulation->now() < kNanosPerSecond);
}

}  // namespace sendscope::sim
