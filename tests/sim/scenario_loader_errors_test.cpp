#include "sim/scenario_loader.h"
#include "sim/simulation.h"
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
    {"\"partition\": \"orders-1\", \"to\": 1", "\"partition\": \"orders-1\"", "faults[6].move_leader",
     "found no \"to\""},
    {"\"partition\": \"orders-1\", \"to\": 1", "\"partition\": \"orders-1\", \"to\": 1, \"node\": 1",
     "faults[6].move_leader.node", "expected one of partition or to"},
    {"\"client\": \"p1\"", "\"client\": \"p3\"", "faults[8].quota.client", "p1 or p2"},
    {"\"probability\": 0.25", "\"probability\": 1.25", "faults[1].probability", "from 0 to 1"},
    {"\"lesson\": \"everything.md\"", "\"lesson\": \"/etc/passwd\"", "lesson", ".md file"},
    {"\"expect\": [ \"always", "\"expect\": [ 5, \"always", "expect[0]", "an expectation"},
    // What only the whole scenario shows.
    {"\"transaction.version\": 1", "\"linger.ms\": 5", "producers.p1.threads.app-1[10].set",
     "reads its configuration once"},
    {"\"transaction.version\": 1", "\"transaction.version\": 3", "producers.p1.threads.app-1[10].set",
     "transaction.version (0 to 2)"},
    {"[ { \"send\": { \"topic\": \"orders\" } } ]", "[ { \"flush\": {} } ]",
     "producers.p1.threads.app-1[4].send.on_callback[0]", "send or sleep"},
    {"{ \"take\": \"5ms\" }", "{ \"steps\": [ { \"sleep\": \"1ms\" }, { \"flush\": {} } ] }",
     "producers.p1.threads.app-1[3].send.on_callback.steps[1]", "send or sleep"},
    {"{ \"flush\": {} }", "{ \"begin\": {} }", "producers.p1.threads.app-1[6]", "\"transactional.id\""},
    {"[ { \"sleep\": { \"exponential\": \"1ms\" } } ]", "[ { \"commit\": {} } ]",
     "producers.p1.threads.app-1[9].repeat.steps[0]", "\"transactional.id\""},
    {"\"key\": \"min.insync.replicas\", \"value\": 1", "\"key\": \"min.insync.replicas\", \"value\": 0",
     "faults[13].set", "min.insync.replicas (1 to 100)"},
    {"\"key\": \"min.insync.replicas\", \"value\": 1", "\"key\": \"partitions\", \"value\": 4",
     "faults[13].set", "of the keys of a topic"},
    {"\"topic\": \"orders\", \"key\": \"min.insync.replicas\"", "\"key\": \"linger.ms\"", "faults[13].set",
     "reads its configuration once"},
    {"\"topic\": \"orders\", \"key\": \"min", "\"topic\": \"orderz\", \"key\": \"min", "faults[13].set.topic",
     "orders"},
    {"\"min.insync.replicas\", \"value\": 1 } }",
     "\"min.insync.replicas\", \"value\": 1 }, \"for\": \"1s\" }", "faults[13]", "it is done once"},
    {"\"what\": \"thread\"", "\"what\": \"thraed\"", "faults[14].next.what", "did you mean 'thread'?"},
    {"\"thread\": \"app-1\"", "\"thread\": \"app-2\"", "faults[14].next.thread", "an application thread"},
    {"\"what\": \"thread\", \"client\": \"p1\"", "\"what\": \"thread\", \"client\": \"p9\"",
     "faults[14].next.client", "a producer"},
    // Limits.
    {"\"rate\": \"10/ms\"", "\"rate\": \"2000000/ms\"", "producers.p1.threads.app-1[1].send.rate",
     "at most 1000000000/s"},
    {"\"value\": \"100B\"", "\"value\": \"100MiB\"", "producers.p1.threads.app-1[0].send.value",
     "at most 64MiB"},
    {"\"zipf\": 100", "\"zipf\": 1000001", "producers.p1.threads.app-1[2].send.key.zipf", "1 to 1000000"},
    {"\"acks\": \"all\"", "\"bootstrap.servers\": \"nowhere\"", "producers.p1.config.bootstrap.servers",
     "host:port"},
    {"\"100kB\"", "\"0B\"", "faults[8].quota.bytes_per_second", "more than nothing"},
    {"\"partitions\": 3", "\"partitions\": 10001", "cluster.topics.orders.partitions", "1 to 10000"},
    {"\"node\": 1, \"link\": { \"bandwidth\": \"1MB/s\" }, \"service\": \"50ms\"", "\"node\": 1",
     "faults[5].slow", "at least one of link or service"},
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

namespace {

// A scenario with so many producers, each with so many threads, one a line from line 3 on.
std::string crowd(std::size_t producers, std::size_t threads) {
  std::string text =
      "{ \"sendscope\": 1, \"title\": \"Many\", \"cluster\": { \"nodes\": 1 },\n  \"producers\": {\n";
  for (std::size_t p = 0; p < producers; ++p) {
    text += (p > 0 ? ",\n" : "") + ("\"p" + std::to_string(p)) + "\": { \"threads\": {";
    for (std::size_t t = 0; t < threads; ++t)
      text += (t > 0 ? ", \"t" : " \"t") + std::to_string(t) + "\": []";
    text += " } }";
  }
  return text + "\n} }";
}

std::string problems_of(const std::string& text) {
  return to_string(load_scenario_text(text, "s.json").problems);
}

}  // namespace

TEST_CASE("there is one limit of producers, and one of threads, told with the place") {
  CHECK(problems_of(crowd(40, 100)) == "");
  CHECK(problems_of(crowd(1000, 1)) == "");
  CHECK(problems_of(crowd(1001, 1)) ==
        "s.json:2:16: producers: found 1001 producers; expected at most 1000\n");
  CHECK(problems_of(crowd(101, 100)) ==
        "s.json:2:16: producers: found 10100 threads in all; expected at most 10000\n");
  CHECK(problems_of(crowd(1, 101)) ==
        "s.json:3:20: producers.p0.threads: found 101 threads; expected at most 100\n");
}

TEST_CASE("there is one limit of partitions in all") {
  const auto topics = [](int count) {
    std::string text =
        "{ \"sendscope\": 1, \"title\": \"Wide\", \"producers\": {},\n  \"cluster\": { \"topics\": {";
    for (int i = 0; i < count; ++i)
      text += (i > 0 ? ", \"t" : " \"t") + std::to_string(i) + "\": { \"partitions\": 10000 }";
    return text + " }, \"nodes\": 1 } }";
  };
  CHECK(problems_of(topics(10)) == "");
  CHECK(problems_of(topics(11)) ==
        "s.json:2:26: cluster.topics: found 110000 partitions in all; expected at most 100000\n");
}

TEST_CASE("a fault may act on what comes to be, and not on what never does") {
  const std::string move = "\"move_leader\": { \"partition\": \"orders-1\", \"to\": 1 }";
  const std::string grown = sample_with(move, "\"move_leader\": { \"partition\": \"orders-4\", \"to\": 1 }");
  const ScenarioLoad load = load_scenario_text(grown, "s.json");
  REQUIRE(load.loaded.has_value());
  EventSink sink;
  CHECK(Simulation::create(load.loaded->scenario, 1, sink).ok());
  std::string never = sample_with(move, "\"delete_topic\": { \"topic\": \"new\" }");
  const std::string config = "\"config\": { \"message.max.bytes\": 2000,";
  never.replace(never.find(config), config.size(), config + " \"auto.create.topics.enable\": false,");
  CHECK(
      problems_of(never).find("faults[6].delete_topic.topic: found the topic \"new\", which never exists") !=
      std::string::npos);
}

TEST_CASE("what is wrong with the whole scenario is told for all its places, line by line") {
  std::string text = sample_with("{ \"flush\": {} }", "{ \"begin\": {} }");
  text.replace(text.find("\"transaction.version\": 1"), 24, "\"acks\": 1");
  CHECK(problems_of(text) ==
        "s.json:30:31: producers.p1.threads.app-1[6]: found a step of a transaction; expected a "
        "\"transactional.id\" in the producer's config\n"
        "s.json:32:20: producers.p1.threads.app-1[10].set: found \"acks\" = \"1\"; expected of the brokers' "
        "keys "
        "message.max.bytes (0 to 1073741824) or num.io.threads (1 to 1000) or "
        "log.message.timestamp.after.max.ms (0 to 1000000000) or transaction.version (0 to 2); a producer "
        "reads its "
        "configuration "
        "once, when it is made\n");
}
