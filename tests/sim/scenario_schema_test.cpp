// assets/scenario.schema.json tells editors what the loader takes: both must agree, in both directions.
#include "sim/scenario_schema.h"

#include <filesystem>
#include <fstream>
#include <map>

#include "core/base/api.h"
#include "core/event/expectation.h"
#include "sim/scenario_loader.h"
#include "tests/sim/json_schema.h"
#include "tests/sim/sample_scenario.h"
#include "tests/sim/scenario_drawing.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"
#include "tests/support/shipped_scenarios.h"

using namespace sendscope;
using namespace sendscope::sim;
using namespace sendscope::testing;

namespace {

using Json = nlohmann::json;

Json parse(const std::string& text) { return Json::parse(text, nullptr, true, /*ignore_comments=*/true); }

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

const Json& schema_text() {
  static const Json parsed = parse(scenario_schema());
  return parsed;
}

const JsonSchema& schema() {
  static const JsonSchema built(schema_text());
  return built;
}

// What the loader says beyond the schema: a piece of its message, and why a schema cannot say that.
struct Beyond {
  const char* says;
  const char* why;
};
constexpr Beyond kBeyond[] = {
    {"the id of a node of the cluster", "which nodes there are"},
    {"a node id: a whole number from 0", "how many digits fit"},
    {"a second time", "that 1 and 01 are one node"},
    {"a topic of cluster.topics", "which topics there are"},
    {"which the cluster does not have", "likewise"},
    {"a partition from 0 to", "how many partitions a topic has"},
    {"a partition such as", "how many digits fit"},
    {"the name of a producer", "which producers there are"},
    {"as many replicas as there are nodes", "two values"},
    {"the least value first", "two values"},
    {"0 < median <= p99", "two values"},
    {"\"transactional.id\" in the producer's config", "a key elsewhere"},
    {" = '", "rules between two keys of a producer"},
    {"; it ", "numbers that stand in a text"},
    {"bootstrap.servers: ", "hosts and ports in a text"},
    {"of the brokers' keys", "likewise"},
    {"of the keys of a topic", "which values a key takes"},
    {"none: it is done once", "two values"},
    {"the name of an application thread", "which threads there are"},
    {"a size", "fractions of a byte, and how many digits fit"},
    {"more than nothing", "likewise"},
    {"a duration", "fractions of a nanosecond, and how many digits fit"},
    {"a rate", "fractions, and the greatest one"},
    {"a bandwidth", "likewise"},
    {"at most six decimals", "decimals of a number"},
    {"steps within steps", "depth"},
};

// Whole numbers that are written with a point or an exponent are none to the loader.
bool is_written_as_real(const Problem& problem) {
  return problem.found.starts_with("the number ") && problem.found.find_first_of(".e") != std::string::npos;
}

// The grammar of expressions, and the names that they may use.
bool is_about_expression(const Problem& problem) {
  return problem.path.ends_with(".when") || problem.path.starts_with("expect[");
}

bool is_beyond(const Problem& problem, std::map<std::string, int>& seen) {
  if (is_written_as_real(problem) || is_about_expression(problem)) return true;
  const std::string text = to_string(problem);
  for (const Beyond& beyond : kBeyond) {
    if (text.find(beyond.says) == std::string::npos) continue;
    ++seen[beyond.says];
    return true;
  }
  return false;
}

struct Tally {
  int both = 0, neither = 0, only_loader_refuses = 0;
  std::map<std::string, int> beyond;
};

void compare(const Json& scenario, Tally& tally) {
  const std::string text = scenario.dump(1);
  const ScenarioLoad load = load_scenario_text(text, "s.json");
  const std::string why = schema().violated_by(scenario);
  const bool whole = load.loaded.has_value();
  if (whole && !why.empty()) FAIL("the loader takes it, the schema does not: " << why << text);
  if (!why.empty()) {
    ++tally.neither;
  } else if (load.loaded) {
    ++tally.both;
  } else {
    ++tally.only_loader_refuses;
    for (const Problem& problem : load.problems) {
      if (!is_beyond(problem, tally.beyond))
        FAIL("the schema takes it, the loader does not: " << to_string(problem) << "\n" << text);
    }
  }
}

}  // namespace

TEST_CASE("the schema that is shipped is the one that the program prints") {
  CHECK(read(test::repository("assets/scenario.schema.json")) == scenario_schema());
}

TEST_CASE("every shipped scenario obeys the schema and loads") {
  int seen = 0;
  for (const std::string& path : test::shipped_scenarios()) {
    ++seen;
    INFO(path);
    CHECK(schema().violated_by(parse(read(path))) == "");
    const ScenarioLoad load = load_scenario_file(path);
    INFO(to_string(load.problems));
    CHECK(load.loaded.has_value());
  }
  CHECK(seen >= 12);
}

TEST_CASE("the sample with everything in it obeys the schema") {
  CHECK(schema().violated_by(parse(kSampleScenario)) == "");
}

TEST_CASE("what the loader refuses by form the schema refuses, too") {
  const std::pair<const char*, const char*> kRefused[] = {
      {"\"seed\": 42", "\"sede\": 42"},
      {"\"title\": \"Everything\",", ""},
      {"\"until\": \"5s\"", "\"until\": 5"},
      {"\"kafka-4.3\"", "\"kafka-1.0\""},
      {"{ \"flush\": {} }", "{ \"flsh\": {} }"},
      {"\"linger.ms\": 0,", "\"linger.ms\": -1,"},
      {"\"acks\": \"all\"", "\"acks\": \"most\""},
      {"\"api\": \"Produce\"", "\"api\": \"Prodcue\""},
      {"\"NOT_LEADER_OR_FOLLOWER\"", "\"NOT_LEADER_OR_FOLOWER\""},
      {"\"NOT_LEADER_OR_FOLLOWER\"", "\"TIMEOUT\""},
      {"{ \"at\": \"0ms\", \"respond\"", "{ \"respond\""},
      {"\"kill\": { \"node\": 3 }", "\"kill\": { \"node\": 3 }, \"pause\": {}"},
      {"\"transaction.version\": 1", "\"linger.ms\": 5"},
      {"[ { \"send\": { \"topic\": \"orders\" } } ]", "[ { \"flush\": {} } ]"},
      {"\"request\": 9", "\"request\": 0"},
      {"\"request\": 9", "\"request\": \"9\""},
      {"\"kill\": { \"node\": 3 }", "\"kill\": { \"node\": 3, \"client\": \"p1\" }"},
      {"\"lesson\": \"everything.md\"", "\"lesson\": \"/etc/passwd\""},
  };
  for (const auto& [piece, instead] : kRefused) {
    const std::string text = sample_with(piece, instead);
    INFO(instead);
    CHECK_FALSE(load_scenario_text(text, "s.json").loaded.has_value());
    CHECK_FALSE(schema().violated_by(parse(text)).empty());
  }
}

TEST_CASE("faults, service times and expressions speak of every API that brokers announce") {
  for (const ApiRow& api : api_rows()) {
    const std::string name = "\"" + std::string(api.name) + "\"";
    INFO(name);
    for (const std::string& text :
         {sample_with("\"api\": \"Produce\"", "\"api\": " + name),
          sample_with("{ \"Produce\": \"1ms\" }", "{ " + name + ": \"1ms\" }"),
          sample_with("always pool.free + pool.used == pool.total",
                      "always count('request_sent', api='" + std::string(api.name) + "') >= 0")}) {
      CHECK(load_scenario_text(text, "s.json").loaded.has_value());
      CHECK(schema().violated_by(parse(text)) == "");
    }
  }
}

TEST_CASE("what the schema allows the loader takes, for scenarios drawn from the schema") {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Json scenario = ScenarioDrawing(schema_text(), seed).draw();
    const std::string why = schema().violated_by(scenario);
    if (!why.empty()) FAIL("drawn from the schema, but not of it: " << why << scenario.dump(1));
    compare(scenario, tally);
  }
  CHECK(tally.neither == 0);
  CHECK(tally.both > 100);
}

TEST_CASE("loader and schema agree on scenarios with mistakes") {
  Tally tally;
  const std::vector<Json> given = {parse(kSampleScenario)};
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    ScenarioDrawing drawing(schema_text(), seed);
    Json scenario = seed % 2 == 0 ? given.front() : drawing.draw();
    drawing.mutate(scenario);
    compare(scenario, tally);
  }
  INFO(tally.both << " taken, " << tally.neither << " refused, " << tally.only_loader_refuses << " beyond");
  CHECK(tally.both > 400);
  CHECK(tally.neither > 1000);
  CHECK(tally.only_loader_refuses > 100);
}
