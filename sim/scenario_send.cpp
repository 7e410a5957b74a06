#include "core/base/units.h"
#include "sim/scenario_parts.h"
#include "sim/units.h"

namespace sendscope::sim {
namespace {

using Kind = JsonValue::Kind;

KeySpec read_key(const JsonValue& value, Problems& problems) {
  KeySpec key;
  if (value.kind == Kind::kNull) return key;
  if (value.kind == Kind::kString) {
    key.kind = KeySpec::Kind::kText;
    key.text = value.text;
    return key;
  }
  ObjectReader reader(value, problems, "a text such as \"user-{i}\", {\"zipf\": 100} or null");
  if (value.kind != Kind::kObject) return key;
  if (const JsonValue* zipf = reader.require("zipf", "\"zipf\": the number of keys")) {
    key.kind = KeySpec::Kind::kZipf;
    key.zipf = static_cast<std::uint32_t>(read_integer(*zipf, problems, 1, kMostZipfKeys).value_or(1));
  }
  return key;
}

std::optional<std::int64_t> read_value_size(const JsonValue& value, Problems& problems) {
  const auto size = read_size(value, problems);
  if (!size || *size <= kMostValueBytes) return size;
  problems.expected(value, "a size of at most " + std::to_string(kMostValueBytes >> 20) + "MiB");
  return std::nullopt;
}

// A string is a size when it reads as one, and the value's text when not; {"text": ...} is always the text.
ValueSpec read_value(const JsonValue& value, Problems& problems) {
  ValueSpec spec;
  if (value.kind == Kind::kNull) {
    spec.kind = ValueSpec::Kind::kNone;
  } else if (value.kind == Kind::kString && !parse_size(value.text)) {
    spec.kind = ValueSpec::Kind::kText;
    spec.text = value.text;
  } else if (value.kind == Kind::kObject && value.find("text") != nullptr) {
    ObjectReader reader(value, problems);
    spec.kind = ValueSpec::Kind::kText;
    spec.text = read_string(*reader.find("text"), problems).value_or("");
  } else if (value.kind == Kind::kString || is_distribution(value)) {
    spec.size = read_distribution(value, problems, read_value_size).value_or(spec.size);
  } else {
    problems.expected(value, "a size such as \"100B\", a text, a distribution of sizes or null");
  }
  return spec;
}

Pace read_rate(const JsonValue& value, Problems& problems) {
  Pace pace;
  const JsonValue* rate = &value;
  pace.kind = Pace::Kind::kRate;
  if (value.kind == Kind::kObject) {
    ObjectReader reader(value, problems);
    rate = reader.require("poisson", "{\"poisson\": RATE}");
    pace.kind = Pace::Kind::kPoisson;
    if (rate == nullptr) return {};
  }
  if (rate->kind == Kind::kString) {
    if (auto parsed = parse_rate(rate->text); parsed && *parsed <= kMostRecordsPerSecond) {
      pace.per_second = *parsed;
      return pace;
    }
  }
  problems.expected(*rate,
                    "a rate such as \"10000/s\", at most " + std::to_string(kMostRecordsPerSecond) + "/s");
  return {};
}

Pace read_pace(ObjectReader& reader) {
  const JsonValue* every = reader.find("every");
  const JsonValue* rate = reader.find("rate");
  if (every != nullptr && rate != nullptr) {
    reader.problems().expected(*rate, "both \"every\" and \"rate\"", "one of them");
  }
  if (rate != nullptr) return read_rate(*rate, reader.problems());
  Pace pace;
  if (every == nullptr) return pace;
  if (auto read = read_durations(*every, reader.problems())) {
    pace.kind = Pace::Kind::kEvery;
    pace.every = *read;
  }
  return pace;
}

std::shared_ptr<const OnCallback> read_on_callback(const JsonValue& value, LoadContext& context, int depth) {
  auto on_callback = std::make_shared<OnCallback>();
  if (value.kind == Kind::kArray) {
    on_callback->steps = read_steps(value, context, depth + 1);
    return on_callback;
  }
  ObjectReader reader(value, context.problems, "{\"take\": DURATION}, or a list of steps");
  if (const JsonValue* take = reader.find("take")) {
    on_callback->take = read_durations(*take, context.problems).value_or(Distribution{});
  }
  if (const JsonValue* steps = reader.find("steps"))
    on_callback->steps = read_steps(*steps, context, depth + 1);
  return on_callback;
}

void read_headers(const JsonValue& value, Problems& problems, SendStep& send) {
  if (value.kind != Kind::kObject) {
    problems.expected(value, "an object from header name to text");
    return;
  }
  for (const JsonMember& member : value.members) {
    send.headers.emplace_back(member.key, read_string(member.value, problems).value_or(""));
  }
}

void read_destination(ObjectReader& reader, LoadContext& context, SendStep& send) {
  const JsonValue* topic = reader.require("topic", "\"topic\": where the records go");
  const JsonValue* partition = reader.find("partition");
  if (partition != nullptr) {
    if (auto read = read_integer(*partition, context.problems, 0, INT32_MAX, "a partition")) {
      send.partition = static_cast<PartitionId>(*read);
    }
  }
  if (topic == nullptr) return;
  const auto name = read_string(*topic, context.problems, "a topic's name");
  if (!name) return;
  send.topic = *name;
  if (check_topic(*topic, send.topic, context) && send.partition) {
    check_partition(*partition, send.topic, *send.partition, context);
  }
}

}  // namespace

void read_send(const JsonValue& value, LoadContext& context, SendStep& send, int depth) {
  Problems& problems = context.problems;
  ObjectReader reader(value, problems, "an object that says what to send");
  read_destination(reader, context, send);
  if (const JsonValue* key = reader.find("key")) send.key = read_key(*key, problems);
  if (const JsonValue* payload = reader.find("value")) send.value = read_value(*payload, problems);
  if (const JsonValue* headers = reader.find("headers")) read_headers(*headers, problems, send);
  if (const JsonValue* timestamp = reader.find("timestamp")) {
    send.timestamp_ms = read_integer(*timestamp, problems, 0, INT64_MAX, "milliseconds since 1970");
  }
  const JsonValue* count = reader.find("count");
  const JsonValue* duration = reader.find("for");
  if (duration != nullptr) {
    send.duration = read_duration(*duration, problems).value_or(0);
    send.count = 0;
  }
  if (count != nullptr) {
    send.count = static_cast<std::uint64_t>(read_integer(*count, problems, 1, kMostRecords).value_or(1));
  }
  send.pace = read_pace(reader);
  if (const JsonValue* await = reader.find("await"))
    send.await = read_boolean(*await, problems).value_or(false);
  if (const JsonValue* on_callback = reader.find("on_callback")) {
    send.on_callback = read_on_callback(*on_callback, context, depth);
  }
}

}  // namespace sendscope::sim
