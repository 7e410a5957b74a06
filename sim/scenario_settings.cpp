#include "sim/scenario_settings.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/units.h"
#include "core/producer/config.h"
#include "core/producer/profile.h"
#include "sim/broker_keys.h"
#include "sim/scenario_parts.h"

namespace sendscope::sim {
namespace {

constexpr std::string_view kTopicOwner = "topic ";

}  // namespace

std::string owner_of_topic(std::string_view topic) { return std::string(kTopicOwner) + std::string(topic); }

std::string owner_of_node(std::string_view node) { return "node " + std::string(node); }

std::string_view topic_of_owner(std::string_view owner) {
  return owner.starts_with(kTopicOwner) ? owner.substr(kTopicOwner.size()) : std::string_view{};
}

namespace {

struct Presets {
  std::string_view key;
  std::vector<std::string> values;
};

// Values worth comparing.
const std::vector<Presets>& producer_presets() {
  static const std::vector<Presets> all = {
      {"linger.ms", {"0", "5", "50"}},
      {"acks", {"0", "1", "all"}},
      {"enable.idempotence", {"true", "false"}},
      {"max.in.flight.requests.per.connection", {"1", "5"}},
      {"retries", {"0", "2147483647"}},
      {"batch.size", {"0", "1024", "16384", "131072"}},
      {"compression.type", {"none", "gzip", "lz4", "zstd"}},
  };
  return all;
}

std::vector<std::string> presets_of(const ConfigKey& key) {
  for (const Presets& row : producer_presets()) {
    if (row.key == key.name) return row.values;
  }
  return key.type == "boolean" ? std::vector<std::string>{"true", "false"} : std::vector<std::string>{};
}

class SettingList {
 public:
  explicit SettingList(const JsonValue& root) : root_(root) {}

  Setting& add(JsonPath path, std::string owner, std::string_view doc, std::vector<std::string> presets) {
    const JsonValue* value = &root_;
    for (const std::string& key : path) value = value == nullptr ? nullptr : value->find(key);
    std::string written = value == nullptr || value->secret ? "" : shown(*value);
    std::string name = path.back();
    list_.push_back({std::move(path), std::move(owner), std::move(name), std::move(written), std::string(doc),
                     std::move(presets), value != nullptr && value->secret, std::nullopt});
    return list_.back();
  }
  std::vector<Setting> take() { return std::move(list_); }

 private:
  static std::string shown(const JsonValue& value) {
    if (value.kind == JsonValue::Kind::kBoolean) return value.boolean ? "true" : "false";
    return value.text;
  }

  const JsonValue& root_;
  std::vector<Setting> list_;
};

std::vector<std::string> profile_presets() {
  std::vector<std::string> names;
  for (const Profile& profile : profiles()) names.emplace_back(profile.name);
  return names;
}

void add_producers(const JsonValue& producers, SettingList& list) {
  for (const JsonMember& producer : producers.members) {
    for (const ConfigKey& key : config_keys())
      list.add({"producers", producer.key, "config", std::string(key.name)}, producer.key, key.doc,
               presets_of(key));
    list.add({"producers", producer.key, "profile"}, producer.key, "", profile_presets());
  }
}

RunTimeChange set_change(const std::string& topic, std::string_view key) {
  const std::string of = topic.empty() ? "" : "\"topic\": " + json_string(topic) + ", ";
  return {"{ \"set\": { " + of + "\"key\": " + json_string(key) + " } }", {"set", "value"}};
}

void add_topics(const JsonValue& topics, SettingList& list) {
  for (const JsonMember& topic : topics.members) {
    if (topic.value.kind != JsonValue::Kind::kObject) continue;
    const auto add = [&](std::string_view key, bool settable) {
      Setting& added = list.add({"cluster", "topics", topic.key, std::string(key)}, owner_of_topic(topic.key),
                                "", words_of_topic_key(key));
      if (settable) added.change = set_change(topic.key, key);
    };
    for (const TopicNumber& number : topic_numbers()) add(number.name, number.settable);
    add(kUncleanElectionKey, true);
    for (const TopicWord& word : topic_words()) add(word.name, true);
  }
}

void add_brokers(SettingList& list) {
  for (const BrokerKey& key : broker_keys()) {
    const bool flag = std::holds_alternative<bool BrokerConfig::*>(key.field);
    Setting& added = list.add({"cluster", "config", std::string(key.name)}, std::string(kBrokersOwner), "",
                              flag ? std::vector<std::string>{"true", "false"} : std::vector<std::string>{});
    if (key.settable) added.change = set_change("", key.name);
  }
}

// Links and service times of one node, or of all. from_start: the scenario has a place for them.
void add_speeds(const std::string& node, const JsonPath& around, bool from_start, SettingList& list) {
  const std::string fault = node.empty() ? R"({ "slow": {} })" : "{ \"slow\": { \"node\": " + node + " } }";
  const auto add = [&](const JsonPath& key, std::string_view all, const std::vector<std::string>& presets) {
    JsonPath path = around, value = {"slow"};
    path.insert(path.end(), key.begin(), key.end());
    value.insert(value.end(), key.begin(), key.end());
    Setting& added =
        list.add(std::move(path), node.empty() ? std::string(all) : owner_of_node(node), "", presets);
    if (!from_start) added.path.clear();
    added.change = {fault, std::move(value)};
  };
  add({"link", "latency"}, kLinksOwner, {"500us", "5ms", "50ms"});
  add({"link", "jitter"}, kLinksOwner, {"0ms", "1ms", "10ms"});
  add({"link", "bandwidth"}, kLinksOwner, {"1Mbit/s", "100Mbit/s", "unlimited"});
  add({"service"}, kBrokersOwner, {"200us", "5ms", "50ms"});
}

void add_nodes(const JsonValue& nodes, SettingList& list) {
  for (const JsonMember& node : nodes.members)
    add_speeds(node.key, {"cluster", "nodes", node.key}, true, list);
  if (nodes.kind != JsonValue::Kind::kInteger) return;
  for (std::int64_t id = 1; id <= std::min(nodes.integer, kMostNodes); ++id)
    add_speeds(std::to_string(id), {"cluster", "nodes", std::to_string(id)}, false, list);
}

std::string words_of(const Setting& setting, const Problem& problem) {
  if (problem.found.empty()) return setting.name + ": " + problem.message;
  return setting.name + ": found " + problem.found + "; expected " + problem.expected;
}

}  // namespace

std::vector<Setting> settings_of(const std::string& text) {
  const JsonResult json = parse_located_json(text, "");
  if (!json.problems.empty()) return {};
  SettingList list(json.value);
  if (const JsonValue* producers = json.value.find("producers")) add_producers(*producers, list);
  const JsonValue* cluster = json.value.find("cluster");
  const JsonValue* topics = cluster == nullptr ? nullptr : cluster->find("topics");
  if (topics != nullptr) add_topics(*topics, list);
  add_brokers(list);
  add_speeds("", {"cluster"}, true, list);
  if (const JsonValue* nodes = cluster == nullptr ? nullptr : cluster->find("nodes")) add_nodes(*nodes, list);
  list.add({"profile"}, "scenario", "", profile_presets());
  list.add({"until"}, "scenario", "", {});
  return list.take();
}

Result<FaultSpec> change_of(const std::string& text, const Setting& setting, const std::string& value,
                            Nanos at) {
  if (!setting.change)
    return Error(ErrorCode::kInvalidInput, setting.name + ": it is read once, at the start of the run");
  auto fault = with_value(setting.change->fault, setting.change->value, json_of_typed(value));
  if (fault) fault = with_value(*fault, {"at"}, json_string(duration_text(at)));
  if (fault) fault = with_item(text, {"faults"}, *fault);
  if (!fault) return fault.error();
  const ScenarioLoad load = load_scenario_text(*fault, "");
  if (!load.loaded) return Error(ErrorCode::kInvalidInput, words_of(setting, load.problems.front()));
  return load.loaded->scenario.faults.back();
}

std::string json_of_typed(const std::string& typed) {
  const auto parsed = nlohmann::json::parse(typed, nullptr, /*allow_exceptions=*/false);
  const bool plain = parsed.is_discarded() || parsed.is_string() || parsed.is_null();
  return plain ? json_string(typed) : typed;
}

}  // namespace sendscope::sim
