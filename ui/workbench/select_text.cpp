#include "ui/workbench/select_text.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "core/event/narration.h"

namespace sendscope::ui {
namespace {

struct KindWord {
  std::string_view word;
  SubjectKind kind;
  Unit unit;
};
constexpr KindWord kKindWords[] = {
    {"record", SubjectKind::kRecord, Unit::kRecord},    {"r", SubjectKind::kRecord, Unit::kRecord},
    {"batch", SubjectKind::kBatch, Unit::kBatch},       {"#", SubjectKind::kBatch, Unit::kBatch},
    {"request", SubjectKind::kRequest, Unit::kRequest}, {"node", SubjectKind::kNode, Unit::kNode},
    {"broker", SubjectKind::kNode, Unit::kNode},
};

struct Numbered {
  KindWord kind;
  std::int64_t number;
};

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

// "batch 16", "batch:16", "batch #16", "r7", "#16".
std::optional<Numbered> numbered(std::string_view text) {
  for (const KindWord& kind : kKindWords) {
    if (!text.starts_with(kind.word)) continue;
    std::string_view rest = text.substr(kind.word.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" :#"), rest.size()));
    if (const auto number = whole_number(rest)) return Numbered{kind, *number};
  }
  return std::nullopt;
}

bool has_field(const Event& event, Unit unit, std::uint64_t value) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (field.row.unit == unit && field.value == value) return true;
  }
  return false;
}

bool exists(const EventLog& log, Unit unit, std::uint64_t value) {
  const auto low = static_cast<std::uint32_t>(value);
  for (std::size_t i = log.first(); i < log.size(); ++i) {
    const Event& event = log[i];
    const bool maybe = event.subject == value || event.place == low || event.a == low || event.b == low;
    if (maybe && has_field(event, unit, value)) return true;
  }
  return false;
}

std::vector<Subject> numbered_subjects(const EventLog& log, const Numbered& thing) {
  std::vector<Subject> found;
  const auto add = [&](std::uint64_t id) {
    if (exists(log, thing.kind.unit, id)) found.push_back({thing.kind.kind, id});
  };
  if (thing.kind.kind == SubjectKind::kNode) {
    add(static_cast<std::uint32_t>(thing.number));
  } else {
    const auto number = static_cast<std::uint64_t>(thing.number);
    const std::size_t producers = std::max<std::size_t>(1, log.names().producers.size());
    for (std::size_t i = 0; i < producers && number_of(number) == number; ++i) add(make_id(i, number));
  }
  return found;
}

Subject named(const EventLog& log, std::string_view text) {
  const NameBook& names = log.names();
  for (std::size_t i = 0; i < names.threads.size(); ++i) {
    if (log.strings().view(names.threads[i]) == text) return thread_subject(static_cast<std::uint16_t>(i));
  }
  for (std::size_t i = 0; i < names.producers.size(); ++i) {
    if (log.strings().view(names.producers[i]) == text) return producer_subject(i);
  }
  for (std::size_t i = 0; i < names.partitions.size(); ++i) {
    const PartitionName& name = names.partitions[i];
    const std::string words = std::string(log.strings().view(name.topic)) + "-" + std::to_string(name.number);
    if (words == text) return partition_subject(static_cast<PartitionIndex>(i));
  }
  return {};
}

}  // namespace

std::vector<Subject> find_subjects(const EventLog& log, std::string_view text) {
  if (text.empty()) return {};
  std::vector<Subject> found;
  if (const auto thing = numbered(text)) found = numbered_subjects(log, *thing);
  if (const Subject subject = named(log, text); is_set(subject)) found.push_back(subject);
  return found;
}

Subject find_subject(const EventLog& log, std::string_view text) {
  const std::vector<Subject> found = find_subjects(log, text);
  return found.empty() ? Subject() : found.front();
}

}  // namespace sendscope::ui
