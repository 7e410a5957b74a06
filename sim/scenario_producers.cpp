#include "sim/scenario_parts.h"

namespace sendscope::sim {
namespace {

constexpr std::int64_t kMostTimes = 1'000'000'000;
constexpr std::size_t kMostProducers = 100;
constexpr std::size_t kMostThreads = 100;
constexpr int kDeepestSteps = 16;

using Kind = JsonValue::Kind;

// An object without keys, as in {"flush": {}}.
void read_nothing(const JsonValue& value, LoadContext& context) {
  ObjectReader reader(value, context.problems, "an empty object: {}");
}

RepeatStep read_repeat(const JsonValue& value, LoadContext& context, int depth) {
  RepeatStep repeat;
  ObjectReader reader(value, context.problems, "an object with \"times\" and \"steps\"");
  if (const JsonValue* times = reader.find("times")) {
    repeat.times =
        static_cast<std::uint64_t>(read_integer(*times, context.problems, 1, kMostTimes).value_or(1));
  }
  if (const JsonValue* steps = reader.require("steps", "a list of steps to repeat")) {
    repeat.steps = read_steps(*steps, context, depth + 1);
    if (repeat.steps.empty()) context.problems.expected(*steps, "at least one step");
  }
  return repeat;
}

BarrierStep read_barrier(const JsonValue& value, LoadContext& context) {
  if (value.kind == Kind::kString) return {value.text};
  ObjectReader reader(value, context.problems, "a barrier's name, or {}");
  const JsonValue* name = reader.find("name");
  return {name == nullptr ? "" : read_string(*name, context.problems).value_or("")};
}

CloseStep read_close(const JsonValue& value, LoadContext& context) {
  CloseStep close;
  ObjectReader reader(value, context.problems, "{} or {\"timeout\": DURATION}");
  if (const JsonValue* timeout = reader.find("timeout")) {
    close.timeout = read_duration(*timeout, context.problems).value_or(kForever);
  }
  return close;
}

SetStep read_set(const JsonValue& value, LoadContext& context) {
  if (value.kind != Kind::kObject || value.members.size() != 1) {
    context.problems.expected(value, "an object with one configuration key, such as {\"linger.ms\": 0}");
    return {};
  }
  const JsonMember& member = value.members.front();
  return {member.key, read_config_text(member.value, context.problems).value_or("")};
}

OffsetsStep read_offsets(const JsonValue& value, LoadContext& context) {
  OffsetsStep offsets;
  ObjectReader reader(value, context.problems, "an object with group, partition and offset");
  if (const JsonValue* group = reader.require("group", "a consumer group's name")) {
    offsets.group = read_string(*group, context.problems).value_or("");
  }
  if (const JsonValue* partition = reader.require("partition", "a partition such as \"orders-0\"")) {
    if (auto read = read_partition(*partition, context)) std::tie(offsets.topic, offsets.partition) = *read;
  }
  if (const JsonValue* offset = reader.require("offset", "an offset")) {
    offsets.offset = read_integer(*offset, context.problems, 0, INT64_MAX).value_or(0);
  }
  return offsets;
}

// The step whose name is the object's only key; nothing when no step has that name.
std::optional<Step> read_named_step(const JsonMember& member, LoadContext& context, int depth) {
  const JsonValue& value = member.value;
  if (member.key == "send") {
    SendStep send;
    read_send(value, context, send, depth);
    return Step{std::move(send)};
  }
  if (member.key == "sleep") {
    return Step{SleepStep{read_durations(value, context.problems).value_or(Distribution{})}};
  }
  if (member.key == "repeat") return Step{read_repeat(value, context, depth)};
  if (member.key == "barrier") return Step{read_barrier(value, context)};
  if (member.key == "close") return Step{read_close(value, context)};
  if (member.key == "set") return Step{read_set(value, context)};
  if (member.key == "offsets") return Step{read_offsets(value, context)};
  std::optional<Step> step;
  if (member.key == "flush") step = Step{FlushStep{}};
  if (member.key == "init") step = Step{InitStep{}};
  if (member.key == "begin") step = Step{BeginStep{}};
  if (member.key == "commit") step = Step{CommitStep{}};
  if (member.key == "abort") step = Step{AbortStep{}};
  if (step) read_nothing(value, context);
  return step;
}

void read_thread(const JsonMember& member, LoadContext& context, ProducerSpec& producer) {
  if (member.key.empty()) context.problems.expected(member.value, "an empty name", "a name for the thread");
  producer.threads.push_back({member.key, read_steps(member.value, context, 0)});
}

void read_producer(const JsonMember& member, LoadContext& context) {
  ProducerSpec producer;
  producer.name = member.key;
  if (producer.name.empty())
    context.problems.expected(member.value, "an empty name", "a name for the producer");
  ObjectReader reader(member.value, context.problems, "an object with config and threads");
  if (const JsonValue* profile = reader.find("profile")) read_profile(*profile, context, producer.profile);
  const JsonValue* config = reader.find("config");
  if (config != nullptr && config->kind != Kind::kObject) {
    context.problems.expected(*config, "an object of the producer's configuration keys");
  } else if (config != nullptr) {
    read_producer_config(*config, context, producer);
  }
  const JsonValue* threads = reader.find("threads");
  if (threads != nullptr && (threads->kind != Kind::kObject || threads->members.size() > kMostThreads)) {
    context.problems.expected(*threads,
                              "an object from thread name to list of steps, with at most 100 threads");
  } else if (threads != nullptr) {
    for (const JsonMember& thread : threads->members) read_thread(thread, context, producer);
  }
  context.scenario().producers.push_back(std::move(producer));
}

}  // namespace

std::vector<Step> read_steps(const JsonValue& value, LoadContext& context, int depth) {
  std::vector<Step> steps;
  if (value.kind != Kind::kArray || depth > kDeepestSteps) {
    context.problems.expected(
        value, depth > kDeepestSteps ? "steps within steps at most 16 deep" : "a list of steps");
    return steps;
  }
  static const std::vector<std::string_view> kNames = {"send",   "sleep",   "flush", "close",
                                                       "repeat", "barrier", "set",   "init",
                                                       "begin",  "commit",  "abort", "offsets"};
  for (const JsonValue& item : value.items) {
    if (item.kind != Kind::kObject || item.members.size() != 1) {
      context.problems.expected(item, "an object with one step: " + one_of(kNames));
      continue;
    }
    if (auto step = read_named_step(item.members.front(), context, depth)) {
      steps.push_back(std::move(*step));
    } else {
      const JsonMember& member = item.members.front();
      context.problems.expected(member, item, "the step \"" + member.key + "\"",
                                "one of " + one_of(kNames) + did_you_mean(member.key, kNames));
    }
  }
  return steps;
}

void read_producers(const JsonValue& value, LoadContext& context) {
  if (value.kind != Kind::kObject || value.members.size() > kMostProducers) {
    context.problems.expected(value,
                              "an object from producer name to description, with at most 100 producers");
    return;
  }
  for (const JsonMember& producer : value.members) read_producer(producer, context);
}

}  // namespace sendscope::sim
