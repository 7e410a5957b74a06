#include "core/model/named_subject.h"

#include <charconv>
#include <utility>

namespace sendscope {

Subject subject_of(const FieldView& field) {
  const auto narrow = static_cast<std::uint32_t>(field.value);
  switch (field.row.unit) {
    case Unit::kBatch: return {SubjectKind::kBatch, field.value};
    case Unit::kRequest: return {SubjectKind::kRequest, field.value};
    case Unit::kRecord: return {SubjectKind::kRecord, field.value};
    case Unit::kThread: return {SubjectKind::kThread, static_cast<std::uint16_t>(field.value)};
    case Unit::kPartition: return {SubjectKind::kPartition, narrow};
    case Unit::kNode:
    case Unit::kActorNode: return {SubjectKind::kNode, narrow};
    default: return {};
  }
}

Subject numbered_subject(std::string_view text) {
  static constexpr std::pair<std::string_view, SubjectKind> kWords[] = {
      {"batch:", SubjectKind::kBatch},
      {"request:", SubjectKind::kRequest},
      {"record:", SubjectKind::kRecord},
      {"node:", SubjectKind::kNode},
  };
  for (const auto& [word, kind] : kWords) {
    if (!text.starts_with(word)) continue;
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + word.size(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return {};
    return {kind, kind == SubjectKind::kNode ? static_cast<std::uint32_t>(number)
                                             : static_cast<std::uint64_t>(number)};
  }
  return {};
}

}  // namespace sendscope
