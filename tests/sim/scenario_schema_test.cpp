// assets/scenario.schema.json tells editors what the loader takes: both must agree.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/scenario_loader.h"
#include "tests/sim/json_schema.h"
#include "tests/sim/sample_scenario.h"
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

const Json& schema() {
  static const Json parsed = parse(read(test::repository("assets/scenario.schema.json")));
  return parsed;
}

}  // namespace

TEST_CASE("every shipped scenario obeys the schema and loads") {
  int seen = 0;
  for (const std::string& path : test::shipped_scenarios()) {
    ++seen;
    INFO(path);
    CHECK(violates(schema(), parse(read(path))).empty());
    const ScenarioLoad load = load_scenario_file(path);
    INFO(to_string(load.problems));
    CHECK(load.loaded.has_value());
  }
  CHECK(seen >= 12);
}

TEST_CASE("the sample with everything in it obeys the schema") {
  CHECK(violates(schema(), parse(kSampleScenario)) == "");
}

TEST_CASE("what the loader refuses by form the schema refuses, too") {
  const std::pair<const char*, const char*> kRefused[] = {
      {"\"seed\": 42", "\"sede\": 42"},
      {"\"seed\": 42", "\"seed\": -1"},
      {"\"sendscope\": 1", "\"sendscope\": 2"},
      {"\"kafka-4.3\"", "\"kafka-1.0\""},
      {"\"kafka-3.9\"", "\"kafka-1.0\""},
      {"\"title\": \"Everything\",", ""},
      {"\"until\": \"5s\"", "\"until\": \"5 parsecs\""},
      {"\"until\": \"5s\"", "\"until\": 5"},
      {"\"min.insync.replicas\": 2", "\"min.insync.replica\": 2"},
      {"\"1Gbit/s\"", "\"1Gbit\""},
      {"{ \"exponential\": \"300us\" }", "{ \"gauss\": \"300us\" }"},
      {"\"every\": \"200us\"", "\"every\": \"200us\", \"rate\": \"5/s\""},
      {"\"rate\": \"10/ms\"", "\"rate\": \"fast\""},
      {"{ \"flush\": {} }", "{ \"flsh\": {} }"},
      {"{ \"flush\": {} }", "{ \"flush\": { \"x\": 1 } }"},
      {"\"linger.ms\": 0,", "\"linger.ms\": [0],"},
      {"\"api\": \"Produce\"", "\"api\": \"Prodcue\""},
      {"\"partition\": \"orders-0\"", "\"partition\": \"orders\""},
      {"{ \"at\": \"0ms\", \"respond\"", "{ \"respond\""},
      {"{ \"at\": \"0ms\", \"respond\"", "{ \"at\": \"0ms\", \"answer\""},
      {"\"kill\": { \"node\": 3 }", "\"kill\": { \"node\": 3 }, \"pause\": {}"},
      {"\"by\": \"5ms\"", "\"by\": true"},
      {"\"probability\": 0.25", "\"probability\": 1.25"},
      {"\"lesson\": \"everything.md\"", "\"lesson\": \"/etc/passwd\""},
      {"\"expect\": [ \"always", "\"expect\": [ 5, \"always"},
  };
  for (const auto& [piece, instead] : kRefused) {
    const std::string text = sample_with(piece, instead);
    INFO(instead);
    CHECK_FALSE(load_scenario_text(text, "s.json").loaded.has_value());
    CHECK_FALSE(violates(schema(), parse(text)).empty());
  }
}
