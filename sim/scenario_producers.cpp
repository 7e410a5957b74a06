#include <algorithm>

#include "sim/scenario_parts.h"

namespace sendscope::sim {
namespace {

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

template <typename T>
Step read_empty(const JsonValue& value, LoadContext& context, int) {
  read_nothing(value, context);
  return {T{}};
}

const StepRow kSteps[] = {
    {"send", "send", true,
     [](const JsonValue& value, LoadContext& context, int depth) {
       SendStep send;
       read_send(value, context, send, depth);
       return Step{std::move(send)};
     }},
    {"sleep", "durations", true,
     [](const JsonValue& value, LoadContext& context, int) {
       return Step{SleepStep{read_durations(value, context.problems).value_or(Distribution{})}};
     }},
    {"flush", "nothing", false, read_empty<FlushStep>},
    {"close", "close", false,
     [](const JsonValue& value, LoadContext& context, int) { return Step{read_close(value, context)}; }},
    {"repeat", "repeat", false,
     [](const JsonValue& value, LoadContext& context, int depth) {
       return Step{read_repeat(value, context, depth)};
     }},
    {"barrier", "barrier", false,
     [](const JsonValue& value, LoadContext& context, int) { return Step{read_barrier(value, context)}; }},
    {"set", "set", false,
     [](const JsonValue& value, LoadContext& context, int) { return Step{read_set(value, context)}; }},
    {"init", "nothing", false, read_empty<InitStep>},
    {"begin", "nothing", false, read_empty<BeginStep>},
    {"commit", "nothing", false, read_empty<CommitStep>},
    {"abort", "nothing", false, read_empty<AbortStep>},
    {"offsets", "offsets", false,
     [](const JsonValue& value, LoadContext& context, int) { return Step{read_offsets(value, context)}; }},
};

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
  if (threads != nullptr && is_collection(*threads, Kind::kObject, kMostThreads, "threads",
                                          "an object from thread name to list of steps", context.problems)) {
    for (const JsonMember& thread : threads->members) read_thread(thread, context, producer);
  }
  context.scenario().producers.push_back(std::move(producer));
}

}  // namespace

std::span<const StepRow> step_rows() { return kSteps; }

std::vector<Step> read_steps(const JsonValue& value, LoadContext& context, int depth) {
  std::vector<Step> steps;
  if (depth > kDeepestSteps) {
    context.problems.expected(value, "steps within steps at most " + std::to_string(kDeepestSteps) + " deep");
    return steps;
  }
  if (value.kind != Kind::kArray) {
    context.problems.expected(value, "a list of steps");
    return steps;
  }
  std::vector<std::string_view> names;
  for (const StepRow& row : kSteps) names.push_back(row.name);
  for (const JsonValue& item : value.items) {
    if (item.kind != Kind::kObject || item.members.size() != 1) {
      context.problems.expected(item, "an object with one step: " + one_of(names));
      continue;
    }
    const JsonMember& member = item.members.front();
    const auto row = std::find_if(std::begin(kSteps), std::end(kSteps),
                                  [&](const StepRow& step) { return step.name == member.key; });
    if (row != std::end(kSteps)) {
      steps.push_back(row->read(member.value, context, depth));
    } else {
      context.problems.expected(member, item, "the step \"" + member.key + "\"",
                                "one of " + one_of(names) + did_you_mean(member.key, names));
    }
  }
  return steps;
}

void read_producers(const JsonValue& value, LoadContext& context) {
  if (!is_collection(value, Kind::kObject, kMostProducers, "producers",
                     "an object from producer name to description", context.problems)) {
    return;
  }
  for (const JsonMember& producer : value.members) read_producer(producer, context);
}

}  // namespace sendscope::sim
