// Things by what speaks of them: a field of an event, a word that a person writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/event/narration.h"
#include "core/model/subject.h"

namespace sendscope {

// Nothing where the field speaks of no thing.
Subject subject_of(const FieldView& field);

// A kind of thing and a number, as a person writes them: "batch:16", "batch 16", "#16", "r7", "broker 1".
struct NumberedName {
  SubjectKind kind{};
  std::int64_t number = 0;
  bool in_full = false;  // "batch:16", "request:3", "record:7", "node:1"
};
std::optional<NumberedName> numbered_name(std::string_view text);
// Of a name in full, the thing with this id; nothing where the text is not one of them.
Subject numbered_subject(std::string_view text);

}  // namespace sendscope
