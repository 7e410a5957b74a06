#include <algorithm>

#include "core/base/api.h"
#include "core/base/whole_number.h"
#include "sim/scenario_parts.h"
#include "sim/units.h"

namespace sendscope::sim {
namespace {

std::optional<Distribution> read_uniform(const JsonValue& value, Problems& problems,
                                         const ScalarReader& scalar) {
  if (value.kind != JsonValue::Kind::kArray || value.items.size() != 2) {
    problems.expected(value, "a list of the least and the greatest value");
    return std::nullopt;
  }
  const auto low = scalar(value.items[0], problems);
  const auto high = scalar(value.items[1], problems);
  if (!low || !high) return std::nullopt;
  if (*low > *high) {
    problems.expected(value, "the least value after the greatest", "the least value first");
    return std::nullopt;
  }
  return Distribution::uniform(*low, *high);
}

std::optional<Distribution> read_lognormal(const JsonValue& value, Problems& problems,
                                           const ScalarReader& scalar) {
  ObjectReader reader(value, problems, "an object with \"median\" and \"p99\"");
  const JsonValue* median = reader.require("median", "\"median\" and \"p99\"");
  const JsonValue* p99 = reader.require("p99", "\"median\" and \"p99\"");
  if (median == nullptr || p99 == nullptr) return std::nullopt;
  const auto low = scalar(*median, problems);
  const auto high = scalar(*p99, problems);
  if (!low || !high) return std::nullopt;
  if (*low > *high || *low == 0) {
    problems.expected(value, "a p99 below the median, or a median of 0", "0 < median <= p99");
    return std::nullopt;
  }
  return Distribution::lognormal(*low, *high);
}

}  // namespace

bool is_distribution(const JsonValue& value) {
  return value.find("uniform") != nullptr || value.find("exponential") != nullptr ||
         value.find("lognormal") != nullptr;
}

std::optional<Distribution> read_distribution(const JsonValue& value, Problems& problems,
                                              const ScalarReader& scalar) {
  if (value.kind != JsonValue::Kind::kObject) {
    const auto constant = scalar(value, problems);
    return constant ? std::optional(Distribution::constant(*constant)) : std::nullopt;
  }
  ObjectReader reader(value, problems);
  const JsonValue* uniform = reader.find("uniform");
  const JsonValue* exponential = reader.find("exponential");
  const JsonValue* lognormal = reader.find("lognormal");
  if ((uniform != nullptr) + (exponential != nullptr) + (lognormal != nullptr) != 1) {
    problems.expected(value, "a constant, or an object with one of uniform, exponential and lognormal");
    return std::nullopt;
  }
  if (uniform != nullptr) return read_uniform(*uniform, problems, scalar);
  if (lognormal != nullptr) return read_lognormal(*lognormal, problems, scalar);
  const auto mean = scalar(*exponential, problems);
  return mean ? std::optional(Distribution::exponential(*mean)) : std::nullopt;
}

std::optional<Distribution> read_durations(const JsonValue& value, Problems& problems) {
  return read_distribution(value, problems, read_duration);
}

std::optional<Distribution> read_sizes(const JsonValue& value, Problems& problems) {
  return read_distribution(value, problems, read_size);
}

std::optional<Distribution> read_jitter(const JsonValue& value, Problems& problems) {
  auto jitter = read_durations(value, problems);
  if (jitter && jitter->kind == Distribution::Kind::kConstant) return Distribution::uniform(0, jitter->low);
  return jitter;
}

std::optional<std::uint64_t> read_bandwidth(const JsonValue& value, Problems& problems) {
  if (value.kind == JsonValue::Kind::kString) {
    if (value.text == "unlimited") return 0;
    if (auto parsed = parse_bandwidth(value.text)) return *parsed;
  }
  problems.expected(value, "a bandwidth such as \"100Mbit/s\" or \"1MB/s\", or \"unlimited\"");
  return std::nullopt;
}

std::optional<ApiKey> read_api(const JsonValue& value, Problems& problems) {
  const ApiRow* api = value.kind == JsonValue::Kind::kString ? find_api(value.text) : nullptr;
  if (api != nullptr) return api->key;
  std::vector<std::string_view> names;
  for (const ApiRow& row : api_rows()) names.push_back(row.name);
  problems.expected(value, "one of " + one_of(names) + did_you_mean(value.text, names));
  return std::nullopt;
}

bool is_collection(const JsonValue& value, JsonValue::Kind kind, std::size_t most, const std::string& things,
                   const std::string& expected, Problems& problems) {
  const std::size_t size = value.members.size() + value.items.size();
  const std::string limit = "at most " + std::to_string(most);
  if (value.kind != kind) {
    problems.expected(value, expected + ", with " + limit + " " + things);
  } else if (size > most) {
    problems.expected(value, std::to_string(size) + " " + things, limit);
  } else {
    return true;
  }
  return false;
}

std::optional<std::string> read_config_text(const JsonValue& value, Problems& problems) {
  switch (value.kind) {
    case JsonValue::Kind::kString:
    case JsonValue::Kind::kInteger:
    case JsonValue::Kind::kReal: return value.text;
    case JsonValue::Kind::kBoolean: return value.boolean ? "true" : "false";
    default: problems.expected(value, "a string, a number, true or false"); return std::nullopt;
  }
}

std::optional<NodeId> read_node(const JsonValue& value, LoadContext& context) {
  std::string ids;
  for (const NodeSpec& node : context.scenario().cluster.nodes) {
    if (value.kind == JsonValue::Kind::kInteger && value.integer == node.id) return node.id;
    ids += (ids.empty() ? "" : ", ") + std::to_string(node.id);
  }
  context.problems.expected(value,
                            "the id of a node of the cluster: " + (ids.empty() ? "there is none" : ids));
  return std::nullopt;
}

namespace {

const TopicSpec* find_topic(const LoadContext& context, const std::string& name) {
  for (const TopicSpec& topic : context.out.scenario.cluster.topics) {
    if (topic.name == name) return &topic;
  }
  return nullptr;
}

// Partitions a topic can come to have: those it starts with, or more by add_partitions.
std::int32_t most_partitions(const LoadContext& context, const TopicSpec& topic) {
  const auto grown = context.grown_topics.find(topic.name);
  return grown == context.grown_topics.end() ? topic.partitions : std::max(topic.partitions, grown->second);
}

}  // namespace

bool check_topic(const JsonValue& at, const std::string& topic, LoadContext& context) {
  if (find_topic(context, topic) != nullptr || context.missing_topics_meant) return true;
  std::vector<std::string_view> names;
  for (const TopicSpec& known : context.scenario().cluster.topics) names.push_back(known.name);
  context.problems.expected(at, "the topic \"" + topic + "\", which the cluster does not have",
                            (names.empty() ? "a topic of cluster.topics" : one_of(names)) +
                                did_you_mean(topic, names) +
                                "; a topic that is meant to be absent needs \"auto.create.topics.enable\" in "
                                "cluster.config");
  return false;
}

bool check_partition(const JsonValue& at, const std::string& topic, PartitionId partition,
                     LoadContext& context) {
  if (!check_topic(at, topic, context)) return false;
  const TopicSpec* known = find_topic(context, topic);
  if (known == nullptr || partition < most_partitions(context, *known)) return true;
  context.problems.expected(at, "partition " + std::to_string(partition) + " of " + topic,
                            "a partition from 0 to " + std::to_string(most_partitions(context, *known) - 1));
  return false;
}

std::optional<std::pair<std::string, PartitionId>> read_partition(const JsonValue& value,
                                                                  LoadContext& context) {
  const std::size_t dash = value.kind == JsonValue::Kind::kString ? value.text.rfind('-') : std::string::npos;
  const auto number = dash == std::string::npos || dash == 0
                          ? std::nullopt
                          : whole_number<PartitionId>(std::string_view(value.text).substr(dash + 1));
  if (!number || *number < 0) {
    context.problems.expected(value, "a partition such as \"orders-0\"");
    return std::nullopt;
  }
  std::string topic = value.text.substr(0, dash);
  if (!check_partition(value, topic, *number, context)) return std::nullopt;
  return std::pair{std::move(topic), *number};
}

namespace {

// Told at its place inside the file: a string begins after its quote, and expressions are one line.
void report(const ExpressionError& error, const JsonValue& value, Problems& problems) {
  JsonValue inside = value;
  inside.column += error.column;
  problems.wrong(inside, "\"" + value.text + "\": " + error.message);
}

}  // namespace

std::optional<Expression> read_condition(const JsonValue& value, LoadContext& context) {
  const auto text = read_string(value, context.problems, "an expression");
  if (!text) return std::nullopt;
  auto parsed = parse_condition(*text);
  if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
    report(*error, value, context.problems);
    return std::nullopt;
  }
  context.expressions.emplace_back(std::get<Expression>(parsed), &value);
  return std::get<Expression>(std::move(parsed));
}

std::optional<Expectation> read_expectation(const JsonValue& value, LoadContext& context) {
  const auto text = read_string(value, context.problems, "an expectation such as \"always pool.used >= 0B\"");
  if (!text) return std::nullopt;
  auto parsed = parse_expectation(*text);
  if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
    report(*error, value, context.problems);
    return std::nullopt;
  }
  auto& expectation = std::get<Expectation>(parsed);
  context.expressions.emplace_back(expectation.condition, &value);
  context.expressions.emplace_back(expectation.consequence, &value);
  return std::move(expectation);
}

}  // namespace sendscope::sim
