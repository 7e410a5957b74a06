#include "sim/scenario_parts.h"

namespace sendscope::sim {
namespace {

using Kind = JsonValue::Kind;

void read_error(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  std::vector<std::string_view> names;
  for (const ErrorRow* row : protocol_errors()) {
    if (value.kind == Kind::kString && (value.text == row->name || value.text == row->java_class)) {
      fault.error = row->code;
      return;
    }
    names.push_back(row->name);
  }
  context.problems.expected(value, "the name of a Kafka error, such as \"NOT_LEADER_OR_FOLLOWER\"" +
                                       did_you_mean(value.text, names));
}

void read_what(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  const std::vector<std::string_view> words = enum_names(Unit::kMessageKind);
  const auto found = std::find(words.begin(), words.end(), value.text);
  if (value.kind == Kind::kString && found != words.end()) {
    fault.what = static_cast<MessageKind>(found - words.begin());
  } else {
    context.problems.expected(value, "\"request\" or \"response\"");
  }
}

void read_slow_link(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  Problems& problems = context.problems;
  ObjectReader reader(value, problems, "an object with latency, jitter and bandwidth");
  if (const JsonValue* latency = reader.find("latency")) fault.latency = read_durations(*latency, problems);
  if (const JsonValue* jitter = reader.find("jitter")) fault.jitter = read_jitter(*jitter, problems);
  if (const JsonValue* bandwidth = reader.find("bandwidth")) {
    fault.bandwidth = read_bandwidth(*bandwidth, problems);
  }
}

void read_slow_service(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  std::optional<Distribution> other;
  read_service(value, context.problems, fault.service, fault.all_service, other);
  if (other) fault.all_service = other;
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

void read_topic_name(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  fault.topic = read_string(value, context.problems, "a topic's name").value_or("");
  if (value.kind == Kind::kString) check_topic(value, fault.topic, context);
}

void read_bytes_per_second(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  const auto bytes = value.kind == Kind::kInteger ? read_integer(value, context.problems, 1, INT64_MAX)
                                                  : read_size(value, context.problems);
  fault.bytes_per_second = static_cast<std::uint64_t>(bytes.value_or(1));
  if (bytes == 0) context.problems.expected(value, "more than nothing");
}

void read_request(const JsonValue& value, LoadContext& context, FaultSpec& fault) {
  if (const auto number = read_integer(value, context.problems, 1, kMostRequestNumber)) {
    fault.request = static_cast<std::uint32_t>(*number);
  }
}

void read_flag(const JsonValue& value, LoadContext& context, bool& flag) {
  flag = read_boolean(value, context.problems).value_or(false);
}

std::string write_what(const FaultSpec& fault) {
  return fault.what ? json_string(enum_names(Unit::kMessageKind)[static_cast<std::size_t>(*fault.what)]) : "";
}

std::string write_side(const std::string& side) {
  const bool node = !side.empty() && side.find_first_not_of("0123456789") == std::string::npos;
  return side.empty() || node ? side : json_string(side);
}

std::string write_flag(bool flag) { return flag ? "true" : ""; }

// ---- the arguments, and which verb takes which

enum Argument : unsigned {
  kNodeArgument = 1u << 0,
  kApiArgument = 1u << 1,
  kPartitionArgument = 1u << 2,
  kWhatArgument = 1u << 3,
  kErrorArgument = 1u << 4,
  kAfterAppendArgument = 1u << 5,
  kByArgument = 1u << 6,
  kLinkArgument = 1u << 7,
  kServiceArgument = 1u << 8,
  kNewLeaderArgument = 1u << 9,
  kFromArgument = 1u << 10,
  kToArgument = 1u << 11,
  kOneWayArgument = 1u << 12,
  kTopicArgument = 1u << 13,
  kCountArgument = 1u << 14,
  kClientArgument = 1u << 15,
  kBytesPerSecondArgument = 1u << 16,
  kRequestArgument = 1u << 17,
};

// Which requests, or the answers to them.
constexpr unsigned kMessageArguments = kNodeArgument | kApiArgument | kClientArgument | kRequestArgument;

constexpr FaultArgument kArguments[] = {
    {kNodeArgument, "node", "node", "the id of a node",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.node = read_node(value, context);
     },
     [](const FaultSpec& fault) { return fault.node ? std::to_string(*fault.node) : std::string(); }},
    {kApiArgument, "api", "api", "the name of a request",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.api = read_api(value, context.problems);
     },
     [](const FaultSpec& fault) {
       return fault.api ? json_string(api_row(*fault.api).name) : std::string();
     }},
    {kPartitionArgument, "partition", "partition", "a partition such as \"orders-0\"",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       if (auto read = read_partition(value, context)) std::tie(fault.topic, fault.partition) = *read;
     },
     [](const FaultSpec& fault) {
       return fault.partition ? json_string(fault.topic + "-" + std::to_string(*fault.partition))
                              : std::string();
     }},
    {kWhatArgument, "what", "what", "\"request\" or \"response\"", read_what, write_what},
    {kErrorArgument, "error", "error", "the name of a Kafka error", read_error,
     [](const FaultSpec& fault) { return json_string(error_row(fault.error).name); }},
    {kAfterAppendArgument, "after_append", "flag", "whether the records are stored all the same",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       read_flag(value, context, fault.after_append);
     },
     [](const FaultSpec& fault) { return write_flag(fault.after_append); }},
    {kByArgument, "by", "durations", "how long the message is late",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.by = read_durations(value, context.problems).value_or(Distribution{});
     },
     [](const FaultSpec& fault) { return write_durations(fault.by); }},
    {kLinkArgument, "link", "link", "the node's link from then on", read_slow_link, write_link},
    {kServiceArgument, "service", "service", "the node's service times from then on", read_slow_service,
     write_service},
    {kNewLeaderArgument, "to", "node", "the id of the new leader",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.to = read_node(value, context);
     },
     [](const FaultSpec& fault) { return fault.to ? std::to_string(*fault.to) : std::string(); }},
    {kFromArgument, "from", "side", "who is not heard; everybody when left out",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.side_a = read_side(value, context);
     },
     [](const FaultSpec& fault) { return write_side(fault.side_a); }},
    {kToArgument, "to", "side", "who does not hear; everybody when left out",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.side_b = read_side(value, context);
     },
     [](const FaultSpec& fault) { return write_side(fault.side_b); }},
    {kOneWayArgument, "one_way", "flag", "whether the other direction stays whole",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       read_flag(value, context, fault.one_way);
     },
     [](const FaultSpec& fault) { return write_flag(fault.one_way); }},
    {kTopicArgument, "topic", "text", "a topic's name", read_topic_name,
     [](const FaultSpec& fault) { return json_string(fault.topic); }},
    {kCountArgument, "count", "partitionCount", "how many partitions there are afterwards",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.count =
           static_cast<std::int32_t>(read_integer(value, context.problems, 1, kMostPartitions).value_or(1));
     },
     [](const FaultSpec& fault) { return std::to_string(fault.count); }},
    {kClientArgument, "client", "text", "a producer's name",
     [](const JsonValue& value, LoadContext& context, FaultSpec& fault) {
       fault.client = read_string(value, context.problems, "a producer's name").value_or("");
     },
     [](const FaultSpec& fault) { return fault.client.empty() ? std::string() : json_string(fault.client); }},
    {kRequestArgument, "request", "requestNumber", "the number of a request, as its producer counts them",
     read_request,
     [](const FaultSpec& fault) { return fault.request ? std::to_string(*fault.request) : std::string(); }},
    {kBytesPerSecondArgument, "bytes_per_second", "byteRate", "a size, such as \"100kB\"",
     read_bytes_per_second, [](const FaultSpec& fault) { return std::to_string(fault.bytes_per_second); }},
};

constexpr FaultVerbRow kVerbs[] = {
    {FaultVerb::kKill, kNodeArgument},
    {FaultVerb::kRestart, kNodeArgument},
    {FaultVerb::kPause, kNodeArgument},
    {FaultVerb::kResume, kNodeArgument},
    {FaultVerb::kRespond, kMessageArguments | kPartitionArgument | kAfterAppendArgument, kErrorArgument},
    {FaultVerb::kDrop, kWhatArgument | kMessageArguments | kPartitionArgument},
    {FaultVerb::kDelay, kWhatArgument | kMessageArguments | kPartitionArgument, kByArgument},
    {FaultVerb::kDisconnect, kNodeArgument | kClientArgument},
    {FaultVerb::kPartitionNetwork, kFromArgument | kToArgument | kOneWayArgument},
    {FaultVerb::kSlow, kNodeArgument | kLinkArgument | kServiceArgument, 0, kLinkArgument | kServiceArgument},
    {FaultVerb::kMoveLeader, 0, kPartitionArgument | kNewLeaderArgument},
    {FaultVerb::kShrinkIsr, kNodeArgument, kPartitionArgument},
    {FaultVerb::kExpandIsr, kNodeArgument, kPartitionArgument},
    {FaultVerb::kAddPartitions, 0, kTopicArgument | kCountArgument},
    {FaultVerb::kDeleteTopic, 0, kTopicArgument},
    {FaultVerb::kQuota, kClientArgument, kBytesPerSecondArgument},
    {FaultVerb::kCorrupt, kWhatArgument | kMessageArguments},
};

void read_arguments(const JsonValue& value, LoadContext& context, const FaultVerbRow& verb,
                    FaultSpec& fault) {
  ObjectReader reader(value, context.problems, "an object of the fault's arguments");
  std::vector<std::string_view> one_of_names;
  unsigned given = 0;
  for (const FaultArgument& argument : kArguments) {
    if (((verb.may | verb.must) & argument.bit) == 0) continue;
    if ((verb.one_of & argument.bit) != 0) one_of_names.push_back(argument.name);
    const JsonValue* found = (verb.must & argument.bit) != 0
                                 ? reader.require(argument.name, std::string(argument.what))
                                 : reader.find(argument.name);
    if (found == nullptr) continue;
    given |= argument.bit;
    argument.read(*found, context, fault);
  }
  if (verb.one_of != 0 && (given & verb.one_of) == 0 && value.kind == Kind::kObject) {
    context.problems.expected(value, "none of them", "at least one of " + one_of(one_of_names));
  }
}

void read_occasion(ObjectReader& reader, LoadContext& context, FaultSpec& fault) {
  Problems& problems = context.problems;
  const JsonValue* at = reader.find("at");
  const JsonValue* when = reader.find("when");
  if ((at != nullptr) == (when != nullptr)) {
    problems.expected(reader.value(),
                      at == nullptr ? "neither \"at\" nor \"when\"" : "both \"at\" and \"when\"",
                      "either \"at\" (a time) or \"when\" (an expression)");
  }
  if (at != nullptr) fault.at = read_duration(*at, problems);
  if (when != nullptr) fault.when = read_condition(*when, context);
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

void read_fault(const JsonValue& value, LoadContext& context) {
  FaultSpec fault;
  std::vector<std::string_view> names;
  const JsonValue* verb_value = nullptr;
  {
    ObjectReader reader(value, context.problems, "an object that describes a fault");
    read_occasion(reader, context, fault);
    for (const FaultVerbRow& row : kVerbs) {
      names.push_back(fault_verb_name(row.verb));
      const JsonValue* arguments = reader.find(names.back());
      if (arguments == nullptr) continue;
      if (verb_value != nullptr) {
        context.problems.expected(*arguments, "a second verb", "one verb a fault");
        continue;
      }
      verb_value = arguments;
      fault.verb = row.verb;
      read_arguments(*arguments, context, row, fault);
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
    if (topic == nullptr || count == nullptr || count->integer < 1 || count->integer > kMostPartitions)
      continue;
    std::int32_t& most = context.grown_topics[topic->text];
    most = std::max(most, static_cast<std::int32_t>(count->integer));
  }
}

}  // namespace

std::span<const FaultArgument> fault_arguments() { return kArguments; }
std::span<const FaultVerbRow> fault_verbs() { return kVerbs; }

std::vector<const ErrorRow*> protocol_errors() {
  constexpr int kFirstClientCode = 1000;
  static constexpr ErrorCode kCodes[] = {
#define SENDSCOPE_ERROR(id, value, name, java_class, families, text) ErrorCode::id,
#include "core/base/errors.def"
#undef SENDSCOPE_ERROR
  };
  std::vector<const ErrorRow*> rows;
  for (const ErrorCode code : kCodes) {
    if (code != ErrorCode::kNone && static_cast<int>(code) < kFirstClientCode)
      rows.push_back(&error_row(code));
  }
  return rows;
}

void read_faults(const JsonValue& value, LoadContext& context) {
  if (!is_collection(value, Kind::kArray, kMostFaults, "faults", "a list of faults", context.problems))
    return;
  find_grown_topics(value, context);
  for (const JsonValue& item : value.items) read_fault(item, context);
}

}  // namespace sendscope::sim
