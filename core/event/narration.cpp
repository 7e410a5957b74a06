#include "core/event/narration.h"

#include "core/base/api.h"
#include "core/base/error.h"
#include "core/event/event_texts.h"

namespace sendscope {
namespace {

constexpr std::uint64_t kNoLimitMillis = 0xffffffff;

std::string join(std::string_view a, std::string_view b) {
  std::string out(a);
  out += b;
  return out;
}

std::string node_words(std::uint32_t value) {
  const auto node = static_cast<NodeId>(value);
  if (value == kNoPlace) return std::string(say(EventText::no_node));
  if (node < 0) return say(EventText::bootstrap_node, std::to_string(-static_cast<std::int64_t>(node)));
  return say(EventText::node, std::to_string(node));
}

std::string node_set_words(std::uint64_t members) {
  std::string out;
  for (int node = 0; node < 64; ++node) {
    if ((members >> node & 1) == 0) continue;
    if (!out.empty()) out += ", ";
    out += std::to_string(node);
  }
  return out.empty() ? std::string(say(EventText::none)) : out;
}

std::string producer_words(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  const std::string_view name =
      index < names.producers.size() ? strings.view(names.producers[index]) : std::string_view{};
  return name.empty() ? say(EventText::producer, std::to_string(index)) : std::string(name);
}

std::string thread_words(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  if (index == kNoActor) return std::string(say(EventText::no_thread));
  const std::string_view name =
      index < names.threads.size() ? strings.view(names.threads[index]) : std::string_view{};
  return name.empty() ? say(EventText::thread, std::to_string(index)) : std::string(name);
}

std::string partition_words(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  if (index == kNoPlace) return std::string(say(EventText::no_partition));
  if (index >= names.partitions.size()) return say(EventText::partition, std::to_string(index));
  const PartitionName& name = names.partitions[index];
  return join(strings.view(name.topic), "-" + std::to_string(static_cast<std::int32_t>(name.number)));
}

// With several producers a number alone would not say whose it is.
std::string numbered(std::uint64_t producer, std::uint64_t number, const StringTable& strings,
                     const NameBook& names) {
  if (names.producers.size() < 2) return std::to_string(number);
  return say(EventText::number_of_producer, std::to_string(number), producer_words(producer, strings, names));
}

// " records in ..." after a 1: " record in ...".
std::string singular(std::string_view words) {
  constexpr std::string_view kPlurals[] = {"records",    "replicas", "topics", "nodes",
                                           "partitions", "batches",  "keys"};
  for (const std::string_view plural : kPlurals) {
    if (!words.starts_with(' ') || !words.substr(1).starts_with(plural)) continue;
    const std::size_t cut = plural == "batches" ? 2 : 1;
    return " " + std::string(plural.substr(0, plural.size() - cut)) +
           std::string(words.substr(1 + plural.size()));
  }
  return std::string(words);
}

std::string error_words(std::uint64_t value) {
  if (value == 0) return std::string(say(EventText::success));
  return std::string(error_row(static_cast<ErrorCode>(static_cast<std::int16_t>(value))).name);
}

enum class Length : std::uint8_t { kSentence, kBrief };

// Beside the thing that it is about: "r5", "#16", "waits for memory".
std::string brief_field(Unit unit, std::uint64_t value, const StringTable& strings, const NameBook& names) {
  switch (unit) {
    case Unit::kRecord: return "r" + std::to_string(number_of(value));
    case Unit::kBatch: return "#" + std::to_string(number_of(value));
    case Unit::kRequest: return std::to_string(number_of(value));
    default: {
      const std::string_view alone = enum_words_alone(unit, value);
      return alone.empty() ? format_field(unit, value, strings, names) : std::string(alone);
    }
  }
}

class Narrator {
 public:
  Narrator(const Event& event, const StringTable& strings, const NameBook& names, Length length)
      : event_(event), strings_(strings), names_(names), length_(length) {}

  // The pattern with the fields of the event in its places.
  std::string tell(std::string_view pattern) {
    std::string out;
    std::size_t at = 0;
    while (at < pattern.size()) {
      const std::size_t open = pattern.find('{', at);
      const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
      const std::size_t end = close == std::string_view::npos ? pattern.size() : open;
      out += one_ ? singular(pattern.substr(at, end - at)) : std::string(pattern.substr(at, end - at));
      if (end == pattern.size()) break;
      append_field(out, pattern.substr(open + 1, close - open - 1));
      at = close + 1;
    }
    return out;
  }

 private:
  void append_field(std::string& out, std::string_view name) {
    for (int i = 0; i < kFieldCount; ++i) {
      const FieldView field = event_field(event_, i);
      if (field.row.name != name) continue;
      const std::size_t from = out.size();
      const bool nobody = name == "leader" && static_cast<NodeId>(field.value) == -1;
      const Unit unit = field.row.unit;
      out += nobody                         ? std::string(say(EventText::nobody))
             : length_ == Length::kSentence ? format_field(unit, field.value, strings_, names_)
                                            : brief_field(unit, field.value, strings_, names_);
      // Names of things keep their letters; "node 1" and "bootstrap node 1" are words.
      const bool node = unit == Unit::kNode || unit == Unit::kActorNode;
      const bool first = from == 0 && length_ == Length::kSentence;
      if (node && first && !nobody && out[0] >= 'a' && out[0] <= 'z')
        out[0] = static_cast<char>(out[0] - 'a' + 'A');
      one_ = unit == Unit::kNumber && field.value == 1;
      return;
    }
    one_ = false;
  }

  const Event& event_;
  const StringTable& strings_;
  const NameBook& names_;
  const Length length_;
  bool one_ = false;  // the number before the coming words is 1
};

bool has_error(const Event& event) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (field.row.unit == Unit::kError) return field.value != 0;
  }
  return false;
}

}  // namespace

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
    case Unit::kFlag: return std::string(say(value != 0 ? EventText::yes : EventText::no));
    case Unit::kBytes: return format_bytes(static_cast<std::int64_t>(value));
    case Unit::kNanos: return format_duration(static_cast<Nanos>(value));
    case Unit::kMicros: return format_duration(static_cast<Nanos>(value & 0xffffffff) * kNanosPerMicro);
    case Unit::kMillis:
      if (value == kNoLimitMillis) return std::string(say(EventText::any_time));
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
    case Unit::kActorNode: return say(EventText::node, std::to_string(value));
    case Unit::kNodeSet: return node_set_words(value);
    case Unit::kPartition: return partition_words(value, strings, names);
    case Unit::kBatch:
    case Unit::kRequest:
    case Unit::kRecord: return numbered(producer_of_id(value), number_of(value), strings, names);
    default: {
      const std::string_view words =
          unit == Unit::kTxnCall ? enum_name(unit, value) : enum_words(unit, value);
      return words.empty() ? std::to_string(value) : std::string(words);
    }
  }
}

std::string narrate(const Event& event, const StringTable& strings, const NameBook& names) {
  if (event.kind == EventKind::sender_waits && event.a == 0)
    return std::string(say(EventText::sender_goes_on));
  if (event.kind == EventKind::sender_waits && event.a == kNoLimitMillis)
    return std::string(say(EventText::sender_waits_for_anything));
  return Narrator(event, strings, names, Length::kSentence).tell(sentence_of(event.kind));
}

std::string narrate_briefly(const Event& event, const StringTable& strings, const NameBook& names) {
  std::string_view brief = brief_of(event.kind);
  if (brief.empty()) return narrate(event, strings, names);
  if (const std::size_t bar = brief.find('|'); bar != std::string_view::npos)
    brief = has_error(event) ? brief.substr(bar + 1) : brief.substr(0, bar);
  return Narrator(event, strings, names, Length::kBrief).tell(brief);
}

}  // namespace sendscope
