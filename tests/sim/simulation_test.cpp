// Whole scenarios in virtual time: records go from send() to their callbacks; the same seed, the same run.
#include "sim/simulation.h"

#include <cstring>

#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

Scenario busy_scenario() {
  Scenario scenario = base_scenario(3, 6, 3);
  for (NodeSpec& node : scenario.cluster.nodes) {
    node.link.jitter = Distribution::uniform(0, kNanosPerMilli);
    node.service.by_api[ApiKey::kProduce] = Distribution::lognormal(300 * kNanosPerMicro, 3 * kNanosPerMilli);
  }
  SendStep send = send_step(2000);
  send.value.size = Distribution::uniform(10, 500);
  send.pace.kind = Pace::Kind::kPoisson;
  send.pace.per_second = 3000;
  for (int i = 0; i < 2; ++i) {
    add_producer(scenario, {{send}, {FlushStep{}}});
    scenario.producers.back().threads.push_back({"app-2", {{send}, {FlushStep{}}}});
  }
  scenario.cluster.config.session_timeout = 300 * kNanosPerMilli;
  scenario.faults.push_back(
      {.at = 200 * kNanosPerMilli, .duration = 300 * kNanosPerMilli, .action = Kill{{1}}});
  Respond respond;
  respond.api = ApiKey::kProduce;
  respond.error = ErrorCode::kNotEnoughReplicas;
  // Not from the start: a refused first batch whose successor is stored can never be stored itself, as the
  // broker has no state yet to tell the gap.
  scenario.faults.push_back({.at = 150 * kNanosPerMilli,
                             .duration = 300 * kNanosPerMilli,
                             .per_million = 50'000,
                             .action = respond});
  return scenario;
}

bool equal_bytes(const std::vector<Event>& a, const std::vector<Event>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Event)) == 0;
}

}  // namespace

TEST_CASE("one record travels from send to its callback") {
  Scenario scenario = base_scenario();
  add_producer(scenario, {{send_step(1)}, {FlushStep{}}, {CloseStep{}}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 1);
  CHECK(run.completed(true) == 0);
  CHECK(run.count(EventKind::log_appended) == 1);
  CHECK(run.count(EventKind::replica_fetched) == 2);
  CHECK(run.count(EventKind::run_ended) == 1);
  CHECK(run.simulation->now() < kNanosPerSecond);
}

TEST_CASE("the same seed gives the same bytes; another seed gives others") {
  const Scenario scenario = busy_scenario();
  SimRun first(scenario, 7);
  SimRun second(scenario, 7);
  SimRun other(scenario, 8);
  first.finish();
  second.finish();
  other.finish();
  CHECK(first.completed(false) == 8000);
  CHECK(equal_bytes(first.events, second.events));
  CHECK(first.sink.strings_from(0) == second.sink.strings_from(0));
  CHECK_FALSE(equal_bytes(first.events, other.events));
}

TEST_CASE("forty producers on five nodes: two hundred connections, and every request is answered") {
  Scenario scenario = base_scenario(5, 5, 1);
  for (int i = 0; i < 40; ++i) {
    SendStep send = send_step(50);
    send.pace.kind = Pace::Kind::kEvery;
    send.pace.every = Distribution::uniform(kNanosPerMilli, 3 * kNanosPerMilli);
    std::vector<Step> steps;
    for (PartitionId p = 0; p < 5; ++p) {
      send.partition = p;
      steps.push_back({send});
    }
    steps.push_back({FlushStep{}});
    add_producer(scenario, steps);
  }
  SimRun run(scenario, 4);
  run.finish();
  std::set<std::pair<std::uint16_t, std::uint32_t>> connections;
  for (const Event& event : run.of(EventKind::request_arrived)) connections.emplace(event.actor, event.place);
  CHECK(connections.size() == 200);
  CHECK(run.completed(false) == 40 * 250);
  CHECK(run.completed(true) == 0);
  std::multiset<std::uint64_t> asked, answered;
  for (const Event& event : run.of(EventKind::request_sent)) asked.insert(event.subject);
  for (const Event& event : run.of(EventKind::response_received)) answered.insert(event.subject);
  CHECK(asked == answered);
}

TEST_CASE("how it is stepped makes no difference") {
  const Scenario scenario = busy_scenario();
  SimRun whole(scenario, 3);
  whole.finish();
  SimRun parts(scenario, 3);
  Nanos time = 0;
  while (parts.simulation->run_until(time)) {
    parts.take();
    CHECK(parts.simulation->now() == time);
    time += 7 * kNanosPerMilli;
  }
  parts.take();
  CHECK(equal_bytes(whole.events, parts.events));
}

TEST_CASE("a run ends when nothing is left, or when its time is up, and says which") {
  Scenario scenario = base_scenario();
  add_producer(scenario, {{SleepStep{Distribution::constant(10 * kNanosPerSecond)}}});
  SimRun rest(scenario);
  rest.finish();
  CHECK(rest.simulation->now() == 10 * kNanosPerSecond);
  CHECK(rest.simulation->next_time() == kForever);
  CHECK(rest.sink.strings_from(rest.of(EventKind::run_ended)[0].a)[0] == "nothing is left to do");
  CHECK_FALSE(rest.simulation->step());
  rest.take();
  CHECK(rest.count(EventKind::run_ended) == 1);

  scenario.until = 4 * kNanosPerSecond;
  SimRun timed(scenario);
  timed.finish();
  CHECK(timed.simulation->now() == 4 * kNanosPerSecond);
  CHECK(timed.sink.strings_from(timed.of(EventKind::run_ended)[0].a)[0] == "the time is up");
}

TEST_CASE("a fault that is still to come keeps the run going") {
  Scenario scenario = base_scenario();
  add_producer(scenario, {{send_step(1)}, {FlushStep{}}});
  SimRun plain(scenario);
  plain.finish();
  const Nanos at = plain.simulation->now() + kNanosPerSecond;
  scenario.faults = {{.at = at, .action = Kill{{1}}}};
  SimRun run(scenario);
  run.finish();
  CHECK(run.simulation->now() >= at + scenario.cluster.config.session_timeout);
  CHECK(run.count(EventKind::run_ended) == 1);
  CHECK(run.of(EventKind::leader_elected).back().t > at);
}

TEST_CASE("a fault names what exists, or is refused; one with when begins once, when told") {
  Scenario scenario = base_scenario();
  scenario.faults.push_back({.when = condition("acked == 1"), .action = Kill{{2}}});
  add_producer(scenario, {{send_step(1)}});
  SimRun run(scenario);
  CHECK_FALSE(run.simulation->check({.action = Kill{{9}}}).ok());
  CHECK(run.simulation->check({.action = Kill{{2}}}).ok());
  run.simulation->fire_fault(0);
  run.simulation->fire_fault(0);
  run.simulation->fire_fault(5);
  run.take();
  CHECK(run.count(EventKind::fault_began) == 1);
}

TEST_CASE("a fault whose time has come begins after all else that happens then, if its judge says so") {
  Scenario scenario = base_scenario();
  add_producer(scenario, {{send_step(20)}, {FlushStep{}}});
  SimRun plain(scenario);
  plain.finish();
  const Nanos at = plain.of(EventKind::response_received).front().t;
  scenario.faults.assign(2, {.at = at, .action = Pause{{1}}});
  SimulationOptions options;
  options.judge = [](std::size_t planned) { return planned == 1; };
  SimRun run(scenario, 1, options);
  run.finish();
  REQUIRE(run.count(EventKind::fault_began) == 1);
  CHECK(run.of(EventKind::fault_began)[0].subject == 1);
  std::size_t same = 0;
  while (run.events[same] == plain.events[same]) ++same;
  CHECK(run.events[same].kind == EventKind::fault_began);
  CHECK(plain.events[same].t > at);
}

TEST_CASE("a leader dies under load: every record is acknowledged once") {
  const Scenario scenario = busy_scenario();
  std::size_t retried = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SimRun run(scenario, seed);
    run.finish();
    CHECK(run.completed(false) == 8000);
    CHECK(run.completed(true) == 0);
    retried += run.count(EventKind::batch_retried);
  }
  CHECK(retried > 0);
}

TEST_CASE("scenarios that contradict themselves are refused with a reason") {
  EventSink sink;
  const auto problem = [&](const Scenario& scenario) {
    const auto built = Simulation::create(scenario, 1, sink);
    return built.ok() ? std::string() : built.error().message;
  };
  Scenario scenario = base_scenario(2, 1, 3);
  CHECK(problem(scenario) ==
        "cluster.topics.orders.replicas: found 3 replicas; expected as many replicas as there are nodes: "
        "from 1 to 2");
  scenario = base_scenario();
  scenario.cluster.topics[0].leaders[0] = 9;
  CHECK(problem(scenario) ==
        "cluster.topics.orders.leaders.0: found node 9; expected the id of a node of the cluster: 1, 2, 3");
  scenario = base_scenario();
  add_producer(scenario, {{BeginStep{}}});
  CHECK(problem(scenario).find("expected a \"transactional.id\"") != std::string::npos);
  scenario = base_scenario();
  add_producer(scenario, {}, {{"linger.ms", "-1"}});
  CHECK(problem(scenario).find("linger.ms") != std::string::npos);
  CHECK(problem(scenario).find("producer p1") != std::string::npos);
  scenario = base_scenario();
  scenario.faults.push_back({.action = Kill{{7}}});
  CHECK(problem(scenario) ==
        "faults[0].kill.node: found node 7; expected the id of a node of the cluster: 1, 2, 3");
  CHECK(problem(Scenario{}) == "cluster.nodes: found no nodes; expected at least one");
}

TEST_CASE("a topic of its own accord, and one that goes away under load") {
  Scenario scenario = base_scenario(3, 1, 1);
  SendStep send = send_step(100);
  send.topic = "fresh";
  send.pace.kind = Pace::Kind::kRate;
  send.pace.per_second = 1000;
  add_producer(scenario, {{send}, {FlushStep{}}},
               {{"delivery.timeout.ms", "2000"}, {"request.timeout.ms", "500"}, {"max.block.ms", "1000"}});
  SimRun created(scenario);
  created.finish();
  CHECK(created.completed(false) == 100);
  scenario.faults.push_back({.at = 50 * kNanosPerMilli, .action = DeleteTopic{{"orders"}}});
  scenario.cluster.config.auto_create_topics = false;
  std::get<SendStep>(scenario.producers[0].threads[0].steps[0].what).topic = "orders";
  SimRun deleted(scenario);
  deleted.finish();
  CHECK(deleted.completed(false) > 0);
  CHECK(deleted.completed(true) > 0);
}

}  // namespace sendscope::sim
