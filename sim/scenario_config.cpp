#include "core/base/nearest.h"
#include "core/producer/config.h"
#include "core/producer/config_secrets.h"
#include "sim/scenario_parts.h"

namespace sendscope::sim {
namespace {

// A message of the configuration begins with the key it is about: "linger.ms = '5': ...", "acks: ...".
const JsonMember* find_blamed(const JsonValue& config, const std::string& message) {
  for (const JsonMember& member : config.members) {
    if (message.starts_with(member.key + " = ") || message.starts_with(member.key + ": ")) return &member;
  }
  return nullptr;
}

void warn_of_unknown_key(const JsonMember& member, LoadContext& context) {
  std::vector<std::string_view> names;
  for (const ConfigKey& key : config_keys()) {
    if (key.name == member.key) return;
    names.push_back(key.name);
  }
  context.out.warnings.push_back({context.problems.file(), member.line, member.column, member.value.path,
                                  "an unknown configuration key",
                                  "a key of Kafka's producer" + did_you_mean(member.key, names)});
}

}  // namespace

void read_producer_config(const JsonValue& value, LoadContext& context, ProducerSpec& producer) {
  const std::size_t before = context.problems.size();
  ProducerConfig::Texts texts;
  for (const JsonMember& member : value.members) {
    if (auto text = read_config_text(member.value, context.problems)) {
      if (is_secret_config_key(member.key)) *text = kHidden;  // nobody reads it
      producer.config.emplace_back(member.key, *text);
      texts[member.key] = *text;
      const std::string rule = broken_config_rule(member.key, *text);
      if (!rule.empty())
        context.problems.wrong(member.value, "found " + member.value.describe() + "; it " + rule);
    }
    warn_of_unknown_key(member, context);
  }
  if (context.problems.size() != before) return;
  const Profile* profile = profile_of(context.scenario(), producer);
  if (profile == nullptr) return;  // told where it is named
  const auto parsed = ProducerConfig::parse(texts, nullptr, 1, /*needs_bootstrap=*/false, *profile);
  if (parsed) return;
  const JsonMember* blamed = find_blamed(value, parsed.error().message);
  const JsonValue& place = blamed == nullptr ? value : blamed->value;
  context.problems.wrong(place, parsed.error().message);
}

void read_profile(const JsonValue& value, LoadContext& context, std::string& profile) {
  if (value.kind == JsonValue::Kind::kString) profile = value.text;
  if (value.kind == JsonValue::Kind::kString && find_profile(value.text) != nullptr) return;
  context.problems.expected(value, "a generation of Kafka's client: " + profile_names());
}

const Profile* profile_of(const Scenario& scenario, const ProducerSpec& producer) {
  return find_profile(producer.profile.empty() ? scenario.profile : producer.profile);
}

namespace {

bool is_producer(const LoadContext& context, const std::string& name) {
  for (const ProducerSpec& producer : context.out.scenario.producers) {
    if (producer.name == name) return true;
  }
  return false;
}

}  // namespace

void check_clients(const JsonValue& faults, LoadContext& context) {
  std::vector<std::string_view> names;
  for (const ProducerSpec& producer : context.scenario().producers) names.push_back(producer.name);
  const auto check = [&](const JsonValue* name, bool side) {
    if (name == nullptr || name->kind != JsonValue::Kind::kString || is_producer(context, name->text)) return;
    if (side && (name->text == "clients" || name->text == "controller")) return;
    context.problems.expected(*name,
                              "the name of a producer: " + one_of(names) + did_you_mean(name->text, names));
  };
  for (const JsonValue& fault : faults.items) {
    if (const JsonValue* quota = fault.find("quota")) check(quota->find("client"), false);
    if (const JsonValue* split = fault.find("partition_network")) {
      check(split->find("from"), true);
      check(split->find("to"), true);
    }
  }
}

}  // namespace sendscope::sim
