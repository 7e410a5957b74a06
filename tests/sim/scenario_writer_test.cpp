// A fault that is written is read back as the same fault.
#include "sim/scenario_writer.h"

#include "sim/scenario_loader.h"
#include "sim/scenario_text.h"
#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

const std::string kScenario = R"({
  "sendscope": 1, "title": "t",
  "cluster": { "nodes": 3, "topics": { "orders": { "partitions": 2, "replicas": 3 } } },
  "producers": { "p1": { "threads": { "a": [ { "flush": {} } ] } } }
})";

FaultSpec read_back(const std::string& fault) {
  const auto text = with_item(kScenario, {"faults"}, fault);
  REQUIRE(text);
  const ScenarioLoad load = load_scenario_text(*text, "x.json");
  INFO(*text << "\n" << to_string(load.problems));
  REQUIRE(load.loaded);
  return load.loaded->scenario.faults.back();
}

TEST_CASE("every verb and argument is written as a person would write it, and reads back as it was") {
  const std::string written = GENERATE(
      R"({ "at": "1ms", "kill": { "node": 2 } })", R"({ "at": "1500us", "pause": {}, "for": "2s" })",
      R"({ "at": "0s", "respond": { "node": 1, "api": "Produce", "partition": "orders-1", )"
      R"("error": "NOT_LEADER_OR_FOLLOWER", "after_append": true, "client": "p1", "request": 7 }, "times": 3 })",
      R"({ "at": "7ns", "drop": { "api": "Metadata", "what": "response" }, "probability": 0.250000 })",
      R"({ "at": "1s", "delay": { "by": { "uniform": ["1ms", "2ms"] } } })",
      R"({ "at": "1s", "delay": { "by": { "lognormal": { "median": "1ms", "p99": "9ms" } } } })",
      R"({ "at": "1s", "delay": { "what": "request", "by": { "exponential": "3us" } } })",
      R"({ "at": "1s", "disconnect": { "node": 1, "client": "p1" } })",
      R"({ "at": "1s", "partition_network": { "from": 2, "to": "clients", "one_way": true } })",
      R"({ "at": "1s", "partition_network": { "from": "p1" } })",
      R"({ "at": "1s", "slow": { "node": 1, "link": { "latency": "3ms", "jitter": { "uniform": ["2ms", "2ms"] }, )"
      R"("bandwidth": "1000bit/s" }, "service": { "Produce": "5ms", "other": "1ms" } } })",
      R"({ "at": "1s", "slow": { "link": { "bandwidth": "unlimited" }, "service": "4ms" } })",
      R"({ "at": "1s", "move_leader": { "partition": "orders-0", "to": 3 } })",
      R"({ "at": "1s", "shrink_isr": { "node": 2, "partition": "orders-0" } })",
      R"({ "at": "1s", "add_partitions": { "topic": "orders", "count": 5 } })",
      R"({ "at": "1s", "delete_topic": { "topic": "orders" } })",
      R"({ "at": "1s", "quota": { "client": "p1", "bytes_per_second": 1000 } })",
      R"({ "at": "1s", "set": { "topic": "orders", "key": "min.insync.replicas", "value": 2 } })",
      R"({ "at": "1s", "set": { "topic": "orders", "key": "cleanup.policy", "value": "compact" } })",
      R"({ "at": "1s", "next": { "client": "p1", "what": "thread", "thread": "a", "after": 3 } })",
      R"({ "at": "1s", "next": { "node": 2, "what": "copy", "from": 1 } })",
      R"({ "at": "1s", "next": { "node": 2, "client": "p1", "what": "work", "request": 5 } })",
      R"({ "at": "1s", "set": { "key": "num.io.threads", "value": 1 } })");
  const std::string again = fault_text(read_back(written));
  CHECK(again.size() == written.size());  // the order of the arguments is the table's
  CHECK(fault_text(read_back(again)) == again);
  CHECK(describe(read_back(again)) == describe(read_back(written)));
}

}  // namespace
}  // namespace sendscope::sim
