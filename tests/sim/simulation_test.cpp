// Whole scenarios in virtual time: records go from send() to their callbacks.
#include "sim/simulation.h"

#include "tests/sim/sim_run.h"

namespace sendscope::sim {

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

}  // namespace sendscope::sim
