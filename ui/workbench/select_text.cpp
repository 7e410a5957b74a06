#include "ui/workbench/select_text.h"

#include <algorithm>
#include <string>

#include "core/model/named_subject.h"

namespace sendscope::ui {
namespace {

bool exists(const EventLog& log, const Subject& subject) {
  const auto low = static_cast<std::uint32_t>(subject.id);
  for (std::size_t i = log.first(); i < log.size(); ++i) {
    const Event& event = log[i];
    // Most events are passed over without a look at their fields.
    if (event.subject != subject.id && event.place != low && event.a != low && event.b != low) continue;
    for (int field = 0; field < kFieldCount; ++field) {
      if (subject_of(event_field(event, field)) == subject) return true;
    }
  }
  return false;
}

// One of each producer; nodes are nobody's.
std::vector<Subject> numbered_subjects(const EventLog& log, const NumberedName& name) {
  std::vector<Subject> found;
  const auto add = [&](std::uint64_t id) {
    if (exists(log, {name.kind, id})) found.push_back({name.kind, id});
  };
  if (name.kind == SubjectKind::kNode) {
    add(static_cast<std::uint32_t>(name.number));
  } else {
    const auto number = static_cast<std::uint64_t>(name.number);
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
  if (const auto name = numbered_name(text)) found = numbered_subjects(log, *name);
  if (const Subject subject = named(log, text); is_set(subject)) found.push_back(subject);
  return found;
}

Subject find_subject(const EventLog& log, std::string_view text) {
  const std::vector<Subject> found = find_subjects(log, text);
  return found.empty() ? Subject() : found.front();
}

}  // namespace sendscope::ui
