#include "tests/sim/sim_run.h"

namespace sendscope::sim {

TEST_CASE("a broker that is paused while it starts comes up all the same") {
  Scenario scenario = base_scenario(1, 1, 1);
  scenario.cluster.config.session_timeout = 2 * kNanosPerSecond;
  scenario.faults = {{.at = 500 * kNanosPerMilli, .duration = 100 * kNanosPerMilli, .action = Kill{{1}}},
                     {.at = 700 * kNanosPerMilli, .duration = 3 * kNanosPerSecond, .action = Pause{{1}}}};
  SendStep send = send_step(20);
  send.pace = {Pace::Kind::kEvery, Distribution::constant(100 * kNanosPerMilli), 0};
  add_producer(scenario, {{send}, {FlushStep{}}});
  SimRun run(scenario);
  run.finish();
  CHECK(run.completed(false) == 20);
}

}  // namespace sendscope::sim
