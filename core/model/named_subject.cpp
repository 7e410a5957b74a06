#include "core/model/named_subject.h"

#include <algorithm>

#include "core/base/whole_number.h"

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

std::optional<NumberedName> numbered_name(std::string_view text) {
  struct Word {
    std::string_view word;
    SubjectKind kind;
    bool full;
  };
  static constexpr Word kWords[] = {
      {"record", SubjectKind::kRecord, true},   {"r", SubjectKind::kRecord, false},
      {"batch", SubjectKind::kBatch, true},     {"#", SubjectKind::kBatch, false},
      {"request", SubjectKind::kRequest, true}, {"node", SubjectKind::kNode, true},
      {"broker", SubjectKind::kNode, false},
  };
  for (const Word& word : kWords) {
    if (!text.starts_with(word.word)) continue;
    const std::string_view rest = text.substr(word.word.size());
    const std::string_view digits = rest.substr(std::min(rest.find_first_not_of(" :#"), rest.size()));
    if (const auto number = whole_number<std::int64_t>(digits))
      return NumberedName{word.kind, *number,
                          word.full && rest.size() == digits.size() + 1 && rest[0] == ':'};
  }
  return std::nullopt;
}

Subject numbered_subject(std::string_view text) {
  const auto name = numbered_name(text);
  if (!name || !name->in_full) return {};
  return {name->kind, name->kind == SubjectKind::kNode ? static_cast<std::uint32_t>(name->number)
                                                       : static_cast<std::uint64_t>(name->number)};
}

}  // namespace sendscope
