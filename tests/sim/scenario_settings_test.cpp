#include "sim/scenario_settings.h"

#include <algorithm>

#include "core/producer/config.h"
#include "sim/broker_keys.h"
#include "sim/scenario_loader.h"
#include "tests/support/catch.h"

namespace sendscope::sim {
namespace {

const std::string kSmall = R"({
  "sendscope": 1, "title": "t",
  "cluster": { "nodes": 1, "topics": { "orders": { "partitions": 2 } }, "config": { "num.io.threads": 3 } },
  "producers": { "a": { "config": { "linger.ms": 7 }, "threads": { "x": [ { "flush": {} } ] } },
                 "b": { "threads": { "y": [ { "flush": {} } ] } } }
})";

const Setting& found(const std::vector<Setting>& all, const JsonPath& path) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const Setting& one) { return one.path == path; });
  REQUIRE(at != all.end());
  return *at;
}

TEST_CASE("every key of every producer can be set, and those of brokers, topics and links") {
  const auto all = settings_of(kSmall);
  for (const char* producer : {"a", "b"}) {
    for (const ConfigKey& key : config_keys())
      CHECK(found(all, {"producers", producer, "config", std::string(key.name)}).owner == producer);
  }
  for (const BrokerKey& key : broker_keys()) found(all, {"cluster", "config", std::string(key.name)});
  CHECK(found(all, {"producers", "a", "config", "linger.ms"}).written == "7");
  CHECK(found(all, {"producers", "b", "config", "linger.ms"}).written.empty());
  CHECK(found(all, {"cluster", "topics", "orders", "partitions"}).written == "2");
  CHECK(found(all, {"cluster", "topics", "orders", "partitions"}).owner == "topic orders");
  CHECK(found(all, {"cluster", "config", "num.io.threads"}).written == "3");
  CHECK(found(all, {"cluster", "link", "latency"}).owner == "links");
}

TEST_CASE("every preset makes a scenario that can be read") {
  for (const Setting& setting : settings_of(kSmall)) {
    for (const std::string& preset : setting.presets) {
      INFO(setting.owner << " " << setting.name << " " << preset);
      const auto text = with_value(kSmall, setting.path, json_of_typed(preset));
      REQUIRE(text);
      const ScenarioLoad load = load_scenario_text(*text, "x.json");
      INFO(to_string(load.problems));
      // Kafka itself refuses a few beside the defaults, in its own words.
      if (!load.loaded) CHECK(load.problems[0].path.find(setting.name) != std::string::npos);
    }
  }
}

TEST_CASE("what is typed is JSON where it is JSON, and a string else") {
  CHECK(json_of_typed("5") == "5");
  CHECK(json_of_typed("true") == "true");
  CHECK(json_of_typed("5ms") == "\"5ms\"");
  CHECK(json_of_typed("") == "\"\"");
  CHECK(json_of_typed("null") == "\"null\"");
  CHECK(json_of_typed("a\"b") == "\"a\\\"b\"");
  CHECK(json_of_typed("{\"uniform\": [\"1ms\", \"2ms\"]}") == "{\"uniform\": [\"1ms\", \"2ms\"]}");
}

TEST_CASE("a text that is no scenario has no settings of producers, and is no trouble") {
  CHECK(settings_of("").empty());
  CHECK(settings_of("{").empty());
  CHECK_FALSE(settings_of("{\"producers\": 5, \"cluster\": [1]}").empty());
}

}  // namespace
}  // namespace sendscope::sim
