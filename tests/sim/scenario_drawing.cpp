#include "tests/sim/scenario_drawing.h"

#include <algorithm>
#include <regex>

namespace sendscope::testing {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 12;

// Texts for every pattern of the schema.
const std::vector<std::string> kTexts = {"5ms",
                                         "1.5s",
                                         "200us",
                                         "7ns",
                                         "1m",
                                         "0.5h",
                                         "100B",
                                         "16KiB",
                                         "2MB",
                                         "0.5kB",
                                         "10/ms",
                                         "1/s",
                                         "2.5/ms",
                                         "unlimited",
                                         "1Mbit/s",
                                         "0.5Gbit/s",
                                         "3MB/s",
                                         "orders-0",
                                         "7",
                                         "0",
                                         "12",
                                         "25%",
                                         "100.0%",
                                         "0.5%",
                                         "always acked >= 0",
                                         "finally failed == 0",
                                         "eventually acked == 1 within 5s",
                                         "lesson.md",
                                         "true",
                                         "FALSE",
                                         " 12 ",
                                         "+5",
                                         "all",
                                         "-1",
                                         "gzip",
                                         "orders",
                                         "x",
                                         "hello {i}",
                                         "none",
                                         "rebootstrap",
                                         "INFO",
                                         "PLAINTEXT",
                                         "use_all_dns_ips",
                                         "1"};

const Json kOddValues = {nullptr,
                         true,
                         -1,
                         0,
                         1.5,
                         1e30,
                         "",
                         "x",
                         "5ms",
                         Json::array(),
                         Json::object(),
                         "1%",
                         "0/s",
                         "0B",
                         31,
                         1000000001,
                         99999999999999LL,
                         "orders-99",
                         "-0"};

void gather(const Json& value, std::vector<Json::json_pointer>& places, const Json::json_pointer& here) {
  places.push_back(here);
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) gather(member, places, here / key);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) gather(value[i], places, here / i);
  }
}

void gather_keys(const Json& schema, std::vector<std::string>& keys) {
  if (schema.is_object() && schema.contains("properties")) {
    for (const auto& [key, member] : schema["properties"].items()) keys.push_back(key);
  }
  for (const Json& part : schema) {
    if (part.is_structured()) gather_keys(part, keys);
  }
}

}  // namespace

// ---- drawing

Json ScenarioDrawing::draw() {
  nodes_ = {1, 2, 3};
  topics_.clear();
  Json scenario = object(root_, "scenario", 0);
  return scenario;
}

Json ScenarioDrawing::any_partition() {
  const auto& [topic, partitions] = topics_[any(topics_.size())];
  return topic + "-" + std::to_string(prng_.below(static_cast<std::uint64_t>(partitions)));
}

Json ScenarioDrawing::known(const std::string& form) {
  if (form == "node") return nodes_[any(nodes_.size())];
  if (form == "partition") return any_partition();
  if (form == "side") return chance(50) ? Json(nodes_.front()) : Json(chance(50) ? "clients" : "controller");
  return nullptr;
}

// Null when there is no text for its pattern.
Json ScenarioDrawing::text(const Json& schema) {
  if (!schema.contains("pattern")) return kTexts[any(kTexts.size())];
  const std::regex pattern(schema["pattern"].get<std::string>());
  std::vector<std::string> fitting;
  for (const std::string& text : kTexts) {
    if (std::regex_search(text, pattern)) fitting.push_back(text);
  }
  return fitting.empty() ? Json() : Json(fitting[any(fitting.size())]);
}

Json ScenarioDrawing::integer(const Json& schema) {
  const std::int64_t low = schema.value("minimum", std::int64_t{-5});
  const std::int64_t high = schema.value("maximum", std::int64_t{1'000'000});
  if (chance(10)) return chance(50) ? low : high;
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  return low + static_cast<std::int64_t>(prng_.below(std::min<std::uint64_t>(span, 5) + 1));
}

Json ScenarioDrawing::value(const Json& schema, const std::string& form, int depth) {
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>().substr(std::string("#/definitions/").size());
    Json special = known(name);
    return special.is_null() ? value(root_["definitions"][name], name, depth + 1) : special;
  }
  if (schema.contains("const")) return schema["const"];
  if (schema.contains("enum")) return schema["enum"][any(schema["enum"].size())];
  if (!schema.contains("type")) {
    const Json drawn = value(schema["anyOf"][any(schema["anyOf"].size())], form, depth);
    return drawn.is_null() ? value(schema["anyOf"][0], form, depth) : drawn;
  }
  const Json& types = schema["type"];
  const std::string type =
      types.is_array() ? types[any(types.size())].get<std::string>() : types.get<std::string>();
  if (type == "string") return text(schema);
  if (type == "integer") return integer(schema);
  if (type == "number") return static_cast<double>(prng_.below(5)) / 4;
  if (type == "boolean") return chance(50);
  if (type == "object") return object(schema, form, depth);
  if (type == "null") return nullptr;
  Json out = Json::array();
  const std::size_t least = schema.value("minItems", std::size_t{depth > kDeepest ? 0u : 1u});
  const std::size_t more = depth > kDeepest || schema.contains("maxItems") ? 0 : any(3);
  for (std::size_t i = 0; i < least + more; ++i) out.push_back(value(schema["items"], form, depth + 1));
  if (form == "durationDistribution") out = {"1ms", "2ms"};
  if (form == "sizeDistribution") out = {"1B", "2kB"};
  return out;
}

Json ScenarioDrawing::object(const Json& schema, const std::string& form, int depth) {
  Json out = Json::object();
  if (schema.contains("properties")) {
    const Json& properties = schema["properties"];
    const Json required = schema.value("required", Json::array());
    const bool only_one = schema.value("maxProperties", 0) == 1;
    const std::size_t chosen = only_one ? any(properties.size()) : properties.size();
    const std::uint64_t how_many = properties.size() > 50 ? 3 : depth > kDeepest ? 10 : 40;
    std::size_t index = 0;
    for (const auto& [key, member] : properties.items()) {
      const bool needed = std::find(required.begin(), required.end(), key) != required.end();
      if (only_one ? index++ != chosen : !needed && !chance(how_many)) continue;
      out[key] = value(member, key == "uniform" ? form : key, depth + 1);
    }
  }
  add_members(out, schema, depth);
  mend(out, form);
  return out;
}

// Names that nobody has laid down.
void ScenarioDrawing::add_members(Json& out, const Json& schema, int depth) {
  const Json& more = schema["additionalProperties"];
  if (!more.is_object() || !schema.contains("propertyNames")) return;
  const Json& names = schema["propertyNames"];
  const bool numbers = names.contains("$ref") && names["$ref"] == "#/definitions/number";
  for (const char* name : {"1", "2", "3", "a", "b.c", "orders"}) {
    const bool number = name[0] <= '9';
    if (number == numbers && chance(60)) out[name] = value(more, name, depth + 1);
  }
  if (out.empty() && schema.contains("minProperties")) out["1"] = value(more, "1", depth + 1);
}

// ---- what a schema cannot say

void ScenarioDrawing::mend_topic(Json& topic) {
  const auto partitions = topic.value("partitions", std::int64_t{1});
  if (topic.value("replicas", 1) > 3) topic["replicas"] = 3;
  topic["leaders"] = {{"0", nodes_.front()}};
  if (partitions > 5) topic["partitions"] = 5;
}

void ScenarioDrawing::mend_fault(Json& fault) {
  std::vector<std::string> verbs;
  for (const Json& verb : root_["definitions"]["fault"]["allOf"][0]["oneOf"])
    verbs.push_back(verb["required"][0]);
  const std::string chosen = verbs[any(verbs.size())];
  for (const std::string& verb : verbs) fault.erase(verb);
  Json arguments = value(root_["definitions"]["fault"]["properties"][chosen], chosen, 4);
  if (arguments.contains("topic")) arguments["topic"] = topics_.front().first;
  arguments.erase("client");
  if (chosen == "slow") arguments["service"] = "5ms";
  fault[chosen] = arguments;
  fault.erase(chance(50) ? "at" : "when");
  if (!fault.contains("at") && !fault.contains("when")) fault["at"] = "5ms";
  if (fault.contains("when")) fault["when"] = chance(50) ? "acked == 1" : "pool.free < 16KiB or sent > 3";
}

void ScenarioDrawing::mend(Json& out, const std::string& form) {
  if (form == "cluster") {
    out["nodes"] = 3;
    if (!out.contains("topics")) out["topics"] = Json::object();
    out["topics"]["orders"] = {{"partitions", 2}};
    for (const auto& [name, topic] : out["topics"].items()) {
      if (!topic.contains("leaders")) mend_topic(topic);
      topics_.emplace_back(name, topic.value("partitions", std::int64_t{1}));
    }
  }
  if (form == "send") {
    const auto& [topic, partitions] = topics_[any(topics_.size())];
    out["topic"] = topic;
    if (out.contains("partition")) out["partition"] = prng_.below(static_cast<std::uint64_t>(partitions));
    if (out.contains("every")) out.erase("rate");
  }
  if (form == "producer") out["config"]["transactional.id"] = "x";
  if (form == "fault") mend_fault(out);
}

// ---- changing

void ScenarioDrawing::mutate(Json& scenario) {
  std::vector<Json::json_pointer> places;
  gather(scenario, places, Json::json_pointer());
  std::vector<std::string> keys;
  gather_keys(root_, keys);
  const Json::json_pointer place = places[1 + any(places.size() - 1)];
  Json& parent = scenario[place.parent_pointer()];
  const Json other =
      chance(50) ? kOddValues[any(kOddValues.size())] : Json(scenario[places[any(places.size())]]);
  switch (any(5)) {
    case 0:
    case 1: scenario[place] = other; break;
    case 2:
      if (parent.is_object()) parent.erase(place.back());
      break;
    case 3:
      if (parent.is_object()) parent[keys[any(keys.size())]] = other;
      break;
    default:
      if (!parent.is_object()) break;
      const Json moved = parent[place.back()];
      parent.erase(place.back());
      parent[chance(50) ? keys[any(keys.size())] : place.back() + "x"] = moved;
  }
}

}  // namespace sendscope::testing
