#include "sim/scenario_settings.h"

#include <nlohmann/json.hpp>

#include "core/producer/config.h"
#include "core/producer/profile.h"
#include "sim/broker_keys.h"
#include "sim/scenario_parts.h"

namespace sendscope::sim {
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

  void add(JsonPath path, std::string owner, std::string_view doc, std::vector<std::string> presets) {
    const JsonValue* value = &root_;
    for (const std::string& key : path) value = value == nullptr ? nullptr : value->find(key);
    std::string written = value == nullptr || value->secret ? "" : shown(*value);
    std::string name = path.back();
    list_.push_back({std::move(path), std::move(owner), std::move(name), std::move(written), std::string(doc),
                     std::move(presets)});
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

void add_topics(const JsonValue& topics, SettingList& list) {
  for (const JsonMember& topic : topics.members) {
    if (topic.value.kind != JsonValue::Kind::kObject) continue;
    for (const TopicNumber& number : topic_numbers())
      list.add({"cluster", "topics", topic.key, std::string(number.name)}, "topic " + topic.key, "", {});
  }
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
  for (const BrokerKey& key : broker_keys())
    list.add({"cluster", "config", std::string(key.name)}, "brokers", "", {});
  for (const char* key : {"latency", "jitter", "bandwidth"})
    list.add({"cluster", "link", key}, "links", "", {});
  list.add({"profile"}, "scenario", "", profile_presets());
  list.add({"until"}, "scenario", "", {});
  return list.take();
}

std::string json_of_typed(const std::string& typed) {
  const auto parsed = nlohmann::json::parse(typed, nullptr, /*allow_exceptions=*/false);
  const bool plain = parsed.is_discarded() || parsed.is_string() || parsed.is_null();
  return plain ? json_string(typed) : typed;
}

}  // namespace sendscope::sim
