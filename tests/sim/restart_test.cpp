#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

FaultSpec fault(FaultVerb verb, Nanos at, Nanos duration) {
  FaultSpec spec;
  spec.verb = verb;
  spec.at = at;
  spec.duration = duration;
  spec.node = 1;
  return spec;
}

}  // namespace

TEST_CASE("a broker that is paused while it starts comes up all the same") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.cluster.config.session_timeout = 2 * kNanosPerSecond;
  scenario.faults = {fault(FaultVerb::kKill, 500 * kNanosPerMilli, 100 * kNanosPerMilli),
                     fault(FaultVerb::kPause, 700 * kNanosPerMilli, 3 * kNanosPerSecond)};
  SendStep send = send_step(20);
  send.pace = {Pace::Kind::kEvery, Distribution::constant(100 * kNanosPerMilli), 0};
  add_producer(scenario, {{send}, {FlushStep{}}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 20);
}

}  // namespace sendscope::sim
