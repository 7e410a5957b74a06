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
      if (setting.change) CHECK(change_of(kSmall, setting, preset, 5));
      if (setting.path.empty()) continue;
      const auto text = with_value(kSmall, setting.path, json_of_typed(preset));
      REQUIRE(text);
      const ScenarioLoad load = load_scenario_text(*text, "x.json");
      INFO(to_string(load.problems));
      // Kafka itself refuses a few beside the defaults, in its own words.
      if (!load.loaded) CHECK(load.problems[0].path.find(setting.name) != std::string::npos);
    }
  }
}

TEST_CASE("what Kafka can change at run time can be changed from a moment on, and nothing else") {
  const auto all = settings_of(kSmall);
  const Setting& min_isr = found(all, {"cluster", "topics", "orders", "min.insync.replicas"});
  const auto change = change_of(kSmall, min_isr, "2", 7);
  REQUIRE(change);
  CHECK(change->at == 7);
  CHECK(describe(*change) == "set min.insync.replicas of orders to 2");
  CHECK(change_of(kSmall, min_isr, "none", 7).error().message.find("1 to 100") != std::string::npos);
  for (const JsonPath& path : {JsonPath{"producers", "a", "config", "linger.ms"},
                               JsonPath{"cluster", "topics", "orders", "partitions"},
                               JsonPath{"cluster", "config", "num.partitions"}, JsonPath{"profile"}}) {
    CHECK_FALSE(found(all, path).change);
    CHECK_FALSE(change_of(kSmall, found(all, path), "1", 7));
  }
  const auto node = std::find_if(all.begin(), all.end(), [](const Setting& one) {
    return one.owner == "node 1" && one.name == "latency";
  });
  REQUIRE(node != all.end());
  CHECK(node->path.empty());  // the scenario says how many nodes there are, and nothing of each
  CHECK(change_of(kSmall, *node, "5ms", 7));
  CHECK_FALSE(change_of(kSmall, *node, "soon", 7));
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
