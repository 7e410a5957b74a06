#include "sim/scenario_parts.h"

namespace sendscope::sim {
namespace {

using Kind = JsonValue::Kind;

constexpr std::size_t kMostFaults = 10'000;

// Which arguments a verb takes.
enum Argument : unsigned {
  kNodeArgument = 1u << 0,
  kApiArgument = 1u << 1,
  kPartitionArgument = 1u << 2,
  kWhatArgument = 1u << 3,
  kErrorArgument = 1u << 4,  // error, after_append
  kByArgument = 1u << 5,
  kLinkArgument = 1u << 6,  // link, service
  kToArgument = 1u << 7,
  kSidesArgument = 1u << 8,  // from, to, one_way
  kTopicArgument = 1u << 9,
  kCountArgument = 1u << 10,
  kClientArgument = 1u << 11,  // client, bytes_per_second
  kPartitionNeeded = 1u << 12,
};

struct VerbRow {
  FaultVerb verb;
  unsigned arguments;
};

constexpr VerbRow kVerbs[] = {
    {FaultVerb::kKill, kNodeArgument},
    {FaultVerb::kRestart, kNodeArgument},
    {FaultVerb::kPause, kNodeArgument},
    {FaultVerb::kResume, kNodeArgument},
    {FaultVerb::kRespond, kNodeArgument | kApiArgument | kPartitionArgument | kErrorArgument},
    {FaultVerb::kDrop, kWhatArgument | kNodeArgument | kApiArgument | kPartitionArgument},
    {FaultVerb::kDelay, kWhatArgument | kNodeArgument | kApiArgument | kPartitionArgument | kByArgument},
    {FaultVerb::kDisconnect, kNodeArgument},
    {FaultVerb::kPartitionNetwork, kSidesArgument},
    {FaultVerb::kSlow, kNodeArgument | kLinkArgument},
    {FaultVerb::kMoveLeader, kPartitionArgument | kPartitionNeeded | kToArgument},
    {FaultVerb::kShrinkIsr, kPartitionArgument | kPartitionNeeded | kNodeArgument},
    {FaultVerb::kExpandIsr, kPartitionArgument | kPartitionNeeded | kNodeArgument},
    {FaultVerb::kAddPartitions, kTopicArgument | kCountArgument},
    {FaultVerb::kDeleteTopic, kTopicArgument},
    {FaultVerb::kQuota, kClientArgument},
    {FaultVerb::kCorrupt, kWhatArgument | kNodeArgument | kApiArgument},
};

std::optional<ErrorCode> read_error(const JsonValue& value, Problems& problems) {
  static constexpr std::string_view kNames[] = {
#define SENDSCOPE_ERROR(id, value, name, java_class, families, text) name,
#include "core/base/errors.def"
#undef SENDSCOPE_ERROR
  };
  constexpr int kFirstClientCode = 1000;
  const ErrorRow* row = value.kind == Kind::kString ? find_error(value.text) : nullptr;
  if (row != nullptr && static_cast<int>(row->code) < kFirstClientCode && row->code != ErrorCode::kNone) {
    return row->code;
  }
  const std::vector<std::string_view> names(std::begin(kNames), std::end(kNames));
  problems.expected(value, "the name of a Kafka error, such as \"NOT_LEADER_OR_FOLLOWER\"" +
                               did_you_mean(value.text, names));
  return std::nullopt;
}

std::optional<MessageKind> read_what(const JsonValue& value, Problems& problems) {
  if (value.kind == Kind::kString && value.text == "request") return MessageKind::kRequest;
  if (value.kind == Kind::kString && value.text == "response") return MessageKind::kResponse;
  problems.expected(value, "\"request\" or \"response\"");
  return std::nullopt;
}

void read_where(ObjectReader& reader, LoadContext& context, unsigned arguments, FaultSpec& fault) {
  Problems& problems = context.problems;
  if ((arguments & kNodeArgument) != 0) {
    if (const JsonValue* node = reader.find("node")) fault.node = read_node(*node, context);
  }
  if ((arguments & kApiArgument) != 0) {
    if (const JsonValue* api = reader.find("api")) fault.api = read_api(*api, problems);
  }
  if ((arguments & kPartitionArgument) != 0) {
    const JsonValue* partition = (arguments & kPartitionNeeded) != 0
                                     ? reader.require("partition", "a partition such as \"orders-0\"")
                                     : reader.find("partition");
    if (partition != nullptr) {
      if (auto read = read_partition(*partition, context)) std::tie(fault.topic, fault.partition) = *read;
    }
  }
  if ((arguments & kWhatArgument) != 0) {
    if (const JsonValue* what = reader.find("what")) fault.what = read_what(*what, problems);
  }
}

void read_slow(ObjectReader& reader, LoadContext& context, FaultSpec& fault) {
  Problems& problems = context.problems;
  const JsonValue* link = reader.find("link");
  const JsonValue* service = reader.find("service");
  if (link == nullptr && service == nullptr) {
    problems.expected(reader.value(), "neither \"link\" nor \"service\"", "one of them, or both");
  }
  if (link != nullptr) {
    ObjectReader values(*link, problems, "an object with latency, jitter and bandwidth");
    if (const JsonValue* latency = values.find("latency")) fault.latency = read_durations(*latency, problems);
    if (const JsonValue* jitter = values.find("jitter")) fault.jitter = read_jitter(*jitter, problems);
    if (const JsonValue* bandwidth = values.find("bandwidth")) {
      fault.bandwidth = read_bandwidth(*bandwidth, problems);
    }
  }
  if (service != nullptr) {
    std::optional<Distribution> other;
    read_service(*service, problems, fault.service, fault.all_service, other);
    if (other) fault.all_service = other;
  }
}

// A node id, a producer's name, "clients" or "controller".
std::string read_side(const JsonValue& value, LoadContext& context) {
  if (value.kind == Kind::kInteger) {
    const auto node = read_node(value, context);
    return node ? std::to_string(*node) : "";
  }
  return read_string(value, context.problems, "a node id, a producer's name, \"clients\" or \"controller\"")
      .value_or("");
}

void read_sides(ObjectReader& reader, LoadContext& context, FaultSpec& fault) {
  if (const JsonValue* from = reader.find("from")) fault.side_a = read_side(*from, context);
  if (const JsonValue* to = reader.find("to")) fault.side_b = read_side(*to, context);
  if (const JsonValue* one_way = reader.find("one_way")) {
    fault.one_way = read_boolean(*one_way, context.problems).value_or(false);
  }
}

void read_topic_and_count(ObjectReader& reader, LoadContext& context, unsigned arguments, FaultSpec& fault) {
  if (const JsonValue* topic = reader.require("topic", "a topic's name")) {
    fault.topic = read_string(*topic, context.problems).value_or("");
    if (topic->kind == Kind::kString) check_topic(*topic, fault.topic, context);
  }
  if ((arguments & kCountArgument) == 0) return;
  if (const JsonValue* count = reader.require("count", "how many partitions there are afterwards")) {
    fault.count = static_cast<std::int32_t>(read_integer(*count, context.problems, 1, 10'000).value_or(1));
  }
}

void read_quota(ObjectReader& reader, LoadContext& context, FaultSpec& fault) {
  if (const JsonValue* client = reader.find("client")) {
    fault.client = read_string(*client, context.problems, "a producer's name").value_or("");
  }
  const JsonValue* rate = reader.require("bytes_per_second", "a size, such as \"100kB\"");
  if (rate == nullptr) return;
  const auto bytes = rate->kind == Kind::kInteger ? read_integer(*rate, context.problems, 1, INT64_MAX)
                                                  : read_size(*rate, context.problems);
  fault.bytes_per_second = static_cast<std::uint64_t>(bytes.value_or(1));
}

void read_arguments(const JsonValue& value, LoadContext& context, unsigned arguments, FaultSpec& fault) {
  Problems& problems = context.problems;
  ObjectReader reader(value, problems, "an object of the fault's arguments");
  read_where(reader, context, arguments, fault);
  if ((arguments & kErrorArgument) != 0) {
    if (const JsonValue* error = reader.require("error", "the name of a Kafka error")) {
      fault.error = read_error(*error, problems).value_or(ErrorCode::kNone);
    }
    if (const JsonValue* after = reader.find("after_append")) {
      fault.after_append = read_boolean(*after, problems).value_or(false);
    }
  }
  if ((arguments & kByArgument) != 0) {
    if (const JsonValue* by = reader.require("by", "how long the message is late")) {
      fault.by = read_durations(*by, problems).value_or(Distribution{});
    }
  }
  if ((arguments & kLinkArgument) != 0) read_slow(reader, context, fault);
  if ((arguments & kToArgument) != 0) {
    if (const JsonValue* to = reader.require("to", "the id of the new leader"))
      fault.to = read_node(*to, context);
  }
  if ((arguments & kSidesArgument) != 0) read_sides(reader, context, fault);
  if ((arguments & kTopicArgument) != 0) read_topic_and_count(reader, context, arguments, fault);
  if ((arguments & kClientArgument) != 0) read_quota(reader, context, fault);
}

void read_occasion(ObjectReader& reader, LoadContext& context, std::size_t index, FaultSpec& fault) {
  Problems& problems = context.problems;
  const JsonValue* at = reader.find("at");
  const JsonValue* when = reader.find("when");
  if ((at != nullptr) == (when != nullptr)) {
    problems.expected(reader.value(),
                      at == nullptr ? "neither \"at\" nor \"when\"" : "both \"at\" and \"when\"",
                      "either \"at\" (a time) or \"when\" (an expression)");
  }
  if (at != nullptr) fault.at = read_duration(*at, problems);
  if (when != nullptr) {
    fault.when = read_string(*when, problems, "an expression").value_or("");
    context.out.expressions.push_back({fault.when, false, index, when->line, when->column, when->path});
  }
  if (const JsonValue* duration = reader.find("for")) {
    fault.duration = read_duration(*duration, problems).value_or(0);
  }
  if (const JsonValue* times = reader.find("times")) {
    fault.times = static_cast<std::uint64_t>(read_integer(*times, problems, 1, INT64_MAX).value_or(0));
  }
  if (const JsonValue* probability = reader.find("probability")) {
    fault.per_million =
        static_cast<std::uint32_t>(read_probability(*probability, problems).value_or(fault.per_million));
  }
}

void read_fault(const JsonValue& value, LoadContext& context, std::size_t index) {
  FaultSpec fault;
  std::vector<std::string_view> names;
  const JsonValue* verb_value = nullptr;
  {
    ObjectReader reader(value, context.problems, "an object that describes a fault");
    read_occasion(reader, context, index, fault);
    for (const VerbRow& row : kVerbs) {
      names.push_back(fault_verb_name(row.verb));
      const JsonValue* arguments = reader.find(names.back());
      if (arguments == nullptr) continue;
      if (verb_value != nullptr) {
        context.problems.expected(*arguments, "a second verb", "one verb a fault");
        continue;
      }
      verb_value = arguments;
      fault.verb = row.verb;
      read_arguments(*arguments, context, row.arguments, fault);
    }
  }
  if (verb_value == nullptr && value.kind == Kind::kObject) {
    context.problems.expected(value, "no verb", "one of " + one_of(names));
  }
  context.scenario().faults.push_back(std::move(fault));
}

// Topics may grow by a fault that stands anywhere in the list, so these are looked for first.
void find_grown_topics(const JsonValue& faults, LoadContext& context) {
  for (const JsonValue& fault : faults.items) {
    const JsonValue* arguments = fault.find("add_partitions");
    if (arguments == nullptr) continue;
    const JsonValue* topic = arguments->find("topic");
    const JsonValue* count = arguments->find("count");
    if (topic == nullptr || count == nullptr || count->integer < 1 || count->integer > 10'000) continue;
    std::int32_t& most = context.grown_topics[topic->text];
    most = std::max(most, static_cast<std::int32_t>(count->integer));
  }
}

}  // namespace

void read_faults(const JsonValue& value, LoadContext& context) {
  if (value.kind != Kind::kArray || value.items.size() > kMostFaults) {
    context.problems.expected(value, "a list of at most 10000 faults");
    return;
  }
  find_grown_topics(value, context);
  for (std::size_t i = 0; i < value.items.size(); ++i) read_fault(value.items[i], context, i);
}

}  // namespace sendscope::sim
