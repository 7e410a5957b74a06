#include <algorithm>

#include "sim/scenario_parts.h"
#include "sim/scenario_settings.h"

namespace sendscope::sim {
namespace {

using Kind = JsonValue::Kind;
using Need = FaultArgument::Need;

// ---- the values of arguments

std::optional<ErrorCode> read_error(const JsonValue& value, LoadContext& context) {
  std::vector<std::string_view> names;
  for (const ErrorRow* row : protocol_errors()) {
    if (value.kind == Kind::kString && (value.text == row->name || value.text == row->java_class))
      return row->code;
    names.push_back(row->name);
  }
  context.problems.expected(value, "the name of a Kafka error, such as \"NOT_LEADER_OR_FOLLOWER\"" +
                                       did_you_mean(value.text, names));
  return std::nullopt;
}

std::optional<MessageKind> read_what(const JsonValue& value, LoadContext& context) {
  const std::vector<std::string_view> words = enum_names(Unit::kMessageKind);
  const auto found = std::find(words.begin(), words.end(), value.text);
  if (value.kind == Kind::kString && found != words.end())
    return static_cast<MessageKind>(found - words.begin());
  context.problems.expected(value, "\"request\" or \"response\"");
  return std::nullopt;
}

std::optional<LinkChange> read_link_change(const JsonValue& value, LoadContext& context) {
  Problems& problems = context.problems;
  LinkChange link;
  ObjectReader reader(value, problems, "an object with latency, jitter and bandwidth");
  if (const JsonValue* latency = reader.find("latency")) link.latency = read_durations(*latency, problems);
  if (const JsonValue* jitter = reader.find("jitter")) link.jitter = read_jitter(*jitter, problems);
  if (const JsonValue* bandwidth = reader.find("bandwidth"))
    link.bandwidth = read_bandwidth(*bandwidth, problems);
  return link;
}

std::optional<ServiceChange> read_service_change(const JsonValue& value, LoadContext& context) {
  ServiceChange service;
  std::optional<Distribution> other;
  read_service(value, context.problems, service.by_api, service.all, other);
  if (other) service.all = other;
  return service;
}

// A node id, a producer's name, "clients" or "controller".
std::optional<std::string> read_side(const JsonValue& value, LoadContext& context) {
  if (value.kind != Kind::kInteger) {
    return read_string(value, context.problems,
                       "a node id, a producer's name, \"clients\" or \"controller\"");
  }
  const auto node = read_node(value, context);
  return node ? std::optional(std::to_string(*node)) : std::nullopt;
}

std::optional<TopicPartition> read_topic_partition(const JsonValue& value, LoadContext& context) {
  auto read = read_partition(value, context);
  return read ? std::optional(TopicPartition{std::move(read->first), read->second}) : std::nullopt;
}

std::optional<std::string> read_topic_name(const JsonValue& value, LoadContext& context) {
  auto topic = read_string(value, context.problems, "a topic's name");
  if (topic) check_topic(value, *topic, context);
  return topic;
}

std::optional<std::string> read_client(const JsonValue& value, LoadContext& context) {
  return read_string(value, context.problems, "a producer's name");
}

std::optional<OccurrenceKind> read_occurrence(const JsonValue& value, LoadContext& context) {
  std::vector<std::string_view> names;
  for (const OccurrenceRow& row : kOccurrences) names.push_back(row.name);
  const auto found = std::find(names.begin(), names.end(), value.text);
  if (value.kind == Kind::kString && found != names.end())
    return static_cast<OccurrenceKind>(found - names.begin());
  context.problems.expected(value, "one of " + one_of(names) + did_you_mean(value.text, names));
  return std::nullopt;
}

std::optional<std::int64_t> read_happened(const JsonValue& value, LoadContext& context) {
  return read_integer(value, context.problems, 0, INT64_MAX);
}

std::string write_happened(std::uint64_t count) {
  return count == 0 ? "" : write(static_cast<std::int64_t>(count));
}

std::optional<std::string> read_thread(const JsonValue& value, LoadContext& context) {
  return read_string(value, context.problems, "a thread's name");
}

std::optional<std::string> read_key(const JsonValue& value, LoadContext& context) {
  return read_string(value, context.problems, "a configuration key");
}

std::optional<std::int64_t> read_count(const JsonValue& value, LoadContext& context) {
  return read_integer(value, context.problems, 1, kMostPartitions);
}

std::optional<std::int64_t> read_request(const JsonValue& value, LoadContext& context) {
  return read_integer(value, context.problems, 1, kMostRequestNumber);
}

std::optional<std::int64_t> read_bytes_per_second(const JsonValue& value, LoadContext& context) {
  const auto bytes = value.kind == Kind::kInteger ? read_integer(value, context.problems, 1, INT64_MAX)
                                                  : read_size(value, context.problems);
  if (bytes == 0) context.problems.expected(value, "more than nothing");
  return bytes;
}

// A reader that asks for nothing but where to report.
template <auto kRead>
auto plain(const JsonValue& value, LoadContext& context) {
  return kRead(value, context.problems);
}

// ---- the arguments

template <typename T>
std::string written(const T& value) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    return write(static_cast<std::int64_t>(value));
  } else {
    return write(value);
  }
}
template <typename T>
std::string written(const std::optional<T>& value) {
  return value ? written(*value) : std::string();
}

template <typename Part, typename Field>
Part owner_of(Field Part::*);
template <typename Part, typename Field>
Field value_of(Field Part::*);

constexpr auto plainly_written = [](const auto& value) { return written(value); };

// One that fills a field: the verbs whose structs have the field take it.
template <auto kField, auto kRead, auto kWrite = plainly_written>
constexpr FaultArgument argument(std::string_view name, std::string_view form, std::string_view what,
                                 Need need = Need::kMay) {
  using Part = decltype(owner_of(kField));
  using Value = decltype(value_of(kField));
  return {name,
          form,
          what,
          need,
          [](const FaultAction& action) { return part_of<Part>(action) != nullptr; },
          [](const JsonValue& value, LoadContext& context, FaultAction& action) {
            if (auto read = kRead(value, context))
              part_of<Part>(action)->*kField = static_cast<Value>(*std::move(read));
          },
          [](const FaultAction& action) { return kWrite(part_of<Part>(action)->*kField); }};
}

constexpr std::string_view kPartitionWords = "a partition such as \"orders-0\"";

constexpr FaultArgument kArguments[] = {
    argument<&NodeFilter::node, read_node>("node", "node", "the id of a node"),
    argument<&RequestFilter::api, plain<read_api>>("api", "api", "the name of a request"),
    argument<&PartitionFilter::partition, read_topic_partition>("partition", "partition", kPartitionWords),
    argument<&OnPartition::partition, read_topic_partition>("partition", "partition", kPartitionWords,
                                                            Need::kMust),
    argument<&MessageFilter::what, read_what>("what", "what", "\"request\" or \"response\""),
    argument<&Respond::error, read_error>("error", "error", "the name of a Kafka error", Need::kMust),
    argument<&Respond::after_append, plain<read_boolean>>("after_append", "flag",
                                                          "whether the records are stored all the same"),
    argument<&Delay::by, plain<read_durations>>("by", "durations", "how long the message is late",
                                                Need::kMust),
    argument<&Slow::link, read_link_change>("link", "link", "the node's link from then on", Need::kOneOf),
    argument<&Slow::service, read_service_change>("service", "service",
                                                  "the node's service times from then on", Need::kOneOf),
    argument<&MoveLeader::to, read_node>("to", "node", "the id of the new leader", Need::kMust),
    argument<&PartitionNetwork::from, read_side, write_side>("from", "side",
                                                             "who is not heard; everybody when left out"),
    argument<&PartitionNetwork::to, read_side, write_side>("to", "side",
                                                           "who does not hear; everybody when left out"),
    argument<&PartitionNetwork::one_way, plain<read_boolean>>("one_way", "flag",
                                                              "whether the other direction stays whole"),
    argument<&OnTopic::topic, read_topic_name>("topic", "text", "a topic's name", Need::kMust),
    argument<&AddPartitions::count, read_count>("count", "partitionCount",
                                                "how many partitions there are afterwards", Need::kMust),
    argument<&ClientFilter::client, read_client>("client", "text", "a producer's name"),
    argument<&RequestFilter::request, read_request>("request", "requestNumber",
                                                    "the number of a request, as its producer counts them"),
    argument<&Quota::bytes_per_second, read_bytes_per_second>("bytes_per_second", "byteRate",
                                                              "a size, such as \"100kB\"", Need::kMust),
    argument<&Set::topic, read_topic_name>("topic", "text", "a topic's name; left out: the brokers"),
    argument<&Set::key, read_key>("key", "text", "a key that can change while the cluster runs", Need::kMust),
    argument<&Set::value, plain<read_config_text>, json_of_typed>("value", "settingValue",
                                                                  "its value from then on", Need::kMust),
    argument<&Next::what, read_occurrence>("what", "occurrence", "what happens next", Need::kMust),
    argument<&Next::thread, read_thread>("thread", "text", "an application thread's name"),
    argument<&Next::from, read_node>("from", "node", "the id of the node that is copied from"),
    argument<&Next::request, read_request>("request", "requestNumber",
                                           "the number of the request that a broker works on"),
    argument<&Next::after, read_happened, write_happened>("after", "happened",
                                                          "how much has to have happened at that very time"),
};

template <typename... Verbs>
std::vector<FaultAction> one_of_each(const std::variant<Verbs...>&) {
  return {Verbs{}...};
}

// ---- one fault

void read_arguments(const JsonValue& value, LoadContext& context, FaultAction& action) {
  ObjectReader reader(value, context.problems, "an object of the fault's arguments");
  std::vector<std::string_view> one_of_names;
  bool one_given = false;
  for (const FaultArgument& argument : kArguments) {
    if (!argument.belongs_to(action)) continue;
    if (argument.need == Need::kOneOf) one_of_names.push_back(argument.name);
    const JsonValue* found = argument.need == Need::kMust
                                 ? reader.require(argument.name, std::string(argument.what))
                                 : reader.find(argument.name);
    if (found == nullptr) continue;
    one_given = one_given || argument.need == Need::kOneOf;
    argument.read(*found, context, action);
  }
  if (!one_of_names.empty() && !one_given && value.kind == Kind::kObject) {
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
    for (const FaultAction& verb : fault_verbs()) {
      names.push_back(verb_of(verb));
      const JsonValue* arguments = reader.find(names.back());
      if (arguments == nullptr) continue;
      if (verb_value != nullptr) {
        context.problems.expected(*arguments, "a second verb", "one verb a fault");
        continue;
      }
      verb_value = arguments;
      fault.action = verb;
      read_arguments(*arguments, context, fault.action);
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
const std::vector<FaultAction>& fault_verbs() {
  static const std::vector<FaultAction> verbs = one_of_each(AnyVerb{});
  return verbs;
}

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
