#include "sim/scenario_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/api.h"
#include "core/base/units.h"
#include "core/producer/profile.h"
#include "sim/broker_keys.h"
#include "sim/scenario_parts.h"
#include "sim/scenario_schema_config.h"
#include "sim/units.h"

namespace sendscope::sim {
namespace schema {
namespace {

using Json = nlohmann::ordered_json;

// ---- building blocks

Json pair(const char* key, Json value) {
  Json out = Json::object();
  out[key] = std::move(value);
  return out;
}

Json words(const std::vector<std::string_view>& list) { return Json(list); }
Json named(std::string_view form) { return pair("$ref", "#/definitions/" + std::string(form)); }
Json type(const char* name) { return pair("type", name); }
Json one_of_types(const std::vector<std::string_view>& names) { return pair("type", words(names)); }
Json text() { return type("string"); }
Json flag() { return type("boolean"); }
Json required(const std::vector<std::string_view>& keys) { return pair("required", words(keys)); }

Json described(Json schema, std::string_view about) {
  schema["description"] = about;
  return schema;
}

Json integer(std::int64_t low, std::int64_t high) {
  Json schema = type("integer");
  schema["minimum"] = low;
  schema["maximum"] = high;
  return schema;
}

Json matching(const std::string& pattern) {
  Json schema = text();
  schema["pattern"] = pattern;
  return schema;
}

Json any_of(const std::vector<Json>& choices) { return pair("anyOf", Json(choices)); }

// An object of these keys and no others.
Json object(Json properties, const std::vector<std::string_view>& needed = {}) {
  Json schema = type("object");
  schema["additionalProperties"] = false;
  if (!needed.empty()) schema["required"] = words(needed);
  schema["properties"] = std::move(properties);
  return schema;
}

Json with_one_key(Json schema) {
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return schema;
}

// An object from any name to values of one form.
Json map_of(const Json& names, std::string_view form, std::size_t most) {
  Json schema = type("object");
  schema["maxProperties"] = most;
  schema["propertyNames"] = names;
  schema["additionalProperties"] = named(form);
  return schema;
}

Json list_of(std::string_view form) {
  Json schema = type("array");
  schema["items"] = named(form);
  return schema;
}

std::string one_of_words(const std::vector<std::string_view>& words) {
  std::string pattern = "(";
  for (const std::string_view word : words) {
    if (pattern.size() > 1) pattern += '|';
    pattern += word;
  }
  return pattern + ")";
}

// A number and one of the units; not zero where there has to be something.
Json quantity(const std::vector<std::string_view>& units, bool not_zero) {
  return matching(std::string("^") + (not_zero ? "(?=[0-9.]*[1-9])" : "") + "[0-9]+(\\.[0-9]+)?" +
                  one_of_words(units) + "$");
}

Json distribution_of(const std::string& form) {
  Json range = list_of(form);
  range["minItems"] = 2;
  range["maxItems"] = 2;
  range["description"] = "The least and the greatest.";
  const Json lognormal =
      object(Json::object({{"median", named(form)}, {"p99", named(form)}}), {"median", "p99"});
  return described(any_of({object(pair("uniform", range), {"uniform"}),
                           object(pair("exponential", described(named(form), "The mean.")), {"exponential"}),
                           object(pair("lognormal", lognormal), {"lognormal"})}),
                   "Drawn anew each time: uniform, exponential or lognormal.");
}

// ---- values

void define_values(Json& out) {
  out["text"] = text();
  out["flag"] = flag();
  out["name"] = text();
  out["name"]["minLength"] = 1;
  out["number"] = matching("^[0-9]+$");
  out["duration"] = quantity(unit_names(UnitKind::kDuration), false);
  out["size"] = quantity(unit_names(UnitKind::kSize), false);
  out["rate"] = quantity(rate_units(), true);
  out["bandwidth"] = any_of({pair("const", "unlimited"), quantity(bandwidth_units(), true)});
  out["durationDistribution"] = distribution_of("duration");
  out["sizeDistribution"] = distribution_of("size");
  out["durations"] = described(any_of({named("duration"), named("durationDistribution")}),
                               "A duration, or a distribution of durations.");
  out["millis"] = described(any_of({integer(0, kMostMillis), named("duration")}),
                            "Milliseconds as Kafka writes them, or a duration.");
  out["partition"] = matching("^[\\s\\S]+-[0-9]+$");
  out["partitionCount"] = integer(1, kMostPartitions);
  out["requestNumber"] = integer(1, kMostRequestNumber);
  out["node"] = type("integer");
  out["side"] = described(one_of_types({"integer", "string"}),
                          "A node id, a producer's name, \"clients\" or \"controller\".");
  out["what"] = pair("enum", words(enum_names(Unit::kMessageKind)));
  out["happened"] = integer(0, INT64_MAX);
  out["settingValue"] = one_of_types({"integer", "string", "boolean"});
  out["byteRate"] = any_of({integer(1, INT64_MAX), quantity(unit_names(UnitKind::kSize), true)});
  Json share = type("number");
  share["minimum"] = 0;
  share["maximum"] = 1;
  out["probability"] = any_of({share, matching("^0*(100(\\.0+)?|[0-9]?[0-9](\\.[0-9]{1,4}0*)?)%$")});
}

// Names from the program's tables.
void define_names(Json& out) {
  Json errors = Json::array(), apis = Json::array(), profile_list = Json::array();
  for (const ErrorRow* row : protocol_errors()) errors.push_back(row->name);
  for (const ErrorRow* row : protocol_errors()) {
    if (std::find(errors.begin(), errors.end(), row->java_class) == errors.end())
      errors.push_back(row->java_class);
  }
  for (const ApiRow& row : api_rows()) apis.push_back(row.name);
  for (const Profile& profile : profiles()) profile_list.push_back(profile.name);
  Json occurrences = Json::array();
  for (const OccurrenceRow& row : kOccurrences) occurrences.push_back(row.name);
  out["occurrence"] = pair("enum", occurrences);
  out["error"] = pair("enum", errors);
  out["api"] = pair("enum", apis);
  out["profile"] = described(pair("enum", profile_list),
                             "The client generation: defaults and behaviours. A producer may have its own.");
}

// ---- the cluster

Json broker_key(const BrokerKey& key) {
  if (std::holds_alternative<bool BrokerConfig::*>(key.field)) return flag();
  if (std::holds_alternative<Nanos BrokerConfig::*>(key.field)) return named("millis");
  return integer(key.low, key.high);
}

void define_cluster(Json& out) {
  out["link"] = object(
      Json::object({{"latency", described(named("durations"), "One way.")},
                    {"jitter", described(named("durations"), "On top of it; a duration means from 0 to it.")},
                    {"bandwidth", named("bandwidth")}}));
  Json by_api;
  for (const ApiRow& row : api_rows()) by_api[std::string(row.name)] = named("durations");
  by_api["other"] = named("durations");
  out["service"] = described(any_of({named("durations"), object(by_api)}),
                             "How long a broker works on a request, by API, or for all of them.");
  out["nodeDescription"] =
      object(Json::object({{"rack", text()}, {"link", named("link")}, {"service", named("service")}}));
  Json nodes = map_of(named("number"), "nodeDescription", static_cast<std::size_t>(kMostNodes));
  nodes["minProperties"] = 1;
  Json config, settable;
  for (const BrokerKey& key : broker_keys()) {
    config[std::string(key.name)] = broker_key(key);
    if (key.settable) settable[std::string(key.name)] = any_of({integer(key.low, key.high), named("number")});
  }
  out["set"] = with_one_key(object(settable));
  Json topic;
  for (const TopicNumber& row : topic_numbers()) topic[std::string(row.name)] = integer(row.low, row.high);
  topic[std::string(kUncleanElectionKey)] = flag();
  for (const TopicWord& row : topic_words()) topic[std::string(row.name)] = pair("enum", words(row.words));
  topic["leaders"] = described(map_of(named("number"), "node", static_cast<std::size_t>(kMostPartitions)),
                               "The first leader of a partition; the others go round the node ids.");
  out["topic"] = object(topic);
  Json topic_name = matching("^[a-zA-Z0-9._-]{1,249}$");
  topic_name["not"] = pair("enum", words({".", ".."}));
  out["cluster"] = object(
      Json::object(
          {{"nodes", any_of({integer(1, kMostNodes), nodes})},
           {"topics", map_of(topic_name, "topic", kMostTopics)},
           {"link", named("link")},
           {"replication", described(named("link"), "Between brokers; the link when left out.")},
           {"service", named("service")},
           {"propagation", described(named("durations"), "From the controller to a broker's metadata.")},
           {"config", object(config)}}),
      {"nodes"});
}

// ---- producers and their steps

void define_send(Json& out) {
  const Json zipf = object(pair("zipf", integer(1, kMostZipfKeys)), {"zipf"});
  const Json poisson = object(pair("poisson", named("rate")), {"poisson"});
  const Json callback =
      object(Json::object({{"take", named("durations")}, {"steps", list_of("callbackStep")}}));
  const Json text_or_null = one_of_types({"string", "null"});
  Json headers = type("object");
  headers["additionalProperties"] = text();
  out["send"] = object(
      Json::object(
          {{"topic", text()},
           {"partition", integer(0, INT32_MAX)},
           {"key",
            described(any_of({text_or_null, zipf}),
                      "A text in which {i} counts, {\"zipf\": N} for N keys of uneven weight, or null.")},
           {"value",
            described(
                any_of({text_or_null, object(pair("text", text()), {"text"}), named("sizeDistribution")}),
                "A size, a text (what is no size, or {\"text\": ...}), a distribution of sizes, or null.")},
           {"headers", headers},
           {"timestamp", integer(0, INT64_MAX)},
           {"count", integer(1, kMostRecords)},
           {"for", named("duration")},
           {"every", named("durations")},
           {"rate", any_of({named("rate"), poisson})},
           {"await", described(flag(), "Wait for each result, as a synchronous sender does.")},
           {"on_callback", any_of({list_of("callbackStep"), callback})}}),
      {"topic"});
  out["send"]["not"] = required({"every", "rate"});
}

Json one_step(bool in_callback) {
  Json steps;
  for (const StepRow& row : step_rows()) {
    if (row.in_callback || !in_callback) steps[std::string(row.name)] = named(row.form);
  }
  return with_one_key(object(steps));
}

void define_producers(Json& out) {
  define_send(out);
  out["nothing"] = object(Json::object());
  out["close"] = object(pair("timeout", named("duration")));
  Json repeated = list_of("step");
  repeated["minItems"] = 1;
  out["repeat"] = object(Json::object({{"times", integer(1, kMostTimes)}, {"steps", repeated}}), {"steps"});
  out["barrier"] = described(any_of({text(), object(pair("name", text()))}),
                             "Threads whose steps name the same barrier meet there.");
  out["offsets"] = object(
      Json::object({{"group", text()}, {"partition", named("partition")}, {"offset", integer(0, INT64_MAX)}}),
      {"group", "partition", "offset"});
  out["step"] = one_step(false);
  out["callbackStep"] = described(one_step(true), "What a callback can do.");
  out["steps"] = list_of("step");
  out["producerConfig"] = producer_config_schema();
  out["producer"] = object(Json::object({{"profile", named("profile")},
                                         {"config", named("producerConfig")},
                                         {"threads", map_of(named("name"), "steps", kMostThreads)}}));
}

// ---- faults

Json verb_schema(const FaultAction& verb) {
  Json properties = Json::object();
  std::vector<std::string_view> needed;
  Json any = Json::array();
  for (const FaultArgument& argument : fault_arguments()) {
    if (!argument.belongs_to(verb)) continue;
    properties[std::string(argument.name)] = described(named(argument.form), argument.what);
    if (argument.need == FaultArgument::Need::kMust) needed.push_back(argument.name);
    if (argument.need == FaultArgument::Need::kOneOf) any.push_back(required({argument.name}));
  }
  Json schema = object(properties, needed);
  if (!any.empty()) schema["anyOf"] = any;
  return schema;
}

void define_fault(Json& out) {
  Json properties = Json::object(
      {{"at", named("duration")},
       {"when", described(text(), "An expression; the fault begins when it first becomes true.")},
       {"for", described(named("duration"), "Then it is healed.")},
       {"times", integer(1, INT64_MAX)},
       {"probability", named("probability")}});
  Json verbs = Json::array();
  for (const FaultAction& verb : fault_verbs()) {
    const std::string_view name = verb_of(verb);
    properties[std::string(name)] = verb_schema(verb);
    verbs.push_back(required({name}));
  }
  out["fault"] = object(properties);
  out["fault"]["oneOf"] = Json::array({required({"at"}), required({"when"})});
  out["fault"]["allOf"] = Json::array({pair("oneOf", verbs)});
}

Json expectations() {
  Json list = type("array");
  std::vector<std::string_view> forms;
  for (const ExpectationFormRow& row : expectation_forms()) forms.push_back(row.word);
  list["items"] = matching("^\\s*" + one_of_words(forms) + "\\b");
  return described(list,
                   "always E, never E, finally E, eventually E [within D], whenever E then E within D.");
}

Json whole() {
  Json schema = pair("$schema", "http://json-schema.org/draft-07/schema#");
  schema["title"] = "A Sendscope scenario";
  schema["description"] = "What exists, what goes wrong and when, and what must hold. Comments are allowed.";
  Json faults = list_of("fault");
  faults["maxItems"] = kMostFaults;
  schema.update(object(
      Json::object(
          {{"sendscope", described(pair("const", 1), "The version of the format.")},
           {"title", text()},
           {"summary", text()},
           {"seed", described(integer(0, INT64_MAX), "All chance of the run comes from it.")},
           {"profile", named("profile")},
           {"cluster", named("cluster")},
           {"producers", map_of(named("name"), "producer", kMostProducers)},
           {"faults", faults},
           {"until", described(named("duration"), "Where the run ends at the latest; 60s when left out.")},
           {"expect", expectations()},
           {"lesson", described(matching("^[^/]*\\.md$"), "A file next to this one.")}}),
      {"sendscope", "title", "cluster", "producers"}));
  Json definitions;
  define_values(definitions);
  define_names(definitions);
  define_cluster(definitions);
  define_producers(definitions);
  define_fault(definitions);
  schema["definitions"] = definitions;
  return schema;
}

}  // namespace
}  // namespace schema

std::string scenario_schema() { return schema::whole().dump(2) + "\n"; }

}  // namespace sendscope::sim
