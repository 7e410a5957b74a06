#include "ui/terminal/event_printer.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "core/base/api.h"
#include "core/base/error.h"
#include "core/event/narration.h"

namespace sendscope::ui {
namespace {

using Json = nlohmann::ordered_json;

std::string partition_text(std::uint64_t index, const StringTable& strings, const NameBook& names) {
  if (index >= names.partitions.size()) return {};
  const PartitionName& name = names.partitions[index];
  return std::string(strings.view(name.topic)) + "-" + std::to_string(name.number);
}

std::string word_of(const std::vector<StringId>& words, std::uint64_t index, const StringTable& strings) {
  return index < words.size() ? std::string(strings.view(words[index])) : std::string{};
}

Json node_json(std::uint64_t place) {
  const auto node = static_cast<NodeId>(static_cast<std::uint32_t>(place));
  return node == kNoNode ? Json(nullptr) : Json(node);
}

Json node_set_json(std::uint64_t members) {
  Json nodes = Json::array();
  for (int node = 0; node < 64; ++node) {
    if ((members >> node & 1) != 0) nodes.push_back(node);
  }
  return nodes;
}

Json field_json(const FieldView& field, const StringTable& strings, const NameBook& names) {
  const std::uint64_t value = field.value;
  switch (field.row.unit) {
    case Unit::kFlag: return value != 0;
    case Unit::kNumber: return static_cast<std::int64_t>(value);
    case Unit::kString: return std::string(strings.view(static_cast<StringId>(value)));
    case Unit::kError:
      return std::string(error_row(static_cast<ErrorCode>(static_cast<std::int16_t>(value))).name);
    case Unit::kApi: return std::string(api_name(static_cast<std::uint32_t>(value)));
    case Unit::kProducer: return word_of(names.producers, value, strings);
    case Unit::kThread: return word_of(names.threads, value, strings);
    case Unit::kNode: return node_json(value);
    case Unit::kNodeSet: return node_set_json(value);
    case Unit::kPartition:
      return value == kNoPlace ? Json(nullptr) : Json(partition_text(value, strings, names));
    default: {
      const std::string_view word = enum_name(field.row.unit, value);
      return word.empty() ? Json(value) : Json(std::string(word));
    }
  }
}

}  // namespace

std::optional<EventFormat> find_event_format(const std::string& name) {
  if (name == "text") return EventFormat::kPlain;
  if (name == "jsonl") return EventFormat::kJsonLines;
  if (name == "quiet") return EventFormat::kQuiet;
  return std::nullopt;
}

std::string event_json(const Event& event, const StringTable& strings, const NameBook& names) {
  Json out;
  out["t_ns"] = event.t;
  out["kind"] = std::string(kind_row(event.kind).name);
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (!field.row.name.empty()) out[std::string(field.row.name)] = field_json(field, strings, names);
  }
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void EventPrinter::print(const EventLog& log) {
  for (; printed_ < log.size(); ++printed_) {
    const Event& event = log[printed_];
    if (format_ == EventFormat::kPlain && !is_default_value(event)) {
      const std::string time = format_time(event.t);
      out_ << std::string(time.size() < 11 ? 11 - time.size() : 0, ' ') << time << "  "
           << narrate(event, log.strings(), log.names()) << '\n';
    } else if (format_ == EventFormat::kJsonLines) {
      out_ << event_json(event, log.strings(), log.names()) << '\n';
    }
  }
}

}  // namespace sendscope::ui
