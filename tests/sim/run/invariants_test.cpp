// The checker of what must be true of every run, on its own: what it takes from the events, and what it says.
#include "sim/run/invariants.h"

#include "core/event/trace_file.h"
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/program.h"
#include "tests/support/shipped_scenarios.h"

using namespace sendscope;
using namespace sendscope::run;

namespace {

// Events by hand, shown to a checker.
class Telling {
 public:
  Telling() { tell({.kind = EventKind::producer_created, .actor = 0, .subject = 100, .b = 10}); }

  void tell(const Event& event) { checker.observe(event, strings_); }
  void config(std::string key, std::string value) {
    strings_.append({std::move(key), std::move(value)});
    tell({.kind = EventKind::config_set, .actor = 0, .a = strings_.size() - 2, .b = strings_.size() - 1});
  }
  void request(RequestId id) {
    tell({.kind = EventKind::request_sent, .actor = 0, .place = 1, .subject = id});
  }

  InvariantChecker checker;

 private:
  StringTable strings_;
};

}  // namespace

TEST_CASE("the limit of requests in flight is the one that the producer tells") {
  Telling two;
  two.config("max.in.flight.requests.per.connection", "2");
  two.request(1);
  two.request(2);
  CHECK(two.checker.violation().empty());
  two.request(3);
  CHECK(two.checker.violation() == "event 4 at 0 ns: 3 requests in flight to one node");
  Telling untold;
  for (RequestId id = 1; id < 20; ++id) untold.request(id);
  CHECK(untold.checker.violation().empty());
}

TEST_CASE("behind events that are missing nothing is held") {
  Telling run;
  run.config("max.in.flight.requests.per.connection", "1");
  run.request(1);
  run.tell({.kind = EventKind::events_lost, .subject = 7});
  run.request(2);
  run.tell({.kind = EventKind::memory_freed, .actor = 0, .subject = 1, .a = 1000});
  CHECK(run.checker.finish(true));
}

TEST_CASE("what is of nobody is said to be so") {
  Telling run;
  run.tell({.kind = EventKind::memory_reserved, .actor = 3, .a = 1, .b = 2});
  CHECK(run.checker.violation() == "event 1 at 0 ns: an event of a thread that does not exist");
  InvariantChecker nobody;
  nobody.observe({.kind = EventKind::memory_freed, .actor = 0, .a = 1}, StringTable());
  CHECK(nobody.violation() == "event 0 at 0 ns: an event of a producer that does not exist");
}

TEST_CASE("a recorded run is checked with nothing but its trace") {
  const testing::ProgramFolder folder;
  for (const std::string& path : test::shipped_scenarios()) {
    const ScenarioFileLoad load = open_scenario(path);
    REQUIRE(load.file.has_value());
    SimulatedRunOptions options;
    options.trace_file = folder.path("t.trace");
    auto run = SimulatedRun::create(recipe_of(load.file->scenario), options);
    REQUIRE(run.ok());
    (*run)->finish();
    const PipelineModel& model = (*run)->model();
    const bool at_rest = (*run)->log().strings().view(model.run.end_reason) == "nothing is left to do";
    auto trace = read_trace(options.trace_file);
    REQUIRE(trace.ok());
    const EventLog& log = (*trace)->log;
    REQUIRE(log.size() == (*run)->log().size());
    InvariantChecker checker;
    for (std::size_t i = 0; i < log.size(); ++i) checker.observe(log[i], log.strings());
    checker.finish(at_rest);
    INFO(path << ": " << checker.violation());
    CHECK(checker.violation().empty());
  }
}
