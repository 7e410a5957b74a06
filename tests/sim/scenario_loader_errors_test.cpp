#include "sim/scenario_loader.h"
#include "tests/sim/sample_scenario.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::sim;
using namespace sendscope::testing;

namespace {

struct Mistake {
  const char* piece;    // of the sample
  const char* instead;  // the mistake
  const char* path;     // where it must be found
  const char* says;     // and what the message must contain
};

constexpr Mistake kMistakes[] = {
    {"\"seed\": 42", "\"sede\": 42", "sede", "did you mean 'seed'?"},
    {"\"seed\": 42", "\"seed\": -1", "seed", "from 0"},
    {"\"sendscope\": 1", "\"sendscope\": 2", "sendscope", "expected 1, the one version"},
    {"\"kafka-4.3\"", "\"kafka-1.0\"", "profile", "kafka-4.3"},
    {"\"kafka-3.9\"", "\"kafka-1.0\"", "producers.p2.profile", "kafka-3.9"},
    {"\"kafka-3.9\"", "\"kafka-4.0\"", "producers.p2.config.max.in.flight.requests.per.connection",
     "at most 5"},
    {"\"title\": \"Everything\"", "\"title\": 5", "title", "found the number 5; expected a string"},
    {"\"until\": \"5s\"", "\"until\": \"5 parsecs\"", "until", "such as \"5ms\""},
    {"\"until\": \"5s\"", "\"until\": 5", "until", "found the number 5; expected a duration"},
    {"\"min.insync.replicas\": 2", "\"min.insync.replica\": 2", "cluster.topics.orders.min.insync.replica",
     "did you mean 'min.insync.replicas'?"},
    {"\"replicas\": 3", "\"replicas\": 4", "cluster.topics.orders.replicas", "from 1 to 3"},
    {"\"leaders\": { \"0\": 2 }", "\"leaders\": { \"0\": 9 }", "cluster.topics.orders.leaders.0", "1, 2, 3"},
    {"\"leaders\": { \"0\": 2 }", "\"leaders\": { \"7\": 2 }", "cluster.topics.orders.leaders.7",
     "from 0 to 2"},
    {"\"logs\": {", "\"lo gs\": {", "cluster.topics.lo gs", "characters"},
    {"\"compression.type\": \"zstd\"", "\"compression.type\": \"none\"",
     "cluster.topics.logs.compression.type", "\"producer\", \"uncompressed\""},
    {"\"compression.type\": \"zstd\"", "\"compression.type\": 4", "cluster.topics.logs.compression.type",
     "found the number 4"},
    {"\"1Gbit/s\"", "\"1Gbit\"", "cluster.link.bandwidth", "such as \"100Mbit/s\""},
    {"[\"1ms\", \"3ms\"]", "[\"3ms\", \"1ms\"]", "cluster.link.latency.uniform", "the least value first"},
    {"{ \"exponential\": \"300us\" }", "{ \"gauss\": \"300us\" }", "cluster.service.Produce.gauss",
     "unknown key"},
    {"{ \"topic\": \"orders\", \"partition\": 0,", "{ \"topic\": \"order\", \"partition\": 0,",
     "producers.p1.threads.app-1[0].send.topic", "did you mean 'orders'?"},
    {"{ \"topic\": \"orders\", \"partition\": 0,", "{ \"topic\": \"orders\", \"partition\": 5,",
     "producers.p1.threads.app-1[0].send.partition", "from 0 to 4"},
    {"\"every\": \"200us\"", "\"every\": \"200us\", \"rate\": \"5/s\"",
     "producers.p1.threads.app-1[0].send.rate", "one of them"},
    {"\"rate\": \"10/ms\"", "\"rate\": \"fast\"", "producers.p1.threads.app-1[1].send.rate",
     "such as \"10000/s\""},
    {"{ \"flush\": {} }", "{ \"flsh\": {} }", "producers.p1.threads.app-1[6].flsh", "did you mean 'flush'?"},
    {"{ \"flush\": {} }", "{ \"flush\": { \"x\": 1 } }", "producers.p1.threads.app-1[6].flush.x",
     "no keys here"},
    {"\"linger.ms\": 0,", "\"linger.ms\": -5,", "producers.p1.config.linger.ms", "linger.ms"},
    {"\"acks\": \"all\"", "\"acks\": \"most\"", "producers.p1.config.acks", "acks"},
    {"\"linger.ms\": 0,", "\"linger.ms\": [0],", "producers.p1.config.linger.ms", "a string, a number"},
    {"\"node\": 1, \"api\": \"Produce\"", "\"node\": 7, \"api\": \"Produce\"", "faults[0].respond.node",
     "1, 2, 3"},
    {"\"api\": \"Produce\"", "\"api\": \"Prodcue\"", "faults[0].respond.api", "did you mean 'Produce'?"},
    {"\"NOT_LEADER_OR_FOLLOWER\"", "\"NOT_LEADER_OR_FOLOWER\"", "faults[0].respond.error",
     "did you mean 'NOT_LEADER_OR_FOLLOWER'?"},
    {"\"partition\": \"orders-0\"", "\"partition\": \"orders-9\"", "faults[0].respond.partition",
     "from 0 to 4"},
    {"\"partition\": \"orders-0\"", "\"partition\": \"orders\"", "faults[0].respond.partition",
     "such as \"orders-0\""},
    {"{ \"at\": \"0ms\", \"respond\"", "{ \"respond\"", "faults[0]", "neither \"at\" nor \"when\""},
    {"{ \"at\": \"0ms\", \"respond\"", "{ \"at\": \"0ms\", \"answer\"", "faults[0].answer", "unknown key"},
    {"\"kill\": { \"node\": 3 }", "\"kill\": { \"node\": 3 }, \"pause\": {}", "faults[3].pause",
     "one verb a fault"},
    {"\"by\": \"5ms\"", "\"by\": true", "faults[2].delay.by", "found true; expected a duration"},
    {"\"client\": \"p1\"", "\"client\": \"p3\"", "faults[8].quota.client", "p1 or p2"},
    {"\"probability\": 0.25", "\"probability\": 1.25", "faults[1].probability", "from 0 to 1"},
    {"\"lesson\": \"everything.md\"", "\"lesson\": \"/etc/passwd\"", "lesson", ".md file"},
    {"\"expect\": [ \"always", "\"expect\": [ 5, \"always", "expect[0]", "an expectation"},
};

}  // namespace

TEST_CASE("every mistake is told with its place, what was found and what was expected") {
  for (const Mistake& mistake : kMistakes) {
    const std::string text = sample_with(mistake.piece, mistake.instead);
    const ScenarioLoad load = load_scenario_text(text, "s.json");
    INFO(mistake.instead << "\n" << to_string(load.problems));
    REQUIRE_FALSE(load.loaded.has_value());
    bool told = false;
    for (const Problem& problem : load.problems) {
      CHECK(problem.line > 0);
      CHECK(problem.column > 0);
      told = told ||
             (problem.path == mistake.path && to_string(problem).find(mistake.says) != std::string::npos);
    }
    CHECK(told);
  }
}

TEST_CASE("several mistakes are told at once, in the order of the file") {
  std::string text = sample_with("\"seed\": 42", "\"sede\": 42");
  text.replace(text.find("\"until\": \"5s\""), 13, "\"until\": true");
  const ScenarioLoad load = load_scenario_text(text, "s.json");
  REQUIRE(load.problems.size() == 2);
  CHECK(load.problems[0].path == "sede");
  CHECK(load.problems[1].path == "until");
  CHECK(to_string(load.problems).find("s.json:5:3: sede: ") == 0);
}

TEST_CASE("text that is no JSON, no object, or no file") {
  CHECK(load_scenario_text("", "s.json").problems.size() == 1);
  CHECK(load_scenario_text("[]", "s.json").problems.size() == 1);
  CHECK(load_scenario_text("{\"title\": }", "s.json").problems.size() == 1);
  const ScenarioLoad missing = load_scenario_file("no/such/file.json");
  REQUIRE(missing.problems.size() == 1);
  CHECK(to_string(missing.problems) == "no/such/file.json: found no such file; expected a scenario file\n");
  CHECK(load_scenario_file("/").problems.at(0).found == "a directory");
}

TEST_CASE("a topic may be absent only when the scenario speaks of topics being created") {
  const std::string absent =
      sample_with("{ \"topic\": \"orders\", \"partition\": 0,", "{ \"topic\": \"new\",");
  CHECK_FALSE(load_scenario_text(absent, "s.json").loaded.has_value());
  std::string meant = absent;
  const std::string config = "\"config\": { \"message.max.bytes\": 2000,";
  meant.replace(meant.find(config), config.size(), config + " \"auto.create.topics.enable\": false,");
  CHECK(load_scenario_text(meant, "s.json").loaded.has_value());
}
