// Deadlines are those of the configuration that is in force, whatever the profile.
#include <algorithm>

#include "core/model/queries.h"
#include "core/model/why.h"
#include "core/producer/effective_config.h"
#include "sim/run/simulated_run.h"
#include "tests/sim/sim_run.h"

using namespace sendscope;
using namespace sendscope::run;

namespace {

sim::Scenario scenario_of(std::string_view profile, std::vector<std::pair<std::string, std::string>> config) {
  sim::Scenario scenario = sim::base_scenario(1, 1, 1);
  scenario.profile = profile;
  sim::add_producer(scenario, {{sim::send_step(1)}}, std::move(config));
  return scenario;
}

std::unique_ptr<SimulatedRun> run_of(const sim::Scenario& scenario) {
  auto run = SimulatedRun::create(recipe_of(scenario));
  REQUIRE(run.ok());
  return std::move(*run);
}

// Until the only batch stands in its deque, or its request is in flight.
const BatchModel& only_batch(SimulatedRun& run, BatchState state) {
  while (run.step()) {
    const auto& batches = run.model().producers.at(0).batches;
    if (!batches.empty() && batches.begin()->second.state == state) return batches.begin()->second;
  }
  FAIL("no such batch");
  return run.model().producers.at(0).batches.begin()->second;
}

}  // namespace

TEST_CASE("linger, delivery and request have the deadlines of their profile") {
  for (const Profile& profile : profiles()) {
    INFO(profile.name);
    const auto run = run_of(scenario_of(profile.name, {}));
    const StringTable& words = run->log().strings();
    const Nanos created = only_batch(*run, BatchState::kOpen).created;
    const BatchModel& batch = only_batch(*run, BatchState::kInFlight);
    const Nanos linger = profile.name == "kafka-3.9" ? 0 : 5 * kNanosPerMilli;
    CHECK(config_number(run->model(), words, 0, "linger.ms") == linger / kNanosPerMilli);
    CHECK(delivery_deadline(run->model(), words, batch) == created + 120 * kNanosPerSecond);
    const RequestModel* request = run->model().request(batch.request);
    REQUIRE(request != nullptr);
    CHECK(request_deadline(run->model(), words, *request) == request->sent + 30 * kNanosPerSecond);
  }
}

TEST_CASE("an open batch waits for the linger of its producer's profile") {
  for (const Profile& profile : profiles()) {
    INFO(profile.name);
    const auto run = run_of(scenario_of(profile.name, {}));
    const BatchModel& batch = only_batch(*run, BatchState::kOpen);
    const Nanos linger = profile.name == "kafka-3.9" ? 0 : 5 * kNanosPerMilli;
    CHECK(linger_deadline(run->model(), run->log().strings(), batch) == batch.created + linger);
  }
}

TEST_CASE("the configuration of a run is the one that its producer has, derived values and all") {
  const auto run = run_of(scenario_of("kafka-4.3", {{"acks", "1"}, {"request.timeout.ms", "200000"}}));
  run->finish();
  const PipelineModel& model = run->model();
  const StringTable& words = run->log().strings();
  CHECK(config_text(model, words, 0, "enable.idempotence") == "false");
  CHECK(config_number(model, words, 0, "delivery.timeout.ms") == 200'005);
  CHECK(find_config(model, words, 0, "acks")->source == ConfigSource::kGiven);
  CHECK(find_config(model, words, 0, "enable.idempotence")->source == ConfigSource::kDerived);
  CHECK(find_config(model, words, 0, "linger.ms")->source == ConfigSource::kDefault);
  CHECK(config_text(model, words, 0, "no.such.key").empty());
  auto parsed = ProducerConfig::parse(
      {{"acks", "1"},
       {"request.timeout.ms", "200000"},
       {"client.id", "p1"},
       {"bootstrap.servers", std::string(config_text(model, words, 0, "bootstrap.servers"))}},
      nullptr);
  REQUIRE(parsed.ok());
  for (const EffectiveValue& value : effective_config(*parsed)) {
    INFO(value.key);
    CHECK(config_text(model, words, 0, value.key) == value.value);
  }
}
