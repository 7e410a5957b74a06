// A run is folded once, and every watch is shown every event of that fold; a recipe brings a run back.
#include "sim/run/watch.h"

#include <algorithm>

#include "core/event/event_log.h"
#include "sim/run/scenario_file.h"
#include "sim/run/sim_session.h"
#include "sim/run/simulated_run.h"
#include "tests/sim/sim_run.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"

using namespace sendscope;
using namespace sendscope::run;

namespace {

sim::Scenario scenario_of(const std::string& name) {
  const ScenarioFileLoad load = open_scenario(test::repository("scenarios/") + name);
  REQUIRE(load.file.has_value());
  return load.file->scenario;
}

// Holds what it is shown against what a run promises.
class Witness final : public Watch {
 public:
  bool on_event(const Moment& moment) override {
    in_order_ = in_order_ && moment.events == seen_ + 1 && moment.event != nullptr;
    one_fold_ =
        one_fold_ && moment.model.events == moment.events && (model_ == nullptr || model_ == &moment.model);
    model_ = &moment.model;
    ++seen_;
    return seen_ != leaves_at;
  }
  Nanos deadline() const override { return told_at_ < 0 ? due : kForever; }
  void on_deadline(const Moment& moment) override { told_at_ = moment.time; }
  void on_end(const Moment&, bool) override { ++ends_; }

  std::size_t leaves_at = 0;
  Nanos due = kForever;
  std::size_t seen_ = 0, ends_ = 0;
  Nanos told_at_ = -1;
  bool in_order_ = true, one_fold_ = true;
  const PipelineModel* model_ = nullptr;
};

std::vector<Event> events_of(const Recipe& recipe) {
  auto run = SimulatedRun::create(recipe);
  REQUIRE(run.ok());
  (*run)->finish();
  std::vector<Event> events;
  for (std::size_t i = 0; i < (*run)->log().size(); ++i) events.push_back((*run)->log()[i]);
  return events;
}

sim::FaultSpec slow_node(NodeId node) {
  sim::Slow slow;
  slow.node = node;
  slow.link.latency = sim::Distribution::constant(30 * kNanosPerMilli);
  return {.action = slow};
}

}  // namespace

TEST_CASE("every watch is shown every event of one fold, which is the run's history") {
  Witness whole, half;
  half.leaves_at = 20;
  SimulatedRunOptions options;
  options.watches = {&whole, &half};
  auto run = SimulatedRun::create(recipe_of(scenario_of("leader-dies.json")), options);
  REQUIRE(run.ok());
  (*run)->finish();
  CHECK(whole.in_order_);
  CHECK(whole.one_fold_);
  CHECK(whole.seen_ == (*run)->log().size());
  CHECK(whole.model_ == &(*run)->model());
  CHECK(whole.model_ == &(*run)->history().latest());
  CHECK(whole.ends_ == 1);
  CHECK(half.seen_ == 20);
  CHECK(half.ends_ == 0);
}

TEST_CASE("a session's history is the fold that its run's watches were shown") {
  const ScenarioFileLoad load = open_scenario(test::repository("scenarios/first-send.json"));
  REQUIRE(load.file.has_value());
  auto session = SimSession::create(*load.file);
  REQUIRE(session.ok());
  (*session)->run_until(kForever);
  CHECK((*session)->history().size() == (*session)->log().size());
  CHECK((*session)->history().latest().events == (*session)->log().size());
  REQUIRE_FALSE((*session)->lesson().empty());
  CHECK((*session)->lesson().back().due_events > 0);
}

TEST_CASE("a deadline of a watch is told at its time, before anything later happens") {
  Witness watch;
  watch.due = 7 * kNanosPerMilli + 1;
  SimulatedRunOptions options;
  options.watches = {&watch};
  auto run = SimulatedRun::create(recipe_of(scenario_of("backpressure.json")), options);
  REQUIRE(run.ok());
  (*run)->run_until(6 * kNanosPerMilli);
  CHECK(watch.told_at_ == -1);
  (*run)->finish();
  CHECK(watch.told_at_ == watch.due);
}

TEST_CASE("the same recipe gives the same events, and so does a scenario that says what was ordered") {
  Recipe recipe = recipe_of(scenario_of("leader-dies.json"), 5);
  const std::vector<Event> plain = events_of(recipe);
  recipe.orders = {slow_node(2)};
  recipe.orders[0].at = 100 * kNanosPerMilli;
  const std::vector<Event> slowed = events_of(recipe);
  CHECK(slowed == events_of(recipe));
  CHECK(slowed == events_of(recipe_of(played(recipe), 5)));
  CHECK(slowed != plain);
  CHECK(std::mismatch(slowed.begin(), slowed.end(), plain.begin(), plain.end()).first->t ==
        100 * kNanosPerMilli);
}

TEST_CASE("an order that has nothing to act on does not begin, and says why") {
  Recipe recipe = recipe_of(scenario_of("first-send.json"));
  sim::Drop drop;
  drop.client = recipe.scenario.producers[0].name;
  drop.request = 1'000;
  recipe.orders = {slow_node(1), {.at = kNanosPerMilli, .action = drop}};
  recipe.orders[0].at = 0;
  auto run = SimulatedRun::create(recipe);
  REQUIRE(run.ok());
  CHECK((*run)->refusals() == std::vector<std::string>{"", ""});
  (*run)->finish();
  CHECK((*run)->refusals() == std::vector<std::string>{"", "request 1000 is not known at this moment"});
  std::size_t begun = 0;
  for (std::size_t i = 0; i < (*run)->log().size(); ++i)
    begun += (*run)->log()[i].kind == EventKind::fault_began ? 1 : 0;
  CHECK(begun == 1 + recipe.scenario.faults.size());
  recipe.orders = {slow_node(77)};
  recipe.orders[0].at = kNanosPerMilli;
  CHECK(SimulatedRun::create(recipe).error().message.find("node 77") != std::string::npos);
}

TEST_CASE("all that a large scenario tells at one instant is recorded") {
  sim::Scenario scenario = sim::base_scenario(3, 10'000, 1);
  for (int t = 0; t < 4; ++t) {
    scenario.cluster.topics.push_back(scenario.cluster.topics.front());
    scenario.cluster.topics.back().name += std::to_string(t);
  }
  for (int p = 0; p < 100; ++p) {
    sim::add_producer(scenario, {{sim::FlushStep{}}});
    sim::ProducerSpec& producer = scenario.producers.back();
    producer.threads.clear();
    for (int i = 0; i < 100; ++i)
      producer.threads.push_back({"t" + std::to_string(100 * p + i), {{sim::FlushStep{}}}});
  }
  auto run = SimulatedRun::create(recipe_of(scenario));
  REQUIRE(run.ok());
  std::size_t partitions = 0, threads = 0;
  for (std::size_t i = 0; i < (*run)->log().size(); ++i) {
    partitions += (*run)->log()[i].kind == EventKind::partition_named ? 1 : 0;
    threads += (*run)->log()[i].kind == EventKind::thread_named ? 1 : 0;
  }
  CHECK(partitions == 50'000);
  CHECK(threads == 10'000);
}
