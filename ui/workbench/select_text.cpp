#include "ui/workbench/select_text.h"

#include <charconv>
#include <string>

namespace sendscope::ui {
namespace {

bool number_after(std::string_view text, std::string_view word, std::int64_t& number) {
  if (text.substr(0, word.size()) != word || text.size() <= word.size() + 1 || text[word.size()] != ':')
    return false;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + word.size() + 1, end, number);
  return read.ec == std::errc() && read.ptr == end;
}

Subject numbered_subject(std::string_view text) {
  std::int64_t number = 0;
  if (number_after(text, "batch", number)) return batch_subject(static_cast<BatchId>(number));
  if (number_after(text, "request", number)) return request_subject(static_cast<RequestId>(number));
  if (number_after(text, "record", number)) return record_subject(static_cast<RecordId>(number));
  if (number_after(text, "node", number)) return node_subject(static_cast<NodeId>(number));
  return {};
}

}  // namespace

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
