#include "ui/workbench/select_text.h"

#include <string>

#include "core/model/named_subject.h"

namespace sendscope::ui {
Subject find_subject(const EventLog& log, std::string_view text) {
  const Subject numbered = numbered_subject(text);
  if (is_set(numbered)) return SubjectEvents(log, numbered).events().empty() ? Subject() : numbered;
  const NameBook& names = log.names();
  for (std::size_t i = 0; i < names.threads.size(); ++i) {
    if (log.strings().view(names.threads[i]) == text) return thread_subject(static_cast<std::uint16_t>(i));
  }
  for (std::size_t i = 0; i < names.producers.size(); ++i) {
    if (log.strings().view(names.producers[i]) == text) return {SubjectKind::kProducer, i};
  }
  for (std::size_t i = 0; i < names.partitions.size(); ++i) {
    const PartitionName& name = names.partitions[i];
    const std::string words = std::string(log.strings().view(name.topic)) + "-" + std::to_string(name.number);
    if (words == text) return partition_subject(static_cast<PartitionIndex>(i));
  }
  return {};
}

}  // namespace sendscope::ui
