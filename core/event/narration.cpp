#include "core/event/narration.h"

#include <algorithm>

#include "core/base/error.h"

namespace sendscope {
namespace {

struct ApiRow {
  std::uint32_t key;
  std::string_view name;
};
constexpr ApiRow kApis[] = {
    {0, "Produce"},
    {1, "Fetch"},
    {2, "ListOffsets"},
    {3, "Metadata"},
    {8, "OffsetCommit"},
    {9, "OffsetFetch"},
    {10, "FindCoordinator"},
    {17, "SaslHandshake"},
    {18, "ApiVersions"},
    {19, "CreateTopics"},
    {22, "InitProducerId"},
    {23, "OffsetForLeaderEpoch"},
    {24, "AddPartitionsToTxn"},
    {25, "AddOffsetsToTxn"},
    {26, "EndTxn"},
    {28, "TxnOffsetCommit"},
    {36, "SaslAuthenticate"},
    {71, "GetTelemetrySubscriptions"},
    {72, "PushTelemetry"},
};

constexpr std::uint64_t kNoLimitMillis = 0xffffffff;

std::string join(std::string_view a, std::string_view b) {
  std::string out(a);
  out += b;
  return out;
}

// "waiting_memory" is "waiting for memory".
std::string spaced(std::string_view word) {
  constexpr std::string_view kWaiting = "waiting_";
  std::string out;
  if (word.starts_with(kWaiting)) {
    out = "waiting for ";
    word.remove_prefix(kWaiting.size());
  }
  out += word;
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string node_words(std::uint32_t value) {
  const auto node = static_cast<NodeId>(value);
  if (value == kNoPlace) return "no node";
  if (node < 0) return "bootstrap node " + std::to_string(-static_cast<std::int64_t>(node));
  return "node " + std::to_string(node);
}

std::string node_set_words(std::uint64_t members) {
  std::string out;
  for (int node = 0; node < 64; ++node) {
    if ((members >> node & 1) == 0) continue;
    if (!out.empty()) out += ", ";
    out += std::to_string(node);
  }
  return out.empty() ? "none" : out;
}

std::string producer_words(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  const std::string_view name =
      index < names.producers.size() ? strings.view(names.producers[index]) : std::string_view{};
  return name.empty() ? "producer " + std::to_string(index) : std::string(name);
}

std::string thread_words(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  if (index == kNoActor) return "no thread";
  const std::string_view name =
      index < names.threads.size() ? strings.view(names.threads[index]) : std::string_view{};
  return name.empty() ? "thread " + std::to_string(index) : std::string(name);
}

std::string partition_words(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  if (index == kNoPlace) return "no partition yet";
  if (index >= names.partitions.size()) return "partition " + std::to_string(index);
  const PartitionName& name = names.partitions[index];
  return join(strings.view(name.topic), "-" + std::to_string(static_cast<std::int32_t>(name.number)));
}

// With several producers a number alone would not say whose it is.
std::string numbered(std::uint64_t producer, std::uint64_t number, const StringTable& strings,
                     const NameBook& names) {
  if (names.producers.size() < 2) return std::to_string(number);
  return std::to_string(number) + " of " + producer_words(producer, strings, names);
}

// " records in ..." after a 1: " record in ...".
std::string singular(std::string_view words) {
  constexpr std::string_view kPlurals[] = {"records", "replicas", "topics", "nodes", "partitions", "batches"};
  for (const std::string_view plural : kPlurals) {
    if (!words.starts_with(' ') || !words.substr(1).starts_with(plural)) continue;
    const std::size_t cut = plural == "batches" ? 2 : 1;
    return " " + std::string(plural.substr(0, plural.size() - cut)) +
           std::string(words.substr(1 + plural.size()));
  }
  return std::string(words);
}

std::string error_words(std::uint64_t value) {
  if (value == 0) return "success";
  return std::string(error_row(static_cast<ErrorCode>(static_cast<std::int16_t>(value))).name);
}

// Returns whether it was the number 1.
bool append_field(std::string& out, const Event& event, std::string_view name, const StringTable& strings,
                  const NameBook& names) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (field.row.name != name) continue;
    const bool nobody = name == "leader" && static_cast<NodeId>(field.value) == -1;
    out += nobody ? "nobody" : format_field(field.row.unit, field.value, strings, names);
    return field.row.unit == Unit::kNumber && field.value == 1;
  }
  return false;
}

}  // namespace

std::string_view api_name(std::uint32_t key) {
  for (const ApiRow& row : kApis) {
    if (row.key == key) return row.name;
  }
  return {};
}

int find_api(std::string_view name) {
  for (const ApiRow& row : kApis) {
    if (row.name == name) return static_cast<int>(row.key);
  }
  return -1;
}

FieldView event_field(const Event& event, int index) {
  const KindRow& row = kind_row(event.kind);
  switch (index) {
    case 0: return {row.actor, event.actor};
    case 1: return {row.place, event.place};
    case 2: return {row.subject, event.subject};
    case 3: return {row.a, row.a.unit == Unit::kBatch ? batch_beside(event.subject, event.a) : event.a};
    default: return {row.b, event.b};
  }
}

std::string format_field(Unit unit, std::uint64_t value, const StringTable& strings, const NameBook& names) {
  switch (unit) {
    case Unit::kNone: return {};
    case Unit::kNumber: return format_count(static_cast<std::int64_t>(value));
    case Unit::kFlag: return value != 0 ? "yes" : "no";
    case Unit::kBytes: return format_bytes(static_cast<std::int64_t>(value));
    case Unit::kNanos: return format_duration(static_cast<Nanos>(value));
    case Unit::kMicros: return format_duration(static_cast<Nanos>(value & 0xffffffff) * kNanosPerMicro);
    case Unit::kMillis:
      if (value == kNoLimitMillis) return "any time";
      return format_duration(static_cast<Nanos>(value & 0xffffffff) * kNanosPerMilli);
    case Unit::kString: return std::string(strings.view(static_cast<StringId>(value)));
    case Unit::kError: return error_words(value);
    case Unit::kApi: {
      const std::string_view name = api_name(static_cast<std::uint32_t>(value));
      return name.empty() ? "api " + std::to_string(value) : std::string(name);
    }
    case Unit::kProducer: return producer_words(value, strings, names);
    case Unit::kThread: return thread_words(value, strings, names);
    case Unit::kNode: return node_words(static_cast<std::uint32_t>(value));
    case Unit::kActorNode: return "node " + std::to_string(value);
    case Unit::kNodeSet: return node_set_words(value);
    case Unit::kPartition: return partition_words(value, strings, names);
    case Unit::kBatch:
    case Unit::kRequest:
    case Unit::kRecord: return numbered(producer_of_id(value), number_of(value), strings, names);
    default: {
      const std::string_view word = enum_name(unit, value);
      return word.empty() ? std::to_string(value) : spaced(word);
    }
  }
}

std::string narrate(const Event& event, const StringTable& strings, const NameBook& names) {
  if (event.kind == EventKind::sender_waits && event.a == 0)
    return "The sender looks around and goes on at once.";
  if (event.kind == EventKind::sender_waits && event.a == kNoLimitMillis) {
    return "The sender waits until something happens.";
  }
  const std::string_view sentence = kind_row(event.kind).sentence;
  std::string out;
  std::size_t at = 0;
  bool one = false;  // the number before the coming words is 1
  while (at < sentence.size()) {
    const std::size_t open = sentence.find('{', at);
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('}', open);
    const std::size_t end = close == std::string_view::npos ? sentence.size() : open;
    out += one ? singular(sentence.substr(at, end - at)) : std::string(sentence.substr(at, end - at));
    if (end == sentence.size()) break;
    one = append_field(out, event, sentence.substr(open + 1, close - open - 1), strings, names);
    at = close + 1;
  }
  // Names of things keep their letters; "node 1" and "bootstrap node 1" are words.
  if (out.starts_with("node ") || out.starts_with("bootstrap "))
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace sendscope
